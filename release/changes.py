"""Changes since the last release, and what they mean for users."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import Any, Final, TypeGuard


class Absent(Enum):
    """The value of a key that is not there."""

    ABSENT = "missing"


ABSENT: Final = Absent.ABSENT


class Impact(IntEnum):
    """What a change means for a user who upgrades, from harmless to harmful."""

    WORDING = 1
    """Texts, examples or stronger evidence; no program notices it."""

    ADDITIVE = 2
    """Something new that programs may use."""

    BREAKING = 3
    """A correct program may fail."""


@dataclass(frozen=True)
class Change:
    """One change, in plain words."""

    text: str
    impact: Impact

    def __str__(self) -> str:
        return f"{self.text} ({self.impact.name.lower()})"


def is_list(value: Any) -> TypeGuard[list[Any]]:  # noqa: ANN401 - values of any type are compared
    """Return whether a value is a list; type checkers do not ask of what."""
    return isinstance(value, list)


def worst(changes: Iterable[Change]) -> Impact | None:
    """Return the impact of the most harmful change; None without changes."""
    return max((change.impact for change in changes), default=None)


def in_order(changes: Iterable[Change]) -> list[Change]:
    """Return the changes, the most harmful ones first."""
    return sorted(changes, key=lambda change: (-change.impact, change.text))


def differing(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    """Yield each key with other values, in order, with both."""
    for key in sorted(old.keys() | new.keys()):
        before, now = old.get(key, ABSENT), new.get(key, ABSENT)
        if before != now:
            yield key, before, now
