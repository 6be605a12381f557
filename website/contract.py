"""The contract as data: a strict loader, and readers of its parts."""

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, cast

import yaml

Json = dict[str, Any]
CONTRACT = Path(__file__).parents[1] / "openapi.yaml"
JSON_BODY = ("content", "application/json")
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


class Operation(NamedTuple):
    """An operation of the API, or a webhook."""

    name: str
    method: str
    path: str
    where: str
    value: Json


class _StrictLoader(yaml.SafeLoader):
    """YAML whose mappings have distinct keys, all of them strings."""


def _mapping(loader: _StrictLoader, node: yaml.MappingNode) -> Json:
    pairs: list[tuple[Any, Any]] = loader.construct_pairs(node, deep=True)  # pyright: ignore[reportUnknownMemberType]  # its parameter has no type
    keys = [key for key, _ in pairs]
    for key in keys:
        if not isinstance(key, str) or keys.count(key) > 1:
            problem = f"duplicate key {key!r}" if isinstance(key, str) else f"quote the key {key!r}"
            raise yaml.MarkedYAMLError(problem=problem, problem_mark=node.start_mark)
    return dict(pairs)


_StrictLoader.add_constructor("tag:yaml.org,2002:map", _mapping)


def load(text: str) -> Json:
    """Parse YAML; raise for a key that is duplicate or not a string."""
    document: Json = yaml.load(text, Loader=_StrictLoader)  # noqa: S506 - a SafeLoader
    return document


@cache
def contract() -> Json:
    """Return the contract, loaded once; copy it before changing it."""
    return load(CONTRACT.read_text(encoding="utf-8"))


def pointer(where: str, *keys: object) -> str:
    """Extend a JSON pointer."""
    return "/".join([where, *(str(key).replace("~", "~0").replace("/", "~1") for key in keys)])


def at(document: Json, where: str) -> Any:
    """Return the node that a local reference (`#/a/b`) names, or raise LookupError."""
    if not where.startswith("#"):
        raise LookupError(where)
    node: Any = document
    for part in where.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        try:
            if isinstance(node, list) and key.isdecimal():
                node = cast("Sequence[Any]", node)[int(key)]
            else:
                node = cast("Json", node)[key]
        except LookupError:
            raise LookupError(f"{where} does not exist") from None
    return node


def resolve(document: Json, node: Json) -> Json:
    """Return a node, or what it refers to."""
    while "$ref" in node:
        node = at(document, node["$ref"])
    return node


def dig(node: Any, *keys: str) -> Any:
    """Return the value under the keys, or None if one of them is missing."""
    for key in keys:
        node = cast("Json", node).get(key) if isinstance(node, dict) else None
    return node


def walk(node: Any, where: str = "#") -> Iterator[tuple[str, Any]]:
    """Yield every node, the root first, with its JSON pointer."""
    yield where, node
    if isinstance(node, dict):
        for key, value in cast("Json", node).items():
            yield from walk(value, pointer(where, key))
    if isinstance(node, list):
        for index, value in enumerate(cast("Sequence[Any]", node)):
            yield from walk(value, pointer(where, index))


def _operations(document: Json, section: str) -> Iterator[Operation]:
    for path, item in document.get(section, {}).items():
        for method in METHODS:
            if method in item:
                value = item[method]
                name = value.get("operationId", f"{method.upper()} {path}")
                where = pointer("#", section, path, method)
                yield Operation(name, method, path, where, value)


def operations(document: Json) -> Iterator[Operation]:
    """Yield the operations of the API."""
    return _operations(document, "paths")


def webhooks(document: Json) -> Iterator[Operation]:
    """Yield the webhooks."""
    return _operations(document, "webhooks")


def placed_parameters(document: Json, operation: Operation) -> Iterator[tuple[str, Json]]:
    """Yield an operation's parameters, with the pointers to their definitions."""
    for holder in (operation.where.rpartition("/")[0], operation.where):
        for index, node in enumerate(at(document, holder).get("parameters", [])):
            where = pointer(holder, "parameters", index)
            yield node.get("$ref", where), resolve(document, node)


def parameters(document: Json, operation: Operation) -> list[Json]:
    """Return an operation's parameters, those of its path first."""
    return [parameter for _, parameter in placed_parameters(document, operation)]


def types(schema: Json) -> list[str]:
    """Return the types that a schema names itself."""
    named = schema.get("type", [])
    return [named] if isinstance(named, str) else named


def request_schema(operation: Operation) -> Any:
    """Return the schema of an operation's request, or None."""
    return dig(operation.value, "requestBody", *JSON_BODY, "schema")


def answer_schemas(operation: Operation) -> list[Json]:
    """Return the possible responses of an operation under HTTP 200."""
    return dig(operation.value, "responses", "200", *JSON_BODY, "schema", "oneOf") or []
