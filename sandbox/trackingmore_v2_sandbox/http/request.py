"""The HTTP request as received, before any validation."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl

from msgspec import Struct
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope

METHODS_WITH_BODY: Final = frozenset({"POST", "PUT"})


class Received(Struct, frozen=True, kw_only=True):
    """An HTTP request as received."""

    method: str
    path: str
    """The decoded path."""

    query: str
    """The raw query string, without the question mark."""

    parameters: Mapping[str, str]
    """Path parameters by their names in the contract; empty if no route matches."""

    headers: Mapping[str, str]
    """Headers by case-insensitive name."""

    body: bytes | None
    """The raw body; None if it exceeded the size limit."""

    @property
    def has_empty_body(self) -> bool:
        """Whether the body is missing or blank."""
        return self.body is not None and not self.body.strip()

    def query_items(self) -> list[tuple[str, str]]:
        """Return the query parameters in order, including duplicates."""
        return parse_qsl(self.query, keep_blank_values=True) if self.query else []


async def read_body(receive: Receive, limit: int) -> bytes | None:
    """
    Read the whole body; return None if it exceeds the limit, in bytes.

    Raises:
        ClientDisconnect: The client closed the connection.
    """
    # An oversized body is read to its end, or some clients would not read the error response.
    chunks: list[bytes] = []
    size = 0
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        chunk: bytes = message.get("body", b"")
        more = message.get("more_body", False)
        size += len(chunk)
        if size <= limit:
            chunks.append(chunk)
    return b"".join(chunks) if size <= limit else None


def received(scope: Scope, parameters: Mapping[str, str], body: bytes | None) -> Received:
    """Return the request of an ASGI scope; a body of None means that it exceeded the limit."""
    return Received(
        method=scope["method"],
        path=scope["path"],
        query=scope["query_string"].decode("latin-1"),
        parameters=parameters,
        headers=Headers(scope=scope),
        body=body,
    )
