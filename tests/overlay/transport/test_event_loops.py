"""One async client in several event loops, of asyncio and of trio."""

import asyncio
import gc
import weakref
from collections.abc import Awaitable, Callable, Iterator
from threading import Thread
from typing import Any

import httpx2
import pytest
import trio
import trio.testing
from asgiref.sync import async_to_sync

from tests.overlay.stubs import KEY, URL, Recorder, error_response
from tests.overlay.transport.recording_server import ACCOUNT, RecordingServer, recording_server
from trackingmore_v2 import AsyncTrackingMore, ConnectionFailed, Limiter, ServerFailed, TimedOut
from trackingmore_v2._calls.clock import CallClock

REAL_SLEEP = CallClock.sleep_async


def run_by_hand(action: Callable[[], Awaitable[object]]) -> None:
    """Run an action in a loop as frameworks do, without `asyncio.run()`."""
    loop = asyncio.new_event_loop()
    loop.run_until_complete(action())
    loop.run_until_complete(loop.shutdown_asyncgens())
    loop.close()


RUNNERS: dict[str, Callable[[Callable[[], Awaitable[Any]]], object]] = {
    "asyncio.run": lambda action: asyncio.run(action()),  # type: ignore[arg-type] # a coroutine
    "by hand": run_by_hand,
    "async_to_sync": lambda action: async_to_sync(action)(),
    "trio": trio.run,
}


@pytest.fixture
def server() -> Iterator[RecordingServer]:
    """Run a server."""
    with recording_server() as running:
        yield running


@pytest.fixture
def client(server: RecordingServer) -> AsyncTrackingMore:
    """Build a client with connections of its own."""
    return AsyncTrackingMore(KEY, base_url=f"http://127.0.0.1:{server.port}/v2", retries=0)


@pytest.mark.parametrize("runner", RUNNERS)
def test_a_client_works_in_one_loop_after_another(
    runner: str, client: AsyncTrackingMore, server: RecordingServer
) -> None:
    """Each loop opens one connection, uses it again, and closes it when it ends."""

    async def call_twice() -> None:
        assert (await client.account.get()).email == "user@example.com"
        assert (await client.account.get()).email == "user@example.com"

    for _ in range(3):
        RUNNERS[runner](call_twice)
        # An unclosed connection would warn here, and warnings are errors.
        gc.collect()

    assert server.connections == 3
    assert len(server.requests) == 6


@pytest.mark.parametrize("retries", [0, 1])
def test_the_connections_of_a_given_client_work_in_their_own_loop(retries: int) -> None:
    """In another one the error is typed, and a retry opens a new connection."""
    failures = [None, RuntimeError("Event loop is closed"), None]

    def respond(_: httpx2.Request) -> httpx2.Response:
        if failure := failures.pop(0):
            raise failure
        return httpx2.Response(200, content=ACCOUNT)

    client = virtual_client(respond, retries=retries)
    asyncio.run(client.account.get())
    if retries:
        asyncio.run(client.account.get())
    else:
        with pytest.raises(ConnectionFailed, match="Event loop is closed") as caught:
            asyncio.run(client.account.get())
        assert caught.value.in_doubt


async def test_other_errors_of_a_given_client_are_raised_as_they_are() -> None:
    """Such as those of its own hooks."""

    def fail(_: httpx2.Request) -> httpx2.Response:
        raise RuntimeError("of a hook")

    with pytest.raises(RuntimeError, match="of a hook"):
        await virtual_client(fail).account.get()


def test_the_kinds_of_loops_may_change(client: AsyncTrackingMore) -> None:
    """No state of one kind is met by another."""
    for run in [*RUNNERS.values(), *reversed(RUNNERS.values())]:
        run(client.account.get)


def test_loops_may_run_at_the_same_time(client: AsyncTrackingMore, server: RecordingServer) -> None:
    """Each thread has a loop and a connection of its own, though the other's is idle."""
    server.released.clear()
    threads = [Thread(target=asyncio.run, args=(client.account.get(),)) for _ in range(2)]
    for thread in threads:
        thread.start()
    server.received.wait()
    server.released.set()
    for thread in threads:
        thread.join()

    assert server.connections == 2


def test_no_loop_is_kept_alive(client: AsyncTrackingMore) -> None:
    """When a loop has ended, nothing of it is left in the client."""
    loops: list[weakref.ref[object]] = []

    async def call() -> None:
        loops.append(weakref.ref(asyncio.get_running_loop()))
        await client.account.get()

    asyncio.run(call())
    gc.collect()

    assert [loop() for loop in loops] == [None]


@pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)
def test_a_loop_that_was_only_closed_is_forgotten(client: AsyncTrackingMore) -> None:
    """Without `shutdown_asyncgens()` Python itself warns, and the next loop drops the old one."""
    loop = asyncio.new_event_loop()
    loop.run_until_complete(client.account.get())
    loop.close()
    dead = weakref.ref(loop)
    del loop
    asyncio.run(client.account.get())
    gc.collect()

    assert dead() is None


def test_closing_in_another_loop_closes_everything(
    client: AsyncTrackingMore, server: RecordingServer
) -> None:
    """A loop that still runs closes its connections itself."""

    async def main() -> None:
        await client.account.get()
        await asyncio.to_thread(asyncio.run, client.close())
        assert await asyncio.to_thread(server.closed.wait, 10)

    asyncio.run(main())

    assert server.connections == 1


def virtual_client(handler: Callable[[httpx2.Request], httpx2.Response], **settings: Any) -> Any:
    """Build a client that needs no sockets, for a clock of trio that jumps ahead."""
    http = httpx2.AsyncClient(transport=httpx2.MockTransport(handler))
    return AsyncTrackingMore(KEY, base_url=URL, http_client=http, **settings)


def run_in_virtual_time(action: Callable[[], Awaitable[object]]) -> float:
    """Run an action in trio, whose clock jumps ahead, and return the seconds that passed."""
    clock = trio.testing.MockClock(autojump_threshold=0)
    trio.run(action, clock=clock)
    seconds: float = clock.current_time()
    return seconds


@pytest.fixture
def real_clock(monkeypatch: pytest.MonkeyPatch, waits: list[float]) -> None:
    """Restore the waits of the client, for the virtual time of trio."""
    del waits  # requested only to be replaced
    monkeypatch.setattr(CallClock, "sleep_async", REAL_SLEEP)


@pytest.mark.usefixtures("real_clock")
def test_a_limiter_works_under_trio() -> None:
    """The second call waits for its slot."""
    client = virtual_client(Recorder(ACCOUNT), limiter=Limiter(per_second=0.01))

    async def call_twice() -> None:
        await client.account.get()
        await client.account.get()

    assert 90 < run_in_virtual_time(call_twice) <= 104


@pytest.mark.usefixtures("real_clock")
def test_retries_work_under_trio() -> None:
    """The client waits before each retry, and raises the last error."""
    server = Recorder(error_response(500))

    async def call() -> None:
        with pytest.raises(ServerFailed):
            await virtual_client(server, retries=2).account.get()

    run_in_virtual_time(call)

    assert len(server.requests) == 3


class Silent(httpx2.AsyncByteStream):
    """A response that never arrives."""

    async def __aiter__(self) -> Any:
        await trio.sleep_forever()
        yield b""


def test_a_deadline_works_under_trio() -> None:
    """A silent server is given up at the deadline, to the second of trio's clock."""
    client = virtual_client(lambda _: httpx2.Response(200, stream=Silent()), retries=0)

    async def call() -> None:
        with pytest.raises(TimedOut) as caught:
            await client.with_options(deadline=500).account.get()
        assert caught.value.in_doubt

    assert run_in_virtual_time(call) == pytest.approx(500, abs=1)


def test_lists_with_prefetch_work_under_trio() -> None:
    """Pages are fetched when they are needed, since a task would need a nursery."""
    client = virtual_client(Recorder(error_response(4031)))

    async def call() -> None:
        assert [item async for item in client.trackings.list(prefetch=True)] == []

    trio.run(call)
