"""
Comparison of the contract with `fields.yaml`.

Each function yields one line for each difference.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from tests.contract.document import alternatives, descriptions, load_beside
from website.contract import (
    Json,
    Operation,
    answer_schemas,
    operations,
    parameters,
    request_schema,
    resolve,
    types,
    webhooks,
)

LIST = "tests/contract/fields.yaml"
LISTED = load_beside(__file__)
ENTRIES: Json = {**LISTED["operations"], **LISTED["webhooks"]}
LIMITS = {
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    *("minLength", "maxLength", "pattern", "format", "default", "const"),
    *("minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties"),
}
TIME_NAME = re.compile(r".*(_at|_time|_date|_min|_max|Date|Time)")
TIME_FORM = r"\bzone|local|UTC|Unix|ISO 8601|YYYY|unknown"


class Field(NamedTuple):
    """A listed field: its types, such as `string|leg[]|null?`, and its source, if it has one."""

    types: str
    source: str | None


def read_object(listed: Json) -> dict[str, Field]:
    """Return the fields of an object, which are listed under their sources."""
    fields = {}
    for key, value in listed.items():
        grouped = isinstance(value, dict)
        for name, kinds in value.items() if grouped else [(key, value)]:
            fields[name] = Field(kinds, key if grouped else None)
    return fields


OBJECTS = {name: read_object(listed) for name, listed in LISTED["objects"].items()}


def differences(what: str, listed: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[str]:
    """Yield each key whose values differ."""
    for key in sorted(listed.keys() | found.keys()):
        if listed.get(key) != found.get(key):
            yield f"{what} {key}: {listed.get(key)} in {LIST}, {found.get(key)} in openapi.yaml"


def compare(document: Json, where: str, listed: str, schema: Json, *, sent: bool) -> Iterator[str]:
    """Yield the listed types that a schema does not accept, with the differences inside them."""
    parts = list(alternatives(document, schema))
    accepted = {kind for part in parts for kind in _accepted(document, part)}
    for kind in listed.removesuffix("?").split("|"):
        is_object = kind in OBJECTS or kind.endswith("{}")
        wanted = "array" if kind.endswith("[]") else "object" if is_object else kind
        matching = [part for part in parts if wanted in types(part)]
        if wanted not in accepted | {"any"}:
            yield f"{where}: {kind} in {LIST}, {sorted(accepted)} in openapi.yaml"
        elif kind in OBJECTS:
            yield from compare_object(document, where, OBJECTS[kind], matching[0], sent=sent)
        elif wanted in {"array", "object"}:
            inner = "items" if wanted == "array" else "additionalProperties"
            values = {"anyOf": [part[inner] for part in matching]}
            yield from compare(document, where + kind[-2:], kind[:-2], values, sent=sent)


def _accepted(document: Json, schema: Json) -> list[str]:
    """Return the name of an enum or constrained value, or else the types of a schema."""
    components = document["components"]["schemas"].items()
    names = [name for name, component in components if component is schema]
    return types(schema) if "object" in types(schema) else names or types(schema)


def compare_object(
    document: Json, where: str, listed: Mapping[str, Field], schema: Json, *, sent: bool
) -> Iterator[str]:
    """Yield missing fields, fields that are wrongly required or optional, and what differs."""
    found, required = schema.get("properties", {}), set(schema.get("required", []))
    for field in listed.keys() - found.keys():
        yield f"{where}.{field}: missing in openapi.yaml, listed in {LIST}"
    for field in found.keys() - listed.keys():
        yield f"{where}.{field}: in openapi.yaml only; list it in {LIST} under its x-evidence"
    for field in found.keys() & listed.keys():
        name, (kinds, source) = f"{where}.{field}", listed[field]
        if kinds.endswith("?") and field in required:
            yield f"{name}: may be absent, but openapi.yaml requires it"
        if sent and not kinds.endswith("?") and field not in required:
            yield f"{name}: must be sent, but openapi.yaml does not require it"
        evidence = found[field].get("x-evidence", schema.get("x-evidence", "documented"))
        if source != evidence:
            yield (
                f"{name}: the source is {source or 'missing'} in {LIST}, and x-evidence is "
                f"{evidence} in openapi.yaml; state the same source in both"
            )
        yield from compare(document, name, kinds, found[field], sent=sent)


def compare_operations(document: Json) -> Iterator[str]:
    """Yield the differences of operations and webhooks."""
    found = {op.name: op for op in [*operations(document), *webhooks(document)]}
    yield from differences("operation", dict.fromkeys(ENTRIES, True), dict.fromkeys(found, True))
    for name in ENTRIES.keys() & found.keys():
        yield from compare_operation(document, found[name], ENTRIES[name])


def compare_operation(document: Json, operation: Operation, entry: Json) -> Iterator[str]:
    """Yield the differences of an operation's parameters, request and responses."""
    name, request = operation.name, request_schema(operation)
    yield from compare_parameters(document, operation, entry)
    if bool(request) != ("body" in entry):
        yield f"{name} request: in one of {LIST} and openapi.yaml only"
    elif request:
        # The API sends the body of a webhook, so its fields may be absent as in a response.
        sent = operation.where.startswith("#/paths")
        yield from compare(document, f"{name} request", entry["body"], request, sent=sent)
    success = OBJECTS["success"]
    success = success | {"data": success["data"]._replace(types=entry.get("data", "any"))}
    for schema, listed in zip(answer_schemas(operation), (success, OBJECTS["error"]), strict=False):
        response = resolve(document, schema)
        yield from compare_object(document, f"{name} response", listed, response, sent=False)


def compare_parameters(document: Json, operation: Operation, entry: Json) -> Iterator[str]:
    """Yield the differences of an operation's parameters."""
    listed = {
        f"{place} {name}": kinds
        for place in ("path", "query", "header")
        for name, kinds in entry.get(place, {}).items()
    }
    found = {f"{p['in']} {p['name']}": p for p in parameters(document, operation)}
    required = {key: parameter.get("required", False) for key, parameter in found.items()}
    wanted = {key: not kinds.endswith("?") for key, kinds in listed.items()}
    yield from differences(f"{operation.name} required", wanted, required)
    for key in listed.keys() & found.keys():
        where = f"{operation.name} {key}"
        yield from compare(document, where, listed[key], found[key]["schema"], sent=True)


def compare_access(document: Json) -> Iterator[str]:
    """Yield the differences of the servers, the API key and the rate limits."""
    access, rates = LISTED["access"], LISTED["rates"]
    schemes = document["components"]["securitySchemes"].values()
    found: Json = {
        "servers": [server["url"] for server in document["servers"]],
        "securitySchemes": [(scheme.get("in"), scheme.get("name")) for scheme in schemes],
    }
    key = (access["in"], access["name"])
    listed: Json = {"servers": access["servers"], "securitySchemes": [key]}
    yield from differences("access", listed, found)
    found = {op.name: op.value.get("x-rate-limit") for op in operations(document)}
    listed = {name: rates.get(name, rates["others"]) for name in found}
    yield from differences("x-rate-limit", listed, found)


def compare_limits(document: Json) -> Iterator[str]:
    """Yield the differences of the limits of request values."""
    found: Json = {}
    for operation in operations(document):
        for parameter in parameters(document, operation):
            name = f"{operation.name} {parameter['name']}"
            found.update(_limits(document, name, parameter["schema"]))
        request = request_schema(operation) or {}
        found.update(_limits(document, f"{operation.name} body", request))
    yield from differences("limits", LISTED["limits"], found)


def _limits(document: Json, where: str, schema: Json) -> Iterator[tuple[str, Json]]:
    """Yield the limits of a schema and of its parts, each with the name of the component."""
    if "$ref" in schema:
        where, schema = schema["$ref"].rpartition("/")[2], resolve(document, schema)
    limits = {key: value for key, value in schema.items() if key in LIMITS}
    if limits:
        yield where, limits
    for name, inner in schema.get("properties", {}).items():
        yield from _limits(document, f"{where}.{name}", inner)
    parts = [*schema.get("anyOf", []), *schema.get("oneOf", []), schema.get("items", {})]
    for part in filter(None, parts):
        yield from _limits(document, where, part)


def compare_times(document: Json) -> Iterator[str]:
    """Yield the times whose descriptions do not state the listed zone, or any format or zone."""
    zones = {name: zone for zone, names in LISTED["times"].items() for name in names}
    for where, name, texts in descriptions(document):
        stated = zones.get(name, TIME_FORM if TIME_NAME.fullmatch(name) else "")
        if not re.search(stated, " ".join(texts), re.IGNORECASE):
            yield f"{where}: the description must state {stated!r}"


def compare_enums(document: Json) -> Iterator[str]:
    """Yield the differences of the values of enums."""
    schemas = document["components"]["schemas"].items()
    found = {name: {*schema["enum"]} for name, schema in schemas if "enum" in schema}
    listed = {name: {*values} for name, values in LISTED["enums"].items()}
    codes = {int(code): entry["exception"] for code, entry in LISTED["meta_codes"].items()}
    listed["SuccessCode"] = {code for code, error in codes.items() if not error}
    listed["ErrorCode"] = {code for code, error in codes.items() if error}
    yield from differences("enum", listed, found)


def compare_meta_codes(document: Json) -> Iterator[str]:
    """Yield the differences of meta codes, but for the words of ours that explain them."""
    explained = {"meaning", "advice"}
    found = {
        str(entry["code"]): {key: entry[key] for key in entry if key not in explained}
        for entry in document["x-meta-codes"]
    }
    listed = {code: {"code": int(code), **entry} for code, entry in LISTED["meta_codes"].items()}
    yield from differences("meta code", listed, found)


def field_errors(document: Json) -> Iterator[str]:
    """Yield every difference between the contract and the list."""
    for compare_part in (
        *(compare_operations, compare_access, compare_limits),
        *(compare_times, compare_enums, compare_meta_codes),
    ):
        yield from compare_part(document)
