"""Requests as a server parses them, validated against the contract in every part."""

import json
import re
from functools import cache
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qsl, unquote

import httpx2
import jsonschema_rs

from tests.overlay.stubs import KEY, URL
from website.contract import (
    Json,
    Operation,
    contract,
    operations,
    parameters,
    request_schema,
    resolve,
)

COMMON_HEADERS: Final = frozenset(
    (
        *("host", "accept", "accept-encoding", "connection", "user-agent", "trackingmore-api-key"),
        *("content-type", "content-length"),
    )
)
"""Headers of any request; others are parameters of the operation."""


class ParsedRequest(NamedTuple):
    """A valid request."""

    operation: str
    path: Json
    query: Json
    header: Json
    body: Any = None

    @property
    def fields(self) -> Json:
        """All parameters and fields, whose names differ in each part."""
        body = self.body if isinstance(self.body, dict) else {}
        return {**self.path, **self.query, **self.header, **body}


def parse_request(request: httpx2.Request) -> ParsedRequest:
    """Parse a request and assert that every part of it is valid."""
    target, _, query = request.url.raw_path.decode("ascii").partition("?")
    base = httpx2.URL(URL)

    assert (request.url.scheme, request.url.netloc) == (base.scheme, base.netloc)
    assert request.headers.get_list("Trackingmore-Api-Key") == [KEY]
    operation, path = _route(request.method, target.removeprefix("/v2"))
    pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query), errors="strict")
    assert len(dict(pairs)) == len(pairs)
    extra = {name: value for name, value in request.headers.items() if name not in COMMON_HEADERS}
    parts = _schemas(operation)
    texts = {"path": path, "query": dict(pairs), "header": extra}
    parsed = {
        where: {
            name: _parse(parts[where]["properties"].get(name, {}), it) for name, it in of.items()
        }
        for where, of in texts.items()
    }
    assert request.headers.get("Content-Type") == ("application/json" if request.content else None)
    if request.content:
        text = request.content.decode("utf-8")
        parsed["body"] = json.loads(text, parse_constant=_reject_constant)
    _validator(operation.name).validate(parsed)
    return ParsedRequest(operation.name, **parsed)


def _route(method: str, target: str) -> tuple[Operation, dict[str, str]]:
    """Return the operation of a path, one without parameters first, and the path parameters."""
    found = [
        (operation, {name: unquote(value, errors="strict") for name, value in match.items()})
        for operation in operations(contract())
        if operation.method == method.lower()
        for match in [_match(operation.path, target)]
        if match is not None
    ]
    return min(found, key=lambda one: len(one[1]))


def _match(template: str, target: str) -> dict[str, str] | None:
    found = re.fullmatch(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]*)", template), target)
    return found and found.groupdict()


def _parse(schema: Json, text: str) -> Any:
    kind = resolve(contract(), schema).get("type")
    if kind == "integer":
        return int(text) if text.isascii() and text.isdecimal() else text
    return text.split(",") if kind == "array" else text


def _reject_constant(name: str) -> None:
    raise AssertionError(f"{name} is not JSON")


def _schemas(operation: Operation) -> Json:
    """Return the schema of each part of a request to an operation."""
    parts: Json = {
        where: {"required": [], "properties": {}, "additionalProperties": False}
        for where in ("path", "query", "header")
    }
    for parameter in parameters(contract(), operation):
        part, name = parts[parameter["in"]], parameter["name"]
        name = name.lower() if parameter["in"] == "header" else name
        part["properties"][name] = parameter["schema"]
        part["required"] += [name] * bool(parameter.get("required"))
    return {**parts, "body": request_schema(operation) or False}


@cache
def _validator(name: str) -> jsonschema_rs.Validator:
    """Return the validator of an operation's requests."""
    operation = next(it for it in operations(contract()) if it.name == name)
    parts = _schemas(operation)
    required = [name for name, schema in parts.items() if schema]
    schema = {"properties": parts, "required": required, "components": contract()["components"]}
    return jsonschema_rs.validator_for(schema)
