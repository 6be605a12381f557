"""Where in the contract a change is, in words."""

import json
from dataclasses import dataclass, replace
from typing import Any

from release.changes import ABSENT, Impact
from release.contract_diff.document import Node
from release.contract_diff.rules import Difference, Direction, text


@dataclass(frozen=True)
class Finding:
    """A change in one operation; None stands for the whole document."""

    operation: str | None
    text: str
    impact: Impact


@dataclass(frozen=True)
class Place:
    """A value in a request or a response."""

    operation: str | None
    direction: Direction
    noun: str
    """What it is called, such as `response field`."""

    path: str = ""
    """Names of fields from the body, or from the component that it is in."""

    evidence: tuple[str, str] = ("documented", "documented")
    """The evidence of the enclosing element, before and now."""

    def __str__(self) -> str:
        return f"{self.noun} `{self.path}`" if self.path else self.noun

    def field(self, name: str) -> "Place":
        """Return the place of a property."""
        noun = self.noun if self.noun.endswith("parameter") else f"{self._message} field"
        return replace(self, noun=noun, path=f"{self.path}.{name}".lstrip("."))

    def items(self) -> "Place":
        """Return the place of the items of an array, or of the values of a map."""
        return replace(self, path=f"{self.path}[]") if self.path else self.field("[]")

    def component(self, name: str | None) -> "Place":
        """Return the place of a component that is used here; without a name, this place."""
        return replace(self, noun=f"{self._message} schema", path=name) if name else self

    def with_evidence(self, old: Node, new: Node) -> "Place":
        """Return the place with the evidence of its element, which is inherited if not stated."""
        before, now = self.evidence
        pair = (old.get("x-evidence", before), new.get("x-evidence", now))
        return replace(self, evidence=pair)

    def finding(self, predicate: str, impact: Impact) -> Finding:
        """Return a change of this value."""
        return Finding(self.operation, f"{self} {predicate}", impact)

    def changed(self, change: Difference) -> Finding:
        """Return the change of a key."""
        return finding(self.operation, f"{change.key} of {self}", change, self.direction)

    @property
    def _message(self) -> str:
        return "webhook" if self.noun.startswith("webhook") else self.direction.value


def finding(
    operation: str | None,
    what: str,
    change: Difference,
    direction: Direction = Direction.REQUEST,
) -> Finding:
    """Return the change of a value, which is shown unless it is a text to read."""
    _, old, new, rule = change
    values = "changed" if rule is text else f"is now {_spell(new)}, was {_spell(old)}"
    return Finding(operation, f"{what} {values}", rule(old, new, direction))


def _spell(value: Any) -> str:
    """Return a value on one line."""
    return "missing" if value is ABSENT else json.dumps(value, ensure_ascii=False)
