"""In how many pieces a response is sent."""

import asyncio
from typing import cast

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


@pytest.fixture
def recorder() -> Recorder:
    """Return a transport that records."""
    return Recorder()


@pytest.fixture
def connection(recorder: Recorder) -> BufferedTransport:
    """Return a transport that holds what is written to a recorder."""
    connection = BufferedTransport(cast("asyncio.Transport", recorder))
    connection.hold()
    return connection


def test_held_writes_are_joined(connection: BufferedTransport, recorder: Recorder) -> None:
    """Later ones are not held."""
    connection.write(b"head")
    connection.write(b"body")
    assert recorder.received == []
    connection.flush()
    connection.write(b"more")
    connection.write(b"and more")
    connection.flush()

    assert recorder.received == [b"headbody", b"more", b"and more"]


def test_close_flushes_first(connection: BufferedTransport, recorder: Recorder) -> None:
    """Nothing is sent twice."""
    connection.write(b"last")
    connection.close()
    connection.flush()

    assert recorder.received == [b"last", "close"]


def test_abort_discards_what_was_held(connection: BufferedTransport, recorder: Recorder) -> None:
    """What was not sent by then never is."""
    connection.write(b"never")
    connection.abort()
    connection.flush()

    assert recorder.received == ["abort"]


def test_nothing_is_sent_on_a_closing_connection(
    connection: BufferedTransport, recorder: Recorder
) -> None:
    """It closed between write and flush."""
    connection.write(b"never")
    recorder.is_gone = True
    connection.flush()

    assert recorder.received == []


def test_a_response_is_one_write(monkeypatch: pytest.MonkeyPatch) -> None:
    """Head and body are sent together by the real server."""
    flushed: list[bytes] = []

    class Recording(Connection):
        def flush(self) -> None:
            if self._held:
                flushed.append(b"".join(self._held))
            super().flush()

        def write(self, content: bytes) -> None:
            if self._held is None:
                flushed.append(content)
            super().write(content)

    monkeypatch.setattr(uvicorn_protocol, "Connection", Recording)
    with Sandbox() as sandbox:
        response = httpx2.get(
            f"{sandbox.base_url}/carriers", headers={"Trackingmore-Api-Key": sandbox.api_key}
        )

    (piece,) = flushed
    assert piece.startswith(b"HTTP/1.1 200 OK\r\n")
    assert piece.endswith(response.content)
