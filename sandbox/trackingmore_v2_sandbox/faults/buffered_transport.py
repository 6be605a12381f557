"""A transport that can combine several writes into one system call."""

import asyncio
from typing import Any


class BufferedTransport:
    """
    A transport that keeps what is written after `hold` until `flush`, and sends it at once.

    uvicorn writes the head and the body of a response separately. For a short response the
    `send` system call is the most expensive step, so the sandbox makes only one.

    Args:
        transport: The transport to wrap.
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._held: list[bytes] | None = None

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - any attribute of a transport
        """Return an attribute of the wrapped transport."""
        return getattr(self._transport, name)

    def is_closing(self) -> bool:
        """Return whether the transport is closed, or will be once all is sent."""
        return self._transport.is_closing()

    def hold(self) -> None:
        """Keep what is written from now on."""
        self._held = []

    def write(self, content: bytes) -> None:
        """Send bytes, or keep them."""
        if self._held is None:
            self._transport.write(content)
        else:
            self._held.append(content)

    def close(self) -> None:
        """Send what was kept, and close the transport."""
        self.flush()
        self._transport.close()

    def abort(self) -> None:
        """Discard what was kept, and abort the transport."""
        self._held = None
        self._transport.abort()

    def flush(self) -> None:
        """Send what was kept, unless the transport is closing, and keep nothing more."""
        held, self._held = self._held, None
        # The client may have disconnected since the write.
        if held and not self._transport.is_closing():
            self._transport.write(b"".join(held))
