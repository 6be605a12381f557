"""Reader of the OpenAPI document, for the facts that the generators do not pass on."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeAlias

import yaml

Node: TypeAlias = dict[str, Any]

JSON = "application/json"
SCHEMAS = "#/components/schemas/"
SCALARS = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}
CONSTRAINTS = {
    "string": {"pattern": "pattern", "minLength": "min_length", "maxLength": "max_length"},
    "integer": {"minimum": "ge", "maximum": "le"},
    "number": {"minimum": "ge", "maximum": "le"},
    "array": {"minItems": "min_length", "maxItems": "max_length"},
}
"""Arguments of `msgspec.Meta`, by the kind of value and the key of the schema."""

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


@dataclass(frozen=True)
class OperationNode:
    """One operation of the document."""

    path: str
    method: str
    node: Node
    parameters: tuple[Node, ...]
    """Including the parameters of the path item."""

    @property
    def id(self) -> str:
        """The operationId."""
        return str(self.node["operationId"])


class Contract:
    """An OpenAPI document."""

    def __init__(self, source: bytes) -> None:
        self.sha256 = sha256(source).hexdigest()
        self.document: Node = yaml.safe_load(source)

    @classmethod
    def read(cls, path: Path) -> "Contract":
        """Read a YAML file."""
        return cls(path.read_bytes())

    @property
    def schemas(self) -> dict[str, Node]:
        """The named schemas."""
        found: dict[str, Node] = self.document["components"]["schemas"]
        return found

    @cached_property
    def operations(self) -> tuple[OperationNode, ...]:
        """All operations, sorted by id."""
        return tuple(sorted(self._operations(), key=lambda operation: operation.id))

    def _operations(self) -> Iterator[OperationNode]:
        for path, item in self.document["paths"].items():
            for method in METHODS:
                if node := item.get(method):
                    given = [*item.get("parameters", ()), *node.get("parameters", ())]
                    yield OperationNode(path, method, node, tuple(map(self.deref, given)))

    def deref(self, node: Node) -> Node:
        """Return a node with its references resolved."""
        while reference := node.get("$ref"):
            node = self.document
            for part in str(reference).removeprefix("#/").split("/"):
                node = node[part.replace("~1", "/").replace("~0", "~")]
        return node

    def request_schema(self, operation: OperationNode) -> Node | None:
        """Return the schema of the JSON body; None for an operation without a body."""
        body = self.deref(operation.node.get("requestBody", {}))
        schema: Node | None = body["content"][JSON]["schema"] if body else None
        return schema

    def response_schema(self, operation: OperationNode) -> Node:
        """Return the schema of a successful response: the first of those of HTTP 200."""
        schema: Node = self.deref(operation.node["responses"]["200"])["content"][JSON]["schema"]
        first: Node = schema["oneOf"][0] if "oneOf" in schema else schema
        return first

    def request_objects(self) -> list[str]:
        """Return the sorted names of the object schemas that are a request body or its items."""
        names: set[str] = set()
        for operation in self.operations:
            schema = self.request_schema(operation) or {}
            while schema and self.deref(schema).get("type") == "array":
                schema = self.deref(schema)["items"]
            if (reference := str(schema.get("$ref"))).startswith(SCHEMAS):
                names.add(reference.removeprefix(SCHEMAS))
        return sorted(names)

    def request_items(self) -> list[str]:
        """Return the object schemas that are items of a request body, sorted."""
        return [
            name
            for name in self.request_objects()
            if any(
                self.deref((self.request_schema(operation) or {}).get("items", {}))
                is self.schemas[name]
                for operation in self.operations
            )
        ]

    def require_requests_apart(self) -> None:
        """Check that no response holds a request model: those reject what they do not know."""
        requests = {f"{SCHEMAS}{name}" for name in self.request_objects()}
        components: Node = self.document["components"]
        others = [node for name, node in self.schemas.items() if SCHEMAS + name not in requests]
        responses = [operation.node["responses"] for operation in self.operations]
        for name in requests & set(_references([others, responses, components.get("responses")])):
            raise SystemExit(f"{name} is a request body and part of a response; separate them")

    def python_names(self) -> dict[str, str]:
        """Return every `x-python-name` by JSON name."""
        names: dict[str, str] = {}
        for schema in self.schemas.values():
            for wire, node in _properties(schema):
                if (name := node.get("x-python-name")) and names.setdefault(wire, name) != name:
                    raise SystemExit(
                        f"{wire} has two x-python-names: {names[wire]} and {name}; use one"
                    )
        return dict(sorted(names.items()))

    def python_name(self, wire: str) -> str:
        """Return the name of a property in the models."""
        return self.python_names().get(wire) or snake_case(wire)


class PythonTypes:
    """Converter from schemas to annotations that refer to the generated models."""

    def __init__(self, contract: Contract, class_names: dict[str, str]) -> None:
        self._contract = contract
        self._class_names = class_names

    def of(self, schema: Node, *, array: str = "list") -> str:
        """Return the annotation of a schema, with `array` as the type of arrays."""
        target = self._contract.deref(schema)
        if target.get("type") == "array":
            return f"{array}[{self.of(target['items'], array=array)}]"
        if reference := schema.get("$ref"):
            return f"models.{self._class_names[reference]}"
        if members := schema.get("anyOf") or schema.get("oneOf"):
            return " | ".join(self.of(member, array=array) for member in members)
        if values := schema.get("enum"):
            return f"Literal[{', '.join(map(repr, values))}]"
        kinds = schema.get("type", "any")
        kinds = kinds if isinstance(kinds, list) else [kinds]
        return " | ".join(
            self.of({**schema, "type": kind}, array=array)
            if kind == "array"
            else SCALARS.get(kind, "Any")
            for kind in kinds
        )

    def constrained(self, schema: Node) -> str:
        """Return the annotation of a schema with its constraints, as the models module has it."""
        target = self._contract.deref(schema)
        if members := target.get("anyOf") or target.get("oneOf"):
            return " | ".join(map(self.constrained, members))
        kinds = target.get("type", "any")
        kinds = kinds if isinstance(kinds, list) else [kinds]
        if reference := schema.get("$ref"):
            return _annotated(self._class_names[reference], target, str(kinds[0]))
        return " | ".join(
            _annotated(
                f"list[{self.constrained(target['items'])}]"
                if kind == "array"
                else SCALARS.get(kind, "Any"),
                target,
                kind,
            )
            for kind in kinds
        )


def _annotated(base: str, schema: Node, kind: str) -> str:
    """Attach the constraints that a schema has for one kind of value."""
    constraints = [
        f"{argument}={(_anchored(schema[key]) if key == 'pattern' else schema[key])!r}"
        for key, argument in CONSTRAINTS.get(kind, {}).items()
        if key in schema
    ]
    return f"Annotated[{base}, Meta({', '.join(constraints)})]" if constraints else base


def _anchored(pattern: str) -> str:
    """Return a pattern that has to match the whole text."""
    if not (pattern.startswith("^") and pattern.endswith("$")):
        raise SystemExit(f"the pattern {pattern} is not anchored; write ^...$")
    # msgspec searches, and `$` lets a newline at the end pass.
    return rf"\A{pattern[1:-1]}\Z"


def _references(node: object) -> Iterator[str]:
    """Return all references in a part of the document."""
    if isinstance(node, dict):
        if isinstance(reference := node.get("$ref"), str):
            yield reference
        node = list(node.values())
    if isinstance(node, list):
        for child in node:
            yield from _references(child)


def snake_case(name: str) -> str:
    """Return a name such as `TrackingNumber` as `tracking_number`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def _properties(schema: Node) -> Iterator[tuple[str, Node]]:
    """Yield all properties of a schema, including nested ones."""
    yield from schema.get("properties", {}).items()
    for key in ("allOf", "anyOf", "oneOf"):
        for member in schema.get(key, ()):
            yield from _properties(member)
    for key in ("items", "additionalProperties"):
        if isinstance(child := schema.get(key), dict):
            yield from _properties(child)
    for child in schema.get("properties", {}).values():
        yield from _properties(child)
