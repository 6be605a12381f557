"""The Hint type and the formatting of values in hints."""

from collections.abc import Sequence
from typing import Final, cast

import msgspec
from msgspec import Struct

from trackingmore_v2_sandbox.http.api_keys import API_KEY

HEADER: Final = "X-Sandbox-Hint"
MAX_HINTS: Final = 20
"""Maximum number of hints on one request; a batch can have thousands of violations."""

_MAX_HINTS_IN_HEADER: Final = 5
_MAX_SHOWN: Final = 60
"""Maximum number of characters shown of a value."""

_MAX_INTEGER: Final = 2**64


class Hint(Struct, frozen=True):
    """
    A violation of the contract in a request, or the reason of its rejection.

    All fields are printable ASCII and never contain an API key.
    """

    pointer: str
    """
    The place: `body` and a JSON pointer into it, `query/NAME`, `path/NAME`, `header/NAME`, `path`,
    `method`, or `account`.
    """

    expected: str
    """What is allowed, and what to do next where that is not obvious."""

    got: str
    """The value, or what was found instead of one."""

    see: str
    """The URL of the rule in the contract, relative to the server, with a JSON pointer."""

    def __str__(self) -> str:
        return f"{self.pointer}: expected {self.expected}, got {self.got} (see {self.see})"


def header_value(hints: Sequence[Hint]) -> str:
    """Return the first hints as one line, for a header."""
    line = "; ".join(map(str, hints[:_MAX_HINTS_IN_HEADER]))
    # A header that is too long would be rejected by some clients.
    more = len(hints) - _MAX_HINTS_IN_HEADER
    return f"{line}; and {more} more" if more > 0 else line


def shown(value: object) -> str:
    """Return a scalar JSON value as text, or a description of an array or object."""
    if isinstance(value, str):
        return f'"{plain(value)}"'
    array = as_array(value)
    if array is not None:
        return f"an array of length {len(array)}"
    if as_object(value) is not None:
        return "an object"
    # msgspec cannot encode larger integers.
    if isinstance(value, int) and abs(value) > _MAX_INTEGER:
        return "an integer beyond 64 bits"
    return msgspec.json.encode(value).decode()


def plain(text: str) -> str:
    """Return text shortened, with keys masked and everything but printable ASCII escaped."""
    # Keys are masked in more than what is shown, or one cut at the end would not be recognized.
    escaped = printable(text[: 2 * _MAX_SHOWN])
    return escaped if len(escaped) <= _MAX_SHOWN else f"{escaped[:_MAX_SHOWN]}..."


def printable(text: str) -> str:
    """Return text with keys masked and everything but printable ASCII escaped."""
    masked = API_KEY.sub(lambda found: f"****{found[0][-4:]}", text)
    return masked.encode("unicode_escape").decode("ascii")


def step(name: str) -> str:
    """Return a name as one escaped token of a JSON pointer."""
    return plain(name).replace("~", "~0").replace("/", "~1")


def as_array(value: object) -> list[object] | None:
    """Return a value that is a JSON array; None for any other."""
    return cast("list[object]", value) if isinstance(value, list) else None


def as_object(value: object) -> dict[str, object] | None:
    """Return a value that is a JSON object; None for any other."""
    return cast("dict[str, object]", value) if isinstance(value, dict) else None
