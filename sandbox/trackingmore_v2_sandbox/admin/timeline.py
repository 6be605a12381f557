"""The whole life of a parcel as one line of events, past and to come."""

from collections.abc import Iterator

from msgspec.structs import replace

from trackingmore_v2_sandbox.admin.schemas import TimelineEventView
from trackingmore_v2_sandbox.admin.serializers import moment_of
from trackingmore_v2_sandbox.core.tracking_state import next_change, observe
from trackingmore_v2_sandbox.scenarios import Journey
from trackingmore_v2_sandbox.store import TrackingRecord


def timeline_of(tracking: TrackingRecord, now: int) -> list[TimelineEventView]:
    """
    Tell all that happens to a parcel, and all that the API shows of it, in order.

    Of the past it is not known when the provider was asked on demand, but for the last time, nor
    when a status was set by hand: that is told as of now.
    """
    registered = TimelineEventView(at=moment_of(tracking.created_at), kind="registered")
    news = _news(observe(tracking, now).journey)
    return sorted([registered, *news, *_shown(tracking, now)], key=lambda event: event.at)


def _news(journey: Journey) -> Iterator[TimelineEventView]:
    for each in journey.checkpoints:
        yield TimelineEventView(
            at=moment_of(each.at),
            kind="carrier",
            status=each.status,
            substatus=each.substatus,
            text=each.text,
            place=f"{each.city}, {each.country.code}",
            leg="destination" if each.in_destination else "origin",
        )


def _shown(tracking: TrackingRecord, now: int) -> Iterator[TimelineEventView]:
    before: tuple[str, str | None] | None = None
    for moment in sorted({tracking.created_at, *_past(tracking, now), *_future(tracking, now)}):
        seen = observe(_as_of(tracking, moment, now), moment)
        if (seen.status, seen.substatus) != before:
            before = seen.status, seen.substatus
            yield TimelineEventView(
                at=moment_of(moment), kind="shown", status=seen.status, substatus=seen.substatus
            )


def _past(tracking: TrackingRecord, now: int) -> Iterator[int]:
    """Give the moments up to now at which something else may have been seen."""
    if tracking.looked_at is not None:
        yield tracking.looked_at
    alone = replace(tracking, looked_at=None, status=None)
    moment = tracking.created_at
    while (change := next_change(alone, moment)) is not None and change <= now:
        yield change
        moment = change
    yield now


def _future(tracking: TrackingRecord, now: int) -> Iterator[int]:
    moment = now
    while (change := next_change(tracking, moment)) is not None:
        yield change
        moment = change


def _as_of(tracking: TrackingRecord, moment: int, now: int) -> TrackingRecord:
    """Give a parcel without what was done to it later."""
    if moment >= now:
        return tracking
    looked_at = tracking.looked_at if tracking.looked_at and tracking.looked_at <= moment else None
    return replace(tracking, looked_at=looked_at, status=None)
