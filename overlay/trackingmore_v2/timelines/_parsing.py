"""Parsing of the API's strings: times without a time zone, and empty values."""

import re
from datetime import datetime
from typing import Final, TypeVar

TextT = TypeVar("TextT", bound=str)

EARLIEST: Final = datetime.min  # noqa: DTZ901 - naive, like all times of a timeline
LATEST: Final = datetime.max  # noqa: DTZ901

# Hour 24 is excluded: `datetime.fromisoformat()` rejects it before Python 3.14.
_TIME: Final = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[ T]((?:[01][0-9]|2[0-3]):[0-9]{2}(?::[0-9]{2})?)"
    r"(?:\.[0-9]+)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?"
)


def read_time(value: str | None) -> datetime | None:
    """
    Parse a local time and ignore its offset; None unless it has both a date and an hour.

    The offset is ignored because the contract's day counts, which compare the carrier's local times
    with the account's, ignore it too.
    """
    found = _TIME.fullmatch(read_text(value) or "")
    if found is None:
        return None
    try:
        return datetime.fromisoformat(f"{found[1]}T{found[2]}")
    except ValueError:  # such as PHP's 0000-00-00
        return None


def read_text(value: str | None) -> str | None:
    """Return a text without surrounding whitespace; None for `""` and for `"null"`, as in 2017."""
    text = (value or "").strip()
    return None if text in ("", "null") else text


def none_if_empty(value: TextT | None) -> TextT | None:
    """Return a value of an open enum; None if it is empty, as any string of the API may be."""
    return value if read_text(value) else None
