"""
What happened to a parcel, as one list: `timeline()`.

The wire has two lists, one for each leg, newest first, with times in two precisions and no zone.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Final, TypeAlias

from msgspec import Struct

from trackingmore_v2.timelines._parsing import EARLIEST, LATEST, read_text, read_time, unless_empty
from trackingmore_v2_api import models

Parcel: TypeAlias = models.Tracking | models.RealtimeTracking | models.TrackingEventData
"""A parcel in any of the forms in which the API shows its checkpoints."""

_DAY: Final = timedelta(days=1)
_ENDS: Final = frozenset({models.TrackingStatus.DELIVERED, models.TrackingStatus.EXPIRED})
_BAD_ENDS: Final = frozenset(
    {
        models.Substatus.EXCEPTION007,
        models.Substatus.EXCEPTION008,
        models.Substatus.EXCEPTION010,
    }
)
"""Lost or destroyed, cancelled, returned: the exceptions after which nothing is to come."""


class LegKind(StrEnum):
    """Which of a parcel's two legs."""

    ORIGIN = "origin"
    """The first leg, of the parcel's own carrier."""

    DESTINATION = "destination"
    """The second leg, where another carrier takes over abroad."""


class TimelineEvent(Struct, frozen=True, kw_only=True):
    """One piece of news from a carrier."""

    time: datetime | None
    """
    When, on the clock of the carrier: naive, because the wire has no zone. To the minute or to the
    second, as it was written. None if it cannot be read; `checkpoint.date` has it as it came.
    """

    status: models.TrackingStatus | None
    """Status that this news means; None before 2018."""

    substatus: models.Substatus | None
    """Detail of that status; None before 2020."""

    text: str | None
    """What happened, in the words of the carrier."""

    place: str | None
    """Where, in the words of the carrier."""

    leg: LegKind
    """The leg that tells it; the origin leg may well tell what happened abroad."""

    carrier_code: str | None
    """The carrier of that leg; None where a destination leg does not name it."""

    milestone: models.Milestone | None
    """The milestone that this news set."""

    checkpoint: models.Checkpoint
    """The same as the wire has it."""


class Timeline(Struct, frozen=True, kw_only=True):
    """What happened to a parcel."""

    status: models.TrackingStatus
    """Where the parcel stands."""

    events: tuple[TimelineEvent, ...]
    """Both legs, oldest first; see `timeline()` for how far that can be known."""

    days_in_transit: int | None
    """
    Days, rounded up, from the first event to the last once delivered, else to the provider's last
    look at the carrier. None if the wire does not tell, nor enough to work it out.
    """

    delivered_at: datetime | None
    """
    When it was delivered, naive like the events. None unless the status is `delivered`, and where
    no event tells of it, as after a status set by hand.
    """

    is_final: bool
    """
    Whether no more is to be expected: it was delivered; or it expired, which means that no carrier
    had news for 30 or 60 days; or it is an exception that is an end, by its substatus: lost or
    destroyed (`exception007`), cancelled (`exception008`) or returned (`exception010`). Any other
    exception, such as customs or a refusal, or one without a substatus, may go on.
    """


def timeline(parcel: Parcel) -> Timeline:
    """
    Tell what happened to a parcel, from both of its legs, oldest first.

    What both legs tell, or one leg twice, with the same time, text and place, is there once: as the
    origin leg has it, if it does. An event whose time cannot be read stands after the older
    neighbour that it has on the wire; a leg without any times stands at its end of the list.

    Times have no zone, and nothing tells which clock a carrier writes by. So the order is exact
    within one zone only: where two carriers, or one that writes local times, are in different
    zones, events less than 26 hours apart may be in the wrong order. At equal times the origin leg
    comes first.

    Args:
        parcel: A parcel as `trackings.get()`, `trackings.list()` or `trackings.realtime()` gives
            it, or as the webhook brings it. None of its oddities raises anything.

    Returns:
        The events, with naive `datetime` values, and what follows from them.

    Source: schemas Tracking, RealtimeTracking, TrackingEventData, Leg and Checkpoint.
    """
    events = _merge(_leg_events(parcel, LegKind.ORIGIN), _leg_events(parcel, LegKind.DESTINATION))
    return Timeline(
        status=parcel.status,
        events=events,
        days_in_transit=_days_in_transit(parcel, events),
        delivered_at=_delivered_at(parcel, events),
        is_final=_is_final(parcel),
    )


def _leg_events(parcel: Parcel, kind: LegKind) -> list[TimelineEvent]:
    """Give one leg's events in the reverse of the wire's order: oldest first."""
    is_origin = kind is LegKind.ORIGIN
    leg = (parcel.origin_info if is_origin else parcel.destination_info) or models.Leg()
    carrier = read_text(leg.carrier_code) or (parcel.carrier_code if is_origin else None)
    return [_event(checkpoint, kind, carrier) for checkpoint in reversed(leg.track_info or [])]


def _event(checkpoint: models.Checkpoint, kind: LegKind, carrier: str | None) -> TimelineEvent:
    return TimelineEvent(
        time=read_time(checkpoint.date),
        status=unless_empty(checkpoint.checkpoint_status),
        substatus=unless_empty(checkpoint.substatus),
        text=read_text(checkpoint.status_description),
        place=read_text(checkpoint.details),
        leg=kind,
        carrier_code=carrier,
        milestone=unless_empty(checkpoint.item_node),
        checkpoint=checkpoint,
    )


def _merge(
    origin: list[TimelineEvent], destination: list[TimelineEvent]
) -> tuple[TimelineEvent, ...]:
    placed = [*_placed(origin, EARLIEST), *_placed(destination, LATEST)]
    unique: dict[object, tuple[datetime, TimelineEvent]] = {}
    for place, event in placed:
        when = event.time or read_text(event.checkpoint.date)
        unique.setdefault((when, event.text, event.place), (place, event))
    return tuple(event for _, event in sorted(unique.values(), key=lambda pair: pair[0]))


def _placed(
    events: list[TimelineEvent], without_times: datetime
) -> Iterator[tuple[datetime, TimelineEvent]]:
    """Give each event with the time to sort it by: its own, or else its older neighbour's."""
    place = next(_times(events), without_times)
    for event in events:
        place = event.time or place
        yield place, event


def _times(events: Iterable[TimelineEvent]) -> Iterator[datetime]:
    return (event.time for event in events if event.time)


def _days_in_transit(parcel: Parcel, events: Iterable[TimelineEvent]) -> int | None:
    if parcel.item_time_length is not None:
        return parcel.item_time_length
    times = list(_times(events))
    end = _last_look(parcel)
    if parcel.status == models.TrackingStatus.DELIVERED:
        end = times[-1] if times else None
    if not times or end is None:
        return None
    return max(0, -((times[0] - end) // _DAY))


def _last_look(parcel: Parcel) -> datetime | None:
    """Give the time of the provider's last look at the carrier; a realtime answer lacks it."""
    return None if isinstance(parcel, models.RealtimeTracking) else read_time(parcel.updated_at)


def _delivered_at(parcel: Parcel, events: Iterable[TimelineEvent]) -> datetime | None:
    """
    Give the first time of the last delivery.

    The first, because "delivered" may be followed by "signature available"; the last, because a
    delivery may be taken back. Before 2018 events had no status, and the newest one counts.
    """
    if parcel.status != models.TrackingStatus.DELIVERED:
        return None
    telling = [event for event in events if event.status]
    if not telling:
        return max(_times(events), default=None)
    delivery: list[TimelineEvent] = []
    for status, news in groupby(telling, key=lambda event: event.status):
        if status == models.TrackingStatus.DELIVERED:
            delivery = list(news)
    return next(_times(delivery), None)


def _is_final(parcel: Parcel) -> bool:
    is_exception = parcel.status == models.TrackingStatus.EXCEPTION
    return parcel.status in _ENDS or (is_exception and parcel.substatus in _BAD_ENDS)
