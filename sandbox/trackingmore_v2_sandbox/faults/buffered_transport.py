"""A connection that sends together what is written together."""

import asyncio
from typing import Any


class BufferedTransport:
    """
    A transport that sends what one step of the event loop writes as one piece.

    uvicorn writes the head and the body of an answer apart. To send costs the sandbox more than
    anything else that it does for a short answer, so it is done once.
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._call_soon = asyncio.get_running_loop().call_soon
        self._parts: list[bytes] = []

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever a transport has
        """Give what the transport has besides."""
        return getattr(self._transport, name)

    def write(self, content: bytes) -> None:
        """Send bytes, together with all that is written before anything else happens."""
        if not self._parts:
            self._call_soon(self.flush)
        self._parts.append(content)

    def close(self) -> None:
        """Send what was written, and say that nothing follows."""
        self.flush()
        self._transport.close()

    def abort(self) -> None:
        """Send nothing more, not even what was written just now."""
        self._parts.clear()
        self._transport.abort()

    def flush(self) -> None:
        """Send what was written by now."""
        # The other side may have gone meanwhile.
        if self._parts and not self._transport.is_closing():
            self._transport.write(b"".join(self._parts))
        self._parts.clear()
