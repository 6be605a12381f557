"""What the rate limiters with a store have in common: connections, outages, and awaited forms."""

import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from functools import partial
from threading import Lock, Thread
from typing import Any, Final, NamedTuple, Protocol, TypeVar

from msgspec.structs import replace

from trackingmore_v2._config import checked_positive
from trackingmore_v2._errors import ConfigurationError, LimiterUnavailable
from trackingmore_v2._storage.errors import first_line
from trackingmore_v2._storage.sessions import StoreClient
from trackingmore_v2._storage.threads import in_thread
from trackingmore_v2.limiters._schedule import TOLERANCE, interval_of
from trackingmore_v2.limiters.memory import Limiter
from trackingmore_v2.limiters.protocol import Slot
from trackingmore_v2_api import Operation

ResultT = TypeVar("ResultT")

_RETRY_AFTER: Final = 1.0
"""Seconds for which a store that failed is not tried."""


class Grant(NamedTuple):
    """A slot, as a store grants it."""

    epoch: str
    """State of the store; a slot of another state is void."""

    at: float
    """Seconds of the store's clock."""

    delay: float


class Reservation(NamedTuple):
    """What a caller asks a store for; times are in seconds."""

    account: str
    operation: str
    interval: float
    tolerance: float
    """How late the slot that is held may be used."""

    latest: float | None
    held: Grant | None


class Session(Protocol):
    """A connection to a store."""

    def reserve(self, wanted: Reservation) -> Grant | None:
        """Reserve a slot, or return the one that is held if it is valid."""
        ...  # pragma: no cover - a protocol

    def release(self, account: str, operation: str, grant: Grant) -> None:
        """Release a slot."""
        ...  # pragma: no cover - a protocol

    def block(self, account: str, seconds: float) -> None:
        """Block an account, and notify the other sessions."""
        ...  # pragma: no cover - a protocol

    def has_news(self) -> bool:
        """Return whether an account may have been blocked, without a round trip."""
        ...  # pragma: no cover - a protocol

    def close(self) -> None:
        """Close the connection."""
        ...  # pragma: no cover - a protocol


class StoreSlot(Slot, frozen=True, kw_only=True):
    """A slot of a store."""

    grant: Grant
    due: float
    """Time of the slot, in seconds of this host's clock."""

    generation: int
    """What was known of blocked accounts when the slot was reserved."""

    tolerance: float = TOLERANCE
    """Seconds by which the slot may be used late; more than the default moves the slot after it."""


class _Fallback(Limiter):
    """A limiter with a share of the rate, for the time without a store."""

    def __init__(self, per_second: float | None, share: float) -> None:
        super().__init__(per_second)
        self._share: Final = share

    def begin_after(self, account: str, operation: Operation[Any], used_at: float) -> None:
        """Begin one interval after the last slot of the store, not at once."""
        interval = self._interval(operation)
        with self._lock:
            schedule = self._schedule(account, operation, used_at, interval)
            schedule.free_at = max(schedule.free_at, used_at + interval)

    def _interval(self, operation: Operation[Any]) -> float:
        return super()._interval(operation) / self._share


class StoreLimiter(StoreClient[Session]):
    """Base class of the rate limiters with a store."""

    def __init__(
        self, per_second: float | None, fallback_share: float | None, timeout: float
    ) -> None:
        self._per_second: Final = (
            None if per_second is None else checked_positive("per_second", per_second)
        )
        super().__init__(timeout)
        self._fallback: Final = (
            None
            if fallback_share is None
            else _Fallback(per_second, _checked_share(fallback_share))
        )
        self._generation = 0
        self._blocked_until: Final[dict[str, float]] = {}
        """Blocks by this process, since the store may lose them."""

        self._used_at: Final[dict[tuple[str, str], float]] = {}
        """When this process last used a slot of the store, by account and operation."""

        self._away_until = 0.0
        self._reason = ""

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
            latest: Maximum delay of the slot in seconds, and maximum time to wait for the store.
                Default: no limit.
            held: The slot that the caller has waited for. If it is still valid, it is returned with
                a delay of 0; otherwise another one is reserved in its place. Default: none.

        Returns:
            The slot; None if its delay would exceed `latest`, and nothing is reserved.

        Raises:
            LimiterUnavailable: The store cannot be reached, and there is no `fallback_share`.
        """
        reserve = partial(self._reserve_or_fall_back, account, operation, latest, held)
        return reserve() if latest is None else _within(latest, reserve, self.release)

    def _reserve_or_fall_back(
        self,
        account: str,
        operation: Operation[Any],
        latest: float | None,
        held: Slot | None,
    ) -> Slot | None:
        ours = held if isinstance(held, StoreSlot) else None
        key = account, operation.id
        try:
            if ours and self._is_current(ours):
                slot: Slot | None = replace(ours, delay=0.0)
            else:
                slot = self._reserve(account, operation, latest, ours)
        except self._store_errors as error:
            if self._fallback is None:
                raise LimiterUnavailable(operation.id, first_line(error)) from None
            if key in self._used_at:
                self._fallback.begin_after(account, operation, self._used_at[key])
            return self._fallback.reserve(account, operation, latest, None if ours else held)
        if slot and not slot.delay:
            self._used_at[key] = time.monotonic()
        return slot

    def _reserve(
        self,
        account: str,
        operation: Operation[Any],
        latest: float | None,
        held: StoreSlot | None,
    ) -> Slot | None:
        tolerance = held.tolerance if held else TOLERANCE
        if held and _is_late(held):
            # Otherwise a caller that is always late, as in a slow event loop, would never send.
            tolerance = TOLERANCE + min(time.monotonic() - held.due, 2 * tolerance)
            held = None
        grant = held.grant if held else None
        interval = interval_of(operation, self._per_second) + tolerance - TOLERANCE
        wanted = Reservation(account, operation.id, interval, tolerance, latest, grant)
        grant, generation = self._with_session(lambda session: session.reserve(wanted))
        if grant is None:
            return None
        if held and not grant.delay and _is_late(held):
            return self._reserve(account, operation, latest, held)
        return StoreSlot(
            account=account,
            operation=operation,
            delay=grant.delay,
            at=grant.at,
            grant=grant,
            due=time.monotonic() + grant.delay,
            generation=generation,
            tolerance=tolerance,
        )

    def release(self, slot: Slot) -> None:
        """
        Release a slot that is not used, so that other callers can reserve it.

        Args:
            slot: The slot.
        """
        if not isinstance(slot, StoreSlot):
            if self._fallback:
                self._fallback.release(slot)
            return
        if slot.due <= time.monotonic():
            return  # it is too late for any other caller
        operation, grant = slot.operation.id, slot.grant
        try:
            self._with_session(lambda session: session.release(slot.account, operation, grant))
        except self._store_errors:
            return  # without a store, there is nothing to release

    def block(self, account: str, seconds: float) -> None:
        """
        Void all slots of an account that are due within the next seconds.

        While the store cannot be reached, the block holds in this process; the store is informed
        as soon as it is back.

        Args:
            account: The account.
            seconds: The time in seconds. A block that ends earlier than a previous one has no
                effect.
        """
        if self._fallback:
            self._fallback.block(account, seconds)
        until = time.monotonic() + seconds
        self._blocked_until[account] = max(until, self._blocked_until.get(account, until))
        try:
            self._with_session(lambda session: session.block(account, seconds))
        except self._store_errors:
            return  # a new session blocks the account
        finally:
            # The notification is for the others, and may take longer.
            self._generation += 1

    async def reserve_async(
        self,
        account: str,
        operation: Operation[Any],
        latest: float | None = None,
        held: Slot | None = None,
    ) -> Slot | None:
        """
        Reserve a slot as `reserve()` does, in a worker thread.

        Args:
            account: The account.
            operation: The operation to be called.
            latest: Maximum delay of the slot in seconds. Default: no limit.
            held: The slot that the caller has waited for. Default: none.

        Returns:
            The slot, or None.

        Raises:
            LimiterUnavailable: The store cannot be reached, and there is no `fallback_share`.
        """
        handover = _Handover(self.release)
        reserve = partial(self.reserve, account, operation, latest, held)
        try:
            return await in_thread(lambda: handover.offer(reserve()))
        except BaseException:
            slot = handover.abandon()
            if slot:
                await self.release_async(slot)
            raise

    async def release_async(self, slot: Slot) -> None:
        """
        Release a slot as `release()` does, also in a task that is being cancelled.

        Args:
            slot: The slot.
        """
        await in_thread(partial(self.release, slot))

    async def block_async(self, account: str, seconds: float) -> None:
        """
        Block an account as `block()` does, in a worker thread.

        Args:
            account: The account.
            seconds: The time in seconds.
        """
        await in_thread(partial(self.block, account, seconds))

    def __repr__(self) -> str:
        # Without the URL of the store, which may contain a password.
        return f"{type(self).__name__}(per_second={self._per_second!r})"

    def _is_current(self, held: StoreSlot) -> bool:
        """Return whether a slot is known to be valid without a round trip."""
        with self._lock:
            session = self._own_session()
            try:
                if session is None or session.has_news():
                    self._generation += 1
            except self._store_errors:
                self._drop()
            # The time only now: the lock was held while another thread used the connection.
            return held.generation == self._generation and not _is_late(held)

    def _with_session(self, action: Callable[[Session], ResultT]) -> tuple[ResultT, int]:
        """Carry out an action, and return its result and what was known of blocks before it."""
        with self._lock:
            if time.monotonic() < self._away_until:
                raise self._store_errors[0](self._reason)
            try:
                return self._try_twice(action), self._generation
            except self._store_errors as error:
                self._reason = first_line(error)
                self._away_until = time.monotonic() + _RETRY_AFTER
                raise

    def _open(self) -> Session:
        session = super()._open()
        self._generation += 1
        for account, until in self._blocked_until.items():
            if until > time.monotonic():
                session.block(account, until - time.monotonic())
        return session

    def _drop(self) -> None:
        self._generation += 1
        super()._drop()


class _Handover:
    """A slot on its way from a worker thread to a task that may be cancelled meanwhile."""

    def __init__(self, release: Callable[[Slot], None]) -> None:
        self._release: Final = release
        self._lock: Final = Lock()
        self._slot: Slot | None = None
        self._is_abandoned = False

    def offer(self, slot: Slot | None) -> Slot | None:
        """Pass a slot on in the thread, or release it."""
        with self._lock:
            self._slot = slot
            is_abandoned = self._is_abandoned
        if is_abandoned and slot:
            self._release(slot)
        return slot

    def abandon(self) -> Slot | None:
        """Return the slot that the task has to release, since it is cancelled."""
        with self._lock:
            self._is_abandoned = True
            return self._slot


def _within(
    seconds: float, reserve: Callable[[], Slot | None], release: Callable[[Slot], None]
) -> Slot | None:
    """Reserve in a thread, and leave it behind after some seconds: it then releases its slot."""
    handover = _Handover(release)
    future = Future[Slot | None]()

    def run() -> None:
        try:
            future.set_result(handover.offer(reserve()))
        except BaseException as error:  # noqa: BLE001 - the caller raises it
            future.set_exception(error)

    Thread(target=run, daemon=True).start()
    try:
        wait([future], max(seconds, 0.0))
        return future.result() if future.done() else handover.abandon()
    except BaseException:
        slot = handover.abandon()
        if slot:
            release(slot)
        raise


def _is_late(held: StoreSlot) -> bool:
    """Return whether a slot may no longer be used, also because a round trip took long."""
    return time.monotonic() > held.due + held.tolerance


def _checked_share(value: float) -> float:
    share = checked_positive("fallback_share", value)
    if share > 1:
        raise ConfigurationError(f"fallback_share must be at most 1, not {value!r}")
    return share
