"""The parts of the contract that pages have: fields, evidence, and where each is described."""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from website.contract import (
    JSON_BODY,
    Json,
    Operation,
    answer_schemas,
    contract,
    dig,
    operations,
    request_schema,
    resolve,
    walk,
    webhooks,
)
from website.reference.markdown import DOCUMENTED

SCHEMAS = "#/components/schemas/"
CODES = {"SuccessCode", "ErrorCode"}


class Field(NamedTuple):
    """A field of an object, or a parameter."""

    name: str
    schema: Json
    is_required: bool
    evidence: str
    description: str


def evidence_of(node: Json, inherited: str = DOCUMENTED) -> str:
    """Return the evidence of a part, which it inherits from the part around it."""
    return str(node.get("x-evidence", inherited))


def described(node: Json) -> str:
    """Return the description of a part, or else of what it refers to."""
    return str(node.get("description") or summary_of(resolve(contract(), node)))


def summary_of(schema: Json) -> str:
    """Return the description of a schema, of an enum without the values that a table explains."""
    text = str(schema.get("description", ""))
    return f"{text.partition('. ')[0].rstrip('.')}." if "x-enum-values" in schema else text


def fields_of(schema: Json) -> list[Field]:
    """Return the fields of an object."""
    inherited, required = evidence_of(schema), schema.get("required", ())
    return [
        Field(name, node, name in required, evidence_of(node, inherited), described(node))
        for name, node in schema.get("properties", {}).items()
    ]


def parameter_field(parameter: Json) -> Field:
    """Return a parameter as a field."""
    is_required = bool(parameter.get("required"))
    evidence = evidence_of(parameter)
    return Field(
        parameter["name"], parameter["schema"], is_required, evidence, parameter["description"]
    )


def name_of(node: Json) -> str:
    """Return the name of the schema that a node refers to; empty if it refers to none."""
    return str(node.get("$ref", "")).removeprefix(SCHEMAS)


def schema_named(name: str) -> Json:
    """Return a named schema."""
    found: Json = contract()["components"]["schemas"][name]
    return found


def enums() -> list[str]:
    """Return the names of the enums, but for the meta codes, which have a page of their own."""
    named = contract()["components"]["schemas"].items()
    return [name for name, schema in named if "enum" in schema and name not in CODES]


def limited_values() -> list[str]:
    """Return the names of the values with limits."""
    named = contract()["components"]["schemas"].items()
    return [name for name, each in named if "properties" not in each and "enum" not in each]


@cache
def shared_objects() -> list[str]:
    """Return the names of the objects to which several parts refer; one page describes them."""
    references = [name_of(node) for _, node in walk(contract()) if dig(node, "$ref")]
    bodies = {name_of(answer) for it in operations(contract()) for answer in answer_schemas(it)[:1]}
    requests = {name_of(body.get("items", body)) for body in map(_body_of, every_operation())}
    return [
        name
        for name, schema in contract()["components"]["schemas"].items()
        if "properties" in schema and references.count(name) > 1 and name not in bodies | requests
    ]


def every_operation() -> list[Operation]:
    """Return the operations and the webhook."""
    return [*operations(contract()), *webhooks(contract())]


def _body_of(operation: Operation) -> Json:
    return request_schema(operation) or {}


def home_of(name: str) -> str:
    """Return the address of the description of a named schema; empty if it is part of others."""
    if name in CODES:
        return "codes.md"
    if name in enums():
        return f"statuses.md#{name.lower()}"
    if name in [*limited_values(), *shared_objects()]:
        return f"objects.md#{name.lower()}"
    return ""


def objects_in(node: Json) -> Iterator[str]:
    """Yield the names of the objects that a value may be, or may contain as items."""
    name = name_of(node)
    if name and "properties" in schema_named(name):
        yield name
    inner = [node[key] for key in ("items", "additionalProperties") if key in node]
    for child in [*inner, *node.get("anyOf", ()), *node.get("oneOf", ())]:
        yield from objects_in(child)


def data_of(operation: Operation) -> Field:
    """Return `data` of a successful response."""
    envelope = schema_named(name_of(answer_schemas(operation)[0]))
    return next(field for field in fields_of(envelope) if field.name == "data")


def media_of(holder: Json | None) -> Json:
    """Return the named examples of a request or response, with summary and evidence."""
    named: Json = dig(holder, *JSON_BODY, "examples") or {}
    return {name: resolve(contract(), example) for name, example in named.items()}


def file_of(operation: str) -> str:
    """Return the name of the page of an operation, without suffix."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", operation).lower()


def codes() -> dict[int, Json]:
    """Return the meta codes by number."""
    return {entry["code"]: entry for entry in contract()["x-meta-codes"]}


def is_success(code: int) -> bool:
    """Return whether a meta code means success."""
    return codes()[code]["exception"] is None
