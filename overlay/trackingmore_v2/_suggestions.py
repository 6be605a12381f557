"""Suggestions for misspelt names."""

from collections.abc import Iterable
from typing import Final

_MAX_LENGTH: Final = 80
"""Maximum number of characters that are compared."""


def suggestion(given: object, names: Iterable[str]) -> str:
    """Return the name that resembles a misspelt one most, as a question; empty if none does."""
    from difflib import get_close_matches  # noqa: PLC0415 - slow to import, and for errors only

    text = str(given)[:_MAX_LENGTH].strip().casefold()
    matches = get_close_matches(text, sorted(names), n=1)
    return f" (did you mean {str(matches[0])!r}?)" if matches else ""
