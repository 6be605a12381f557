"""What a server answered, before it is read."""

from collections.abc import Mapping

from msgspec import Struct


class Response(Struct, frozen=True):
    """An answer as it came."""

    status: int
    """HTTP status."""

    headers: Mapping[str, str]
    """Headers, by names of any case."""

    body: bytes
    """Bytes, without transport encoding."""

    is_whole: bool = True
    """Whether `body` is all of it, not the beginning of more than the client takes."""
