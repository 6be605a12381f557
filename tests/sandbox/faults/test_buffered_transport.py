"""What a response is sent in: one piece, unless time passes while it is written."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, cast

import httpx2
import pytest

from trackingmore_v2_sandbox import Sandbox
from trackingmore_v2_sandbox.faults import uvicorn_protocol
from trackingmore_v2_sandbox.faults.buffered_transport import BufferedTransport
from trackingmore_v2_sandbox.faults.connection import Connection


class Recorder:
    """A transport that records the calls of its methods."""

    def __init__(self) -> None:
        self.received: list[bytes | str] = []
        self.is_gone = False

    def write(self, content: bytes) -> None:
        """Record bytes."""
        self.received.append(content)

    def close(self) -> None:
        """Record the close."""
        self.received.append("close")

    def abort(self) -> None:
        """Record the abort."""
        self.received.append("abort")

    def is_closing(self) -> bool:
        """Return whether the peer has disconnected."""
        return self.is_gone


def received(
    act: Callable[[BufferedTransport, Recorder], Coroutine[Any, Any, None]],
) -> list[bytes | str]:
    """Return the calls that a transport receives from an action, and from the next step."""
    recorder = Recorder()

    async def main() -> None:
        await act(BufferedTransport(cast("asyncio.Transport", recorder)), recorder)
        await asyncio.sleep(0)

    asyncio.run(main())
    return recorder.received


def test_writes_of_one_step_are_joined() -> None:
    """The next step writes separately."""

    async def act(connection: BufferedTransport, _recorder: Recorder) -> None:
        connection.write(b"head")
        connection.write(b"body")
        await asyncio.sleep(0)
        connection.write(b"more")

    assert received(act) == [b"headbody", b"more"]


def test_close_flushes_first() -> None:
    """Nothing is sent twice."""

    async def act(connection: BufferedTransport, _recorder: Recorder) -> None:
        connection.write(b"last")
        connection.close()

    assert received(act) == [b"last", "close"]


def test_abort_discards_what_was_written() -> None:
    """What was not sent by then never is."""

    async def act(connection: BufferedTransport, _recorder: Recorder) -> None:
        connection.write(b"never")
        connection.abort()

    assert received(act) == ["abort"]


def test_nothing_is_sent_on_a_closing_connection() -> None:
    """It closed between write and flush."""

    async def act(connection: BufferedTransport, recorder: Recorder) -> None:
        connection.write(b"never")
        recorder.is_gone = True

    assert received(act) == []


def test_a_response_is_one_write(monkeypatch: pytest.MonkeyPatch) -> None:
    """Head and body are sent together by the real server."""
    pieces: list[bytes] = []

    class Recording(Connection):
        def flush(self) -> None:
            if self._parts:
                pieces.append(b"".join(self._parts))
            super().flush()

    monkeypatch.setattr(uvicorn_protocol, "Connection", Recording)
    with Sandbox() as sandbox:
        response = httpx2.get(
            f"{sandbox.base_url}/carriers", headers={"Trackingmore-Api-Key": sandbox.api_key}
        )

    (piece,) = pieces
    assert piece.startswith(b"HTTP/1.1 200 OK\r\n")
    assert piece.endswith(response.content)
