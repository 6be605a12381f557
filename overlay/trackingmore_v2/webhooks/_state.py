"""
What an event log knows about the events of one tracking, and the steps that change it.

The steps are pure: a store reads a state, applies a step and writes the result in one transaction.
Times are in seconds of the store's clock. A step may be applied twice, such as after a lost
connection.
"""

from collections.abc import Iterable
from enum import StrEnum
from math import inf
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from trackingmore_v2.webhooks._identity import Order


class Outcome(StrEnum):
    """What an event log says about an event."""

    CLAIMED = "claimed"
    """It is to be handled now, by the caller."""

    IN_HAND = "in hand"
    """It, or another event of the same tracking, is being handled. The sender should retry it."""

    REPEATED = "repeated"
    """It is done, or another event with the same times and status is."""

    OUTDATED = "outdated"
    """A newer event of the tracking has been handled, so this one is not to be handled."""


class Received(NamedTuple):
    """An event, as it is recorded."""

    key: str
    order: Order
    body: bytes


class Holder(NamedTuple):
    """Who claims an event, and until when."""

    owner: str
    expires_at: float


class Record(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An event that is received, in hand or done."""

    order: Order
    body: bytes | None
    """None when the event is done."""

    owner: str | None = None
    """Who handles it, or has handled it."""

    expires_at: float = -inf
    done_at: float | None = None

    def is_in_hand(self, now: float) -> bool:
        """Return whether a claim on the event is valid."""
        return self.done_at is None and self.expires_at > now


class State(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The events of one tracking, by key."""

    records: dict[str, Record] = {}
    newest: Order | None = None
    """The newest order that was handled."""

    @property
    def is_finished(self) -> bool:
        """Whether all events are done."""
        return all(record.done_at is not None for record in self.records.values())


def claim(state: State, event: Received, holder: Holder, now: float) -> tuple[State, Outcome]:
    """Record an event, and claim it unless it is done or its tracking is in hand."""
    known = state.records.get(event.key)
    record = known or Record(order=event.order, body=event.body)
    outcome = _outcome(state, record, holder.owner, now)
    if outcome is Outcome.CLAIMED:
        record = _claimed(record, holder)
    elif outcome is not Outcome.IN_HAND:
        record = _closed(record, now)
    return _with(state, event.key, record), outcome


def done(state: State, key: str, owner: str, now: float) -> tuple[State, bool]:
    """Record that an event was handled; older ones are outdated then. Return whether it was."""
    record = state.records.get(key)
    if record is None or record.owner != owner:
        return state, False
    newest = max(state.newest or record.order, record.order)
    records = {
        each: _closed(other, now) if other.order <= newest else other
        for each, other in state.records.items()
    }
    records[key] = replace(_closed(record, now), owner=owner)
    return State(records=records, newest=newest), True


def release(state: State, key: str, owner: str) -> State:
    """Return an event that was not handled, so that it can be claimed again."""
    record = state.records.get(key)
    if record is None or record.owner != owner or record.done_at is not None:
        return state
    return _with(state, key, Record(order=record.order, body=record.body))


def take(
    state: State, holder: Holder, now: float, handed: Iterable[str]
) -> tuple[State, tuple[str, Record] | None]:
    """Claim the oldest event that is not done, except those that were handed out before."""
    waiting = [
        (record.order, key)
        for key, record in state.records.items()
        if record.done_at is None and key not in handed
    ]
    if not waiting or _is_in_hand(state, holder.owner, now):
        return state, None
    key = min(waiting)[1]
    record = _claimed(state.records[key], holder)
    return _with(state, key, record), (key, record)


def pruned(state: State, before: float) -> State:
    """Return the state without the events that were done before some time."""
    kept = {
        key: record
        for key, record in state.records.items()
        if record.done_at is None or record.done_at >= before
    }
    return state if len(kept) == len(state.records) else replace(state, records=kept)


def _outcome(state: State, record: Record, owner: str, now: float) -> Outcome:
    newest = state.newest
    if record.done_at is not None or record.order == newest:
        return Outcome.REPEATED
    if newest and record.order < newest:
        return Outcome.OUTDATED
    return Outcome.IN_HAND if _is_in_hand(state, owner, now) else Outcome.CLAIMED


def _is_in_hand(state: State, owner: str, now: float) -> bool:
    """Return whether someone else handles an event of the tracking."""
    return any(
        record.owner != owner and record.is_in_hand(now) for record in state.records.values()
    )


def _claimed(record: Record, holder: Holder) -> Record:
    return replace(record, owner=holder.owner, expires_at=holder.expires_at)


def _closed(record: Record, now: float) -> Record:
    """Return the record of an event that is not to be handled any more."""
    if record.done_at is not None:
        return record
    return Record(order=record.order, body=None, done_at=now)


def _with(state: State, key: str, record: Record) -> State:
    if state.records.get(key) == record:
        return state
    return replace(state, records={**state.records, key: record})
