"""The whole life of a parcel as one line of events, past and to come."""

from collections.abc import Iterator

from msgspec.structs import replace

from trackingmore_v2_sandbox.admin.schemas import Event
from trackingmore_v2_sandbox.admin.serializers import moment_of
from trackingmore_v2_sandbox.core.tracking_state import next_change, observe
from trackingmore_v2_sandbox.scenarios import Journey
from trackingmore_v2_sandbox.store import Parcel


def tell_life(parcel: Parcel, now: int) -> list[Event]:
    """
    Tell all that happens to a parcel, and all that the API shows of it, in order.

    Of the past it is not known when the provider was asked on demand, but for the last time, nor
    when a status was set by hand: that is told as of now.
    """
    registered = Event(at=moment_of(parcel.created_at), kind="registered")
    news = _news(observe(parcel, now).journey)
    return sorted([registered, *news, *_shown(parcel, now)], key=lambda event: event.at)


def _news(journey: Journey) -> Iterator[Event]:
    for each in journey.checkpoints:
        yield Event(
            at=moment_of(each.at),
            kind="carrier",
            status=each.status,
            substatus=each.substatus,
            text=each.text,
            place=f"{each.city}, {each.country.code}",
            leg="destination" if each.in_destination else "origin",
        )


def _shown(parcel: Parcel, now: int) -> Iterator[Event]:
    before: tuple[str, str | None] | None = None
    for moment in sorted({parcel.created_at, *_past(parcel, now), *_future(parcel, now)}):
        seen = observe(_as_of(parcel, moment, now), moment)
        if (seen.status, seen.substatus) != before:
            before = seen.status, seen.substatus
            yield Event(
                at=moment_of(moment), kind="shown", status=seen.status, substatus=seen.substatus
            )


def _past(parcel: Parcel, now: int) -> Iterator[int]:
    """Give the moments up to now at which something else may have been seen."""
    if parcel.looked_at is not None:
        yield parcel.looked_at
    alone = replace(parcel, looked_at=None, status=None)
    moment = parcel.created_at
    while (change := next_change(alone, moment)) is not None and change <= now:
        yield change
        moment = change
    yield now


def _future(parcel: Parcel, now: int) -> Iterator[int]:
    moment = now
    while (change := next_change(parcel, moment)) is not None:
        yield change
        moment = change


def _as_of(parcel: Parcel, moment: int, now: int) -> Parcel:
    """Give a parcel without what was done to it later."""
    if moment >= now:
        return parcel
    looked_at = parcel.looked_at if parcel.looked_at and parcel.looked_at <= moment else None
    return replace(parcel, looked_at=looked_at, status=None)
