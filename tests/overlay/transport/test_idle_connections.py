"""Connections that the server closes while they are idle, at whatever moment."""

from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread

import pytest

from tests.overlay.stubs import KEY, result_of
from tests.overlay.transport.recording_server import ACCOUNT
from trackingmore_v2 import AsyncTrackingMore, ConnectionFailed, Hooks, TrackingMore
from trackingmore_v2.hooks import AttemptEvent

CALLS = 20


class ClosingServer(ThreadingTCPServer):
    """
    It responds to the first request of each connection, and closes the connection.

    Args:
        reads_next: Whether it closes a connection only when the next request has arrived, as if
            both had happened at once. Otherwise it closes the connection while it is idle.
    """

    daemon_threads = True

    def __init__(self, *, reads_next: bool) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.reads_next = reads_next


class _Handler(StreamRequestHandler):
    server: ClosingServer

    def handle(self) -> None:
        self._read_request()
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(ACCOUNT)}\r\n\r\n"
        self.wfile.write(head.encode() + ACCOUNT)
        if self.server.reads_next:
            self._read_request()

    def _read_request(self) -> None:
        while self.rfile.readline().strip():
            pass


@contextmanager
def closing_server(*, reads_next: bool) -> Iterator[str]:
    """Run a server in a thread, and yield its base URL."""
    with ClosingServer(reads_next=reads_next) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/v2"
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize("kind", [TrackingMore, AsyncTrackingMore])
@pytest.mark.parametrize("reads_next", [False, True], ids=["idle", "at the next request"])
async def test_reads_meet_no_error(
    kind: type[TrackingMore | AsyncTrackingMore], *, reads_next: bool
) -> None:
    """A read is sent again over a new connection, if the server closed the one that was idle."""
    attempts: list[AttemptEvent] = []
    with closing_server(reads_next=reads_next) as url:
        client = kind(KEY, base_url=url, hooks=Hooks(on_attempt=attempts.append))
        for _ in range(CALLS):
            await result_of(client.account.get())
        await result_of(client.close())

    assert CALLS <= len(attempts) <= 2 * CALLS - 1
    assert len(attempts) == 2 * CALLS - 1 or not reads_next


@pytest.mark.parametrize("kind", [TrackingMore, AsyncTrackingMore])
async def test_a_write_on_a_closed_connection_is_in_doubt(
    kind: type[TrackingMore | AsyncTrackingMore],
) -> None:
    """The server may have carried it out before it closed the connection."""
    with closing_server(reads_next=True) as url:
        client = kind(KEY, base_url=url, retries=0)
        await result_of(client.account.get())
        with pytest.raises(ConnectionFailed) as caught:
            await result_of(client.trackings.delete("ups", "1Z97X17XYW06605211"))
        await result_of(client.close())

    assert caught.value.in_doubt
