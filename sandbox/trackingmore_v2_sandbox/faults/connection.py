"""What faults do to a connection, and what really happens to the bytes then."""

import socket
import struct
import sys
from asyncio import Transport
from typing import Final

from starlette.types import Scope

EXTENSION: Final = "trackingmore_v2_sandbox.wire"
"""Where a scope has its `Connection` among its extensions."""

_NO_LINGERING: Final = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)


class Connection:
    """The connection that a request came by, as far as faults deal with it."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._is_held = False
        self._is_stopping = False

    def hold(self) -> None:
        """Begin what may last; a server that stops does not wait for its end."""
        self._is_held = True
        if self._is_stopping:
            self._transport.abort()

    def release(self) -> None:
        """End what `hold` began."""
        self._is_held = False

    def stop(self) -> None:
        """Hear that the server stops."""
        self._is_stopping = True
        if self._is_held:
            self._transport.abort()

    def write(self, content: bytes) -> None:
        """Send bytes past the HTTP protocol."""
        self._transport.write(content)

    def close(self) -> None:
        """Send all that was written, and say that nothing follows (FIN)."""
        self._transport.close()

    def reset(self) -> None:
        """Send nothing more, and break off (RST)."""
        self._do_not_linger()
        self._transport.abort()

    def reset_after_writing(self) -> None:
        """Send all that was written, and break off (RST)."""
        self._do_not_linger()
        self._transport.close()

    def _do_not_linger(self) -> None:
        # A socket that does not linger ends with RST, not with FIN.
        connection = self._transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGERING)


def connection_of(scope: Scope) -> Connection | None:
    """Give the connection that a request came by; None where there is none."""
    connection: Connection | None = scope.get("extensions", {}).get(EXTENSION)
    return connection
