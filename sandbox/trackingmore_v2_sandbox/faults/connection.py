"""Connection-level operations that faults need: raw writes, close (FIN) and reset (RST)."""

import socket
import struct
import sys
from asyncio import Transport
from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Final

from starlette.types import Scope

EXTENSION: Final = "trackingmore_v2_sandbox.wire"
"""Key of the `Connection` in the `extensions` of an ASGI scope."""

# A `struct linger` with l_onoff = 1 and l_linger = 0; its fields are shorts on Windows.
_NO_LINGER: Final = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)


class Connection:
    """The client connection of a request, for connection-level faults."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._is_held = False
        self._is_stopping = False

    @contextmanager
    def held(self) -> Generator[None]:
        """Mark the connection as held by a long wait, so that a shutdown aborts it."""
        self._is_held = True
        # The shutdown may have begun before the wait.
        if self._is_stopping:
            self._transport.abort()
        try:
            yield
        finally:
            self._is_held = False

    def stop(self) -> None:
        """Abort the connection if it is held, now or later, because the server shuts down."""
        self._is_stopping = True
        if self._is_held:
            self._transport.abort()

    def write(self, content: bytes) -> None:
        """Write raw bytes to the connection, bypassing the HTTP protocol."""
        self._transport.write(content)

    def close(self) -> None:
        """Send all pending bytes and close the connection (FIN)."""
        self._transport.close()

    def reset(self) -> None:
        """Discard all pending bytes and reset the connection (RST)."""
        self._disable_linger()
        self._transport.abort()

    def reset_after_writing(self) -> None:
        """Send all pending bytes and reset the connection (RST)."""
        self._disable_linger()
        self._transport.close()

    def _disable_linger(self) -> None:
        # With a linger time of 0, closing the socket sends RST instead of FIN.
        connection = self._transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)


def connection_of(scope: Scope) -> Connection | None:
    """Return the connection of a request; None if the app runs without a server."""
    connection: Connection | None = scope.get("extensions", {}).get(EXTENSION)
    return connection


def held(connection: Connection | None) -> AbstractContextManager[None]:
    """Hold a connection if there is one; see `Connection.held()`."""
    return connection.held() if connection else nullcontext()
