"""Calls that wait for their slot: a rate-limit response meanwhile, and interrupted waits."""

import asyncio
import json
from heapq import heappop, heappush
from itertools import count
from typing import Any, Final

import httpx2
import pytest

from tests.overlay.stubs import KEY, URL, FakeClock, Recorder
from trackingmore_v2 import AsyncTrackingMore, Limiter, TrackingMore
from trackingmore_v2._calls.clock import CallClock
from trackingmore_v2.limiters import Slot
from trackingmore_v2_api import OPERATIONS

ACCOUNT: Final = b'{"meta":{"code":200},"data":{"email":"user@example.com"}}'
OPERATION: Final = OPERATIONS["getAccount"]
DELAY: Final = 8.0
INTERVAL: Final = 0.52
"""Seconds between two requests at two per second."""

REJECTED: Final = json.dumps({"meta": {"code": 429, "type": "", "message": ""}, "data": []})


class VirtualTime(FakeClock):
    """A clock for concurrent tasks: when all of them wait, it advances to the next of them."""

    def __init__(self) -> None:
        super().__init__()
        self._order: Final = count()
        self._sleepers: list[tuple[float, int, asyncio.Event]] = []

    async def sleep_async(self, seconds: float) -> None:
        """Suspend the task until the clock has advanced."""
        wake = asyncio.Event()
        heappush(self._sleepers, (self.moment + seconds, next(self._order), wake))
        await wake.wait()

    async def run(self, *tasks: "asyncio.Task[Any]") -> None:
        """Advance until the tasks are done."""
        while not all(task.done() for task in tasks):
            await settle(200)
            if self._sleepers:
                self.moment, _, wake = heappop(self._sleepers)
                wake.set()


async def settle(rounds: int = 50) -> None:
    """Wait until all tasks have come to a wait."""
    for _ in range(rounds):
        await asyncio.sleep(0)


class Server:
    """A server whose first response is a 429; it records when requests arrive."""

    def __init__(self, clock: CallClock) -> None:
        self.arrivals: list[float] = []
        self._clock: Final = clock

    async def __call__(self, _request: httpx2.Request) -> httpx2.Response:
        """Respond to a request, after all tasks have reserved their slots."""
        await settle()
        self.arrivals.append(self._clock.now())
        if len(self.arrivals) == 1:
            return httpx2.Response(200, content=REJECTED, headers={"Retry-After": str(DELAY)})
        return httpx2.Response(200, content=ACCOUNT)


def async_client(handler: Any, limiter: Limiter) -> AsyncTrackingMore:
    """Build an async client whose server is a function."""
    http = httpx2.AsyncClient(transport=httpx2.MockTransport(handler))
    return AsyncTrackingMore(KEY, base_url=URL, limiter=limiter, http_client=http)


def sync_client(handler: Any, limiter: Limiter) -> TrackingMore:
    """Build a client whose server is a function."""
    http = httpx2.Client(transport=httpx2.MockTransport(handler))
    return TrackingMore(KEY, base_url=URL, limiter=limiter, http_client=http)


def use_clock(monkeypatch: pytest.MonkeyPatch, clock: FakeClock) -> None:
    """Replace the clock of all clients."""
    for name in ("now", "sleep", "sleep_async"):
        replacement = getattr(clock, name)
        monkeypatch.setattr(CallClock, name, lambda _, *args, call=replacement: call(*args))


async def test_calls_that_wait_send_nothing_during_a_delay(monkeypatch: pytest.MonkeyPatch) -> None:
    """Their slots were reserved before the 429, and are checked again after the wait."""
    clock = VirtualTime()
    use_clock(monkeypatch, clock)
    server, limiter = Server(clock), Limiter(per_second=2, now=clock.now)
    client = async_client(server, limiter)
    tasks = [asyncio.create_task(client.account.get()) for _ in range(10)]
    await clock.run(*tasks)
    first, *others = server.arrivals

    assert all(task.result().email for task in tasks)
    expected = [DELAY + INTERVAL * each for each in range(10)]
    assert [arrival - first for arrival in others] == pytest.approx(expected)


async def test_cancelled_waiters_give_their_slots_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """The next call waits for one interval, not for all of them."""
    clock = VirtualTime()
    use_clock(monkeypatch, clock)
    limiter = Limiter(per_second=2, now=clock.now)
    client = async_client(Recorder(ACCOUNT), limiter)
    await client.account.get()
    tasks = [asyncio.create_task(client.account.get()) for _ in range(20)]
    await settle()
    for task in tasks:
        task.cancel()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)

    assert all(isinstance(each, asyncio.CancelledError) for each in outcomes)
    delays = [slot_after(client, limiter).delay for _ in range(3)]
    assert delays == pytest.approx([INTERVAL, 2 * INTERVAL, 3 * INTERVAL])


def slot_after(client: Any, limiter: Limiter) -> Slot:
    """Return the slot that the next call of a client would get."""
    slot = limiter.reserve(client._context.config.api_key.digest(), OPERATION)  # noqa: SLF001
    assert slot
    return slot


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, SystemExit, RuntimeError])
def test_interrupted_waits_give_their_slots_back(
    monkeypatch: pytest.MonkeyPatch, interruption: type[BaseException]
) -> None:
    """Such as by Ctrl-C, or by a signal handler that raises."""
    clock = FakeClock()
    use_clock(monkeypatch, clock)
    limiter = Limiter(per_second=2, now=clock.now)
    client = sync_client(Recorder(ACCOUNT), limiter)
    client.account.get()

    def interrupt(_seconds: float) -> None:
        raise interruption

    monkeypatch.setattr(CallClock, "sleep", lambda _, seconds: interrupt(seconds))
    for _ in range(3):
        with pytest.raises(interruption):
            client.account.get()

    assert slot_after(client, limiter).delay == pytest.approx(INTERVAL)


def test_a_slot_that_is_used_is_not_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server may have counted a request that is interrupted."""
    clock = FakeClock()
    use_clock(monkeypatch, clock)
    limiter = Limiter(per_second=2, now=clock.now)

    def interrupt(_request: httpx2.Request) -> httpx2.Response:
        raise KeyboardInterrupt

    client = sync_client(interrupt, limiter)
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            client.account.get()

    assert clock.waits == [pytest.approx(INTERVAL)]
    assert slot_after(client, limiter).delay == pytest.approx(INTERVAL)


def test_a_retry_reserves_its_slot_after_its_delay(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other calls go on meanwhile, instead of queueing behind the slot of the retry."""
    clock = FakeClock()
    use_clock(monkeypatch, clock)
    limiter = Limiter(per_second=2, now=clock.now)
    delays: list[float] = []

    def sleep(seconds: float) -> None:
        clock.moment += seconds
        delays.append(slot_after(client, limiter).delay)

    def respond(_request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(503, headers={"Retry-After": "20"}) if not delays else OK

    client = sync_client(respond, limiter)
    monkeypatch.setattr(CallClock, "sleep", lambda _, seconds: sleep(seconds))
    client.account.get()

    assert delays[0] == 0.0


OK: Final = httpx2.Response(200, content=ACCOUNT)


async def test_one_limiter_serves_both_clients(monkeypatch: pytest.MonkeyPatch) -> None:
    """And two keys do not limit each other."""
    clock = FakeClock()
    use_clock(monkeypatch, clock)
    limiter = Limiter(per_second=2, now=clock.now)
    sync_client(Recorder(ACCOUNT), limiter).account.get()
    await async_client(Recorder(ACCOUNT), limiter).account.get()
    http = httpx2.Client(transport=httpx2.MockTransport(Recorder(ACCOUNT)))
    TrackingMore("another-key", base_url=URL, limiter=limiter, http_client=http).account.get()

    assert clock.waits == [pytest.approx(INTERVAL)]
