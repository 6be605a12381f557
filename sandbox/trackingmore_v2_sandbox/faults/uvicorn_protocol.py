"""
HTTP protocols for uvicorn that expose the connection to the app, for connection-level faults.

The exposed transport can combine the head and the body of a response into one write. The protocols
limit what a connection may send.
"""

import asyncio
from collections.abc import Awaitable
from typing import Final, cast

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.auto import AutoHTTPProtocol

from trackingmore_v2_sandbox.faults.connection import EXTENSION, Connection
from trackingmore_v2_sandbox.http.connection_limits import LimitsRequests


class _ExposesConnection(asyncio.Protocol):
    """A mixin for a uvicorn protocol."""

    app: ASGIApp

    def _should_upgrade(self) -> bool:
        """Ignore an offer to upgrade the connection, without uvicorn's warning."""
        return False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Wrap the transport, and add the connection to the scope of each request."""
        self._connection = Connection(cast("asyncio.Transport", transport))
        super().connection_made(cast("asyncio.Transport", self._connection))
        self.app = _with_extension(self.app, self._connection)

    def eof_received(self) -> bool | None:
        """Flush the buffer first, because uvicorn closes the connection at EOF."""
        self._connection.flush()
        return super().eof_received()

    def shutdown(self) -> None:
        """Abort a held connection, so that a fault does not delay the shutdown."""
        self._connection.stop()
        # Every uvicorn protocol has this method, but the base class here does not.
        super().shutdown()  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]


def _with_extension(app: ASGIApp, connection: Connection) -> ASGIApp:
    # One dict for all requests of the connection.
    extensions = {EXTENSION: connection}

    # Not `async def`: that would add a coroutine to every request.
    def call(scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        scope["extensions"] = extensions
        return app(scope, receive, send)

    return call


def exposes_connection(protocol: type[asyncio.Protocol]) -> type[asyncio.Protocol]:
    """Return a subclass of a uvicorn protocol that exposes the connection and never upgrades it."""
    name = f"{protocol.__name__}ExposesConnection"
    bases = (_ExposesConnection, LimitsRequests, _ignores_offers(protocol))
    return cast("type[asyncio.Protocol]", type(name, bases, {}))


def _ignores_offers(protocol: type[asyncio.Protocol]) -> type[asyncio.Protocol]:
    if protocol.__name__ != "HttpToolsProtocol":
        return protocol
    # httptools is optional.
    from trackingmore_v2_sandbox.http.upgrade_offers import IgnoresOffers  # noqa: PLC0415

    return IgnoresOffers


PROTOCOL: Final = exposes_connection(AutoHTTPProtocol)
"""The protocol that uvicorn selects, with the connection exposed."""
