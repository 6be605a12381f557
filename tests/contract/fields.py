"""The list of what the API is known to have, and how the contract differs from it."""

from collections.abc import Iterator
from pathlib import Path

from tests.contract.document import (
    Json,
    Operation,
    alternatives,
    answer_schemas,
    descriptions,
    load,
    operations,
    parameters,
    request_schema,
    resolve,
    types,
    webhooks,
)

KNOWN = load(Path(__file__).with_name("fields.yaml").read_text(encoding="utf-8"))
OBJECTS = KNOWN["objects"]
ENTRIES = {**KNOWN["operations"], **KNOWN["webhooks"]}
LIMITS = {
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    *("minLength", "maxLength", "pattern", "format", "default", "const"),
    *("minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties"),
}


# ---- Comparing one field with its schema --------------------------------------------------------


def compare(document: Json, where: str, known: str, schema: Json, *, sent: bool) -> Iterator[str]:
    """Yield what a schema does not accept of a known field, such as `string|leg|null?`."""
    parts = list(alternatives(document, schema))
    for kind in known.removesuffix("?").split("|"):
        yield from _compare_kind(document, where, kind, parts, sent=sent)


def _compare_kind(
    document: Json, where: str, kind: str, parts: list[Json], *, sent: bool
) -> Iterator[str]:
    """Yield what the parts of a schema lack of one kind: a list, map, object or plain type."""
    accepted = {name for part in parts for name in _kinds(document, part)}
    if kind == "any":
        return
    wanted = "array" if kind.endswith("[]") else "object" if _is_object(kind) else kind
    if wanted not in accepted:
        yield f"{where}: {kind} is known, the contract accepts {sorted(accepted)}"
        return
    fitting = [part for part in parts if wanted in types(part)]
    if wanted == "array":
        items = {"anyOf": [part["items"] for part in fitting]}
        yield from compare(document, f"{where}[]", kind[:-2], items, sent=sent)
    elif kind.endswith("{}"):
        values = {"anyOf": [part["additionalProperties"] for part in fitting]}
        yield from compare(document, f"{where}{{}}", kind[:-2], values, sent=sent)
    elif wanted == "object":
        yield from _compare_object(document, where, kind, fitting[0], sent=sent)


def _kinds(document: Json, schema: Json) -> list[str]:
    """Name what a schema accepts: the vocabulary whose values those are, or else plain types."""
    if "enum" not in schema:
        return types(schema)
    components = document["components"]["schemas"]
    return [name for name, component in components.items() if component is schema]


def _is_object(kind: str) -> bool:
    return kind.endswith("{}") or kind in OBJECTS


def _compare_object(
    document: Json, where: str, name: str, schema: Json, *, sent: bool
) -> Iterator[str]:
    """Yield the fields that only one side has, those that differ, and those wrongly required."""
    known, described = OBJECTS[name], schema.get("properties", {})
    required = set(schema.get("required", []))
    for field in known.keys() - described.keys():
        yield f"{where}.{field}: missing in the contract"
    for field in described.keys() - known.keys():
        yield f"{where}.{field}: in the contract only"
    for field in known.keys() & described.keys():
        optional = known[field].endswith("?")
        if optional and field in required:
            yield f"{where}.{field}: may be absent, and the contract requires it"
        if sent and not optional and field not in required:
            yield f"{where}.{field}: must be sent, and the contract does not require it"
        yield from compare(document, f"{where}.{field}", known[field], described[field], sent=sent)


# ---- Comparing operations -----------------------------------------------------------------------


def compare_parameters(document: Json, operation: Operation, entry: Json) -> Iterator[str]:
    """Yield how an operation's parameters differ from the known ones."""
    known = {
        (at, name): kind
        for at in ("path", "query", "header")
        for name, kind in entry.get(at, {}).items()
    }
    described = {(p["in"], p["name"]): p for p in parameters(document, operation)}
    for at, name in known.keys() ^ described.keys():
        yield f"{operation.name} {at} {name}: in the contract or in the list only"
    for at, name in known.keys() & described.keys():
        where, kind, parameter = (
            f"{operation.name} {at} {name}",
            known[at, name],
            described[at, name],
        )
        if parameter.get("required", False) is kind.endswith("?"):
            yield f"{where}: whether it may be left out differs"
        yield from compare(document, where, kind, parameter["schema"], sent=True)


def compare_operation(document: Json, operation: Operation, entry: Json) -> Iterator[str]:
    """Yield how an operation's parameters, request and answers differ from the known ones."""
    yield from compare_parameters(document, operation, entry)
    request = request_schema(operation)
    if bool(request) != ("body" in entry):
        yield f"{operation.name} request: in the contract or in the list only"
    elif request:
        # What a webhook brings is read by our side, so it is compared as an answer is.
        sent = operation.where.startswith("#/paths")
        yield from compare(document, f"{operation.name} request", entry["body"], request, sent=sent)
    for schema, data in zip(answer_schemas(operation), (entry.get("data"), "any[]"), strict=False):
        yield from _compare_answer(document, operation.name, schema, data or "any")


def _compare_answer(document: Json, name: str, schema: Json, data: str) -> Iterator[str]:
    (answer,) = alternatives(document, schema)
    described = answer.get("properties", {})
    if described.keys() != {"meta", "data"}:
        yield f"{name} answer: has {sorted(described)}, not meta and data"
        return
    for field, kind in (("meta", "meta"), ("data", data)):
        yield from compare(document, f"{name} {field}", kind, described[field], sent=False)


def compare_operations(document: Json) -> Iterator[str]:
    """Yield how operations and webhooks differ from the known ones."""
    described = {op.name: op for op in [*operations(document), *webhooks(document)]}
    for name in ENTRIES.keys() ^ described.keys():
        yield f"{name}: in the contract or in the list only"
    for name in ENTRIES.keys() & described.keys():
        yield from compare_operation(document, described[name], ENTRIES[name])


# ---- Comparing access, limits and times ---------------------------------------------------------


def compare_access(document: Json) -> Iterator[str]:
    """Yield where the server, its key or the pace of an operation are other than known."""
    (server, *others), known = document["servers"], KNOWN["access"]
    if others or server["url"] != known["server"]:
        yield f"servers: {known['server']} is known, and no other"
    schemes = [*document["components"]["securitySchemes"].values()]
    if [(scheme.get("in"), scheme.get("name")) for scheme in schemes] != [
        (known["in"], known["name"])
    ]:
        yield f"securitySchemes: {known['name']} in the {known['in']} is known, and no other"
    for operation in operations(document):
        rate = KNOWN["rates"].get(operation.name, KNOWN["rates"]["others"])
        if operation.value.get("x-rate-limit") != rate:
            yield f"{operation.name} x-rate-limit: {rate} is known"


def compare_limits(document: Json) -> Iterator[str]:
    """Yield how the limits of what is sent differ from the known ones."""
    known: Json = KNOWN["limits"]
    described: Json = {}
    for operation in operations(document):
        for parameter in parameters(document, operation):
            where = f"{operation.name} {parameter['name']}"
            described.update(_limits(document, where, parameter["schema"]))
        request = request_schema(operation) or {}
        described.update(_limits(document, f"{operation.name} body", request))
    for where in known.keys() | described.keys():
        if known.get(where) != described.get(where):
            yield f"{where}: {known.get(where)} is known, the contract says {described.get(where)}"


def _limits(document: Json, where: str, schema: Json) -> Iterator[tuple[str, Json]]:
    """Yield the limits of a schema and of its parts: where, under the nearest name, and which."""
    if "$ref" in schema:
        where, schema = schema["$ref"].rpartition("/")[2], resolve(document, schema)
    limits = {key: value for key, value in schema.items() if key in LIMITS}
    if limits:
        yield where, limits
    for name, inner in schema.get("properties", {}).items():
        yield from _limits(document, f"{where}.{name}", inner)
    for inner in [*schema.get("anyOf", []), *schema.get("oneOf", [])]:
        yield from _limits(document, where, inner)
    if "items" in schema:
        yield from _limits(document, where, schema["items"])


def compare_times(document: Json) -> Iterator[str]:
    """Yield the times whose descriptions do not say what is known of their zone."""
    known = {name: zone for zone, names in KNOWN["times"].items() for name in names}
    for where, name, texts in descriptions(document):
        if name in known and known[name].lower() not in " ".join(texts).lower():
            yield f"{where}: {known[name]} is known"


# ---- Comparing vocabularies and codes -----------------------------------------------------------


def compare_enums(document: Json) -> Iterator[str]:
    """Yield how the values of enums differ from the known ones."""
    described = {
        name: schema["enum"]
        for name, schema in document["components"]["schemas"].items()
        if "enum" in schema
    }
    for name in KNOWN["enums"].keys() ^ described.keys():
        yield f"{name}: in the contract or in the list only"
    for name in KNOWN["enums"].keys() & described.keys():
        for value in set(KNOWN["enums"][name]) ^ set(described[name]):
            yield f"{name} {value}: in the contract or in the list only"


def compare_meta_codes(document: Json) -> Iterator[str]:
    """Yield how the meta codes differ from the known ones."""
    known, described = KNOWN["meta_codes"], {}
    for entry in document["x-meta-codes"]:
        optional = {key: entry[key] for key in ("other-types", "pause-seconds") if key in entry}
        described[str(entry["code"])] = {
            "type": entry["type"],
            "name": entry["name"],
            "raises": entry["exception"],
            "messages": sorted([entry["message"], *entry.get("other-messages", [])]),
            "retryable": entry["retryable"],
            **optional,
        }
    for code in known.keys() ^ described.keys():
        yield f"{code}: in the contract or in the list only"
    for code in known.keys() & described.keys():
        wanted = known[code] | {"messages": sorted(known[code]["messages"])}
        if wanted != described[code]:
            yield f"{code}: known as {wanted}, described as {described[code]}"


def compare_all(document: Json) -> list[str]:
    """Return every difference between the contract and what is known."""
    return [
        *compare_operations(document),
        *compare_access(document),
        *compare_limits(document),
        *compare_times(document),
        *compare_enums(document),
        *compare_meta_codes(document),
    ]
