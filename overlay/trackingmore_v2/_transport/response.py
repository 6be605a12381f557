"""The HTTP response before parsing."""

from collections.abc import Mapping

from msgspec import Struct


class Response(Struct, frozen=True):
    """An HTTP response as received."""

    status: int
    """HTTP status."""

    headers: Mapping[str, str]
    """Headers; names are case-insensitive."""

    body: bytes
    """The body, with the content encoding removed."""

    is_whole: bool = True
    """Whether `body` is complete; False if the response exceeded the maximum size."""
