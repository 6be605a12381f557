"""
Stores that stop and start.

Four processes share one key at 20/s over a store that is killed, stopped, hung (SIGSTOP) or, for
Redis, made to forget its scripts. By default, calls raise `LimiterUnavailable` while the store is
away, and no request is granted; with `fallback_share=1 / 4` each process continues at a quarter of
the rate. Away is the time from half a second after the event, since slots may have been granted
before it, to the return of the store; with a fallback, from a second before the event, since what
the store has granted by then counts with it. Afterwards begins when all processes have had the time
to reconnect: with a fallback, 1.5 seconds after the return, since a process tries the store at most
once a second, with its next call; until then, both rates can add up. Without a fallback, at once.
It ends when the next event begins.
"""

import os
import signal
import time
from bisect import bisect
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import chain, pairwise
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final, NamedTuple

import redis

from tests.overlay.limiters.redis_server import RedisServer, redis_server
from tests.reliability.limiters import most_in_a_second, note_grants
from tests.reliability.rows import Row, Settings
from tests.reliability.server import echo_server
from tests.sandbox.databases import control_postgres, folder_of_postgres, postgres_server
from trackingmore_v2 import LimiterUnavailable, TrackingMore
from trackingmore_v2.limiters.postgres import PostgresLimiter
from trackingmore_v2.limiters.redis import RedisLimiter

RATE: Final = 20.0
PROCESSES: Final = 4
AWAY: Final = 3.0
BETWEEN: Final = 4.0
"""Seconds."""

SETTLING: Final = 0.5
RECONNECTING: Final = 1.5


class Event(NamedTuple):
    """Something that happens to a store."""

    name: str
    begin: Callable[[], object]
    end: Callable[[], object]
    is_outage: bool = True


class Span(NamedTuple):
    """When a store was away."""

    name: str
    begun: float
    """When it began to go."""

    start: float
    end: float
    back: float
    """When it had started again."""

    is_outage: bool


class _Limited(NamedTuple):
    kind: Callable[..., Any]
    url: str
    fallback_share: float | None

    def __call__(self) -> Any:
        return self.kind(self.url, per_second=RATE, timeout=1.0, fallback_share=self.fallback_share)


def measure(settings: Settings) -> Iterator[Row]:
    """Stop and start both stores, for calls of both choices."""
    with ExitStack() as stack:
        server = stack.enter_context(redis_server())
        url = stack.enter_context(postgres_server())
        pool = stack.enter_context(ThreadPoolExecutor())
        runs = [
            pool.submit(_run, name, kind, where, events[: settings.pick(4, 1)])
            for name, kind, where, events in (
                ("Redis", RedisLimiter, server.url, _events_of_redis(server)),
                ("PostgreSQL", PostgresLimiter, url, _events_of_postgres(url)),
            )
        ]
        for run in runs:
            yield from run.result()


def _events_of_redis(server: RedisServer) -> list[Event]:
    def stop() -> None:
        server.signal(signal.SIGTERM)
        server.wait()

    def flush() -> None:
        with redis.Redis.from_url(server.url) as client:
            client.script_flush()

    return [
        Event("killed", server.stop, server.start),
        Event("stopped", stop, server.start),
        Event(
            "hung",
            lambda: server.signal(signal.SIGSTOP),
            lambda: server.signal(signal.SIGCONT),
        ),
        Event("made to forget its scripts", flush, flush, is_outage=False),
    ]


def _events_of_postgres(url: str) -> list[Event]:
    def start() -> None:
        control_postgres(url, "start")

    return [
        Event("killed", lambda: control_postgres(url, "-m", "immediate", "stop"), start),
        Event("stopped", lambda: control_postgres(url, "-m", "fast", "stop"), start),
        Event(
            "hung",
            lambda: _signal_postgres(url, signal.SIGSTOP),
            lambda: _signal_postgres(url, signal.SIGCONT),
        ),
    ]


def _signal_postgres(url: str, number: int) -> None:
    """Send a signal to the server and its processes, one of them for each connection."""
    lines = (folder_of_postgres(url) / "data" / "postmaster.pid").read_text().splitlines()
    main = int(lines[0])
    children = Path(f"/proc/{main}/task/{main}/children").read_text().split()
    for process in (main, *map(int, children)):
        os.kill(process, number)


def _run(name: str, kind: Callable[..., Any], url: str, events: list[Event]) -> list[Row]:
    """Run the processes of both choices while the events happen to their store."""
    context: Any = get_context("spawn")
    with echo_server() as server:
        ready, stop = context.Semaphore(0), context.Event()
        choices = {"": None, ", fallback": 1 / PROCESSES}
        results = {choice: context.SimpleQueue() for choice in choices}
        workers = [
            context.Process(
                target=_work,
                daemon=True,
                args=(_Limited(kind, url, share), server.base_url, len(choice), ready, stop, queue),
            )
            for (choice, share), queue in zip(choices.items(), results.values(), strict=True)
            for _ in range(PROCESSES)
        ]
        for worker in workers:
            worker.start()
        for _ in workers:
            if not ready.acquire(timeout=60):
                raise TimeoutError("a process did not start")
        spans = [_happen(event) for event in events]
        time.sleep(BETWEEN)
        stop.set()
        grants = {
            choice: sorted(chain.from_iterable(queue.get() for _ in range(PROCESSES)))
            for choice, queue in results.items()
        }
        for worker in workers:
            worker.join()
    return [row for choice in choices for row in _rows(name, choice, grants[choice], spans)]


def _happen(event: Event) -> Span:
    time.sleep(BETWEEN)
    begun = time.monotonic()
    event.begin()
    start = time.monotonic()
    time.sleep(AWAY)
    end = time.monotonic()
    event.end()
    return Span(event.name, begun, start, end, time.monotonic(), event.is_outage)


def _rows(name: str, choice: str, grants: list[float], spans: list[Span]) -> Iterator[Row]:
    for span, following in pairwise([*spans, None]):
        assert span
        where = f"{name} {span.name}{choice}"
        away = _between(grants, span.begun - 1 if choice else span.start + SETTLING, span.end)
        if span.is_outage and not choice:
            yield Row(f"{where}: grants while it is away", "0", f"{len(away)}", not away)
        elif span.is_outage:
            value = most_in_a_second(away) if away else 0
            yield Row(
                f"{where}: most grants in any second as it goes and while it is away",
                f"1 to {RATE:g}",
                f"{value}",
                0 < value <= RATE,
            )
        begin = span.back + RECONNECTING if choice else span.end
        after = _between(grants, begin, following.begun if following else begin + BETWEEN)
        value = most_in_a_second(after) if after else 0
        claim = f"{where}: most grants in any second afterwards"
        yield Row(claim, f"1 to {RATE:g}", f"{value}", 0 < value <= RATE)


def _between(times: list[float], start: float, end: float) -> list[float]:
    return times[bisect(times, start) : bisect(times, end)]


def _work(  # noqa: PLR0913, PLR0917 - what a process is given
    build: _Limited, base_url: str, key: int, ready: Any, stop: Any, results: Any
) -> None:
    """Call as often as the limiter allows."""
    grants = list[float]()
    limiter = build()
    note_grants(limiter, grants)
    with TrackingMore(f"key-{key}", base_url=base_url, limiter=limiter) as client:
        client.account.get()
        ready.release()
        while not stop.is_set():
            try:
                client.account.get()
            except LimiterUnavailable:
                time.sleep(0.01)
    results.put(grants)
    limiter.close()
