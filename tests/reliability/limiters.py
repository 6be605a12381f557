"""
One rate limit for many processes.

Eight processes share one key and send as soon as they may, each over a client of its own; their
clocks differ by up to 2.8 seconds. A request is granted when the limiter lets it go, and arrives
when the server has read it; both are measured by one clock that all processes read. What is
promised are the grants: on the way from its grant to the server one request may be delayed, and the
next one not. The limiter of one process is shared by eight threads instead.
"""

import time
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from threading import Thread
from typing import Any, Final, NamedTuple

from tests.reliability.rows import Row, Settings
from tests.reliability.server import echo_server
from tests.reliability.stores import Build, stores
from trackingmore_v2 import Limiter, TrackingMore
from trackingmore_v2.limiters._store import StoreLimiter
from trackingmore_v2.limiters.sqlite import SqliteLimiter

PROCESSES: Final = 8
SKEW: Final = 1.4
"""Seconds by which the clocks of the first and the last process are wrong."""

DURATIONS: Final = {20.0: 20.0, 1.0: 60.0}
"""Seconds, by rate."""

LEAST_USE: Final = 0.95
MOST_UNFAIR: Final = 1.3
MOST_TRIPS: Final = 1.5
FAIR_FROM: Final = 20.0
"""Requests per second; at lower rates each process sends a few requests only."""


class Sent(NamedTuple):
    """What one process or thread sent."""

    times: list[float]
    trips: int = 0


class Run(NamedTuple):
    """What was sent, and when it arrived."""

    sent: list[Sent]
    arrivals: list[float]
    is_remote: bool = False
    """Whether the limiter makes round trips to a server."""


class _Shared:
    """A limiter whose grants are noted for one thread."""

    def __init__(self, limiter: Limiter) -> None:
        self._limiter: Final = limiter

    def __getattr__(self, name: str) -> Any:
        return getattr(self._limiter, name)


class _Load(NamedTuple):
    base_url: str
    rate: float
    duration: float


def measure(settings: Settings) -> Iterator[Row]:
    """Measure each store at each rate; those of low rates side by side."""
    with stores() as builds, ThreadPoolExecutor() as pool:
        for rate, full in DURATIONS.items():
            duration = settings.pick(full, full / 10)
            jobs = {name: _starter(build, rate, duration) for name, build in builds.items()}
            jobs["memory"] = lambda: _in_threads(rate, duration)  # noqa: B023 - called in this turn
            if rate >= FAIR_FROM:
                runs = {name: job() for name, job in jobs.items()}
            else:
                runs = dict(zip(jobs, pool.map(lambda job: job(), jobs.values()), strict=True))
            for name, run in runs.items():
                yield from _rows(f"{name}, {rate:g}/s", rate, run)


def _starter(build: Build, rate: float, duration: float) -> Callable[[], Run]:
    return lambda: _in_processes(build, rate, duration)


def _rows(name: str, rate: float, run: Run) -> Iterator[Row]:
    times = sorted(moment for one in run.sent for moment in one.times)
    window, arrived = most_in_a_second(times), most_in_a_second(run.arrivals)
    yield Row(f"{name}: most grants in any second", f"≤ {rate:g}", f"{window}", window <= rate)
    yield Row(f"{name}: most arrivals in any second", "reported", f"{arrived}", holds=True)
    use = (len(times) - 1) / (times[-1] - times[0]) / rate
    yield Row(f"{name}: share of the rate that is used", "≥ 95 %", f"{use:.1%}", use >= LEAST_USE)
    if rate >= FAIR_FROM:
        counts = [len(one.times) for one in run.sent]
        unfair = max(counts) / max(1, min(counts))
        value, holds = f"{unfair:.2f}", unfair <= MOST_UNFAIR
        yield Row(f"{name}: richest to poorest", f"≤ {MOST_UNFAIR}", value, holds)
    trips = sum(one.trips for one in run.sent) / len(times)
    if run.is_remote:
        value, holds = f"{trips:.2f}", trips <= MOST_TRIPS
        yield Row(f"{name}: round trips for a grant", f"≤ {MOST_TRIPS}", value, holds)


def most_in_a_second(times: Sequence[float]) -> int:
    """Return the greatest number of times in any window of one second."""
    return max(bisect_left(times, start + 1) - index for index, start in enumerate(times))


def _in_processes(build: Build, rate: float, duration: float) -> Run:
    """Start the processes, and return what they sent after all of them were ready."""
    context: Any = get_context("spawn")
    results, ready, go = context.SimpleQueue(), context.Semaphore(0), context.Event()
    skews = [SKEW * (2 * number / (PROCESSES - 1) - 1) for number in range(PROCESSES)]
    with echo_server() as server:
        load = _Load(server.base_url, rate, duration)
        arguments = [(build, load, skew, ready, go, results) for skew in skews]
        workers = [context.Process(target=_work, args=each, daemon=True) for each in arguments]
        for worker in workers:
            worker.start()
        for _ in workers:
            if not ready.acquire(timeout=60):
                raise TimeoutError("a process did not start")
        server.arrivals()
        go.set()
        sent = [results.get() for _ in workers]
        for worker in workers:
            worker.join()
        is_remote = build.kind is not SqliteLimiter
        return Run(sent, [each.at for each in server.arrivals()], is_remote)


def _in_threads(rate: float, duration: float) -> Run:
    sent = [Sent([]) for _ in range(PROCESSES)]
    with echo_server() as server:
        load, limiter = _Load(server.base_url, rate, duration), Limiter(rate)
        shared = [_Shared(limiter) for _ in sent]
        threads = [
            Thread(target=_send, args=(load, limiter, one.times))
            for limiter, one in zip(shared, sent, strict=True)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return Run(sent, [each.at for each in server.arrivals()])


def _work(  # noqa: PLR0913, PLR0917 - what a process is given
    build: Build, load: _Load, skew: float, ready: Any, go: Any, results: Any
) -> None:
    """Send as often as the limiter allows, with wrong clocks."""
    right = time.monotonic
    wall = time.time
    if build.kind is not SqliteLimiter:  # whose clock is that of the host, for all processes
        time.monotonic = lambda: right() + skew
    time.time = lambda: wall() + skew
    limiter, times = build(load.rate), list[float]()
    with TrackingMore("another-key", base_url=load.base_url, limiter=limiter) as client:
        client.account.get()
    trips = _count_trips(limiter)
    ready.release()
    go.wait()
    _send(load, limiter, times, right)
    results.put(Sent(times, len(trips)))
    limiter.close()


def _send(
    load: _Load,
    limiter: Any,
    times: list[float],
    now: Callable[[], float] = time.monotonic,
) -> None:
    """Send until the time is over, and note the time of each grant."""
    end = now() + load.duration
    note_grants(limiter, times, now)
    with TrackingMore("key", base_url=load.base_url, limiter=limiter) as client:
        while now() < end:
            client.account.get()


def note_grants(
    limiter: Any, times: list[float], now: Callable[[], float] = time.monotonic
) -> None:
    """Note the time of each grant from now on."""
    reserve = limiter.reserve

    def noted(*arguments: Any) -> Any:
        slot = reserve(*arguments)
        if slot and not slot.delay:
            times.append(now())
        return slot

    limiter.reserve = noted


def _count_trips(limiter: StoreLimiter) -> list[str]:
    """Return a list that grows with each round trip."""
    trips: list[str] = []
    session: Any = limiter._session  # noqa: SLF001 - opened before

    def counted(name: str, method: Callable[..., object]) -> Callable[..., object]:
        def call(*args: object) -> object:
            trips.append(name)
            return method(*args)

        return call

    for name in ("reserve", "release", "block"):
        setattr(session, name, counted(name, getattr(session, name)))
    return trips
