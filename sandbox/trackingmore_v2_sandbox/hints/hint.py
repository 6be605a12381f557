"""A hint: what it says, and how values are shown in it."""

import re
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Final, cast

import msgspec
from msgspec import Struct

HEADER: Final = "X-Sandbox-Hint"
MOST: Final = 20
"""Hints about one request; a batch can break the contract in thousands of places."""

_MOST_IN_HEADER: Final = 5
_LONGEST: Final = 60
"""Characters of a value that are shown."""

_LARGEST: Final = 2**64
_KEY: Final = re.compile("-".join(f"[0-9A-Fa-f]{{{size}}}" for size in (8, 4, 4, 4, 12)))


class Hint(Struct, frozen=True):
    """
    What is odd about a request, or stands in its way.

    All of it is printable ASCII, and holds no key.
    """

    pointer: str
    """
    Where: `body` and a JSON pointer into it, `query/NAME`, `path/NAME`, `header/NAME`, `path`,
    `method`, or `account`.
    """

    expected: str
    got: str
    see: str
    """Where the contract says so: a JSON pointer into openapi.yaml."""

    def __str__(self) -> str:
        return f"{self.pointer}: expected {self.expected}, got {self.got} (see {self.see})"


def header_value(hints: Sequence[Hint]) -> str:
    """Write hints into one line that a header can hold."""
    line = "; ".join(map(str, hints[:_MOST_IN_HEADER]))
    more = len(hints) - _MOST_IN_HEADER
    return f"{line}; and {more} more" if more > 0 else line


def first(hints: Iterable[Hint]) -> tuple[Hint, ...]:
    """Take as many hints as are of use, and look for no more."""
    return tuple(islice(hints, MOST))


def shown(value: object) -> str:
    """Show a JSON value, or what kind of value it is."""
    if isinstance(value, str):
        return f'"{plain(value)}"'
    array = as_array(value)
    if array is not None:
        return f"an array of {len(array)}"
    if as_object(value) is not None:
        return "an object"
    if isinstance(value, int) and abs(value) > _LARGEST:
        return "a number beyond 64 bits"
    return msgspec.json.encode(value).decode()


def plain(text: str) -> str:
    """Shorten a text, mask keys in it, and escape what is not printable ASCII."""
    masked = _KEY.sub(lambda found: f"****{found[0][-4:]}", text[: 2 * _LONGEST])
    escaped = masked.encode("unicode_escape").decode("ascii")
    return escaped if len(escaped) <= _LONGEST else f"{escaped[:_LONGEST]}..."


def step(name: str) -> str:
    """Write a name as one step of a JSON pointer."""
    return plain(name).replace("~", "~0").replace("/", "~1")


def as_array(value: object) -> list[object] | None:
    """Give a value that is a JSON array."""
    return cast("list[object]", value) if isinstance(value, list) else None


def as_object(value: object) -> dict[str, object] | None:
    """Give a value that is a JSON object."""
    return cast("dict[str, object]", value) if isinstance(value, dict) else None
