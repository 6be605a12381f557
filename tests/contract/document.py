"""The contract as data: a strict loader, and iterators over its parts."""

import copy
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

Json = dict[str, Any]

CONTRACT = Path(__file__).parents[2] / "openapi.yaml"
LINKS = Path(__file__).with_name("links.yaml")
JSON_BODY = ("content", "application/json")
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


class Operation(NamedTuple):
    """An operation of the API, or a webhook."""

    name: str
    method: str
    path: str
    where: str
    value: Json


class Media(NamedTuple):
    """A body in one media type, of a request or of a response."""

    name: str
    where: str
    value: Json


class _StrictLoader(yaml.SafeLoader):
    """YAML whose mappings have distinct keys, all of them strings."""


def _mapping(loader: _StrictLoader, node: yaml.MappingNode) -> Json:
    pairs = loader.construct_pairs(node, deep=True)
    keys = [key for key, _ in pairs]
    for key in keys:
        if not isinstance(key, str) or keys.count(key) > 1:
            problem = f"duplicate key {key!r}" if isinstance(key, str) else f"quote the key {key!r}"
            raise yaml.MarkedYAMLError(problem=problem, problem_mark=node.start_mark)
    return dict(pairs)


_StrictLoader.add_constructor("tag:yaml.org,2002:map", _mapping)


def load_beside(module: str) -> Json:
    """Load the YAML file with the name of a module."""
    return load(Path(module).with_suffix(".yaml").read_text(encoding="utf-8"))


def load(text: str) -> Json:
    """Parse YAML; raise for a key that is duplicate or not a string."""
    document: Json = yaml.load(text, Loader=_StrictLoader)  # noqa: S506 - a SafeLoader
    return document


@cache
def contract() -> Json:
    """Return the contract, loaded once; copy it before changing it."""
    return load(CONTRACT.read_text(encoding="utf-8"))


@cache
def linked_contract() -> Json:
    """Return the contract with the links of `links.yaml`; copy it before changing it."""
    document = copy.deepcopy(contract())
    added = load(LINKS.read_text(encoding="utf-8"))
    for operation in operations(document):
        if operation.name in added:
            operation.value["responses"]["200"]["links"] = added.pop(operation.name)
    if added:
        raise LookupError(f"{LINKS.name} has links of unknown operations: {[*added]}")
    return document


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
            node = node[int(key)] if isinstance(node, list) and key.isdecimal() else node[key]
        except LookupError:
            raise LookupError(f"{where} does not exist") from None
    return node


def resolve(document: Json, node: Json) -> Json:
    """Return a node, or what it refers to."""
    while "$ref" in node:
        node = at(document, node["$ref"])
    return node


def reachable(document: Json, *roots: Any) -> dict[str, Any]:
    """Return every node that can be reached from the roots, by its reference."""
    found: Json = {}
    waiting = [*roots]
    while waiting:
        for _, node in walk(waiting.pop()):
            target = dig(node, "$ref")
            if target and target not in found:
                found[target] = at(document, target)
                waiting.append(found[target])
    return found


def dig(node: Any, *keys: str) -> Any:
    """Return the value under the keys, or None if one of them is missing."""
    for key in keys:
        if not isinstance(node, dict) or key not in node:
            return None
        node = node[key]
    return node


def walk(node: Any, where: str = "#") -> Iterator[tuple[str, Any]]:
    """Yield every node, the root first, with its JSON pointer."""
    yield where, node
    if isinstance(node, dict):
        for key, value in node.items():
            yield from walk(value, pointer(where, key))
    if isinstance(node, list):
        for index, value in enumerate(node):
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


def _content(name: str, where: str, holder: Json) -> Iterator[Media]:
    for kind, value in holder.get("content", {}).items():
        yield Media(name, pointer(where, "content", kind), value)


def media(document: Json) -> Iterator[Media]:
    """Yield every body: of requests, of operations' own responses and of shared responses."""
    for operation in [*operations(document), *webhooks(document)]:
        body = operation.value.get("requestBody", {})
        yield from _content(f"{operation.name} request", f"{operation.where}/requestBody", body)
        for status, response in operation.value.get("responses", {}).items():
            where = pointer(operation.where, "responses", status)
            yield from _content(f"{operation.name} {status}", where, response)
    for name, response in document["components"].get("responses", {}).items():
        yield from _content(name, pointer("#/components/responses", name), response)


def all_parameters(document: Json) -> Iterator[tuple[str, Json]]:
    """Yield every parameter once, with the pointer to its definition."""
    found = [placed_parameters(document, operation) for operation in operations(document)]
    yield from {where: node for placed in found for where, node in placed}.items()


def _subschemas(where: str, schema: Any) -> Iterator[tuple[str, Json]]:
    if not isinstance(schema, dict):
        return
    yield where, schema
    for key in ("items", "additionalProperties", "not"):
        if key in schema:
            yield from _subschemas(pointer(where, key), schema[key])
    for key in ("allOf", "anyOf", "oneOf"):
        for index, branch in enumerate(schema.get(key, [])):
            yield from _subschemas(pointer(where, key, index), branch)
    for name, value in schema.get("properties", {}).items():
        yield from _subschemas(pointer(where, "properties", name), value)


def schemas(document: Json) -> Iterator[tuple[str, Json]]:
    """Yield every schema at any depth that is an object."""
    for name, schema in document["components"]["schemas"].items():
        yield from _subschemas(pointer("#/components/schemas", name), schema)
    for where, parameter in all_parameters(document):
        yield from _subschemas(pointer(where, "schema"), parameter["schema"])
    for body in media(document):
        yield from _subschemas(pointer(body.where, "schema"), body.value["schema"])


def properties(document: Json) -> Iterator[tuple[str, str, Json, Json]]:
    """Yield the pointer, name, schema and parent schema of every property."""
    for where, schema in schemas(document):
        for name, value in schema.get("properties", {}).items():
            if isinstance(value, dict):
                yield pointer(where, "properties", name), name, value, schema


def descriptions(document: Json) -> Iterator[tuple[str, str, list[str]]]:
    """Yield the pointer and name of each field and parameter, with all texts that describe it."""
    for where, name, schema, parent in properties(document):
        nodes = [schema, resolve(document, schema), parent]
        yield where, name, [node.get("description", "") for node in nodes]
    for where, parameter in all_parameters(document):
        nodes = [parameter, resolve(document, parameter["schema"])]
        yield where, parameter["name"], [node.get("description", "") for node in nodes]


def types(schema: Json) -> list[str]:
    """Return the types that a schema names itself."""
    named = schema.get("type", [])
    return [named] if isinstance(named, str) else named


def alternatives(document: Json, schema: Json) -> Iterator[Json]:
    """Yield the schemas a value may satisfy: references, `anyOf` and `oneOf` unfolded."""
    schema = resolve(document, schema)
    branches = [*schema.get("anyOf", []), *schema.get("oneOf", [])]
    if not branches:
        yield schema
    for branch in branches:
        yield from alternatives(document, branch)


def examples(document: Json, body: Json | None) -> Json:
    """Return the values of the examples of a body, by their names."""
    named = dig(body, "examples") or {}
    return {name: resolve(document, example)["value"] for name, example in named.items()}


def request_schema(operation: Operation) -> Any:
    """Return the schema of an operation's request, or None."""
    return dig(operation.value, "requestBody", *JSON_BODY, "schema")


def links(document: Json) -> Iterator[tuple[Operation, str, Json]]:
    """Yield every link, with its name and the operation whose response has it."""
    for operation in operations(document):
        for name, link in (dig(operation.value, "responses", "200", "links") or {}).items():
            yield operation, name, link


def answer_schemas(operation: Operation) -> list[Json]:
    """Return the possible responses of an operation under HTTP 200."""
    return dig(operation.value, "responses", "200", *JSON_BODY, "schema", "oneOf") or []
