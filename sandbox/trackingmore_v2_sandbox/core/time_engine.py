"""
Advance an account's clock and apply due status changes in order.

The state of a tracking is computed from the clock alone. This module only stores the known state
when it changes, so that queries can filter by it, and notifies a listener.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from enum import Enum, auto
from functools import partial
from operator import attrgetter
from typing import Final, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from trackingmore_v2_sandbox.core.clock import AccountClock, Clock, machine_clock
from trackingmore_v2_sandbox.core.tracking_state import overdue_changes, with_observed_state
from trackingmore_v2_sandbox.store.models import (
    AccountRecord,
    DeliveryRecord,
    TrackingFilter,
    TrackingRecord,
)
from trackingmore_v2_sandbox.store.sql import Store

OnChange: TypeAlias = Callable[[str, TrackingRecord, TrackingRecord, int], None]
"""
Listener for changes of a known state: the account, the record before and after, and the time.

It is called inside the transaction that stores the change. It may write to the store, which is
rolled back with the change, and must have no other side effect.
"""

Settle: TypeAlias = Callable[[DeliveryRecord], DeliveryRecord]
"""Function that applies the result of an attempt to the current record of a delivery."""

Deliver: TypeAlias = Callable[[DeliveryRecord, int], Awaitable[Settle]]
"""Function that attempts a delivery at a given time and returns its result."""

_POLL_INTERVAL: Final = 0.02
"""Seconds between checks whether another worker has finished its deliveries."""


async def fail_delivery(_delivery: DeliveryRecord, _now: int) -> Settle:
    """Mark a delivery as failed without sending it."""
    return partial(replace, due_at=None, state="failed")


class TimeEngine(Struct, frozen=True):
    """Clocks and due changes of the accounts in a store."""

    store: Store
    machine: Clock
    """The clock that the accounts' clocks are derived from."""

    on_change: OnChange = lambda _account, _before, _after, _moment: None
    deliver: Deliver = fail_delivery
    default: AccountClock | None = None
    """Clock of accounts that have not set their own. Default: None, the machine's clock."""

    def register_account(self, account: AccountRecord, key_hint: str) -> AccountRecord:
        """
        Store a new account with its key hint and the default clock, and return it.

        Must be called inside a write transaction.
        """
        known = replace(account, key_hint=key_hint)
        # Stored so that the account keeps its clock when a later run has another default.
        if self.default and known.anchor_machine is None:
            known = _with_clock(known, self.default)
        self.store.save_account(known)
        return known

    def now(self, account: AccountRecord | None) -> datetime:
        """Return the time of an account; an unknown account has the default clock."""
        machine_now = self.machine.now()
        # The common case needs no clock of its own.
        if self.default is None and (account is None or account.anchor_machine is None):
            return machine_now
        return self._clock(account, machine_now).at(machine_now)

    def speed(self, account: AccountRecord | None) -> float:
        """Return the speed of an account's clock, as a multiple of the machine's."""
        return self._clock(account, self.machine.now()).speed

    def _clock(self, account: AccountRecord | None, machine_now: datetime) -> AccountClock:
        if account is None or account.anchor_machine is None:
            return self.default or machine_clock(machine_now)
        return AccountClock(account.anchor_machine, account.anchor_virtual, account.clock_speed)

    def catch_up(self, account: str, until: int) -> None:
        """
        Store all changes of an account's trackings up to a time, in the order in which they happen.

        Must be called inside a write transaction.
        """
        # One at a time: each change schedules the next one of its tracking.
        while tracking := self.store.next_due_tracking(account, until):
            moment = tracking.due_at or 0
            self._save(tracking, with_observed_state(tracking, moment), moment)

    def add(self, trackings: Iterable[TrackingRecord], now: int) -> None:
        """
        Insert trackings with their current state.

        Must be called inside a write transaction.
        """
        # Inserted together: one statement for many rows is faster than one for each.
        pairs = [(tracking, with_observed_state(tracking, now)) for tracking in trackings]
        self.store.insert(*(after for _, after in pairs))
        for before, after in pairs:
            self._notify(before, after, now)

    def add_overdue(self, trackings: Sequence[TrackingRecord], now: int, *, notify: bool) -> None:
        """
        Insert trackings whose columns are those of a time before now, with their current state.

        Must be called inside a write transaction.

        Args:
            trackings: The trackings. Their changes are overdue from `due_at` on.
            now: Time by the account's clock, Unix seconds.
            notify: Whether to notify the listener of each overdue change, in the order in which
                they happened. Otherwise a tracking costs the same, however old it is.
        """
        self.store.insert(
            *(
                with_observed_state(each, now) if _is_overdue(each, now) else each
                for each in trackings
            )
        )
        if not notify:
            return
        changes = [change for each in trackings for change in overdue_changes(each, now)]
        for change in sorted(changes, key=attrgetter("at")):
            self._notify(change.before, change.after, change.at)

    def change(self, before: TrackingRecord, after: TrackingRecord, now: int) -> TrackingRecord:
        """
        Replace a tracking and return it with its current state.

        Must be called inside a write transaction.
        """
        changed = with_observed_state(after, now)
        self._save(before, changed, now)
        return changed

    def _save(self, before: TrackingRecord, after: TrackingRecord, moment: int) -> None:
        self.store.replace(before, after)
        self._notify(before, after, moment)

    def _notify(self, before: TrackingRecord, after: TrackingRecord, moment: int) -> None:
        if (before.seen_status, before.seen_substatus) != (after.seen_status, after.seen_substatus):
            self.on_change(after.account, before, after, moment)

    def run(self, account: str, speed: float = 1.0) -> None:
        """
        Run an account's clock from now on at a speed, as a multiple of the machine's clock.

        Raises:
            ValueError: The speed is negative, NaN, or above 1,000,000.
        """
        with self.store.transaction(write=True, account=account):
            known, machine_now, clock = self._read_clock(account)
            self._save_clock(known, clock.run(machine_now, speed))

    async def set(self, account: str, to: datetime, speed: float | None = None) -> None:
        """
        Set an account's clock; a later time is reached as in `advance()`.

        Args:
            account: The account.
            to: The new time.
            speed: The speed from then on. Default: None, unchanged.

        Raises:
            ValueError: The time has no time zone or is outside 1970 to 2100, the speed is invalid,
                or the clock would be set back while the account has trackings or deliveries.
        """
        with self.store.transaction(write=True, account=account):
            known, machine_now, clock = self._read_clock(account)
            moved = clock.set(machine_now, to)
            if speed is not None:
                moved = moved.run(machine_now, speed)
            is_jump_back = to < clock.at(machine_now)
            if is_jump_back:
                self._require_no_past(account)
                self._save_clock(known, moved)
            elif speed is not None:
                # Frozen until the target is reached, so that the new speed counts exactly from it.
                self._save_clock(known, clock.freeze(machine_now))
        if is_jump_back:
            return
        try:
            await self._pass_until(account, to)
        finally:
            if speed is not None:
                self.run(account, speed)

    async def advance(self, account: str, by: timedelta) -> None:
        """
        Advance an account's clock by a duration; store due changes and attempt due deliveries.

        The clock stops at each time at which something is due, so that the receiver of a webhook
        that calls the sandbox sees the state at that time.

        Raises:
            ValueError: The duration is negative, or leads past the year 2100.
        """
        with self.store.transaction(write=False):
            _, machine_now, clock = self._read_clock(account)
        await self._pass_until(account, clock.advance(machine_now, by).at(machine_now))

    async def process_due(self, account: str) -> None:
        """Store all changes due by now and attempt all deliveries due by now."""
        with self.store.transaction(write=False):
            _, machine_now, clock = self._read_clock(account)
        target = clock.at(machine_now)
        while await self._step(account, target) is _TimeStep.DONE:
            pass

    async def _pass_until(self, account: str, target: datetime) -> None:
        while (step := await self._step(account, target)) is not _TimeStep.NOTHING_DUE:
            if step is _TimeStep.CLAIMED_ELSEWHERE:
                await asyncio.sleep(_POLL_INTERVAL)
        with self.store.transaction(write=True, account=account):
            self._jump_ahead(account, target)

    async def _step(self, account: str, target: datetime) -> "_TimeStep":
        """Process what is due next, if it is due by the target."""
        with self.store.transaction(write=True, account=account):
            moment = self.store.next_due(account)
            if moment is None or moment > target.timestamp():
                return _TimeStep.NOTHING_DUE
            now = self._jump_ahead(account, datetime.fromtimestamp(moment, UTC))
            self.catch_up(account, moment)
            deliveries = self.store.claim_due_deliveries(
                account,
                moment,
                machine_now=int(self.machine.now().timestamp()),
                limit=1,  # Each claimed delivery must be attempted before its lease ends.
            )
            is_claimed_elsewhere = not deliveries and self.store.next_due(account) == moment
        for delivery in deliveries:
            await self._try(delivery, int(now.timestamp()))
        return _TimeStep.CLAIMED_ELSEWHERE if is_claimed_elsewhere else _TimeStep.DONE

    async def _try(self, delivery: DeliveryRecord, now: int) -> None:
        settle: Settle | None = None
        try:
            settle = await self.deliver(delivery, now)
        finally:
            # Release the claim even after an error. The account may have been reset in between.
            with self.store.transaction(write=True, account=delivery.account):
                stored = self.store.find_delivery(delivery.account, delivery.id)
                if stored:
                    self.store.save_delivery(stored if settle is None else settle(stored))

    def _jump_ahead(self, account: str, to: datetime) -> datetime:
        """Set the clock to a time unless that has passed; return the resulting time."""
        known, machine_now, clock = self._read_clock(account)
        now = clock.at(machine_now)
        if to <= now:
            return now
        self._save_clock(known, clock.set(machine_now, to))
        return to

    def _require_no_past(self, account: str) -> None:
        if self.store.search(account, TrackingFilter(), limit=1) or self.store.deliveries(
            account, limit=1
        ):
            raise ValueError(
                "cannot set the clock back while trackings or webhook deliveries exist;"
                " reset the account first"
            )

    def _read_clock(self, account: str) -> tuple[AccountRecord, datetime, AccountClock]:
        known = self.store.find_account(account) or AccountRecord(account)
        machine_now = self.machine.now()
        return known, machine_now, self._clock(known, machine_now)

    def _save_clock(self, account: AccountRecord, clock: AccountClock) -> None:
        self.store.save_account(_with_clock(account, clock))


def _is_overdue(tracking: TrackingRecord, now: int) -> bool:
    return tracking.due_at is not None and tracking.due_at <= now


class _TimeStep(Enum):
    """Result of processing one due time."""

    DONE = auto()
    CLAIMED_ELSEWHERE = auto()
    """Another worker is sending the delivery."""

    NOTHING_DUE = auto()


def _with_clock(account: AccountRecord, clock: AccountClock) -> AccountRecord:
    return replace(
        account,
        anchor_machine=clock.anchor_machine,
        anchor_virtual=clock.anchor_virtual,
        clock_speed=clock.speed,
    )
