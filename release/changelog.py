"""The entries of CHANGELOG.md."""

import re
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

FILE: Final = "CHANGELOG.md"
_HEADING: Final = re.compile(
    r"^## \[?(?P<name>[^\]\s]+)\]?(?: - (?P<day>\d{4}-\d{2}-\d{2}))?[ \t]*$", re.MULTILINE
)


class Entry(NamedTuple):
    """What changed in a version."""

    name: str
    """The version, or "Unreleased"."""

    day: date | None
    """None if it has none, or one that does not exist."""

    text: str


def read_entries(root: Path) -> list[Entry]:
    """Return the entries of a source tree's changelog, the newest first."""
    return parse((root / FILE).read_text(encoding="utf-8"))


def parse(text: str) -> list[Entry]:
    """Return the entries of a changelog, the newest first. An entry without text does not count."""
    headings = list(_HEADING.finditer(text))
    texts = _HEADING.sub("\0", text).split("\0")[1:]
    found = [
        Entry(heading["name"], _day(heading["day"]), entry.strip())
        for heading, entry in zip(headings, texts, strict=True)
    ]
    return [entry for entry in found if entry.text]


def _day(text: str | None) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(text or "")
    return None
