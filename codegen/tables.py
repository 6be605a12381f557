"""Tables of the contract: facts, meta codes, patterns, and fields of request bodies."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from itertools import pairwise

from contract import SCHEMAS, Contract, Node, PythonTypes, snake_case

GENERATORS = ("datamodel-code-generator", "openapi-python-client", "ruff")


@dataclass(frozen=True)
class Pattern:
    """A string schema with a pattern."""

    name: str
    regex: str
    allowed: str
    doc: str


@dataclass(frozen=True)
class RequestField:
    """A field of a request body."""

    name: str
    wire: str
    required: bool
    annotation: str
    """What the caller gives."""

    pattern: str | None
    """The constant of the pattern that each text has to match as a whole."""

    allowed: str
    """What the value must be, in an error message of the client."""

    expected: str
    """The same in terms of JSON, in a hint of the sandbox."""

    takes_list_of_one: bool
    """Whether the client takes a list of one, since a response may have a list in this place."""

    kind: str
    """Text, integer or boolean, as the caller gives it."""

    choices: tuple[tuple[str, int], ...]
    """Names of the integers that it allows; empty if they have none."""

    doc: str


@dataclass(frozen=True)
class RequestModel:
    """A request body, or an item of one."""

    name: str
    is_item: bool
    fields: tuple[RequestField, ...]

    @property
    def options(self) -> tuple[RequestField, ...]:
        """The optional fields."""
        return tuple(field for field in self.fields if not field.required)

    @property
    def required(self) -> tuple[RequestField, ...]:
        """The required fields."""
        return tuple(field for field in self.fields if field.required)


def contract_facts(contract: Contract) -> dict[str, object]:
    """Return the facts of the contract as a whole."""
    document = contract.document
    (scheme,) = document["components"]["securitySchemes"].values()
    return {
        "version": document["info"]["version"],
        "base_url": document["servers"][0]["url"],
        "api_key_header": scheme["name"],
        "operation_count": len(contract.operations),
        "sha256": contract.sha256,
        "generators": [(tool, version(tool)) for tool in GENERATORS],
    }


def meta_codes(contract: Contract) -> list[Node]:
    """Return the values of `meta.code`, as arguments of `MetaCode(...)`."""
    rows = sorted(contract.document["x-meta-codes"], key=lambda row: int(row["code"]))
    for before, after in pairwise(rows):
        if before["code"] == after["code"]:
            raise SystemExit(f"x-meta-codes lists {after['code']} twice; remove one")
    keys = ("code", "type", "name", "message", "retryable", "pause-seconds", "exception")
    return [{key.replace("-", "_"): row.get(key) for key in keys} for row in rows]


def patterns(contract: Contract) -> list[Pattern]:
    """Return the string schemas that have a pattern."""
    for name, schema in contract.schemas.items():
        if "pattern" in schema and "x-allowed" not in schema:
            raise SystemExit(f"{name} has a pattern; say in x-allowed what it allows")
    return [
        Pattern(
            snake_case(name).upper(),
            schema["pattern"],
            schema["x-allowed"],
            schema.get("description", name),
        )
        for name, schema in contract.schemas.items()
        if schema.get("type") == "string" and "pattern" in schema
    ]


def request_models(contract: Contract, class_names: dict[str, str]) -> list[RequestModel]:
    """Return each request body with its fields."""
    types = PythonTypes(contract, class_names)
    items = contract.request_items()
    found: list[RequestModel] = []
    for schema in contract.request_objects():
        node = contract.schemas[schema]
        required = node.get("required", ())
        fields = [
            _request_field(contract, types, wire, field, required=wire in required)
            for wire, field in node["properties"].items()
        ]
        fields.sort(key=lambda field: not field.required)  # as in the models
        name = class_names[SCHEMAS + schema]
        found.append(RequestModel(name, schema in items, tuple(fields)))
    return found


def _request_field(
    contract: Contract, types: PythonTypes, wire: str, node: Node, *, required: bool
) -> RequestField:
    members = list(_members(contract, node))
    patterns = {schema.get("pattern"): name for name, schema in contract.schemas.items()}
    pattern = next((member["pattern"] for member in members if "pattern" in member), None)
    if pattern and pattern not in patterns:
        raise SystemExit(f"{wire} has a pattern of its own; move it to a schema with a name")
    allowed = (member["x-allowed"] for member in members if "x-allowed" in member)
    annotation = " | ".join(
        "bool" if _is_truth_text(contract.deref(member)) else types.of(member)
        for member in node.get("anyOf", [node])
    )
    choices = _choices(members)
    if choices:
        annotation = annotation.replace("None", f"{_choice(contract, choices)} | None")
    takes_list = annotation.startswith("str") and wire in contract.lists_in_responses()
    doc = node.get("description") or contract.deref(node).get("description", "")
    return RequestField(
        name=contract.python_name(wire),
        wire=wire,
        required=required,
        annotation=annotation.replace("str", "str | list[str]") if takes_list else annotation,
        pattern=snake_case(patterns[pattern]).upper() if pattern else None,
        allowed=next(allowed, None)
        or _listed(list(map(_allowed, _without_numbers_as_text(members, choices)))),
        expected=f"a string matching {pattern}"
        if pattern
        else " or ".join(map(_expected, members)),
        takes_list_of_one=takes_list,
        kind=next(filter(None, map(_kind, members)), "text"),
        choices=choices,
        doc=f"A bool, which is sent as text. {doc}" if "bool" in annotation else doc,
    )


def _members(contract: Contract, node: Node) -> Iterator[Node]:
    """Return a schema for each kind of value that a schema allows."""
    target = contract.deref(node)
    for member in target.get("anyOf", ()):
        yield from _members(contract, member)
    kinds = target.get("type", ())
    for kind in kinds if isinstance(kinds, list) else [kinds] if kinds else ():
        if kind == "array":
            yield from _members(contract, target["items"])
        else:
            yield {**target, "type": kind}


def _choices(members: list[Node]) -> tuple[tuple[str, int], ...]:
    """Return the names of the integers of an enum, in lower case, with their values."""
    return tuple(
        (name.lower(), value)
        for member in members
        if member["type"] == "integer" and "x-enum-varnames" in member
        for name, value in zip(member["x-enum-varnames"], member["enum"], strict=True)
    )


def _choice(contract: Contract, choices: tuple[tuple[str, int], ...]) -> str:
    """Return the annotation of a named integer: its name, its value, or a status of this name."""
    statuses = contract.schemas["TrackingStatus"]["enum"]
    names = [name for name, _ in choices]
    members = [f"models.TrackingStatus.{name.upper()}" for name in names if name in statuses]
    values = [*map(repr, names), *(str(value) for _, value in choices)]
    return f"Literal[{', '.join([*values, *members])}]"


def _without_numbers_as_text(
    members: list[Node], choices: tuple[tuple[str, int], ...]
) -> list[Node]:
    return [member for member in members if not (choices and member["type"] == "string")]


def _kind(schema: Node) -> str | None:
    """Return the kind of values that is no text; None for text."""
    if _is_truth_text(schema):
        return "boolean"
    return "integer" if schema["type"] == "integer" else None


def _is_truth_text(schema: Node) -> bool:
    """Return whether a schema is a truth value as text, which callers give as a bool."""
    return sorted(schema.get("enum", ())) == ["false", "true"]


def _allowed(schema: Node) -> str:
    """Describe what the client allows, in terms of Python."""
    if _is_truth_text(schema):
        return "a bool (in a model an ArchivedText)"
    if choices := _choices([schema]):
        return " or ".join(f"{name} ({value})" for name, value in choices)
    return _described(schema, {"string": "a str", "integer": "an int", "null": "None"})


def _listed(values: list[str]) -> str:
    """Join values as in a sentence."""
    *first, last = " or ".join(values).split(" or ")
    return f"{', '.join(first)} or {last}" if first else last


def _expected(schema: Node) -> str:
    """Describe what the sandbox expects, in terms of JSON."""
    return _described(schema, {"string": "a string", "integer": "an integer", "null": "null"})


def _described(schema: Node, kinds: dict[str, str]) -> str:
    kind = kinds[schema["type"]]
    if "enum" in schema:
        return " or ".join(map(json.dumps, schema["enum"]))
    if {"minimum", "maximum"} <= schema.keys() and schema["type"] == "integer":
        low, high = schema["minimum"], schema["maximum"]
        return f"{low}, {high}" if high == low + 1 else f"{kind} from {low} to {high}"
    return kind.replace("a ", "a non-empty ") if schema.get("minLength") == 1 else kind
