"""
Time passes: what becomes due is stored and told, in the order in which it happens.

What a parcel looks like follows from the clock alone, so nothing here makes news. It only writes
down what is seen when that changes, so that queries can ask for it, and tells a listener.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum, auto
from functools import partial
from typing import Final, TypeAlias

from msgspec.structs import replace

from trackingmore_v2_sandbox.core.clock import AccountClock, Clock, follow
from trackingmore_v2_sandbox.core.tracking_state import note
from trackingmore_v2_sandbox.store import (
    AccountRecord,
    DeliveryRecord,
    Store,
    TrackingFilter,
    TrackingRecord,
)

OnChange: TypeAlias = Callable[[str, TrackingRecord, TrackingRecord, int], None]
"""
Is told when something else is seen of a parcel: the account, the parcel before and after, and when.

It is called inside the transaction that stores the change, so what it does to the store is undone
when that is undone, and it must do nothing else.
"""

Settle: TypeAlias = Callable[[DeliveryRecord], DeliveryRecord]
"""Makes of a delivery, as it stands by now, what it is after an attempt."""

Deliver: TypeAlias = Callable[[DeliveryRecord, int], Awaitable[Settle]]
"""Tries to deliver something at a moment, and tells what comes of that."""

_PATIENCE: Final = 0.02
"""Seconds until it is asked again whether another worker has done its deliveries."""


def tell_nobody(
    _account: str, _before: TrackingRecord, _after: TrackingRecord, _moment: int
) -> None:
    """Listen to nothing."""


async def deliver_nothing(_delivery: DeliveryRecord, _now: int) -> Settle:
    """Let a delivery fail for good."""
    return partial(replace, due_at=None, state="failed")


def leave(delivery: DeliveryRecord) -> DeliveryRecord:
    """Have nothing come of an attempt."""
    return delivery


@dataclass(frozen=True, slots=True)
class TimeEngine:
    """The passage of time for the accounts of a store."""

    store: Store
    machine: Clock
    """The clock that the accounts' own clocks follow."""

    on_change: OnChange = tell_nobody
    deliver: Deliver = deliver_nothing
    default: AccountClock | None = None
    """The clock of accounts that have never set their own; None: the machine's."""

    def introduce(self, account: AccountRecord, key_hint: str) -> AccountRecord:
        """
        Note how people recognise an account, which keeps the usual clock from now on.

        Belongs inside a transaction that writes.
        """
        known = replace(account, key_hint=key_hint)
        if self.default and known.anchor_machine is None:
            known = _with_clock(known, self.default)
        self.store.save_account(known)
        return known

    def now(self, account: AccountRecord | None) -> datetime:
        """Tell the time of an account; one that nothing is known of has the usual one."""
        machine_now = self.machine.now()
        if self.default is None and (account is None or account.anchor_machine is None):
            return machine_now
        return self._clock(account, machine_now).at(machine_now)

    def speed(self, account: AccountRecord | None) -> float:
        """Tell how many times as fast as the machine's clock that of an account runs."""
        return self._clock(account, self.machine.now()).speed

    def _clock(self, account: AccountRecord | None, machine_now: datetime) -> AccountClock:
        if account is None or account.anchor_machine is None:
            return self.default or follow(machine_now)
        return AccountClock(account.anchor_machine, account.anchor_virtual, account.clock_speed)

    def catch_up(self, account: str, until: int) -> None:
        """
        Store all news of an account's parcels up to a moment, in the order of its coming.

        Belongs inside a transaction that writes.
        """
        while tracking := self.store.next_due_tracking(account, until):
            moment = tracking.due_at or 0
            self._save(tracking, note(tracking, moment), moment)

    def add(self, trackings: Iterable[TrackingRecord], now: int) -> None:
        """
        Add parcels, with what is seen of them now.

        Belongs inside a transaction that writes.
        """
        noted = [(tracking, note(tracking, now)) for tracking in trackings]
        self.store.insert(*(after for _, after in noted))
        for before, after in noted:
            self._tell(before, after, now)

    def change(self, before: TrackingRecord, after: TrackingRecord, now: int) -> TrackingRecord:
        """
        Put a parcel in the place of another, and give it with what is seen of it now.

        Belongs inside a transaction that writes.
        """
        noted = note(after, now)
        self._save(before, noted, now)
        return noted

    def _save(self, before: TrackingRecord, after: TrackingRecord, moment: int) -> None:
        self.store.replace(before, after)
        self._tell(before, after, moment)

    def _tell(self, before: TrackingRecord, after: TrackingRecord, moment: int) -> None:
        if (before.seen_status, before.seen_substatus) != (after.seen_status, after.seen_substatus):
            self.on_change(after.account, before, after, moment)

    def run(self, account: str, speed: float = 1.0) -> None:
        """
        Let an account's clock run from now on, so many times as fast as the machine's.

        Raises:
            ValueError: The speed is negative, no number, or above a million.
        """
        self._turn_clock(account, lambda clock, machine_now: clock.run(machine_now, speed))

    def freeze(self, account: str) -> None:
        """Let an account's clock stand still from now on."""
        self._turn_clock(account, AccountClock.freeze)

    async def set(self, account: str, to: datetime, speed: float | None = None) -> None:
        """
        Jump to a moment; ahead, that is to advance.

        Args:
            account: Whose clock.
            to: The moment.
            speed: How fast to go on from there; None: as fast as before.

        Raises:
            ValueError: The moment has no zone or is out of range, or it lies in the past of an
                account that has trackings or deliveries: what they tell would not have happened
                yet.
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
            elif speed is not None:  # Standing still until then, it goes on from that very moment.
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
        Jump ahead. At the end all that became due is stored, and all that was to be sent was tried.

        On the way the clock stops at each moment at which something is due, so that whoever is told
        of news sees the sandbox as it is then.

        Raises:
            ValueError: It is a jump back, or out of the clock's range.
        """
        with self.store.transaction(write=False):
            _, machine_now, clock = self._read_clock(account)
        await self._pass_until(account, clock.advance(machine_now, by).at(machine_now))

    async def process_due(self, account: str) -> None:
        """Store all news that is due by now, and try to send what is due."""
        with self.store.transaction(write=False):
            _, machine_now, clock = self._read_clock(account)
        target = clock.at(machine_now)
        while await self._step(account, target) is _TimeStep.DONE:
            pass

    async def _pass_until(self, account: str, target: datetime) -> None:
        while (step := await self._step(account, target)) is not _TimeStep.NOTHING_DUE:
            if step is _TimeStep.LEFT_TO_OTHERS:
                await asyncio.sleep(_PATIENCE)
        with self.store.transaction(write=True, account=account):
            self._jump_ahead(account, target)

    async def _step(self, account: str, target: datetime) -> "_TimeStep":
        """Do what is due at the next moment, if that comes by the target."""
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
                limit=1,  # It must be tried before the lease is over.
            )
            is_left = not deliveries and self.store.next_due(account) == moment
        for delivery in deliveries:
            await self._try(delivery, int(now.timestamp()))
        return _TimeStep.LEFT_TO_OTHERS if is_left else _TimeStep.DONE

    async def _try(self, delivery: DeliveryRecord, now: int) -> None:
        settle: Settle = leave
        try:
            settle = await self.deliver(delivery, now)
        finally:
            # Whatever happened, it is let go of. Meanwhile the account may have been reset.
            with self.store.transaction(write=True, account=delivery.account):
                stored = self.store.find_delivery(delivery.account, delivery.id)
                if stored:
                    self.store.save_delivery(settle(stored))

    def _jump_ahead(self, account: str, to: datetime) -> datetime:
        """Set the clock to a moment, unless that has passed already; give the time then."""
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
            raise ValueError("time goes back only in an account without trackings: reset it first")

    def _turn_clock(
        self, account: str, context: Callable[[AccountClock, datetime], AccountClock]
    ) -> None:
        with self.store.transaction(write=True, account=account):
            known, machine_now, clock = self._read_clock(account)
            self._save_clock(known, context(clock, machine_now))

    def _read_clock(self, account: str) -> tuple[AccountRecord, datetime, AccountClock]:
        known = self.store.find_account(account) or AccountRecord(account)
        machine_now = self.machine.now()
        return known, machine_now, self._clock(known, machine_now)

    def _save_clock(self, account: AccountRecord, clock: AccountClock) -> None:
        self.store.save_account(_with_clock(account, clock))


class _TimeStep(Enum):
    """What came of looking for something that is due."""

    DONE = auto()
    LEFT_TO_OTHERS = auto()
    """Another worker is sending it."""

    NOTHING_DUE = auto()


def _with_clock(account: AccountRecord, clock: AccountClock) -> AccountRecord:
    return replace(
        account,
        anchor_machine=clock.anchor_machine,
        anchor_virtual=clock.anchor_virtual,
        clock_speed=clock.speed,
    )
