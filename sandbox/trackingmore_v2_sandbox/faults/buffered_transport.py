"""A transport that combines consecutive writes into one."""

import asyncio
from typing import Any


class BufferedTransport:
    """
    A transport that buffers all writes of one event loop iteration and sends them at once.

    uvicorn writes the head and the body of a response separately. For a short response the
    `send` system call is the most expensive step, so the sandbox makes only one.
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._call_soon = asyncio.get_running_loop().call_soon
        self._parts: list[bytes] = []

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - any attribute of a transport
        """Return an attribute of the wrapped transport."""
        return getattr(self._transport, name)

    def write(self, content: bytes) -> None:
        """Buffer bytes, and flush the buffer in the next iteration of the event loop."""
        if not self._parts:
            self._call_soon(self.flush)
        self._parts.append(content)

    def close(self) -> None:
        """Flush the buffer and close the transport."""
        self.flush()
        self._transport.close()

    def abort(self) -> None:
        """Discard the buffer and abort the transport."""
        self._parts.clear()
        self._transport.abort()

    def flush(self) -> None:
        """Send the buffered bytes, unless the transport is closing."""
        # The client may have disconnected since the write.
        if self._parts and not self._transport.is_closing():
            self._transport.write(b"".join(self._parts))
        self._parts.clear()
