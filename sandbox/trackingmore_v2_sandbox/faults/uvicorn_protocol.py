"""
HTTP protocols for uvicorn that hand the connection out, so that faults can reach it.

What they hand out, and write to themselves, sends an answer as one piece.
"""

import asyncio
from collections.abc import Awaitable
from typing import Final, cast

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.auto import AutoHTTPProtocol

from trackingmore_v2_sandbox.faults.buffered_transport import BufferedTransport
from trackingmore_v2_sandbox.faults.connection import EXTENSION, Connection


class _ExposesConnection(asyncio.Protocol):
    """What is mixed into a protocol of uvicorn."""

    app: ASGIApp

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember the connection, and show it to the app with each request."""
        self._gathering = BufferedTransport(cast("asyncio.Transport", transport))
        buffered = cast("asyncio.Transport", self._gathering)
        super().connection_made(buffered)
        self._connection = Connection(buffered)
        self.app = _with_extension(self.app, self._connection)

    def eof_received(self) -> bool | None:
        """Send what was written, since the connection is closed now that nothing more comes."""
        self._gathering.flush()
        return super().eof_received()

    def shutdown(self) -> None:
        """Let no fault keep the server from stopping."""
        self._connection.stop()
        # Every protocol of uvicorn has it.
        super().shutdown()  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]


def _with_extension(app: ASGIApp, connection: Connection) -> ASGIApp:
    extensions = {EXTENSION: connection}

    # Not async itself, as that would cost every request a coroutine more.
    def call(scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        scope["extensions"] = extensions
        return app(scope, receive, send)

    return call


def exposes_connection(protocol: type[asyncio.Protocol]) -> type[asyncio.Protocol]:
    """Make a protocol of uvicorn one that hands the connection out."""
    name = f"{protocol.__name__}HandsOutWire"
    return cast("type[asyncio.Protocol]", type(name, (_ExposesConnection, protocol), {}))


PROTOCOL: Final = exposes_connection(AutoHTTPProtocol)
"""uvicorn's own choice, with the connection handed out."""
