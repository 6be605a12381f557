"""Connection-level operations that faults need: raw writes, close (FIN) and reset (RST)."""

import socket
import struct
import sys
from asyncio import Transport
from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Final

from starlette.types import Scope

from trackingmore_v2_sandbox.faults.buffered_transport import BufferedTransport

EXTENSION: Final = "trackingmore_v2_sandbox.wire"
"""Key of the `Connection` in the `extensions` of an ASGI scope."""

# A `struct linger` with l_onoff = 1 and l_linger = 0; its fields are shorts on Windows.
_NO_LINGER: Final = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)


class Connection(BufferedTransport):
    """The client connection of a request, for connection-level faults."""

    def __init__(self, transport: Transport) -> None:
        super().__init__(transport)
        self._is_held = False
        self._is_stopping = False

    @contextmanager
    def held(self) -> Generator[None]:
        """Mark the connection as held by a long wait, so that a shutdown aborts it."""
        self._is_held = True
        # The shutdown may have begun before the wait.
        if self._is_stopping:
            self.abort()
        try:
            yield
        finally:
            self._is_held = False

    def stop(self) -> None:
        """Abort the connection if it is held, now or later, because the server shuts down."""
        self._is_stopping = True
        if self._is_held:
            self.abort()

    def reset(self) -> None:
        """Discard all pending bytes and reset the connection (RST)."""
        self._disable_linger()
        self.abort()

    def reset_after_writing(self) -> None:
        """Send all pending bytes and reset the connection (RST)."""
        self._disable_linger()
        self.close()

    def _disable_linger(self) -> None:
        # With a linger time of 0, closing the socket sends RST instead of FIN.
        connection = self.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)


def connection_of(scope: Scope) -> Connection | None:
    """Return the connection of a request; None if the app runs without a server."""
    connection: Connection | None = scope.get("extensions", {}).get(EXTENSION)
    return connection


def held(connection: Connection | None) -> AbstractContextManager[None]:
    """Hold a connection if there is one; see `Connection.held()`."""
    return connection.held() if connection else nullcontext()
