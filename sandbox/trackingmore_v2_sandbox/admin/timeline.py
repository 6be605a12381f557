"""Timeline of a tracking: past and future events in one list."""

from collections.abc import Iterator
from itertools import takewhile

from msgspec.structs import replace

from trackingmore_v2_sandbox.admin.serializers import moment_of
from trackingmore_v2_sandbox.admin.views import TimelineEventView
from trackingmore_v2_sandbox.core.tracking_state import next_change, observe
from trackingmore_v2_sandbox.scenarios.journey import Journey
from trackingmore_v2_sandbox.store.models import TrackingRecord


def timeline_of(tracking: TrackingRecord, now: int) -> list[TimelineEventView]:
    """
    Return all events of a tracking, past and future, in order of time.

    Of the on-demand refreshes only the latest is stored, and a status set by hand has no stored
    time; its event is listed at `now`.
    """
    registered = TimelineEventView(at=moment_of(tracking.created_at), kind="registered")
    checkpoints = _checkpoints(observe(tracking, now).journey)
    # `sorted` is stable: at the same time, the registration comes first.
    events = [registered, *checkpoints, *_status_changes(tracking, now)]
    return sorted(events, key=lambda event: event.at)


def _checkpoints(journey: Journey) -> Iterator[TimelineEventView]:
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


def _status_changes(tracking: TrackingRecord, now: int) -> Iterator[TimelineEventView]:
    previous: tuple[str, str | None] | None = None
    for moment in sorted({tracking.created_at, *_past(tracking, now), *_changes(tracking, now)}):
        seen = observe(_as_of(tracking, moment, now), moment)
        if (seen.status, seen.substatus) != previous:
            previous = seen.status, seen.substatus
            yield TimelineEventView(
                at=moment_of(moment), kind="shown", status=seen.status, substatus=seen.substatus
            )


def _past(tracking: TrackingRecord, now: int) -> Iterator[int]:
    """Yield the times up to `now` at which the visible status may have changed."""
    if tracking.polled_at is not None:
        yield tracking.polled_at
    # A later refresh or manual status must not hide the changes that came before it.
    untouched = replace(tracking, polled_at=None, status=None)
    yield from takewhile(lambda change: change <= now, _changes(untouched, tracking.created_at))
    yield now


def _changes(tracking: TrackingRecord, since: int) -> Iterator[int]:
    """Yield the times of all changes after a time, as long as no request changes anything."""
    moment = since
    while (change := next_change(tracking, moment)) is not None:
        yield change
        moment = change


def _as_of(tracking: TrackingRecord, moment: int, now: int) -> TrackingRecord:
    """Return a tracking as it was stored at a moment, without later refreshes and updates."""
    if moment >= now:
        return tracking
    polled_at = tracking.polled_at if tracking.polled_at and tracking.polled_at <= moment else None
    return replace(tracking, polled_at=polled_at, status=None)
