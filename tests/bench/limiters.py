"""
One API key shared by 8 processes whose clocks differ, on Redis and on PostgreSQL.

Each process sends as soon as it may. The times are those of one clock that all processes read.
"""

import time
from bisect import bisect_left
from collections.abc import Callable
from contextlib import ExitStack
from multiprocessing import get_context
from typing import Any, Final, NamedTuple

from tests.bench.measure import Report
from tests.overlay.limiters.redis_server import redis_server
from tests.sandbox.databases import new_schema, postgres_server
from trackingmore_v2.limiters._store import StoreLimiter
from trackingmore_v2.limiters.postgres import PostgresLimiter
from trackingmore_v2.limiters.redis import RedisLimiter
from trackingmore_v2_api import OPERATIONS

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

GET: Final = OPERATIONS["getTracking"]


class Sent(NamedTuple):
    """What one process sent."""

    times: list[float]
    trips: int


def run(report: Report) -> None:
    """Measure and print."""
    with ExitStack() as stack:
        redis_url = stack.enter_context(redis_server()).url
        postgres_url = stack.enter_context(postgres_server())
        schema = stack.enter_context(new_schema(postgres_url))
        stores = {
            "Redis": _Build(RedisLimiter, redis_url, {}),
            "PostgreSQL": _Build(PostgresLimiter, postgres_url, {"schema": schema}),
        }
        for name, build in stores.items():
            for rate, duration in DURATIONS.items():
                print(f"{name}, {PROCESSES} processes, {rate:g}/s, clocks wrong by {SKEW} s")
                _report(report, rate, _measure(build, rate, duration))


class _Build(NamedTuple):
    kind: Callable[..., StoreLimiter]
    url: str
    settings: dict[str, Any]

    def __call__(self, rate: float) -> StoreLimiter:
        return self.kind(self.url, per_second=rate, timeout=5.0, **self.settings)


def _report(report: Report, rate: float, sent: list[Sent]) -> None:
    times = sorted(moment for one in sent for moment in one.times)
    counts = [len(one.times) for one in sent]
    use = (len(times) - 1) / (times[-1] - times[0]) / rate
    window = max(bisect_left(times, start + 1) - index for index, start in enumerate(times))
    report.add("  most in a second", window, most=rate)
    report.add("  unused share of the rate", 1 - use, most=1 - LEAST_USE)
    fair = MOST_UNFAIR if rate >= FAIR_FROM else None
    report.add("  richest to poorest process", max(counts) / max(1, min(counts)), most=fair)
    trips = sum(one.trips for one in sent) / len(times)
    report.add("  round trips for a request", trips, most=MOST_TRIPS)


def _measure(build: "_Build", rate: float, duration: float) -> list[Sent]:
    """Start the processes, and return what they sent after all of them were ready."""
    context: Any = get_context("spawn")
    results, ready, go = context.SimpleQueue(), context.Semaphore(0), context.Event()
    skews = [SKEW * (2 * number / (PROCESSES - 1) - 1) for number in range(PROCESSES)]
    arguments = [(build, rate, duration, skew, ready, go, results) for skew in skews]
    workers = [context.Process(target=_work, args=each) for each in arguments]
    for worker in workers:
        worker.start()
    for _ in workers:
        ready.acquire()
    go.set()
    sent = [results.get() for _ in workers]
    for worker in workers:
        worker.join()
    return sent


def _work(  # noqa: PLR0913, PLR0917 - what a process is given
    build: "_Build",
    rate: float,
    duration: float,
    skew: float,
    ready: Any,
    go: Any,
    results: Any,
) -> None:
    """Send as often as the limiter allows, with wrong clocks."""
    right, wall = time.monotonic, time.time
    time.monotonic, time.time = lambda: right() + skew, lambda: wall() + skew
    limiter = build(rate)
    limiter.reserve("warm-up", GET)
    trips = _count_trips(limiter)
    ready.release()
    go.wait()
    times: list[float] = []
    end = right() + duration
    while right() < end:
        slot = limiter.reserve("account", GET)
        while slot and slot.delay:
            time.sleep(slot.delay)
            slot = limiter.reserve("account", GET, held=slot)
        times.append(right())
    results.put(Sent(times, len(trips)))
    limiter.close()


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
