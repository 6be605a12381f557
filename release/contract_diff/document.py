"""The contract as a tree without references, and the operations in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, TypeAlias, TypeGuard

import yaml

from release.changes import is_list

Node: TypeAlias = dict[str, Any]

SCHEMAS: Final = "#/components/schemas/"
TARGET: Final = "$target"
"""Key of the resolved component, beside the `$ref` with its name."""

METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


@dataclass(frozen=True)
class Operation:
    """An operation, or a webhook."""

    name: str
    method: str
    path: str
    node: Node
    is_webhook: bool


def is_node(value: Any) -> TypeGuard[Node]:
    """Return whether a value is an object."""
    return isinstance(value, dict)


def load(text: bytes) -> Node:
    """Parse a contract, and resolve its references."""
    # The parser in C is ten times as fast; not every build of PyYAML has it.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return resolve(yaml.load(text, loader))  # noqa: S506 - both are safe


def resolve(document: Node) -> Node:
    """Return a contract with each reference replaced by what it refers to."""
    resolved: Node = _Resolver(document).resolve(document)
    return resolved


def operations(document: Node) -> dict[str, Operation]:
    """Return operations and webhooks by name."""
    found = [*_operations(document, "paths"), *_operations(document, "webhooks")]
    return {operation.name: operation for operation in found}


def _operations(document: Node, group: str) -> Iterator[Operation]:
    for path, item in document.get(group, {}).items():
        shared = {key: value for key, value in item.items() if key not in METHODS}
        for method in item.keys() & set(METHODS):
            parameters = [*item.get("parameters", []), *item[method].get("parameters", [])]
            node: Node = {**shared, **item[method], "parameters": parameters}
            node.setdefault("security", document.get("security", []))
            name = str(node.get("operationId", f"{method.upper()} {path}"))
            yield Operation(name, method, path, node, group == "webhooks")


class _Resolver:
    """Replacement of the references in one document."""

    def __init__(self, document: Node) -> None:
        self._document = document
        self._resolved: Node = {}
        self._open: list[str] = []
        self._cut: set[str] = set()

    def resolve(self, node: Any) -> Any:
        if is_list(node):
            return [self.resolve(each) for each in node]
        if not is_node(node):
            return node
        rest: Node = {key: self.resolve(value) for key, value in node.items() if key != "$ref"}
        reference = node.get("$ref")
        if not isinstance(reference, str):
            return rest
        if not reference.startswith(SCHEMAS):
            return {**self._target(reference), **rest}
        name = reference.removeprefix(SCHEMAS)
        return {"$ref": name, TARGET: self._target(reference), **rest}

    def _target(self, reference: str) -> Node:
        """Return a component; a reference from inside the component stays unresolved."""
        if reference in self._open:
            self._cut.add(reference)
            return {}
        if reference in self._resolved:
            found: Node = self._resolved[reference]
            return found
        self._open.append(reference)
        target: Node = self.resolve(self._find(reference))
        self._cut.discard(self._open.pop())
        if not self._cut:  # else it lacks a component that is still open
            self._resolved[reference] = target
        return target

    def _find(self, reference: str) -> Any:
        node: Any = self._document
        for part in reference.removeprefix("#/").split("/"):
            node = node[part.replace("~1", "/").replace("~0", "~")]
        return node
