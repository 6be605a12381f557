"""
Rate limiter for the clients of one process.

    limiter = Limiter()
    first = TrackingMore(limiter=limiter)
    second = TrackingMore(limiter=limiter)

A client of the live API has a limiter of its own by default; a client of a server on this machine,
such as the sandbox, has none. A limiter is not shared between processes: workers in other processes
that use the same key are not limited by it.
"""

import time
from collections import deque
from collections.abc import Callable
from math import inf
from typing import Any, Final

from msgspec.structs import replace

from trackingmore_v2._config import checked_positive
from trackingmore_v2._forks import ForkSafeLock
from trackingmore_v2.limiters._schedule import (
    MARGIN,
    TOLERANCE,
    Schedule,
    interval_of,
    is_usable,
)
from trackingmore_v2.limiters.protocol import Slot
from trackingmore_v2_api import Operation

_ROUNDING: Final = 1e-6
"""Of seconds, or of requests in a second: what floats may lack."""


class _Schedule(Schedule, kw_only=True):
    used: deque[float]
    """When the latest slots were used, some of them late: as many as one window allows."""

    def use(self, slot: float, now: float, interval: float) -> float:
        """Use a slot and return 0, or return the seconds until it can be used."""
        moment = max(slot, now)
        allowed = self.used.maxlen or 1
        if len(self.used) == allowed:
            window = allowed * interval * (1 + MARGIN - TOLERANCE) / (1 + MARGIN)
            delay = self.used[0] + window - moment
            if delay > _ROUNDING:
                return delay
        self.used.append(moment)
        if now > slot + TOLERANCE:
            self.free_at = max(self.free_at, now + interval)
        return 0.0


class Limiter:
    """
    A rate limiter that spaces the requests of each operation evenly, 4 % further than required.

    The API counts requests per operation, and so does the limiter. Threads and tasks may share one.
    After a rate-limit response, no client that shares the limiter sends anything until the delay
    that the API requests is over.

    Args:
        per_second: Maximum number of requests per second for each operation. Default: the limit in
            the contract, one request per second for most operations.
        now: Function that returns the time in seconds. Default: `time.monotonic`.

    Raises:
        ConfigurationError: `per_second` is not a finite number greater than 0.
    """

    def __init__(
        self, per_second: float | None = None, *, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._per_second = (
            None if per_second is None else checked_positive("per_second", per_second)
        )
        self._now: Final = now
        self._schedules: Final[dict[tuple[str, str], _Schedule]] = {}
        """By account and operation."""

        self._blocked_until: Final[dict[str, float]] = {}
        """By account."""

        self._lock: Final = ForkSafeLock()

    def reserve(
        self,
        account: str,
        operation: Operation[Any],
        latest: float | None = None,
        held: Slot | None = None,
    ) -> Slot | None:
        """
        Reserve the next free slot, or check the slot that the caller has waited for.

        Args:
            account: The account.
            operation: The operation to be called.
            latest: Maximum delay of the slot in seconds. Default: no limit.
            held: The slot that the caller has waited for. If it is still valid, it is returned with
                a delay of 0; otherwise another one is reserved in its place. Default: none.

        Returns:
            The slot; None if its delay would exceed `latest`, and nothing is reserved.
        """
        interval = self._interval(operation)
        with self._lock:
            now = self._now()
            blocked_until = self._blocked_until.get(account, -inf)
            schedule = self._schedule(account, operation, now, interval)
            if held and is_usable(held.at, now, blocked_until, interval):
                return replace(held, delay=schedule.use(held.at, now, interval))
            deadline = None if latest is None else now + latest
            at = schedule.reserve(now, interval, blocked_until, deadline)
            if at is None:
                return None
            delay = at - now if at > now else schedule.use(at, now, interval)
        return Slot(account=account, operation=operation, delay=delay, at=at)

    def release(self, slot: Slot) -> None:
        """
        Release a slot that is not used, so that other callers can reserve it.

        Args:
            slot: The slot.
        """
        with self._lock:
            self._schedules[slot.account, slot.operation.id].release(slot.at)

    def block(self, account: str, seconds: float) -> None:
        """
        Void all slots of an account that are due within the next seconds.

        Args:
            account: The account.
            seconds: The time in seconds. A block that ends earlier than a previous one has no
                effect.
        """
        with self._lock:
            until = self._now() + seconds
            self._blocked_until[account] = max(until, self._blocked_until.get(account, until))

    async def reserve_async(
        self,
        account: str,
        operation: Operation[Any],
        latest: float | None = None,
        held: Slot | None = None,
    ) -> Slot | None:
        """
        Reserve a slot as `reserve()` does.

        Args:
            account: The account.
            operation: The operation to be called.
            latest: Maximum delay of the slot in seconds. Default: no limit.
            held: The slot that the caller has waited for. Default: none.

        Returns:
            The slot, or None.
        """
        return self.reserve(account, operation, latest, held)

    async def release_async(self, slot: Slot) -> None:
        """
        Release a slot as `release()` does.

        Args:
            slot: The slot.
        """
        self.release(slot)

    async def block_async(self, account: str, seconds: float) -> None:
        """
        Block an account as `block()` does.

        Args:
            account: The account.
            seconds: The time in seconds.
        """
        self.block(account, seconds)

    def __repr__(self) -> str:
        return f"Limiter(per_second={self._per_second!r})"

    def _schedule(
        self, account: str, operation: Operation[Any], now: float, interval: float
    ) -> _Schedule:
        key = account, operation.id
        if key not in self._schedules:
            # A window is a second, or the time of one request if the limit is lower than that.
            allowed = max(1, int((1 + MARGIN) / interval + _ROUNDING)) if interval else 1
            self._schedules[key] = _Schedule(now, used=deque(maxlen=allowed))
        return self._schedules[key]

    def _interval(self, operation: Operation[Any]) -> float:
        return interval_of(operation, self._per_second)
