"""Target: the sandbox's parsers of requests, one by one, without a store."""

from contextlib import suppress
from typing import Any, Final

import msgspec

from trackingmore_v2_api import API_KEY_HEADER, Operation, patterns
from trackingmore_v2_sandbox.api import parsing
from trackingmore_v2_sandbox.api.coercion import coerce
from trackingmore_v2_sandbox.core.settings import Settings
from trackingmore_v2_sandbox.faults.plan import plan_named_by
from trackingmore_v2_sandbox.hints import explain, find_hints
from trackingmore_v2_sandbox.hints.hint import header_value
from trackingmore_v2_sandbox.http import body as bodies
from trackingmore_v2_sandbox.http import guards
from trackingmore_v2_sandbox.http.api_keys import authenticate, key_hint
from trackingmore_v2_sandbox.http.envelope import Rejection
from trackingmore_v2_sandbox.http.request import METHODS_WITH_BODY, Received, received
from trackingmore_v2_sandbox.http.routing import Routes
from trackingmore_v2_sandbox.pipeline.request_log import kept_headers
from trackingmore_v2_sandbox.scenarios.number_faults import fault_of_numbers
from trackingmore_v2_sandbox.server.app import BASE_PATH

from .arguments import MODELS
from .http_text import Scope, documented_requests, parse_requests

_ROUTES: Final = Routes(BASE_PATH)


def run(data: bytes) -> None:
    """Parse requests: each parser returns a valid value, or raises a `Rejection`."""
    for scope, body in parse_requests(data):
        _check_headers(scope)
        operations, parameters = _ROUTES.find(scope["path"])
        request = received(scope, parameters, body)
        if operation := operations.get(request.method):
            _parse(operation, request)


def _check_headers(scope: Scope) -> None:
    headers = received(scope, {}, None).headers
    host = headers.get("host", "")
    assert guards.is_host_allowed([host], frozenset()) or guards.host_name(host) != "localhost"
    guards.is_own_origin(headers)
    guards.is_token_valid(headers, "token")
    plan_named_by(scope)
    kept_headers(scope["headers"])
    with suppress(Rejection):
        key = authenticate(headers.get(API_KEY_HEADER))
        assert key == key.lower()
        assert key.endswith(key_hint(key))


def _parse(operation: Operation[Any], request: Received) -> None:
    body: object = None
    if request.method in METHODS_WITH_BODY:
        try:
            body = bodies.parse_json(request.body or b"")
        except Rejection as rejection:
            header_value(explain(rejection, request, msgspec.UNSET, ())).encode("latin-1")
            return
    hints = find_hints(operation, request, body)
    assert header_value(hints).isascii()
    body = coerce(operation, body)
    fault_of_numbers(operation, request.parameters, body)
    for parse in _PARSERS:
        try:
            parse(request, body)
        except Rejection as rejection:
            explanation = explain(rejection, request, body, hints)
            assert header_value(explanation).isascii()


def _parse_path(request: Received, _body: object) -> None:
    pair = parsing.read_pair(request.parameters, Settings())
    assert patterns.TRACKING_NUMBER.fullmatch(pair.tracking_number)
    parsing.check_language(request.parameters.get("lang"))


def _parse_query(request: Received, _body: object) -> None:
    for _, text in request.query_items():
        number = bodies.integer(text)
        assert number is None or bodies.integer(str(number)) == number
        parsing.check_language(text)


def _parse_query_in_body(_request: Received, body: object) -> None:
    assert all(isinstance(text, str) for text in bodies.query_of_body(body).values())


def _parse_items(_request: Received, body: object) -> None:
    for item in body if isinstance(body, list) else [body]:
        if isinstance(item, dict):
            for kind in MODELS:
                with suppress(Rejection):
                    model = parsing.convert(item, kind)
                    assert msgspec.json.decode(msgspec.json.encode(model), type=kind) == model
            parsing.read_pair(item, Settings())


def _parse_values(_request: Received, body: object) -> None:
    for value in bodies.non_empty_array(body):
        bodies.whole(value)
        parsing.read_carrier(value, Settings())
        parsing.read_number(value, patterns.AIR_WAYBILL_NUMBER)


_PARSERS: Final = (_parse_path, _parse_query, _parse_query_in_body, _parse_items, _parse_values)


seeds = documented_requests
