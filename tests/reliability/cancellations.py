"""
Cancelled calls.

Fifty tasks call an async client with ten connections; three of four calls are cancelled at a random
moment: while they wait for their slot of the rate limit, for a connection, or for the response.
Afterwards twenty calls follow one another. A slot is lost if it was neither used nor released.
"""

from collections.abc import Iterator
from functools import partial
from random import Random
from typing import Any, Final, NamedTuple

import anyio
import httpx2

from tests.reliability.rows import Row, Settings
from tests.reliability.server import Behaviour, Server, echo_server
from tests.reliability.stores import stores
from trackingmore_v2 import AsyncTrackingMore, Hooks, Limiter, TrackingMoreError
from trackingmore_v2._transport import connections
from trackingmore_v2.limiters import RateLimiter

CALLS: Final = 10_000
TASKS: Final = 50
AFTERWARDS: Final = 20
POOL: Final = 10
RATE: Final = 1_000.0
CANCELLED: Final = 0.75
LONGEST: Final = 0.06
"""Seconds until a call is cancelled, at most."""


class Outcome(NamedTuple):
    """What became of the calls."""

    cancelled: int
    wrong: int
    succeeded: int
    connections: int
    lost: int


class _Slots:
    """A limiter that notes which slots are held."""

    def __init__(self, limiter: Any) -> None:
        self.held: Final[set[tuple[float, str]]] = set()
        self._limiter: Final = limiter
        self._reserve, self._release = limiter.reserve, limiter.release
        limiter.reserve, limiter.release = self.reserve, self.release

    def reserve(
        self, account: str, operation: Any, latest: float | None = None, held: Any = None
    ) -> Any:
        slot = self._reserve(account, operation, latest, held)
        if slot and held:
            self.held.discard(_key(held))
        if slot:
            self.held.add(_key(slot))
        return slot

    def release(self, slot: Any) -> None:
        self.held.discard(_key(slot))
        self._release(slot)


def _key(slot: Any) -> tuple[float, str]:
    # Of a slot that was checked, a store may say another time.
    return (slot.at, getattr(getattr(slot, "grant", None), "epoch", ""))


def measure(settings: Settings) -> Iterator[Row]:
    """Cancel calls on both event loops, and with a limiter that reserves in threads."""
    calls = settings.pick(CALLS, CALLS // 10)
    pool = connections._LIMITS  # noqa: SLF001 - no setting of a client
    connections._LIMITS = httpx2.Limits(max_connections=POOL)  # type: ignore[misc]  # noqa: SLF001
    try:
        for name in ("asyncio", "trio"):
            yield from _rows(name, calls, settings.seed, Limiter(RATE), name)
        with stores() as builds:
            limiter = builds["Redis"](RATE)
            yield from _rows("Redis", calls, settings.seed, limiter, "asyncio")
            limiter.close()
    finally:
        connections._LIMITS = pool  # type: ignore[misc]  # noqa: SLF001


def _rows(name: str, calls: int, seed: int, limiter: RateLimiter, loop: str) -> Iterator[Row]:
    with echo_server(Behaviour(delay=0.01, seed=seed)) as server:
        outcome = anyio.run(partial(_storm, server, calls, seed, limiter), backend=loop)
    where = f"{name}, {calls:,} calls, {outcome.cancelled:,} of them cancelled"
    yield Row(f"{where}: wrong bodies", "0", f"{outcome.wrong}", outcome.wrong == 0)
    value, holds = f"{outcome.succeeded} of {AFTERWARDS}", outcome.succeeded == AFTERWARDS
    yield Row(f"{name}: calls that then succeed", f"{AFTERWARDS} of {AFTERWARDS}", value, holds)
    value, holds = f"{outcome.connections}", outcome.connections <= POOL
    yield Row(f"{name}: open connections", f"≤ {POOL}", value, holds)
    yield Row(f"{name}: slots lost", "0", f"{outcome.lost}", outcome.lost == 0)


async def _storm(server: Server, calls: int, seed: int, limiter: RateLimiter) -> Outcome:
    random, slots, attempts = Random(seed), _Slots(limiter), list[object]()  # noqa: S311 - moments
    numbers = iter(range(calls))
    completed = list[bool]()
    hooks = Hooks(on_attempt=attempts.append)
    options: dict[str, Any] = {"base_url": server.base_url, "limiter": limiter, "hooks": hooks}
    async with AsyncTrackingMore("key", **options) as client:

        async def work() -> None:
            for number in numbers:
                longest = LONGEST * random.random() if random.random() < CANCELLED else 60.0
                with anyio.move_on_after(longest):
                    completed.append(await _is_right(client, number))

        async with anyio.create_task_group() as tasks:
            for _ in range(TASKS):
                tasks.start_soon(work)
        succeeded = 0
        for number in range(AFTERWARDS):
            try:
                succeeded += await _is_right(client.with_options(deadline=10.0), calls + number)
            except TrackingMoreError as error:
                print("afterwards:", error)
        opened = server.connections()
    lost = len(slots.held) - len(attempts)
    return Outcome(calls - len(completed), completed.count(False), succeeded, opened, lost)


async def _is_right(client: AsyncTrackingMore, number: int) -> bool:
    text = f"1Z{number:016}"
    return (await client.trackings.get("ups", text)).tracking_number == text
