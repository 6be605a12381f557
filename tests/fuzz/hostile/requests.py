"""The sandbox's readers of requests, one by one, without a store and without an answer."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

import msgspec

from trackingmore_v2_api import API_KEY_HEADER, OPERATIONS, Operation, models, patterns
from trackingmore_v2_sandbox.api.parsing import (
    check_language,
    convert,
    read_carrier,
    read_number,
    read_pair,
)
from trackingmore_v2_sandbox.faults.plan import plan_named_by
from trackingmore_v2_sandbox.hints import explain, find_hints
from trackingmore_v2_sandbox.hints.hint import header_value
from trackingmore_v2_sandbox.http.api_keys import authenticate, key_hint
from trackingmore_v2_sandbox.http.body import (
    integer,
    non_empty_array,
    parse_json,
    query_of_body,
    whole,
)
from trackingmore_v2_sandbox.http.envelope import Rejection
from trackingmore_v2_sandbox.http.guards import (
    host_name,
    is_host_allowed,
    is_own_origin,
    knows_token,
)
from trackingmore_v2_sandbox.http.request import METHODS_WITH_BODY, Received, received
from trackingmore_v2_sandbox.http.routing import Routes
from trackingmore_v2_sandbox.pipeline.request_log import kept_headers
from trackingmore_v2_sandbox.scenarios.number_faults import fault_of_numbers
from trackingmore_v2_sandbox.server.app import BASE_PATH

from .documents import documents
from .request_text import Scope, requests_of
from .target import Target

_ROUTES: Final = Routes(BASE_PATH)
_MODELS: Final = (
    models.CreateTrackingRequest,
    models.CreateTrackingItem,
    models.UpdateTrackingRequest,
    models.UpdateTrackingItem,
    models.RealtimeQuery,
    models.Place,
    models.Route,
)


def run(data: bytes) -> None:
    """Read a request: each reader gives what it is for, or refuses with a code of the contract."""
    for scope, body in requests_of(data):
        _judge(scope)
        operations, parameters = _ROUTES.find(scope["path"])
        request = received(scope, parameters, body)
        operation = operations.get(request.method)
        if operation is not None:
            _read(operation, request)


def _judge(scope: Scope) -> None:
    """Ask everybody who looks at a request before it is read."""
    request = received(scope, {}, None)
    host = request.headers.get("host", "")
    assert is_host_allowed([host], frozenset()) or host_name(host) != "localhost"
    is_own_origin(request.headers)
    knows_token(request.headers, "token")
    plan_named_by(scope)
    kept_headers(scope["headers"])
    with suppress(Rejection):
        key = authenticate(request.headers.get(API_KEY_HEADER))
        assert key == key.lower()
        assert key.endswith(key_hint(key))


def _read(operation: Operation[Any], request: Received) -> None:
    body: object = None
    if request.method in METHODS_WITH_BODY:
        try:
            body = parse_json(request.body or b"", request.headers.get("content-type", ""))
        except Rejection as no:
            header_value(explain(no, request, msgspec.UNSET, ())).encode("latin-1")
            return
    hints = find_hints(operation, request, body)
    assert header_value(hints).isascii()
    fault_of_numbers(operation, request.parameters, body)
    for refused in filter(None, (_refusal(read, request, body) for read in _READERS)):
        assert header_value(explain(refused, request, body, hints)).isascii()


def _refusal(read: Callable[[Received, object], None], *given: Any) -> Rejection | None:
    try:
        read(*given)
    except Rejection as no:
        return no
    return None


def _read_path(request: Received, _body: object) -> None:
    pair = read_pair(request.parameters)
    assert patterns.TRACKING_NUMBER.fullmatch(pair.tracking_number)
    check_language(request.parameters.get("lang"))


def _read_query(request: Received, _body: object) -> None:
    for _, text in request.query_items():
        number = integer(text)
        assert number is None or integer(str(number)) == number
        check_language(text)


def _read_query_in_body(_request: Received, body: object) -> None:
    assert all(isinstance(text, str) for text in query_of_body(body).values())


def _read_fields(_request: Received, body: object) -> None:
    for item in body if isinstance(body, list) else [body]:
        if isinstance(item, dict):
            _fit(item)
            read_pair(item)


def _fit(item: dict[str, object]) -> None:
    for kind in _MODELS:
        with suppress(Rejection):
            model = convert(item, kind)
            assert msgspec.json.decode(msgspec.json.encode(model), type=kind) == model


def _read_values(_request: Received, body: object) -> None:
    for value in non_empty_array(body):
        whole(value)
        read_carrier(value)
        read_number(value, patterns.AIR_WAYBILL_NUMBER)


_READERS: Final = (_read_path, _read_query, _read_query_in_body, _read_fields, _read_values)


def seeds() -> list[bytes]:
    """Return every documented request, and those without a body."""
    bodies = {each.operation: each.body for each in documents() if each.is_request}
    return [
        *(
            request(operation, body)
            for operation in OPERATIONS.values()
            for body in (bodies.get(operation.id, b""),)
        ),
        b'POST /v2/trackings/get\n\n{"page":1,"limit":"100","status":["transit"],"archived":true}',
        b"GET /v2/trackings/china-ems/LK664578623CN/\nhost: [::1]:80\nx-sandbox-fault-plan: mine",
        b"POST /v2/trackings/post\ncontent-type: application/x-www-form-urlencoded\n\na=b",
    ]


def request(operation: Operation[Any], body: bytes) -> bytes:
    """Write a request of an operation."""
    path = operation.path
    for name, value in (
        ("carrier_code", "china-ems"),
        ("tracking_number", "LK664578623CN"),
        ("lang", "en"),
    ):
        path = path.replace(f"{{{name}}}", value)
    query = "&".join(f"{name}=1" for name in operation.query_parameters)
    target = f"{BASE_PATH}{path}" + (f"?{query}" if query else "")
    head = f"{operation.method} {target}\ncontent-type: application/json\n\n"
    return head.encode() + body


TARGET: Final = Target(
    "requests",
    run,
    seeds,
    tokens=(
        *(
            b"GET ",
            b"POST ",
            b"PUT ",
            b"DELETE ",
            b"\n\n",
            b"%00",
            b"%ff",
            b"%2F",
            b"?",
            b"&",
            b"=",
        ),
        *(b"host: ", b"origin: http://localhost", b"sec-fetch-site: none", b"x-sandbox-token: "),
        *(b"page=", b"limit=", b"numbers=", b"status=", b"created_at_min=", b"lang=", b"/v2/"),
        *(b'"tracking_number":"SANDBOX-SLOW-5S"', b'"auto_correct":', b'"update_carrier_code":'),
    ),
    share=12,
)
