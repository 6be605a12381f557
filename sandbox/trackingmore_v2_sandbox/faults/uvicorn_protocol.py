"""
HTTP protocols for uvicorn that hand the connection out, so that faults can reach it.

What they hand out, and write to themselves, sends an answer as one piece.
"""

import asyncio
from collections.abc import Awaitable
from typing import Final, cast

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.auto import AutoHTTPProtocol

from trackingmore_v2_sandbox.faults.buffered_transport import Gathering
from trackingmore_v2_sandbox.faults.connection import EXTENSION, Wire


class _HandsOutWire(asyncio.Protocol):
    """What is mixed into a protocol of uvicorn."""

    app: ASGIApp

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember the connection, and show it to the app with each request."""
        self._gathering = Gathering(cast("asyncio.Transport", transport))
        gathering = cast("asyncio.Transport", self._gathering)
        super().connection_made(gathering)
        self._wire = Wire(gathering)
        self.app = _with_extension(self.app, self._wire)

    def eof_received(self) -> bool | None:
        """Send what was written, since the connection is closed now that nothing more comes."""
        self._gathering.flush()
        return super().eof_received()

    def shutdown(self) -> None:
        """Let no fault keep the server from stopping."""
        self._wire.stop()
        # Every protocol of uvicorn has it.
        super().shutdown()  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]


def _with_extension(app: ASGIApp, wire: Wire) -> ASGIApp:
    extensions = {EXTENSION: wire}

    # Not async itself, as that would cost every request a coroutine more.
    def call(scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        scope["extensions"] = extensions
        return app(scope, receive, send)

    return call


def hands_out_wire(protocol: type[asyncio.Protocol]) -> type[asyncio.Protocol]:
    """Make a protocol of uvicorn one that hands the connection out."""
    name = f"{protocol.__name__}HandsOutWire"
    return cast("type[asyncio.Protocol]", type(name, (_HandsOutWire, protocol), {}))


PROTOCOL: Final = hands_out_wire(AutoHTTPProtocol)
"""uvicorn's own choice, with the connection handed out."""
