"""The contract as data for tests: with the links of stories, and iterators over all its parts."""

import copy
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from website.contract import (
    Json,
    Operation,
    at,
    contract,
    dig,
    load,
    operations,
    placed_parameters,
    pointer,
    resolve,
    walk,
    webhooks,
)

LINKS = Path(__file__).with_name("links.yaml")


class Media(NamedTuple):
    """A body in one media type, of a request or of a response."""

    name: str
    where: str
    value: Json


def load_beside(module: str) -> Json:
    """Load the YAML file with the name of a module."""
    return load(Path(module).with_suffix(".yaml").read_text(encoding="utf-8"))


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


def links(document: Json) -> Iterator[tuple[Operation, str, Json]]:
    """Yield every link, with its name and the operation whose response has it."""
    for operation in operations(document):
        for name, link in (dig(operation.value, "responses", "200", "links") or {}).items():
            yield operation, name, link
