"""
The state of a tracking as the provider knows it: when it polls the carrier, and what it has learnt.

Background polls are computed from the clock instead of being scheduled, so a tracking read after a
year is as up to date as one read every minute. The known state changes only at certain times;
`next_change()` returns the next one.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from trackingmore_v2_sandbox.scenarios.journey import CarrierReport, Journey, report_at
from trackingmore_v2_sandbox.scenarios.planner import plan_journey
from trackingmore_v2_sandbox.scenarios.reference_data import CarrierInfo, find_carrier
from trackingmore_v2_sandbox.store.models import TrackingRecord

_HOUR: Final = 3600
_FIRST_POLL: Final = 60
"""Delay from the creation of a tracking to its first regular poll, in seconds. Assumed."""

_REFRESH: Final = {"express": 3 * _HOUR, "globalpost": 6 * _HOUR}
"""Seconds between two regular polls, by type of carrier."""

_SETTLED: Final = frozenset({"delivered", "expired"})


class TrackingState(Struct, frozen=True, gc=False):
    """A tracking as the provider knows it at a given time."""

    tracking: TrackingRecord
    carrier: CarrierInfo
    journey: Journey
    polled_at: int | None
    """When the carrier was last polled, in Unix seconds; None while pending."""

    report: CarrierReport
    """The carrier's report at that time."""

    @property
    def status(self) -> str:
        """The status set manually, or else the one the carrier reported."""
        return self.tracking.status or self.report.status

    @property
    def substatus(self) -> str | None:
        """The substatus; None for a status set manually (assumed)."""
        return None if self.tracking.status else self.report.substatus

    @property
    def is_refreshed(self) -> bool:
        """
        Whether the provider still polls the carrier in the background.

        Assumed: it does not for an `expired` tracking, and a status set manually counts like a
        reported one.
        """
        return self.tracking.stopped_at is None and self.status not in _SETTLED


class StateChange(Struct, frozen=True, gc=False):
    """A change of the known state of a tracking."""

    at: int
    """Time, Unix seconds."""

    before: TrackingRecord
    after: TrackingRecord


def observe(tracking: TrackingRecord, now: int) -> TrackingState:
    """Return the state of a tracking as the provider knows it now."""
    return _observe(tracking, _plan_polls(tracking), now)


def last_poll(tracking: TrackingRecord, now: int) -> int | None:
    """Return when the carrier was last polled, in Unix seconds; None while pending."""
    return _last_poll(tracking, _plan_polls(tracking), now)


def observe_at(tracking: TrackingRecord, polled_at: int | None) -> TrackingState:
    """Return the state of a tracking between a poll at the given time and the next poll."""
    return _observe_at(tracking, _plan_polls(tracking), polled_at)


def next_change(tracking: TrackingRecord, now: int) -> int | None:
    """
    Return when the known state of a tracking changes next if no request changes it.

    A regular poll that finds the same status is not a change. An extra poll of the journey always
    is one, because its time cannot be computed from `now` alone.

    Returns:
        A time after now, in Unix seconds; None if the state never changes again.
    """
    return _next_change(tracking, _plan_polls(tracking), now)


def with_observed_state(tracking: TrackingRecord, now: int) -> TrackingRecord:
    """Return a record with its known state and the time of the next change in its columns."""
    plan = _plan_polls(tracking)
    state = _observe(tracking, plan, now)
    regular = plan.regular
    return replace(
        tracking,
        seen_status=state.status,
        seen_substatus=state.substatus,
        due_at=_next_change(tracking, plan, now),
        first_poll=regular.first,
        poll_interval=regular.interval,
        last_poll=regular.last,
        extra_poll=_latest(plan.last_extra_poll(now), tracking.polled_at),
    )


def overdue_changes(tracking: TrackingRecord, now: int) -> Iterator[StateChange]:
    """Yield the changes up to now that are not in a record's columns yet, oldest first."""
    while tracking.due_at is not None and tracking.due_at <= now:
        # A snapshot may name any time, and nothing happens before the creation.
        at = max(tracking.due_at, tracking.created_at)
        change = StateChange(at, tracking, with_observed_state(tracking, at))
        yield change
        tracking = change.after


class _RegularPolls(Struct, frozen=True, gc=False):
    """Polls at a fixed interval. All times are Unix seconds."""

    first: int
    interval: int
    last: int | None
    """None: there are no regular polls."""

    def last_up_to(self, moment: int) -> int | None:
        if self.last is None or moment < self.first:
            return None
        return min(self.last, _round_down(moment, self.first, self.interval))

    def first_from(self, moment: int) -> int | None:
        if self.last is None or moment > self.last:
            return None
        return max(self.first, _round_down(moment - 1, self.first, self.interval) + self.interval)


class _PollPlan(Struct, frozen=True, gc=False):
    """All background polls of a tracking, past and future."""

    carrier: CarrierInfo
    journey: Journey
    regular: _RegularPolls
    extra: tuple[int, ...]
    """Times of the polls that the journey prescribes, oldest first."""

    def last_extra_poll(self, now: int) -> int | None:
        passed = bisect_right(self.extra, now)
        return self.extra[passed - 1] if passed else None

    def next_extra_poll(self, now: int) -> int | None:
        passed = bisect_right(self.extra, now)
        return self.extra[passed] if passed < len(self.extra) else None


_NO_REGULAR_POLLS: Final = _RegularPolls(0, 1, None)


def _plan_polls(tracking: TrackingRecord) -> _PollPlan:
    # Only what the plan depends on, so that it is found again when the rest has changed.
    return _plan(
        tracking.carrier_code,
        tracking.tracking_number,
        tracking.created_at,
        tracking.destination_code,
        tracking.stopped_at,
    )


@lru_cache(maxsize=4096)
def _plan(
    carrier_code: str,
    tracking_number: str,
    created_at: int,
    destination: str | None,
    stopped_at: int | None,
) -> _PollPlan:
    carrier = find_carrier(carrier_code)
    journey = plan_journey(carrier, tracking_number, created_at, destination)
    # An empty tuple, unlike None, means that the provider never polls: the tracking stays pending.
    if journey.poll_times == ():
        return _PollPlan(carrier, journey, _NO_REGULAR_POLLS, ())
    extra = journey.poll_times or ()
    # The first extra poll starts the schedule, so that no regular poll comes before it.
    first = extra[0] if extra else created_at + _FIRST_POLL
    regular = _plan_regular(carrier, journey, first, stopped_at)
    if stopped_at is not None:
        extra = extra[: bisect_right(extra, stopped_at)]
    return _PollPlan(carrier, journey, regular, extra)


def _plan_regular(
    carrier: CarrierInfo, journey: Journey, first: int, stopped_at: int | None
) -> _RegularPolls:
    """Plan the regular polls up to the first poll that finds the journey settled."""
    interval = _REFRESH[carrier.type]
    extra = journey.poll_times or ()
    settled = bisect_left(extra, journey.settles_at)
    if settled < len(extra):
        last = _round_down(extra[settled], first, interval)
    else:
        last = max(first, _round_down(journey.settles_at - 1, first, interval) + interval)
    # Stopping the updates stops the polls, but not the parcel.
    if stopped_at is not None:
        last = min(last, _round_down(stopped_at, first, interval))
    return _RegularPolls(first, interval, last if last >= first else None)


def _round_down(moment: int, first: int, interval: int) -> int:
    return moment - (moment - first) % interval


def _observe(tracking: TrackingRecord, plan: _PollPlan, now: int) -> TrackingState:
    return _observe_at(tracking, plan, _last_poll(tracking, plan, now))


def _last_poll(tracking: TrackingRecord, plan: _PollPlan, now: int) -> int | None:
    background = _latest(plan.regular.last_up_to(now), plan.last_extra_poll(now))
    return _latest(background, tracking.polled_at)


def _observe_at(tracking: TrackingRecord, plan: _PollPlan, polled_at: int | None) -> TrackingState:
    if polled_at is None:
        report = CarrierReport("pending", None)
    else:
        report = report_at(plan.journey, polled_at)
    return TrackingState(tracking, plan.carrier, plan.journey, polled_at, report)


def _latest(one: int | None, other: int | None) -> int | None:
    if one is None or other is None:
        return other if one is None else one
    return max(one, other)


def _next_change(tracking: TrackingRecord, plan: _PollPlan, now: int) -> int | None:
    extra = plan.next_extra_poll(now)
    regular = _next_changing_poll(tracking, plan, now)
    if extra is None or regular is None:
        return regular if extra is None else extra
    return min(extra, regular)


def _next_changing_poll(tracking: TrackingRecord, plan: _PollPlan, now: int) -> int | None:
    """Return the next regular poll that changes the status or substatus."""
    # A status set manually hides whatever the carrier reports.
    if tracking.status is not None:
        return None
    state = _observe(tracking, plan, now)
    if state.polled_at is None:
        return plan.regular.first_from(now + 1)
    # Between two carrier states every poll finds the same, so one poll per later state suffices.
    for later in plan.journey.states:
        if later.at > state.polled_at:
            poll = plan.regular.first_from(max(later.at, now + 1))
            if poll is None:
                return None
            found = report_at(plan.journey, poll)
            if (found.status, found.substatus) != (state.status, state.substatus):
                return poll
    return None
