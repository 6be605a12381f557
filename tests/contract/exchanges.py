"""
What a sandbox was really asked and really answered, held against a contract.

The exchanges are made once, with the contract as it is. A contract that was changed afterwards
must still allow what was carried out, and must not allow what was refused as malformed.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from tests.contract.document import (
    JSON_BODY,
    Json,
    Operation,
    at,
    dig,
    operations,
    placed_parameters,
    pointer,
)
from tests.contract.examples import Validators, closed, validators
from tests.sandbox.harness import Api
from trackingmore_v2_api import API_KEY_HEADER, OPERATIONS


class Request(NamedTuple):
    """A call: its operation, its parameters by name, and its body."""

    operation: str
    parameters: Json = {}  # noqa: RUF012 - nobody writes to it
    body: Any = None


class Exchange(NamedTuple):
    """A request, and the answer to it."""

    request: Request
    answer: Json


PARCEL = {"tracking_number": "LK664578623CN", "carrier_code": "china-ems"}
ROUTE = {"carrier_code": "dhl", "original": "CN", "destination": "US"}
BATCH = [{"tracking_number": f"lk_66-{index}", "carrier_code": "ups"} for index in range(10, 50)]
CREATE = Request("createTracking", body=PARCEL)
REALTIME = Request("trackInRealtime", body=PARCEL)
CREATE_BATCH = Request("createTrackingBatch", body=BATCH)
UPDATE = Request("updateTracking", PARCEL, {"title": "t", "archived": "true", "status": "7"})
LIST = Request("listTrackings", {"limit": 2000, "numbers": ["LK664578623CN"], "archived": "both"})
MOVE = Request("changeCarrier", body={**PARCEL, "update_carrier_code": "usps"})

ACCEPTED = [
    CREATE,
    CREATE_BATCH,
    Request("createTracking", body={**PARCEL, "carrier_code": "ups", "comment": None}),
    REALTIME,
    Request("getTracking", PARCEL),
    Request("getLocalizedTracking", {**PARCEL, "lang": "en"}),
    UPDATE,
    Request("updateTracking", PARCEL, {"status": 8, "archived": None}),
    LIST,
    Request("listTrackings", {"page": 1, "status": "", "created_at_min": "", "numbers": ""}),
    Request("listTrackings", {"page": 1, "status": "pending", "created_at_min": 0, "lang": "cn"}),
    Request("updateTrackingBatch", body=[{**PARCEL, "status": 4}, {**BATCH[0], "title": "t"}]),
    MOVE,
    Request("getAccount"),
    Request("countTrackings", {"created_at_max": 4102444800}),
    Request("stopTrackingUpdates", body=BATCH),
    Request("checkRemoteAreas", body=[{"country": "NZ", "postcode": "Papaaroha"}]),
    Request("getTransitTimes", body=[ROUTE] * 200),
    Request("trackAirWaybills", body={"track_number": ["172-28891936"] * 40}),
    Request("trackAirWaybills", body={"track_number": "172 28891936"}),
    Request("listCarriers", {"Lang": "cn"}),
    Request("detectCarrier", body={"tracking_number": "RN123456789CN"}),
    Request("deleteTracking", {**PARCEL, "carrier_code": "usps"}),
    Request("deleteTrackingBatch", body=BATCH * 5),
]
"""What is carried out, one after the other."""

REFUSED = [
    Request("createTracking", body={**PARCEL, "tracking_number": "LK66"}),
    Request("createTracking", body={**PARCEL, "tracking_number": "LK 664578623 CN"}),
    Request("createTracking", body={**PARCEL, "carrier_code": "china ems"}),
    Request("createTracking", body={**PARCEL, "carrier_code": ""}),
    Request("createTracking", body={**PARCEL, "title": 5}),
    Request("createTracking", body={**PARCEL, "auto_correct": 2}),
    Request("createTracking", body={"carrier_code": "ups"}),
    Request("createTrackingBatch", body=[]),
    Request("createTrackingBatch", body=BATCH + BATCH[:1]),
    Request("deleteTrackingBatch", body=BATCH * 5 + BATCH[:1]),
    Request("getLocalizedTracking", {**PARCEL, "lang": "eng"}),
    Request("updateTracking", PARCEL, {"status": 5}),
    Request("listTrackings", {"limit": 2001}),
    Request("listTrackings", {"page": 0}),
    Request("listTrackings", {"status": "inforeceived"}),
    Request("changeCarrier", body=PARCEL),
    Request("checkRemoteAreas", body=[{"country": "NZ"}]),
    Request("getTransitTimes", body=[{"carrier_code": "dhl", "original": "CN"}]),
    Request("trackAirWaybills", body={"track_number": "17-28891936"}),
    Request("listCarriers", {"Lang": "jp"}),
    Request("detectCarrier", body={"tracking_number": "RN"}),
]
"""What is refused for its form alone."""

BEGINNINGS = {
    "createTracking": [CREATE],
    "createTrackingBatch": [CREATE_BATCH],
    "updateTracking": [CREATE, UPDATE],
    "listTrackings": [CREATE, LIST],
    "trackInRealtime": [REALTIME],
    "changeCarrier": [CREATE, MOVE],
}
"""For an operation with links: what is done until it was carried out."""

CHOSEN = {"updateTracking": UPDATE.body}
"""Bodies that a link leaves to the caller, as it says whom to change and not how."""


def play(api: Api, request: Request) -> Exchange:
    """Build a call, and note what was answered."""
    texts: Any = {
        name: ",".join(value) if isinstance(value, list) else str(value)
        for name, value in request.parameters.items()
    }
    headers = {"Lang": texts.pop("Lang")} if "Lang" in texts else {}
    answer = api.call(request.operation, request.body, headers=headers, **texts)
    return Exchange(request, {"meta": answer.meta, "data": answer.data})


@cache
def exchanges() -> list[Exchange]:
    """Ask a fresh sandbox everything once."""
    api = Api()
    made = [play(api, request) for request in [*ACCEPTED, *REFUSED]]
    api.close()
    return made


# ---- Holding the exchanges against a contract ---------------------------------------------------


def exchange_complaints(document: Json) -> list[str]:
    """Return where a contract contradicts what the sandbox was asked and answered."""
    described = {operation.name: operation for operation in operations(document)}
    validator = validators(closed(document))
    return [
        f"{exchange.request.operation}: {contradiction}"
        for exchange in exchanges()
        for contradiction in _contradictions(
            document, described.get(exchange.request.operation), exchange, validator
        )
    ]


def _contradictions(
    document: Json, operation: Operation | None, exchange: Exchange, validator: Validators
) -> Iterator[str]:
    real = OPERATIONS[exchange.request.operation]
    if operation is None or (operation.method.upper(), operation.path) != (real.method, real.path):
        yield f"is found at {real.method} {real.path}"
        return
    if ("header", API_KEY_HEADER) not in keys(document, operation):
        yield f"needs the header {API_KEY_HEADER}"
    answered = pointer(operation.where, "responses", "200", *JSON_BODY, "schema")
    for error in validator(answered).iter_errors(exchange.answer):
        yield f"answers {error.json_path}: {error.message}"
    misfits = list(_misfits(document, operation, exchange.request, validator))
    code = exchange.answer["meta"]["code"]
    if code in {200, 201}:
        yield from misfits
        if code not in operation.value.get("x-success-codes", []):
            yield f"succeeds with {code}"
    elif not misfits:
        yield f"refuses with {code}: {exchange.request}"


def keys(document: Json, operation: Operation) -> set[tuple[str, str]]:
    """Return where an operation wants its keys: the place, and the name there."""
    wanted: Any = operation.value.get("security", document.get("security", []))
    schemes = [
        at(document, f"#/components/securitySchemes/{name}") for one in wanted for name in one
    ]
    return {(scheme["in"], scheme["name"]) for scheme in schemes}


def _misfits(
    document: Json, operation: Operation, request: Request, validator: Validators
) -> Iterator[str]:
    """Yield what a contract has against a request."""
    described = {
        node["name"]: (where, node) for where, node in placed_parameters(document, operation)
    }
    for name, value in request.parameters.items():
        where, node = described.get(name, ("", {}))
        if node.get("in") != _place(operation, name):
            yield f"takes the parameter {name}"
        elif value != "" or not node.get("allowEmptyValue"):
            for error in validator(pointer(where, "schema")).iter_errors(value):
                yield f"takes {name}: {error.message}"
    for name, (_, node) in described.items():
        if node.get("required") and name not in request.parameters:
            yield f"takes no {name}"
    if request.body is not None:
        where = pointer(operation.where, "requestBody", *JSON_BODY, "schema")
        for error in validator(where).iter_errors(request.body):
            yield f"takes {error.json_path}: {error.message}"


def _place(operation: Operation, name: str) -> str:
    """Return where a request of ours has a parameter."""
    return "header" if name == "Lang" else "path" if f"{{{name}}}" in operation.path else "query"


# ---- Following a contract's links ---------------------------------------------------------------


def link_complaints(document: Json) -> list[str]:
    """Return which links of a contract do not lead to a success."""
    return [
        f"{operation.name} link {name}: {problem}"
        for operation in operations(document)
        for name, link in (dig(operation.value, "responses", "200", "links") or {}).items()
        for problem in _follow(operation.name, link)
    ]


def _follow(name: str, link: Json) -> Iterator[str]:
    """Carry out an operation and then what a link makes of it, in a fresh sandbox."""
    api = Api()
    try:
        begun = [play(api, request) for request in BEGINNINGS[name]][-1]
        parameters = _quote(link.get("parameters", {}), begun)
        body = _quote(link.get("requestBody", CHOSEN.get(link["operationId"])), begun)
        ended = play(api, Request(link["operationId"], parameters, body))
    except LookupError as missing:
        yield f"cannot be followed for want of {missing}"
    else:
        yield from (f"is refused with {code}" for code in _refusals(ended.answer))
    finally:
        api.close()


def _refusals(answer: Json) -> Iterator[int]:
    """Yield the code of a refusal, of the whole or of an item within."""
    if answer["meta"]["code"] not in {200, 201}:
        yield answer["meta"]["code"]
    data = answer["data"] if isinstance(answer["data"], dict) else {}
    yield from (item["code"] for item in data.get("errors", []))
    for item in data.get("trackings", []):
        if item.get("meta", {}).get("code", 200) != 200:
            yield item["meta"]["code"]


def _quote(value: Any, exchange: Exchange) -> Any:
    """Replace the expressions that quote a request or response by their values."""
    if isinstance(value, dict):
        return {key: _quote(inner, exchange) for key, inner in value.items()}
    if isinstance(value, list):
        return [_quote(inner, exchange) for inner in value]
    sources = {"$request.body": exchange.request.body, "$response.body": exchange.answer}
    source, _, path = str(value).partition("#")
    return at(sources[source], f"#{path}") if source in sources else value
