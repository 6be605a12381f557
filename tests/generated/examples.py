"""The contract's examples with other known payloads, and responses made from them."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from typing import Any, NamedTuple

from tests.contract.document import examples, media
from tests.contract.examples import PAYLOADS, QUOTED
from trackingmore_v2_api import OPERATIONS, Repair
from website.contract import contract, operations, webhooks

IDS = sorted(OPERATIONS)
ABSENT = object()
"""Stands for a field that is not sent."""


class Example(NamedTuple):
    """One example, and the operation or webhook it belongs to."""

    operation: str
    part: str
    """`request`, or the status of a response."""

    name: str
    value: Any

    def __str__(self) -> str:
        return f"{self.operation}-{self.part}-{self.name}"


def _examples() -> list[Example]:
    document = contract()
    names = {operation.name for operation in [*operations(document), *webhooks(document)]}
    return [
        Example(operation, part, name, value)
        for body in media(document)
        for operation, _, part in [body.name.partition(" ")]
        if operation in names
        for name, value in examples(document, body.value).items()
    ]


def _payloads() -> Iterator[Example]:
    """Yield the documented and recorded payloads that are not in the contract, numbered."""
    counts: Counter[tuple[str, str]] = Counter()
    for entry in PAYLOADS:
        operation, part = entry["operation"], entry["part"]
        counts[operation, part] += 1
        if f"{operation} {part}" not in QUOTED:
            name = f"payload{counts[operation, part]}"
            yield Example(operation, part, name, entry["payload"])


def _is_success(example: Example) -> bool:
    operation = OPERATIONS.get(example.operation)
    return (
        operation is not None
        and example.part == "200"
        and example.value["meta"]["code"] in operation.success_codes
    )


EXAMPLES = [*_examples(), *_payloads()]
SUCCESSES = list(filter(_is_success, EXAMPLES))
REFUSALS = [example for example in EXAMPLES if example.part == "200" and example not in SUCCESSES]
REQUESTS = [example for example in EXAMPLES if example.part == "request"]


def success(operation: str) -> Any:
    """Return an operation's first example of success, to be changed at will."""
    return deepcopy(next(it.value for it in SUCCESSES if it.operation == operation))


def put(root: Any, path: list[str | int], value: object) -> None:
    """Write a value, or nothing if it is ABSENT, at a place in plain JSON."""
    *parents, last = path
    for key in parents:
        root = root[key]
    if value is ABSENT:
        root.pop(last, None)
    else:
        root[last] = value


def encoded(value: object) -> bytes:
    """Write JSON as PHP does: ASCII only, slashes escaped."""
    return json.dumps(value).replace("/", r"\/").encode()


def rewritten(node: Any) -> Any:
    """Return plain JSON as a model writes it: without nulls, and with "Z" for the offset of UTC."""
    if isinstance(node, dict):
        return {key: rewritten(child) for key, child in node.items() if child is not None}
    if isinstance(node, str) and re.fullmatch(r"[0-9-]{10}T[0-9:]{8}\+00:00", node):
        return node.replace("+00:00", "Z")
    return list(map(rewritten, node)) if isinstance(node, list) else node


def read(operation: str, response: object) -> tuple[Any, list[str]]:
    """Parse a response under HTTP 200; return the model, and `path: problem` of each repair."""
    repairs: list[Repair] = []
    body = response if isinstance(response, bytes) else encoded(response)
    model = OPERATIONS[operation].parse(200, {}, body, on_repair=repairs.append)
    return model, [f"{repair.path}: {repair.problem}" for repair in repairs]
