"""What a server answered, before it is read."""

from collections.abc import Mapping

from msgspec import Struct


class Reply(Struct, frozen=True):
    """An answer as it came."""

    status: int
    headers: Mapping[str, str]
    body: bytes
