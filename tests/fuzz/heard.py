"""A request as a server hears it, read by the contract, and judged in all that it says."""

import json
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qsl, unquote

import httpx2
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # has no types of its own

from tests.contract.document import (
    Json,
    Operation,
    contract,
    dig,
    operations,
    parameters,
    resolve,
    walk,
)
from tests.overlay.stubs import KEY, URL

OWN_HEADERS: Final = frozenset(
    (
        *("host", "accept", "accept-encoding", "connection", "user-agent", "trackingmore-api-key"),
        *("content-type", "content-length"),
    )
)
"""What every request may have; others are parameters of the operation."""


class Heard(NamedTuple):
    """One request."""

    operation: str
    path: Json
    query: Json
    headers: Json
    body: Any
    """JSON; None if there is none."""

    @property
    def fields(self) -> Json:
        """All that was said, by the names of the contract, which are different in each part."""
        body = self.body if isinstance(self.body, dict) else {}
        return {**self.path, **self.query, **self.headers, **body}


def hear(request: httpx2.Request) -> Heard:
    """Read a request and judge it by the contract, in everything that it says."""
    raw = request.url.raw_path.decode("ascii")
    target, _, query = raw.partition("?")
    base = httpx2.URL(URL)

    assert (request.url.scheme, request.url.netloc) == (base.scheme, base.netloc)
    assert request.headers.get_list("Trackingmore-Api-Key") == [KEY]
    operation, path = _route(request.method, target.removeprefix("/v2"))
    pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query), errors="strict")
    assert len(dict(pairs)) == len(pairs)
    extra = {name: value for name, value in request.headers.items() if name not in OWN_HEADERS}
    return Heard(
        operation.name,
        _judged(operation, "path", path),
        _judged(operation, "query", dict(pairs)),
        _judged(operation, "header", extra),
        _body(operation, request),
    )


def _route(method: str, target: str) -> tuple[Operation, dict[str, str]]:
    """Find the operation as a server does: by whole segments, plain ones first."""
    found = [
        (operation, values)
        for operation in operations(contract())
        if operation.method == method.lower()
        for values in [_match(operation.path, target)]
        if values is not None
    ]
    return min(found, key=lambda one: len(one[1]))


def _match(template: str, target: str) -> dict[str, str] | None:
    names, segments = template.split("/"), target.split("/")
    values: dict[str, str] = {}
    for name, segment in zip(names, segments, strict=False):
        if name.startswith("{"):
            values[name.strip("{}")] = unquote(segment, errors="strict")
        elif name != segment:
            return None
    return values if len(names) == len(segments) else None


def _judged(operation: Operation, where: str, said: dict[str, str]) -> Json:
    """Read the parameters of one place; each must be known, and as its schema wants it."""
    known = {it["name"]: it for it in parameters(contract(), operation) if it["in"] == where}
    if where == "header":
        known = {name.lower(): it for name, it in known.items()}

    assert said.keys() <= known.keys()
    assert {name for name, it in known.items() if it.get("required")} <= said.keys()
    values = {name: _value(known[name]["schema"], text) for name, text in said.items()}
    for name, value in values.items():
        assert list(_errors(known[name]["schema"], value)) == []
    return values


def _value(schema: Json, text: str) -> Any:
    """Read a text as its schema says: a number, a list with commas, or a text."""
    kind = resolve(contract(), schema).get("type")
    if kind == "integer":
        return int(text) if text.isascii() and text.isdecimal() else text
    return text.split(",") if kind == "array" else text


def _body(operation: Operation, request: httpx2.Request) -> Any:
    content = request.content
    wanted = dig(operation.value, "requestBody", "content", "application/json", "schema")
    if wanted is None:
        assert (content, request.headers.get("Content-Type")) == (b"", None)
        return None
    assert request.headers["Content-Type"] == "application/json"
    body = json.loads(content.decode("utf-8"), parse_constant=_no_number)
    assert list(_errors(wanted, body)) == []
    return body


def _no_number(name: str) -> None:
    raise AssertionError(f"{name} is no JSON")


def _errors(schema: Json, value: Any) -> Iterator[str]:
    return (error.message for error in _validator(json.dumps(schema)).iter_errors(value))


@cache
def _validator(schema: str) -> Draft202012Validator:
    """Build a validator of a schema, beside the parts of the contract to which it refers."""
    return Draft202012Validator(
        _strictly({**json.loads(schema), "components": contract()["components"]})
    )


def _strictly(node: Any) -> Any:
    """Write patterns so that Python, too, lets no line end pass where `$` stands."""
    strict = deepcopy(node)
    for _, value in walk(strict):
        if isinstance(value, dict) and isinstance(value.get("pattern"), str):
            value["pattern"] = value["pattern"].replace("$", r"\Z")
    return strict
