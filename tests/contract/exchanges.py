"""
Comparison of a contract with requests to the sandbox and its responses.

The exchanges are made once. A contract must allow the successful ones, and must not allow requests
that were rejected for their form.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from tests.contract.document import links, load_beside
from tests.contract.examples import Validators, closed, validators
from tests.sandbox.harness import Api
from trackingmore_v2_api import API_KEY_HEADER, OPERATIONS
from website.contract import JSON_BODY, Json, Operation, at, operations, placed_parameters, pointer


class Request(NamedTuple):
    """A call: its operation, its parameters by name, and its body."""

    operation: str
    parameters: Json = {}  # noqa: RUF012 - never changed
    body: Any = None


def _expand(value: Any, number: int = 0) -> Any:
    """Replace `repeat` and `item` by a list, in whose texts "#" is replaced by a number."""
    match value:
        case {"repeat": int(count), "item": item}:
            return [_expand(item, index % 40) for index in range(count)]
        case dict():
            return {key: _expand(inner, number) for key, inner in value.items()}
        case list():
            return [_expand(inner, number) for inner in value]
        case str():
            return value.replace("#", f"{number:02}")
        case _:
            return value


def _requests(given: list[Json]) -> list[Request]:
    return [Request(**_expand(each)) for each in given]


_LISTED = load_beside(__file__)
ACCEPTED, REJECTED = map(_requests, (_LISTED["accepted"], _LISTED["rejected"]))
PRECEDING = {name: _requests(given) for name, given in _LISTED["preceding"].items()}


def send(api: Api, request: Request) -> Json:
    """Send a request to a sandbox and return the response."""
    texts: Any = {
        name: ",".join(value) if isinstance(value, list) else str(value)
        for name, value in request.parameters.items()
    }
    headers = {"Lang": texts.pop("Lang")} if "Lang" in texts else {}
    response = api.call(request.operation, request.body, headers=headers, **texts)
    return {"meta": response.meta, "data": response.data}


@cache
def exchanges() -> list[tuple[Request, Json]]:
    """Send all requests to a new sandbox, and return them with the responses."""
    api = Api()
    made = [(request, send(api, request)) for request in [*ACCEPTED, *REJECTED]]
    api.close()
    return made


def exchange_errors(document: Json) -> Iterator[str]:
    """Yield where a contract contradicts the exchanges."""
    described = {operation.name: operation for operation in operations(document)}
    validator = validators(closed(document))
    for request, response in exchanges():
        name = request.operation
        operation, real = described.get(name), OPERATIONS[name]
        if operation and (operation.method.upper(), operation.path) == (real.method, real.path):
            for error in _contradictions(document, operation, request, response, validator):
                yield f"{name}: {error}"
        else:
            yield f"{name}: must be {real.method} {real.path}"


def _contradictions(
    document: Json, operation: Operation, request: Request, response: Json, validator: Validators
) -> Iterator[str]:
    required: Any = operation.value.get("security", document.get("security", []))
    schemes = document["components"]["securitySchemes"]
    keys = {(schemes[name]["in"], schemes[name]["name"]) for each in required for name in each}
    if ("header", API_KEY_HEADER) not in keys:
        yield f"must require the header {API_KEY_HEADER}"
    where = pointer(operation.where, "responses", "200", *JSON_BODY, "schema")
    for error in validator(where).iter_errors(response):
        yield f"response {error.json_path}: {error.message}"
    errors = list(_request_errors(document, operation, request, validator))
    code = response["meta"]["code"]
    if code in {200, 201}:
        yield from errors
        if code not in operation.value.get("x-success-codes", []):
            yield f"must succeed with {code}"
    elif not errors:
        yield f"must not allow what is rejected with {code}: {request}"


def _request_errors(
    document: Json, operation: Operation, request: Request, validator: Validators
) -> Iterator[str]:
    """Yield what a contract does not allow of a request."""
    described = {
        node["name"]: (where, node) for where, node in placed_parameters(document, operation)
    }
    for name, value in request.parameters.items():
        where, node = described.get(name, ("", {}))
        place = "path" if f"{{{name}}}" in operation.path else "query"
        if node.get("in") != ("header" if name == "Lang" else place):
            yield f"must have the parameter {name}"
        elif value != "" or not node.get("allowEmptyValue"):
            for error in validator(pointer(where, "schema")).iter_errors(value):
                yield f"parameter {name}: {error.message}"
    for name, (_, node) in described.items():
        if node.get("required") and name not in request.parameters:
            yield f"must not require the parameter {name}"
    if request.body is not None:
        where = pointer(operation.where, "requestBody", *JSON_BODY, "schema")
        for error in validator(where).iter_errors(request.body):
            yield f"request {error.json_path}: {error.message}"


def link_errors(document: Json) -> Iterator[str]:
    """Yield the links of a contract that do not lead to a success."""
    for operation, name, link in links(document):
        for error in _follow(operation.name, link):
            yield f"{operation.name} link {name}: {error}"


def _follow(name: str, link: Json) -> Iterator[str]:
    """Call an operation and the target of a link in a new sandbox; yield what is wrong."""
    api = Api()
    try:
        sent = [(request, send(api, request)) for request in PRECEDING[name]]
        sources = {"$request.body": sent[-1][0].body, "$response.body": sent[-1][1]}
        target = link["operationId"]
        # The link says which tracking to update; the caller decides what to change.
        body = link.get(
            "requestBody", PRECEDING[target][-1].body if target == "updateTracking" else None
        )
        given = _evaluate(link.get("parameters", {}), sources)
        response = send(api, Request(target, given, _evaluate(body, sources)))
    except LookupError as missing:
        yield f"cannot be followed without {missing}"
    else:
        data = response["data"] if isinstance(response["data"], dict) else {}
        items = [item.get("meta", {}) for item in data.get("trackings", [])]
        codes = {item.get("code", 200) for item in [response["meta"], *items]}
        codes |= {item["code"] for item in data.get("errors", [])}
        yield from (f"is rejected with {code}" for code in codes - {200, 201})
    finally:
        api.close()


def _evaluate(value: Any, sources: Json) -> Any:
    """Replace expressions such as `$response.body#/data/id` by their values."""
    if isinstance(value, dict):
        return {key: _evaluate(inner, sources) for key, inner in value.items()}
    if isinstance(value, list):
        return [_evaluate(inner, sources) for inner in value]
    source, _, path = str(value).partition("#")
    return at(sources[source], f"#{path}") if source in sources else value
