"""
Rate-limit responses to one of many workers.

Three processes with eight threads each, and one with a hundred tasks, share one key at 20/s. One
of sixty requests gets a rate-limit response. The penalty lasts from the moment at which the worker
has passed the response on to the limiter, for as many seconds as the response says. Before that
moment no other worker can know of it: what arrives between it and the response is reported.
"""

import asyncio
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from multiprocessing import get_context
from threading import Thread
from typing import Any, Final, NamedTuple

from tests.reliability.limiters import most_in_a_second, note_grants
from tests.reliability.rows import Row, Settings
from tests.reliability.server import Arrival, Behaviour, echo_server
from tests.reliability.stores import Build, stores
from trackingmore_v2 import AsyncTrackingMore, TrackingMore

RATE: Final = 20.0
PENALTY: Final = 4
"""Seconds."""

THREADS: Final = 8
TASKS: Final = 100
PROCESSES: Final = 4
EVERY: Final = 60


class Worked(NamedTuple):
    """What one process did."""

    grants: list[float]
    blocks: list[float]
    """When the limiter had been informed of each rate-limit response."""


def measure(settings: Settings) -> Iterator[Row]:
    """Measure each store."""
    calls = settings.pick(9, 4)
    with stores() as builds, ThreadPoolExecutor() as pool:
        runs = pool.map(lambda build: _run(build, calls), builds.values())
        for name, run in zip(builds, runs, strict=True):
            yield from _rows(name, *run)


def _rows(name: str, worked: list[Worked], arrivals: list[Arrival]) -> Iterator[Row]:
    limited = [each.at for each in arrivals if each.is_limited]
    blocks = sorted(chain.from_iterable(one.blocks for one in worked))
    pairs = list(zip(limited, blocks, strict=True))
    early = _within(arrivals, pairs)
    late = _within(arrivals, [(block, start + PENALTY) for start, block in pairs])
    claim = f"{name}: requests that arrive in {len(limited)} penalties"
    yield Row(claim, "0", f"{late}", late == 0)
    claim = f"{name}: requests between a rate-limit response and its penalty"
    yield Row(claim, "reported", f"{early}", holds=True)
    grants = most_in_a_second(sorted(chain.from_iterable(one.grants for one in worked)))
    yield Row(f"{name}: most grants in any second", f"≤ {RATE:g}", f"{grants}", grants <= RATE)
    arrived = most_in_a_second([each.at for each in arrivals])
    yield Row(f"{name}: most arrivals in any second", "reported", f"{arrived}", holds=True)


def _within(arrivals: list[Arrival], spans: list[tuple[float, float]]) -> int:
    return sum(start < each.at < end for each in arrivals for start, end in spans)


def _run(build: Build, calls: int) -> tuple[list[Worked], list[Arrival]]:
    context: Any = get_context("spawn")
    results = context.SimpleQueue()
    with echo_server(Behaviour(limited_every=EVERY, retry_after=PENALTY)) as server:
        arguments = [
            (build, server.base_url, calls, number, results) for number in range(PROCESSES)
        ]
        workers = [context.Process(target=_work, args=each, daemon=True) for each in arguments]
        for worker in workers:
            worker.start()
        worked = [results.get() for _ in workers]
        for worker in workers:
            worker.join()
        return worked, server.arrivals()


def _work(build: Build, base_url: str, calls: int, number: int, results: Any) -> None:
    limiter, worked = build(RATE), Worked([], [])
    block = limiter.block

    def noted(account: str, seconds: float) -> None:
        block(account, seconds)
        worked.blocks.append(time.monotonic())

    limiter.block = noted  # type: ignore[method-assign]  # counts
    note_grants(limiter, worked.grants)
    options: dict[str, Any] = {"base_url": base_url, "limiter": limiter}
    if number == 0:
        asyncio.run(_many(options))
    else:
        with TrackingMore("key", **options) as client:
            threads = [Thread(target=_several, args=(client, calls)) for _ in range(THREADS)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
    results.put(worked)
    limiter.close()


def _several(client: TrackingMore, calls: int) -> None:
    for _ in range(calls):
        client.account.get()


async def _many(options: dict[str, Any]) -> None:
    async with AsyncTrackingMore("key", **options) as client:
        await asyncio.gather(*(client.account.get() for _ in range(TASKS)))
