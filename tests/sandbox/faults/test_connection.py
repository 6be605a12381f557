"""What really arrives at a socket, under each HTTP protocol that uvicorn may choose."""

import asyncio
import logging
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from importlib import import_module
from typing import Final, NamedTuple
from uuid import uuid4

import httpx2
import pytest
import uvicorn
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from tests.sandbox.harness import PAIR
from trackingmore_v2_api import API_KEY_HEADER
from trackingmore_v2_sandbox import Sandbox
from trackingmore_v2_sandbox.faults.injector import FaultInjector
from trackingmore_v2_sandbox.faults.instructions import parse
from trackingmore_v2_sandbox.faults.plan import HEADER
from trackingmore_v2_sandbox.faults.response_faults import ServedResponse
from trackingmore_v2_sandbox.faults.uvicorn_protocol import PROTOCOL, exposes_connection

CONTENT: Final = bytes(range(32, 127))
TIMEOUT: Final = 10
"""Seconds after which a test gives up; none of them waits that long."""


class Received(NamedTuple):
    """What a client got until the connection ended."""

    content: bytes
    is_reset: bool

    @property
    def body(self) -> bytes:
        """What came after the headers."""
        head, end, body = self.content.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 OK\r\n")
        assert b"content-length: %d" % len(CONTENT) in head
        assert end
        return body


class Client:
    """A socket that sends one request, and says in it what is to go wrong."""

    def __init__(self, port: int, fault: str) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT)
        self._socket.sendall(
            b"POST / HTTP/1.1\r\nHost: sandbox\r\nConnection: close\r\nContent-Length: 2\r\n"
            + f"Fault: {fault}\r\n\r\n{{}}".encode()
        )
        self._received = b""

    def listen(self, until: Callable[[bytes], bool] = lambda _: False) -> Received:
        """Receive until the connection ends, or until a condition holds."""
        with suppress(ConnectionResetError):
            while not until(self._received):
                some = self._socket.recv(65536)
                if not some:
                    return Received(self._received, is_reset=False)
                self._received += some
            return Received(self._received, is_reset=False)
        return Received(self._received, is_reset=True)

    def leave(self) -> None:
        """Hang up."""
        self._socket.close()


class Server:
    """
    A server whose requests meet the fault that they ask for.

    Whatever would sleep waits for `wake`.
    """

    def __init__(self, protocol: type[asyncio.Protocol]) -> None:
        self.carried_out = 0
        self.slept: list[float] = []
        self.falls_asleep = threading.Semaphore(0)
        self.has_ended = threading.Event()
        self._wakes = asyncio.Semaphore(0)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        config = uvicorn.Config(
            self._app,
            http=protocol,
            interface="asgi3",
            log_config=None,
            access_log=False,
            lifespan="off",
            ws="none",
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, args=([self._listener],), daemon=True
        )
        self._thread.start()

    async def _app(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        await request.body()
        self._loop = asyncio.get_running_loop()
        injector = FaultInjector(
            scope=scope,
            receive=receive,
            send=send,
            execute=self._execute,
            skip=lambda: ServedResponse(b""),
            build=self._build,
            record=lambda _response, _fault: None,
            restore=lambda _: None,
            sleep=self._sleep,
        )
        await injector.inject(parse(request.headers["Fault"]))
        self.has_ended.set()

    def _execute(self) -> ServedResponse:
        self.carried_out += 1
        return ServedResponse(CONTENT)

    @staticmethod
    def _build(response: ServedResponse) -> Response:
        return Response(response.content, response.status, media_type=response.media_type)

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.falls_asleep.release()
        await self._wakes.acquire()

    def wake(self) -> None:
        """End a sleep, once it has begun."""
        assert self.falls_asleep.acquire(timeout=TIMEOUT)
        self._loop.call_soon_threadsafe(self._wakes.release)

    def stop(self) -> bool:
        """Stop, however long the requests take, and return whether that succeeded."""
        self._server.should_exit = True
        self._thread.join(TIMEOUT)
        return not self._thread.is_alive()


def own_choice() -> type[asyncio.Protocol]:
    """Return the protocol that the sandbox uses."""
    return PROTOCOL


def pure_python() -> type[asyncio.Protocol]:
    """Return the one that is always there."""
    module = import_module("uvicorn.protocols.http.h11_impl")
    return exposes_connection(module.H11Protocol)


def compiled() -> type[asyncio.Protocol]:
    """Return the faster one, where it is installed."""
    pytest.importorskip("httptools")
    module = import_module("uvicorn.protocols.http.httptools_impl")
    return exposes_connection(module.HttpToolsProtocol)


@pytest.fixture(params=[own_choice, pure_python, compiled])
def server(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Iterator[Server]:
    """Run a server, and check that it logs nothing."""
    server = Server(request.param())
    with caplog.at_level(logging.WARNING):
        yield server
        assert server.stop()
    assert [*caplog.get_records("call"), *caplog.records] == []


@pytest.fixture
def call(server: Server) -> Iterator[Callable[[str], Client]]:
    """Build clients of the server."""
    clients: list[Client] = []

    def make(fault: str) -> Client:
        clients.append(Client(server.port, fault))
        return clients[-1]

    yield make
    for client in clients:
        client.leave()


Call = Callable[[str], Client]


def test_a_reset_before(server: Server, call: Call) -> None:
    """Not a byte comes, and the request was not carried out."""
    assert call("reset-before").listen() == (b"", True)
    assert server.carried_out == 0


def test_a_reset_after(server: Server, call: Call) -> None:
    """Not a byte comes, and the request was carried out."""
    assert call("reset-after").listen() == (b"", True)
    assert server.carried_out == 1


def test_a_lost_response(server: Server, call: Call) -> None:
    """The connection is closed in due form without a byte, and the request was carried out."""
    assert call("lose-response").listen() == (b"", False)
    assert server.carried_out == 1


@pytest.mark.behaviour("fault.connections")
@pytest.mark.parametrize(("fault", "carried_out"), [("garbage", 0), ("garbage=after", 1)])
def test_garbage(server: Server, call: Call, fault: str, carried_out: int) -> None:
    """What comes does not even begin like HTTP."""
    content, is_reset = call(fault).listen()

    assert content
    assert not content.startswith(b"H")
    assert not is_reset
    assert server.carried_out == carried_out


@pytest.mark.behaviour("fault.connections")
@pytest.mark.parametrize(("fault", "is_reset"), [("cut=10", False), ("cut=10/reset", True)])
def test_a_cut(server: Server, call: Call, fault: str, is_reset: bool) -> None:  # noqa: FBT001 - a case
    """The headers promise a whole body, and so many bytes of it come."""
    received = call(fault).listen()

    assert received.body == CONTENT[:10]
    assert received.is_reset == is_reset
    assert server.carried_out == 1


@pytest.mark.parametrize(("fault", "size"), [("cut=0", 0), ("cut=1000", len(CONTENT) - 1)])
def test_a_cut_always_takes_something_away(call: Call, fault: str, size: int) -> None:
    """It can be the whole body, and is its last byte at least."""
    assert call(fault).listen().body == CONTENT[:size]


def test_a_drip(server: Server, call: Call) -> None:
    """Each piece comes after a pause, and in the end the response is whole."""
    client = call("drip=40/7")

    for size in (40, 80, len(CONTENT)):
        assert client.listen(lambda received, size=size: received.endswith(CONTENT[:size])).body  # type: ignore[misc]  # bound at once
        if size < len(CONTENT):
            server.wake()
    assert client.listen().body == CONTENT
    assert server.slept == [7, 7]
    assert server.carried_out == 1


def test_a_drip_stops_before_each_delay(server: Server, call: Call) -> None:
    """Nothing of the next piece comes ahead of time."""
    client = call("drip=40/7")
    assert server.falls_asleep.acquire(timeout=TIMEOUT)
    server.falls_asleep.release()

    assert client.listen(lambda received: b"\r\n\r\n " in received).body == CONTENT[:40]


@pytest.mark.behaviour("fault.connections")
def test_a_stall(server: Server, call: Call) -> None:
    """The headers come and nothing else, and after a time the connection is closed."""
    client = call("stall=5")
    assert client.listen(lambda received: received.endswith(b"\r\n\r\n")).body == b""
    server.wake()

    received = client.listen()
    assert (received.body, received.is_reset) == (b"", False)
    assert server.slept == [5]
    assert server.carried_out == 1


@pytest.mark.parametrize("fault", ["stall", "drip=1/300", "delay=300"])
def test_a_fault_ends_with_its_connection(server: Server, call: Call, fault: str) -> None:
    """The fault ends with it."""
    client = call(fault)
    assert server.falls_asleep.acquire(timeout=TIMEOUT)
    client.leave()

    assert server.has_ended.wait(TIMEOUT)
    assert server.slept == [300]


@pytest.mark.parametrize("fault", ["stall", "drip=1/300", "delay=300"])
def test_a_stopping_server_does_not_wait_for_a_fault(
    server: Server, call: Call, fault: str
) -> None:
    """The connection breaks off at once."""
    client = call(fault)
    assert server.falls_asleep.acquire(timeout=TIMEOUT)

    assert server.stop()
    assert server.has_ended.is_set()
    assert len(client.listen().content) < 300


def test_a_delay_comes_whole(server: Server, call: Call) -> None:
    """Late, but as ever."""
    client = call("delay=3")
    server.wake()

    assert client.listen().body == CONTENT
    assert server.slept == [3]


def test_other_connections_are_not_touched(server: Server, call: Call) -> None:
    """While one client is kept waiting and another one is cut off, a third is served."""
    waiting = call("stall")
    call("reset-before").listen()

    assert call("pass").listen().body == CONTENT
    assert waiting.listen(lambda received: b"\r\n\r\n" in received).body == b""
    assert server.carried_out == 2


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """Run a sandbox for all tests; each one has a key of its own."""
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def key() -> str:
    """Return a new key."""
    return str(uuid4())


def create(sandbox: Sandbox, key: str, name: str | None = None) -> httpx2.Response:
    """Create a tracking, over a connection of its own."""
    headers = {API_KEY_HEADER: key, **({} if name is None else {HEADER: name})}
    with httpx2.Client(headers=headers, trust_env=False) as client:
        return client.post(f"{sandbox.base_url}/trackings/post", json=PAIR)


@pytest.mark.behaviour("fault.connections")
@pytest.mark.parametrize(
    ("fault", "error", "repeated"),
    [
        ("reset-before", httpx2.ReadError, 200),
        ("reset-after", httpx2.ReadError, 4016),
        ("lose-response", httpx2.RemoteProtocolError, 4016),
        ("cut=0", httpx2.RemoteProtocolError, 4016),
        ("cut=20/reset", httpx2.ReadError, 4016),
        ("garbage", httpx2.RemoteProtocolError, 200),
        ("garbage=after", httpx2.RemoteProtocolError, 4016),
    ],
)
def test_the_fault_matrix(
    sandbox: Sandbox, key: str, fault: str, error: type[Exception], repeated: int
) -> None:
    """A repetition shows whether the first attempt was carried out: the error does not."""
    sandbox.faults.plan({"createTracking": fault}, api_key=key)

    with pytest.raises(error):
        create(sandbox, key)
    assert create(sandbox, key).json()["meta"]["code"] == repeated
    assert sandbox.faults.unused(api_key=key) == {}


def test_a_drip_arrives_whole(sandbox: Sandbox, key: str) -> None:
    """A client that is patient gets its response."""
    sandbox.faults.plan({"*": "drip=1/0"}, api_key=key)

    assert create(sandbox, key).json()["meta"]["code"] == 200


def test_clients_in_parallel_meet_their_own_faults(sandbox: Sandbox, key: str) -> None:
    """Each of twenty threads meets the faults of its plan, in their order, and no others."""
    plans = {f"plan-{number}": [f"status={500 + number}", "reset-before"] for number in range(20)}
    for name, faults in plans.items():
        sandbox.faults.plan({"createTracking": faults}, name=name, api_key=key)

    def meet(name: str) -> tuple[int, bool]:
        status = create(sandbox, key, name).status_code
        with suppress(httpx2.ReadError):
            create(sandbox, key, name)
            return status, False
        return status, True

    with ThreadPoolExecutor(len(plans)) as pool:
        met = list(pool.map(meet, plans))

    assert met == [(500 + number, True) for number in range(20)]
    assert sandbox.faults.unused(api_key=key) == {}
    assert create(sandbox, key).json()["meta"]["code"] == 200


def test_plans_can_be_listed_and_removed(sandbox: Sandbox, key: str) -> None:
    """From another thread than the server's, while it runs."""
    sandbox.faults.plan({"*": ["pass", "html"]}, name="mine", api_key=key)
    create(sandbox, key, "mine")
    assert sandbox.faults.unused(api_key=key) == {"mine": {"*": ["html"]}}
    sandbox.faults.clear(api_key=key)

    assert sandbox.faults.unused(api_key=key) == {}
    assert create(sandbox, key, "mine").status_code == 200


def test_a_stopping_sandbox_ends_its_faults(key: str, caplog: pytest.LogCaptureFixture) -> None:
    """The client hears of it, and the server has nothing to cancel and to complain about."""
    with Sandbox() as sandbox, ThreadPoolExecutor() as pool:
        sandbox.faults.plan({"*": "stall"}, api_key=key)
        waiting = pool.submit(create, sandbox, key)
        while sandbox.faults.unused(api_key=key):
            pass
        sandbox.__exit__(None, None, None)

        assert isinstance(waiting.exception(TIMEOUT), httpx2.TransportError)
    assert caplog.text == ""


def test_a_plan_needs_a_running_sandbox() -> None:
    """Before and after, that is a clear error."""
    with pytest.raises(RuntimeError, match="not running"):
        Sandbox().faults.plan({"*": "html"})
