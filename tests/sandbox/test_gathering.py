"""What an answer is sent in: one piece, unless time passes while it is written."""

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
    """A transport that writes down what it is told."""

    def __init__(self) -> None:
        self.heard: list[bytes | str] = []
        self.is_gone = False

    def write(self, content: bytes) -> None:
        """Hear bytes."""
        self.heard.append(content)

    def close(self) -> None:
        """Hear the end."""
        self.heard.append("close")

    def abort(self) -> None:
        """Hear the sudden end."""
        self.heard.append("abort")

    def is_closing(self) -> bool:
        """Return whether nobody is there any more."""
        return self.is_gone


def heard(
    act: Callable[[BufferedTransport, Recorder], Coroutine[Any, Any, None]],
) -> list[bytes | str]:
    """Return what a transport hears of what is done, and of what follows from it."""
    recorder = Recorder()

    async def main() -> None:
        await act(BufferedTransport(cast("asyncio.Transport", recorder)), recorder)
        await asyncio.sleep(0)

    asyncio.run(main())
    return recorder.heard


def test_what_one_step_writes_is_one_piece() -> None:
    """The next step writes another one."""

    async def act(connection: BufferedTransport, _recorder: Recorder) -> None:
        connection.write(b"head")
        connection.write(b"body")
        await asyncio.sleep(0)
        connection.write(b"more")

    assert heard(act) == [b"headbody", b"more"]


def test_the_end_comes_after_all_that_was_written() -> None:
    """And nothing is sent twice."""

    async def act(connection: BufferedTransport, _recorder: Recorder) -> None:
        connection.write(b"last")
        connection.close()

    assert heard(act) == [b"last", "close"]


def test_the_sudden_end_comes_at_once() -> None:
    """What was not sent by then never is."""

    async def act(connection: BufferedTransport, _recorder: Recorder) -> None:
        connection.write(b"never")
        connection.abort()

    assert heard(act) == ["abort"]


def test_nothing_is_sent_to_who_is_gone() -> None:
    """It went between the writing and the sending."""

    async def act(connection: BufferedTransport, recorder: Recorder) -> None:
        connection.write(b"never")
        recorder.is_gone = True

    assert heard(act) == []


def test_an_answer_is_one_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    """Head and body go together, by the server as it really runs."""
    pieces: list[bytes] = []

    class Telling(Connection):
        def flush(self) -> None:
            if self._parts:
                pieces.append(b"".join(self._parts))
            super().flush()

    monkeypatch.setattr(uvicorn_protocol, "Connection", Telling)
    with Sandbox() as sandbox:
        answer = httpx2.get(
            f"{sandbox.base_url}/carriers", headers={"Trackingmore-Api-Key": sandbox.api_key}
        )

    (piece,) = pieces
    assert piece.startswith(b"HTTP/1.1 200 OK\r\n")
    assert piece.endswith(answer.content)
