"""Connections that send too much, or too slowly. The time of the event loop is the test's."""

import asyncio
import json
import socket
from collections.abc import Awaitable, Callable
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

import pytest
from uvicorn.server import ServerState

from tests.sandbox.harness import PAIR
from trackingmore_v2_api import API_KEY_HEADER
from trackingmore_v2_sandbox import API_KEY, Sandbox, SqliteStore, create_app
from trackingmore_v2_sandbox.faults.uvicorn_protocol import exposes_connection
from trackingmore_v2_sandbox.http.connection_limits import (
    BODY_SECONDS,
    HEAD_BYTES,
    HEAD_SECONDS,
    IDLE_SECONDS,
)
from trackingmore_v2_sandbox.server.startup import configure

HEAD = f"Host: localhost\r\n{API_KEY_HEADER}: {API_KEY}\r\n"
GET = f"GET /v2/trackings/getuserinfo HTTP/1.1\r\n{HEAD}\r\n".encode()
BODY = json.dumps(PAIR).encode()
LONG = 10 * HEAD_BYTES


def post(fields: str) -> bytes:
    """Return the head of a POST."""
    return f"POST /v2/trackings/post HTTP/1.1\r\n{HEAD}{fields}\r\n".encode()


class Loop(asyncio.SelectorEventLoop):
    """An event loop whose time the test sets."""

    now = 0.0

    def time(self) -> float:
        """Return the time in seconds."""
        return self.now


class Transport(asyncio.Transport):
    """The server's end of a connection."""

    def __init__(self, loop: Loop) -> None:
        super().__init__()
        self.loop = loop
        self.protocol: Any = None
        self.written = b""
        self.unsent = 0
        self.end = ""

    def write(self, data: Any) -> None:
        """Keep what is sent."""
        self.written += bytes(data)

    def get_write_buffer_size(self) -> int:
        """Return how much the client has not read."""
        return self.unsent

    def is_closing(self) -> bool:
        """Return whether the server has closed it."""
        return bool(self.end)

    def close(self) -> None:
        """End the connection when all is sent."""
        self._end("closed")

    def abort(self) -> None:
        """End the connection."""
        self._end("aborted")

    def pause_reading(self) -> None:
        """Do nothing: the test sends on."""

    def resume_reading(self) -> None:
        """Do nothing."""

    def _end(self, how: str) -> None:
        if not self.end:
            self.end = how
            self.loop.call_soon(self.protocol.connection_lost, None)


class Client:
    """A connection to a sandbox with one of the parsers."""

    def __init__(self, loop: Loop, parser: str) -> None:
        module = import_module(f"uvicorn.protocols.http.{parser}_impl")
        kind = {"h11": "H11Protocol", "httptools": "HttpToolsProtocol"}[parser]
        self.loop = loop
        self.store = SqliteStore()
        config = configure(create_app(self.store))
        config.load()
        protocol: Any = exposes_connection(getattr(module, kind))
        self.transport = Transport(loop)
        self.protocol = self.transport.protocol = protocol(config, ServerState(), {}, loop)
        self.protocol.connection_made(self.transport)

    async def send(self, *pieces: bytes) -> None:
        """Send pieces one after the other, as long as the connection is open."""
        for piece in pieces:
            if not self.transport.is_closing():
                self.protocol.data_received(piece)
                await self.settle()

    async def settle(self) -> None:
        """Run the server until it waits."""
        for _ in range(50):
            await asyncio.sleep(0)

    async def wait(self, seconds: float) -> None:
        """Advance the time, and run what is due."""
        self.loop.now += seconds
        await self.settle()

    @property
    def statuses(self) -> list[int]:
        """The statuses of the responses so far."""
        lines = self.transport.written.split(b"HTTP/1.1 ")[1:]
        return [int(line[:3]) for line in lines]

    @property
    def end(self) -> str:
        """How the server ended the connection; empty while it is open."""
        return self.transport.end


Act = Callable[[Client], Awaitable[None]]


@pytest.fixture(params=["h11", "httptools"])
def connected(request: pytest.FixtureRequest) -> Callable[[Act], Client]:
    """Return a function that runs a test with a connection."""
    pytest.importorskip(request.param)

    def run(act: Act) -> Client:
        async def main() -> Client:
            loop = asyncio.get_running_loop()
            assert isinstance(loop, Loop)
            client = Client(loop, request.param)
            await act(client)
            client.transport.abort()
            await client.settle()
            client.store.close()
            return client

        with asyncio.Runner(loop_factory=Loop) as runner:
            return runner.run(main())

    return run


Connected = Callable[[Act], Client]


@pytest.mark.parametrize("pieces", [[], [GET[:1]], [GET[:-3]], [GET[:10], GET[10:30]]])
def test_a_head_that_does_not_end_is_given_up(connected: Connected, pieces: list[bytes]) -> None:
    """Each further byte does not prolong the time. Without any, there is no response."""

    async def act(client: Client) -> None:
        await client.send(*pieces)
        await client.wait(HEAD_SECONDS - 1)
        assert client.end == ""
        await client.wait(1)
        assert client.end == "closed"
        assert client.statuses == ([408] if pieces else [])

    connected(act)


def test_a_head_after_a_response_has_its_own_time(connected: Connected) -> None:
    """It begins with the first byte."""

    async def act(client: Client) -> None:
        await client.send(GET)
        await client.wait(IDLE_SECONDS - 1)
        await client.send(GET[:1])
        await client.wait(HEAD_SECONDS - 1)
        await client.send(GET[1:2])
        assert client.end == ""
        await client.wait(1)
        assert client.end == "closed"
        assert client.statuses == [200, 408]

    connected(act)


def test_empty_lines_do_not_keep_a_connection(connected: Connected) -> None:
    """They may stand before a request, where httptools skips them, and h11 does not."""

    async def act(client: Client) -> None:
        await client.send(GET)
        for _ in range(2):
            await client.send(b"\r\n")
            await client.wait(HEAD_SECONDS / 2)
        assert client.end == "closed"

    connected(act)


def test_an_idle_connection_is_closed(connected: Connected) -> None:
    """Each response starts the time anew; nothing is sent before the end."""

    async def act(client: Client) -> None:
        for _ in range(3):
            await client.send(GET)
            await client.wait(IDLE_SECONDS - 1)
        assert client.end == ""
        await client.wait(1)
        assert client.end == "closed"
        assert client.statuses == [200] * 3

    connected(act)


def test_a_client_that_reads_nothing_is_dropped(connected: Connected) -> None:
    """A connection with unsent bytes would stay open when it is closed."""

    async def act(client: Client) -> None:
        await client.send(GET)
        client.transport.unsent = 1
        await client.wait(IDLE_SECONDS)
        assert client.end == "aborted"

    connected(act)


@pytest.mark.parametrize(
    "fields", [f"Content-Length: {len(BODY)}\r\n", "Transfer-Encoding: chunked\r\n"]
)
def test_a_body_that_drips_is_given_up(connected: Connected, fields: str) -> None:
    """Its time begins with the end of the head; the request is not executed."""

    async def act(client: Client) -> None:
        await client.send(post(fields)[:-1])
        await client.wait(HEAD_SECONDS - 1)
        await client.send(post(fields)[-1:])
        for _ in range(3):
            await client.wait(BODY_SECONDS / 3 - 1)
            await client.send(b"1\r\n{\r\n" if "chunked" in fields else b"{")
        assert client.end == ""
        await client.wait(3)
        assert client.end == "closed"
        assert client.statuses == [408]
        assert client.store.accounts() == []

    connected(act)


def test_the_time_of_a_body_ends_with_it(connected: Connected) -> None:
    """A request that was received may take any time, and the connection is used on."""

    async def act(client: Client) -> None:
        await client.send(post(f"Content-Length: {len(BODY)}\r\n"), BODY[:9], BODY[9:])
        await client.wait(IDLE_SECONDS - 1)
        await client.send(GET)
        assert client.end == ""
        assert client.statuses == [200, 200]

    connected(act)


@pytest.mark.parametrize("size", [500, LONG])
@pytest.mark.parametrize("start", [b"GET /", GET[:-2] + b"X: ", GET[:-2] + b"X-"])
def test_a_head_without_an_end_is_rejected(connected: Connected, size: int, start: bytes) -> None:
    """However long its pieces are; before the sandbox keeps more than the limit."""

    async def act(client: Client) -> None:
        await client.send(start)
        sent = 0
        while not client.end and sent < 2 * LONG:
            await client.send(b"x" * size)
            sent += size
        assert client.end == "closed"
        assert client.statuses in ([431], [400])  # h11 has a limit of its own.
        assert sent <= max(HEAD_BYTES + 1000, size)

    connected(act)


@pytest.mark.parametrize("at_once", [True, False])
def test_a_large_head_is_rejected(connected: Connected, *, at_once: bool) -> None:
    """In one piece it is complete before it is counted; the request is not executed."""
    large = f"Content-Length: {len(BODY)}\r\n" + "".join(
        f"X-{index}: {'x' * 1000}\r\n" for index in range(70)
    )
    request = post(large) + BODY

    async def act(client: Client) -> None:
        size = len(request) if at_once else 1400
        await client.send(*[request[at : at + size] for at in range(0, len(request), size)])
        assert client.end == "closed"
        assert client.statuses in ([431], [400])  # h11 has a limit of its own.
        assert client.store.accounts() == []

    connected(act)


def test_a_head_within_the_limit_is_accepted(connected: Connected) -> None:
    """Of each request on a connection."""
    value = "x" * (HEAD_BYTES - 1000)

    async def act(client: Client) -> None:
        for _ in range(2):
            head = post(f"X: {value}\r\nContent-Length: 200000\r\n")
            await client.send(head[:50_000], head[50_000:], b" " * 199_000, b"{" * 1000)
        assert client.end == ""
        assert client.statuses == [200, 200]

    connected(act)


def test_a_rejection_never_stands_for_the_response_to_another_request(connected: Connected) -> None:
    """A head that does not end, sent while a request is in progress, ends the connection."""

    async def act(client: Client) -> None:
        never = asyncio.Event()
        client.protocol.app = lambda *_: never.wait()
        await client.send(GET, GET[:-2] + b"X: ", b"x" * LONG)
        assert client.end == "aborted"
        assert client.statuses == []
        never.set()

    connected(act)


@pytest.mark.parametrize("piece", [b"X: y\r\n", b"x"])
def test_trailers_count_as_headers(connected: Connected, piece: bytes) -> None:
    """A chunked body ends with them."""

    async def act(client: Client) -> None:
        await client.send(post("Transfer-Encoding: chunked\r\n"), b"2\r\n{}\r\n0\r\n")
        sent = 0
        while not client.end and sent < LONG:
            await client.send(piece * 200)
            sent += 200 * len(piece)
        assert client.end == "closed"
        assert sent <= HEAD_BYTES + 2000
        assert client.store.accounts() == []

    connected(act)


def test_a_sandbox_has_the_limits() -> None:
    """At its socket; the same server settings are those of the command and its workers."""
    with Sandbox() as sandbox:
        url = urlsplit(sandbox.base_url)
        assert url.port
        with socket.create_connection(("127.0.0.1", url.port), timeout=20) as connection:
            connection.sendall(GET[:-2] + b"X: " + b"x" * (HEAD_BYTES + 1))
            assert connection.makefile("rb").readline().split()[1] in (b"431", b"400")
