"""The payloads that are documented or were recorded, and the contract's examples."""

import json
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tests.generated.examples import EXAMPLES, encoded

PAYLOADS = Path(__file__).parents[2] / "contract" / "payloads.json"


class Document(NamedTuple):
    """A body that makes sense."""

    operation: str
    """Id of the operation or webhook."""

    is_request: bool
    body: bytes


@cache
def documents() -> tuple[Document, ...]:
    """Return all of them, the documented ones first."""
    documented = [
        Document(each["operation"], each["part"] == "request", encoded(each["payload"]))
        for each in json.loads(PAYLOADS.read_text(encoding="utf-8"))
    ]
    examples = [
        Document(each.operation, each.part == "request", encoded(each.value)) for each in EXAMPLES
    ]
    return tuple(dict.fromkeys([*documented, *examples]))
