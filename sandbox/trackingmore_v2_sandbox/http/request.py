"""A request as it came, before anybody judged it."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl

from msgspec import Struct
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope

METHODS_WITH_BODY: Final = frozenset({"POST", "PUT"})


class Received(Struct, frozen=True, kw_only=True):
    """What was sent."""

    method: str
    path: str
    """Decoded."""

    query: str
    """As it was sent, without the question mark."""

    parameters: Mapping[str, str]
    """Those in the path, by the contract's names; empty when no route fits."""

    headers: Mapping[str, str]
    """By name in any case."""

    body: bytes | None
    """None when it was too long to be read."""

    def query_items(self) -> list[tuple[str, str]]:
        """Give the parameters of the query in their order, some maybe twice."""
        return parse_qsl(self.query, keep_blank_values=True) if self.query else []


async def read_body(receive: Receive, limit: int) -> bytes | None:
    """
    Read the whole body, but keep nothing of one that is too long.

    Raises:
        ClientDisconnect: The client went away.
    """
    body = b""
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
            body += chunk
    return body if size <= limit else None


def received(scope: Scope, parameters: Mapping[str, str], body: bytes | None) -> Received:
    """Give a request as it came, with its body; None stands for one that was too long."""
    return Received(
        method=scope["method"],
        path=scope["path"],
        query=scope["query_string"].decode("latin-1"),
        parameters=parameters,
        headers=Headers(scope=scope),
        body=body,
    )
