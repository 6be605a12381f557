"""
Advance an account's clock and apply due status changes in order.

The state of a tracking is computed from the clock alone. This module only stores the known state
when it changes, so that queries can filter by it, and notifies a listener.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from operator import attrgetter
from time import monotonic
from typing import Final, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from trackingmore_v2_sandbox.core.clock import (
    AccountClock,
    Clock,
    from_microseconds,
    machine_clock,
    to_microseconds,
)
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

PATIENCE: Final = 1.0
"""Maximum seconds for which a clock stops for a target, while another target is free."""


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

    patience: float = PATIENCE
    """Maximum seconds for which a clock stops for a target, while another target is free."""

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
        # The common cases need no clock of their own: accounts that follow the machine's.
        if account is None or account.anchor_machine is None:
            if self.default is None:
                return machine_now
        elif account.anchor_machine == account.anchor_virtual and account.clock_speed == 1:
            return max(machine_now, from_microseconds(account.anchor_virtual))
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
        moment: int | None = None
        # One at a time: each change schedules the next one of its tracking.
        while tracking := self.store.next_due_tracking(account, until):
            moment = tracking.due_at or 0
            self._save(tracking, with_observed_state(tracking, moment), moment)
        if moment is not None:
            self._keep_time(account, until)

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
        for account in {after.account for _, after in pairs}:
            self._keep_time(account, now)

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
        if notify:
            changes = [change for each in trackings for change in overdue_changes(each, now)]
            for change in sorted(changes, key=attrgetter("at")):
                self._notify(change.before, change.after, change.at)
        for account in {each.account for each in trackings if _is_overdue(each, now)}:
            self._keep_time(account, now)

    def change(self, before: TrackingRecord, after: TrackingRecord, now: int) -> TrackingRecord:
        """
        Replace a tracking and return it with its current state.

        Must be called inside a write transaction.
        """
        changed = with_observed_state(after, now)
        self._save(before, changed, now)
        self._keep_time(changed.account, now)
        return changed

    def _save(self, before: TrackingRecord, after: TrackingRecord, moment: int) -> None:
        self.store.replace(before, after)
        self._notify(before, after, moment)

    def _notify(self, before: TrackingRecord, after: TrackingRecord, moment: int) -> None:
        if (before.seen_status, before.seen_substatus) != (after.seen_status, after.seen_substatus):
            self.on_change(after.account, before, after, moment)

    def _keep_time(self, account: str, reached: int) -> None:
        """Keep an account's clock from showing less than a stored time, also after a restart."""
        known, machine_now, clock = self._read_clock(account)
        is_behind = to_microseconds(machine_now) < clock.anchor_machine
        if is_behind or known.anchor_machine is None or clock.anchor_virtual < reached * 1_000_000:
            self._save_clock(known, clock.run(machine_now, clock.speed))

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
                # The lower speed, so that the clock does not pass the target by itself. If frozen,
                # it would stay so if the sandbox was killed meanwhile.
                self._save_clock(known, clock.run(machine_now, min(clock.speed, speed)))
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
        that calls the sandbox sees the state at that time. It stops for a second at most as long
        as another target is free, so that a silent receiver does not delay the webhooks of others;
        what is due for that one is attempted in order, before the method returns.

        Raises:
            ValueError: The duration is negative, or leads past the year 2100.
        """
        with self.store.transaction(write=False):
            _, machine_now, clock = self._read_clock(account)
        await self._pass_until(account, clock.advance(machine_now, by).at(machine_now))

    async def process_due(self, account: str, target_id: str | None = None) -> None:
        """
        Store all changes due by now, and attempt all deliveries due by now.

        Args:
            account: The account.
            target_id: The target whose deliveries to attempt. Default: None, all targets.
        """
        with self.store.transaction(write=False):
            _, machine_now, clock = self._read_clock(account)
        await self._process(account, clock.at(machine_now), target_id)

    def claim_due(self, account: str, target_id: str | None = None) -> "Due":
        """
        Store all changes due by now, and claim a due delivery for each target that is free.

        Args:
            account: The account.
            target_id: The target whose delivery to claim. Default: None, all targets.

        Returns:
            What is due; pass each claimed delivery to `start_attempt()`.
        """
        with self.store.transaction(write=True, account=account):
            return self._claim_due(account, target_id)

    def start_attempt(self, delivery: DeliveryRecord, now: int) -> asyncio.Task[None]:
        """
        Attempt a claimed delivery in a task of its own, which saves the result.

        Args:
            delivery: The delivery.
            now: Time by the account's clock, Unix seconds.

        Returns:
            The task; its end releases the claim.
        """
        task = asyncio.create_task(self._attempt(delivery, now))
        # Not in the task itself, which never starts if it is cancelled at once.
        task.add_done_callback(
            lambda _: self.store.release_target(delivery.account, delivery.target_id)
        )
        return task

    async def _attempt(self, delivery: DeliveryRecord, now: int) -> None:
        settle = await self.deliver(delivery, now)
        with self.store.transaction(write=True, account=delivery.account):
            # The account may have been reset in between.
            stored = self.store.find_delivery(delivery.account, delivery.id)
            if stored:
                self.store.save_delivery(settle(stored))

    async def _pass_until(self, account: str, target: datetime) -> None:
        await self._process(account, target)
        with self.store.transaction(write=True, account=account):
            self._jump_ahead(account, target)

    async def _process(self, account: str, until: datetime, target_id: str | None = None) -> None:
        """Process everything that is due by a time, and wait for all attempts."""
        running: set[asyncio.Task[None]] = set()
        waits = _Waits(self.patience)
        try:
            while due := self._step(account, until, waits, target_id):
                running |= {self.start_attempt(each, due.now) for each in due.claimed}
                if due.is_held:
                    await _wait_for_one(running)
                elif not due.claimed:  # Others go on while many changes are stored.
                    await asyncio.sleep(0)
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    def _step(
        self, account: str, until: datetime, waits: "_Waits", target_id: str | None
    ) -> "Due | None":
        """Process what is due next; None if nothing is due by `until`."""
        with self.store.transaction(write=True, account=account):
            due = self._claim_due(account, target_id)
            waits.note(due.busy)
            if due.claimed:
                return due
            if due.next_at is None or due.next_at > until.timestamp():
                return replace(due, is_held=True) if due.busy else None
            if due.busy and (waits.is_patient() or not self._has_free_target(account, due.busy)):
                return replace(due, is_held=True)
            self._jump_ahead(account, datetime.fromtimestamp(due.next_at, UTC))
            return self._claim_due(account, target_id)

    def _claim_due(self, account: str, target_id: str | None) -> "Due":
        now = int(self.now(self.store.find_account(account)).timestamp())
        self.catch_up(account, now)
        waiting = {
            each: due_at
            for each, due_at in self.store.next_deliveries(account).items()
            if target_id in (None, each)
        }
        due = [each for each, due_at in waiting.items() if due_at <= now]
        claimed = [self.store.claim_delivery(account, each, now) for each in due]
        return Due(
            now,
            sorted(filter(None, claimed), key=_order),
            frozenset(each for each, delivery in zip(due, claimed, strict=True) if not delivery),
            _earliest(
                self.store.next_change(account),
                *(due_at for due_at in waiting.values() if due_at > now),
            ),
        )

    def _has_free_target(self, account: str, busy: Collection[str]) -> bool:
        return any(target.id not in busy for target in self.store.targets(account))

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


class Due(Struct, frozen=True):
    """What is due in an account at a time."""

    now: int
    """The time by the account's clock, Unix seconds."""

    claimed: Sequence[DeliveryRecord] = ()
    """Deliveries to attempt, each to another target."""

    busy: frozenset[str] = frozenset()
    """Targets with a delivery that is due, and with an attempt that is under way."""

    next_at: int | None = None
    """When the next change is due, or a delivery to another target than those; None: never."""

    is_held: bool = False
    """Whether an attempt has to end before the clock goes on."""


class _Waits:
    """How long the clock has stopped for targets that are busy."""

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._since: dict[str, float] = {}

    def note(self, busy: Iterable[str]) -> None:
        """Note the targets that are busy now."""
        now = monotonic()
        # A target that is busy with one delivery after another holds up the clock all the time.
        self._since = {target: self._since.get(target, now) for target in busy}

    def is_patient(self) -> bool:
        """Return whether the clock may wait longer for a target."""
        return any(monotonic() - since < self._patience for since in self._since.values())


async def _wait_for_one(running: set[asyncio.Task[None]]) -> None:
    """Wait until an attempt has ended, or another worker may have ended one."""
    if not running:
        await asyncio.sleep(_POLL_INTERVAL)
        return
    done, _ = await asyncio.wait(
        running, timeout=_POLL_INTERVAL, return_when=asyncio.FIRST_COMPLETED
    )
    running.difference_update(done)
    for task in done:
        task.result()


def _order(delivery: DeliveryRecord) -> tuple[int, int]:
    return delivery.due_at or 0, int(delivery.id)


def _earliest(*moments: int | None) -> int | None:
    return min((moment for moment in moments if moment is not None), default=None)


def _with_clock(account: AccountRecord, clock: AccountClock) -> AccountRecord:
    return replace(
        account,
        anchor_machine=clock.anchor_machine,
        anchor_virtual=clock.anchor_virtual,
        clock_speed=clock.speed,
    )
