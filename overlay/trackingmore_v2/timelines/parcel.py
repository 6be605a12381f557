"""
Timeline of a tracking: `timeline()`.

The API returns one list of checkpoints for each of the two legs, newest first. Times are to the
minute or to the second, and have no time zone.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Final, TypeAlias, get_args

from msgspec import Struct

from trackingmore_v2._validation import require_instance
from trackingmore_v2.timelines._parsing import (
    EARLIEST,
    LATEST,
    none_if_empty,
    read_text,
    read_time,
)
from trackingmore_v2_api import models

Parcel: TypeAlias = models.Tracking | models.RealtimeTracking | models.TrackingEventData
"""A tracking in any of the forms that have checkpoints."""

_DAY: Final = timedelta(days=1)
_FINAL_STATUSES: Final = frozenset({models.TrackingStatus.DELIVERED, models.TrackingStatus.EXPIRED})
_FINAL_EXCEPTIONS: Final = frozenset(
    {
        models.Substatus.EXCEPTION007,
        models.Substatus.EXCEPTION008,
        models.Substatus.EXCEPTION010,
    }
)
"""Lost or destroyed, cancelled, returned: the exceptions after which no update follows."""


class LegKind(StrEnum):
    """The leg of a tracking."""

    ORIGIN = "origin"
    """The first leg, handled by the carrier of the tracking."""

    DESTINATION = "destination"
    """The second leg, if another carrier takes over in the destination country."""


class TimelineEvent(Struct, frozen=True, kw_only=True):
    """One event of a tracking."""

    time: datetime | None
    """
    Local time of the carrier, to the minute or to the second. Naive, because the API returns no
    time zone. None if it cannot be parsed; `checkpoint.date` is the original text.
    """

    status: models.TrackingStatus | None
    """Status of the event; None before 2018."""

    substatus: models.Substatus | None
    """Detail of that status; None before 2020."""

    text: str | None
    """The carrier's description of the event."""

    place: str | None
    """The carrier's description of the place."""

    leg: LegKind
    """The leg that reported the event. The origin leg can report events abroad too."""

    carrier_code: str | None
    """Carrier of the leg; None if a destination leg does not name its carrier."""

    milestone: models.Milestone | None
    """Milestone that the event marks."""

    checkpoint: models.Checkpoint
    """The event as the API returned it."""


class Timeline(Struct, frozen=True, kw_only=True):
    """Events and delivery state of a tracking."""

    status: models.TrackingStatus
    """Current status of the tracking."""

    events: tuple[TimelineEvent, ...]
    """Events of both legs, oldest first; `timeline()` states the limits of this order."""

    days_in_transit: int | None
    """
    Days in transit, as the API returned them. Otherwise the days, rounded up, from the first event
    to the last one if delivered, or to the provider's last refresh. None if neither is known.
    """

    delivered_at: datetime | None
    """
    Time of delivery, naive like the events. None unless the status is `delivered`, or if there is
    no delivery event, as after a status set manually.
    """

    is_final: bool
    """
    Whether no further events are expected. True if it is delivered, expired (no events for 30 or 60
    days), or an exception with the substatus lost or destroyed (`exception007`), cancelled
    (`exception008`) or returned (`exception010`). Other exceptions, such as customs or a rejected
    delivery, and exceptions without a substatus can still change.
    """


def timeline(tracking: Parcel) -> Timeline:
    """
    Return the events of both legs of a tracking, oldest first.

    Events with the same time, text and place are merged; if both legs have one, the origin leg's is
    kept. An event whose time cannot be parsed follows its older neighbour in the API's list. If a
    leg has no times at all, its events come first (origin) or last (destination).

    Times have no time zone, and carriers do not report which one they use. The order is therefore
    exact only within one zone: if the two carriers, or the stations of one carrier, are in
    different zones, events less than 26 hours apart may be in the wrong order. At equal times,
    events of the origin leg come first.

    Args:
        tracking: A result of `trackings.get()`, `trackings.list()` or `trackings.realtime()`, or
            the data of a webhook event. Malformed values never raise an error.

    Returns:
        The timeline, with naive `datetime` values.

    Raises:
        InvalidInput: The argument is not such a model.

    Source: schemas Tracking, RealtimeTracking, TrackingEventData, Leg and Checkpoint.
    """
    require_instance("tracking", tracking, *get_args(Parcel))
    events = _merge(
        _leg_events(tracking, LegKind.ORIGIN), _leg_events(tracking, LegKind.DESTINATION)
    )
    return Timeline(
        status=tracking.status,
        events=events,
        days_in_transit=_days_in_transit(tracking, events),
        delivered_at=_delivered_at(tracking, events),
        is_final=_is_final(tracking),
    )


def _leg_events(parcel: Parcel, kind: LegKind) -> list[TimelineEvent]:
    """Return the events of one leg, oldest first: the reverse of the API's order."""
    is_origin = kind is LegKind.ORIGIN
    leg = (parcel.origin_info if is_origin else parcel.destination_info) or models.Leg()
    carrier = read_text(leg.carrier_code) or (parcel.carrier_code if is_origin else None)
    return [_event(checkpoint, kind, carrier) for checkpoint in reversed(leg.track_info or [])]


def _event(checkpoint: models.Checkpoint, kind: LegKind, carrier: str | None) -> TimelineEvent:
    return TimelineEvent(
        time=read_time(checkpoint.date),
        status=none_if_empty(checkpoint.checkpoint_status),
        substatus=none_if_empty(checkpoint.substatus),
        text=read_text(checkpoint.status_description),
        place=read_text(checkpoint.details),
        leg=kind,
        carrier_code=carrier,
        milestone=none_if_empty(checkpoint.item_node),
        checkpoint=checkpoint,
    )


def _merge(
    origin: list[TimelineEvent], destination: list[TimelineEvent]
) -> tuple[TimelineEvent, ...]:
    timed = [*_with_sort_times(origin, EARLIEST), *_with_sort_times(destination, LATEST)]
    unique: dict[object, tuple[datetime, TimelineEvent]] = {}
    for sort_time, event in timed:
        # Unparsable times are compared as text, so that different ones are not merged.
        time = event.time or read_text(event.checkpoint.date)
        unique.setdefault((time, event.text, event.place), (sort_time, event))
    # The sort is stable: at equal times, the origin leg stays first.
    return tuple(event for _, event in sorted(unique.values(), key=lambda pair: pair[0]))


def _with_sort_times(
    events: list[TimelineEvent], default: datetime
) -> Iterator[tuple[datetime, TimelineEvent]]:
    """Yield each event with its sort time: its own, or else that of its older neighbour."""
    sort_time = next(_times(events), default)
    for event in events:
        sort_time = event.time or sort_time
        yield sort_time, event


def _times(events: Iterable[TimelineEvent]) -> Iterator[datetime]:
    return (event.time for event in events if event.time)


def _days_in_transit(parcel: Parcel, events: Iterable[TimelineEvent]) -> int | None:
    if parcel.item_time_length is not None:
        return parcel.item_time_length
    times = list(_times(events))
    end = _last_refresh(parcel)
    if parcel.status == models.TrackingStatus.DELIVERED:
        end = times[-1] if times else None
    if not times or end is None:
        return None
    return max(0, -((times[0] - end) // _DAY))  # floor division of the negative rounds up


def _last_refresh(parcel: Parcel) -> datetime | None:
    """
    Return the time of the provider's last refresh, naive; realtime results have none.

    The offset is ignored because the contract's day counts, which compare the carrier's local times
    with the account's, ignore it too.
    """
    if isinstance(parcel, models.RealtimeTracking) or parcel.updated_at is None:
        return None
    return parcel.updated_at.replace(tzinfo=None)


def _delivered_at(parcel: Parcel, events: Iterable[TimelineEvent]) -> datetime | None:
    """
    Return the first time of the last delivery.

    The first time, because "delivered" may be followed by "signature available"; the last delivery,
    because one may be reversed. Before 2018 events had no status, so the newest event counts.
    """
    if parcel.status != models.TrackingStatus.DELIVERED:
        return None
    with_status = [event for event in events if event.status]
    if not with_status:
        return max(_times(events), default=None)
    delivery: list[TimelineEvent] = []
    for status, group in groupby(with_status, key=lambda event: event.status):
        if status == models.TrackingStatus.DELIVERED:
            delivery = list(group)
    return next(_times(delivery), None)


def _is_final(parcel: Parcel) -> bool:
    is_exception = parcel.status == models.TrackingStatus.EXCEPTION
    return parcel.status in _FINAL_STATUSES or (
        is_exception and parcel.substatus in _FINAL_EXCEPTIONS
    )
