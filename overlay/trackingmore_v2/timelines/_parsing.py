"""How texts of the wire are read: times without a zone, and the ways to say nothing."""

import re
from datetime import datetime
from typing import Final, TypeVar

TextT = TypeVar("TextT", bound=str)

EARLIEST: Final = datetime.min  # noqa: DTZ901 - naive like every time of the wire
LATEST: Final = datetime.max  # noqa: DTZ901

# An hour 24 is not read: Python before 3.14 cannot.
_TIME: Final = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[ T]((?:[01][0-9]|2[0-3]):[0-9]{2}(?::[0-9]{2})?)"
    r"(?:\.[0-9]+)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?"
)


def read_time(value: str | None) -> datetime | None:
    """
    Read the time on the wall where it was written; None unless it has both a day and an hour.

    An offset is left out: the contract's day counts, which compare local times with the account's,
    leave it out too.
    """
    found = _TIME.fullmatch(read_text(value) or "")
    if found is None:
        return None
    try:
        return datetime.fromisoformat(f"{found[1]}T{found[2]}")
    except ValueError:  # such as PHP's 0000-00-00
        return None


def read_text(value: str | None) -> str | None:
    """Read a text without blanks around it; None for `""` and, as in 2017, `"null"`."""
    text = (value or "").strip()
    return None if text in ("", "null") else text


def unless_empty(value: TextT | None) -> TextT | None:
    """Give a value of an open enum, which may be empty like any text."""
    return value if read_text(value) else None
