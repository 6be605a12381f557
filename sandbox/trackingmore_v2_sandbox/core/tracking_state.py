"""
When the provider looks at the carriers, and what it knows since.

The background looks are not work that something has to do: they follow from the clock, so a parcel
read after a year is as up to date as one read every minute. What is known changes only at certain
moments, and `next_change()` tells the next one.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from msgspec.structs import replace

from trackingmore_v2_sandbox.scenarios import CarrierReport, Journey, look, plan_journey
from trackingmore_v2_sandbox.scenarios.reference_data import CARRIERS, CarrierInfo
from trackingmore_v2_sandbox.store import TrackingRecord

_HOUR: Final = 3600
_FIRST_ROUND: Final = 60
"""Seconds after a parcel was registered. Assumed."""

_REFRESH: Final = {"express": 3 * _HOUR, "globalpost": 6 * _HOUR}
_SETTLED: Final = frozenset({"delivered", "expired"})


@dataclass(frozen=True, slots=True)
class TrackingState:
    """A parcel, as the provider knows it at a moment."""

    tracking: TrackingRecord
    carrier: CarrierInfo
    journey: Journey
    looked_at: int | None
    """When the carrier was last asked; None while pending."""

    report: CarrierReport

    @property
    def status(self) -> str:
        """The status, be it set by hand or seen."""
        return self.tracking.status or self.report.status

    @property
    def substatus(self) -> str | None:
        """The detail of the status; a status set by hand has none (assumed)."""
        return None if self.tracking.status else self.report.substatus

    @property
    def is_refreshed(self) -> bool:
        """
        Whether the provider still looks at the carrier by itself.

        Assumed: not when a parcel is `expired`; a status set by hand counts like one seen.
        """
        return self.tracking.stopped_at is None and self.status not in _SETTLED


def observe(tracking: TrackingRecord, now: int) -> TrackingState:
    """See a parcel as the provider knows it now."""
    return _observe(tracking, _watch(tracking), now)


def last_look(tracking: TrackingRecord, now: int) -> int | None:
    """Tell when the carrier was last asked; None while pending."""
    return _last_look(tracking, _watch(tracking), now)


def observe_at(tracking: TrackingRecord, looked_at: int | None) -> TrackingState:
    """See a parcel as the provider knows it since a look at its carrier, until the next one."""
    return _observe_at(tracking, _watch(tracking), looked_at)


def next_change(tracking: TrackingRecord, now: int) -> int | None:
    """
    Tell when next something else is seen of a parcel, if nobody does anything about it.

    A round that finds everything as it was is no change; any other look of the provider is one,
    for it cannot be told from `now` alone when that was.

    Returns:
        The moment, later than now; None: nothing ever changes again.
    """
    return _next_change(tracking, _watch(tracking), now)


def note(tracking: TrackingRecord, now: int) -> TrackingRecord:
    """Write down in a parcel what is seen of it now, and until when that holds."""
    watch = _watch(tracking)
    seen = _observe(tracking, watch, now)
    rounds = watch.rounds
    return replace(
        tracking,
        seen_status=seen.status,
        seen_substatus=seen.substatus,
        due_at=_next_change(tracking, watch, now),
        first_round=rounds.first,
        round_interval=rounds.interval,
        last_round=rounds.last,
        other_look=_latest(watch.last_certain_look(now), tracking.looked_at),
    )


@dataclass(frozen=True, slots=True)
class _Rounds:
    """Regular looks."""

    first: int
    interval: int
    last: int | None
    """None: there are none."""

    def until(self, moment: int) -> int | None:
        """Give the last round up to a moment."""
        if self.last is None or moment < self.first:
            return None
        return min(self.last, _round_down(moment, self.first, self.interval))

    def since(self, moment: int) -> int | None:
        """Give the first round from a moment on."""
        if self.last is None or moment > self.last:
            return None
        return max(self.first, _round_down(moment - 1, self.first, self.interval) + self.interval)


@dataclass(frozen=True, slots=True)
class _Watch:
    """How the provider follows a parcel: on its rounds, and at moments that are certain."""

    carrier: CarrierInfo
    journey: Journey
    rounds: _Rounds
    certain: tuple[int, ...]

    def last_certain_look(self, now: int) -> int | None:
        passed = bisect_right(self.certain, now)
        return self.certain[passed - 1] if passed else None

    def next_certain_look(self, now: int) -> int | None:
        passed = bisect_right(self.certain, now)
        return self.certain[passed] if passed < len(self.certain) else None


_NO_ROUNDS: Final = _Rounds(0, 1, None)


@lru_cache(maxsize=1024)
def _watch(tracking: TrackingRecord) -> _Watch:
    carrier = CARRIERS[tracking.carrier_code]
    journey = plan_journey(
        carrier, tracking.tracking_number, tracking.created_at, tracking.destination_code
    )
    if journey.looks is None:
        rounds = _rounds(tracking, carrier, journey, tracking.created_at + _FIRST_ROUND)
        return _Watch(carrier, journey, rounds, ())
    if not journey.looks:
        return _Watch(carrier, journey, _NO_ROUNDS, ())
    rounds = _rounds(tracking, carrier, journey, journey.looks[0])
    stopped = len(journey.looks)
    if tracking.stopped_at is not None:
        stopped = bisect_right(journey.looks, tracking.stopped_at)
    return _Watch(carrier, journey, rounds, journey.looks[:stopped])


def _rounds(
    tracking: TrackingRecord, carrier: CarrierInfo, journey: Journey, first: int
) -> _Rounds:
    """Plan the rounds; once a look has found the parcel settled, there is no further one."""
    interval = _REFRESH[carrier.type]
    certain = journey.looks or ()
    settled = bisect_left(certain, journey.settles_at)
    if settled < len(certain):
        last = _round_down(certain[settled], first, interval)
    else:
        last = max(first, _round_down(journey.settles_at - 1, first, interval) + interval)
    if tracking.stopped_at is not None:
        last = min(last, _round_down(tracking.stopped_at, first, interval))
    return _Rounds(first, interval, last if last >= first else None)


def _round_down(moment: int, first: int, interval: int) -> int:
    return moment - (moment - first) % interval


def _observe(tracking: TrackingRecord, watch: _Watch, now: int) -> TrackingState:
    return _observe_at(tracking, watch, _last_look(tracking, watch, now))


def _last_look(tracking: TrackingRecord, watch: _Watch, now: int) -> int | None:
    by_itself = _latest(watch.rounds.until(now), watch.last_certain_look(now))
    return _latest(by_itself, tracking.looked_at)


def _observe_at(tracking: TrackingRecord, watch: _Watch, looked_at: int | None) -> TrackingState:
    report = CarrierReport("pending", None) if looked_at is None else look(watch.journey, looked_at)
    return TrackingState(tracking, watch.carrier, watch.journey, looked_at, report)


def _latest(one: int | None, other: int | None) -> int | None:
    if one is None or other is None:
        return other if one is None else one
    return max(one, other)


def _next_change(tracking: TrackingRecord, watch: _Watch, now: int) -> int | None:
    certain = watch.next_certain_look(now)
    round_ = _next_telling_round(tracking, watch, now)
    if certain is None or round_ is None:
        return round_ if certain is None else certain
    return min(certain, round_)


def _next_telling_round(tracking: TrackingRecord, watch: _Watch, now: int) -> int | None:
    """Give the first round from which the status or its detail are others than now."""
    if tracking.status is not None:
        return None
    seen = _observe(tracking, watch, now)
    if seen.looked_at is None:
        return watch.rounds.since(now + 1)
    for state in watch.journey.states:
        if state.at > seen.looked_at:
            finds = watch.rounds.since(max(state.at, now + 1))
            if finds is None:
                return None
            found = look(watch.journey, finds)
            if (found.status, found.substatus) != (seen.status, seen.substatus):
                return finds
    return None
