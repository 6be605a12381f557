"""Trackings as rows of a table: `to_row()`."""

from datetime import UTC, datetime
from typing import Final, TypedDict, cast

from trackingmore_v2.timelines._parsing import read_text
from trackingmore_v2.timelines.parcel import Parcel, timeline


class TrackingRowDict(TypedDict):
    """
    The columns of a tracking in a table, in their order.

    Each column has one type, or None for a value that is missing, empty or not in the model. Two
    times have the time zone UTC; the others are local times of the carrier, without a time zone.

    Source: schemas Tracking, RealtimeTracking, TrackingEventData, Leg and Checkpoint.
    """

    id: str
    """32 lower-case hexadecimal digits, derived from the pair of carrier and number."""

    carrier_code: str
    """The carrier's code."""

    tracking_number: str
    """The tracking number."""

    status: str
    """Current status."""

    substatus: str | None
    """Detail of the status."""

    created_at: datetime | None
    """When the tracking was created, UTC."""

    updated_at: datetime | None
    """When the provider last queried the carrier, UTC."""

    title: str | None
    """Title of the goods."""

    order_id: str | None
    """Your own order id."""

    order_create_time: str | None
    """When the order was placed: free text without a time zone, as it was given."""

    comment: str | None
    """Your comment."""

    customer_name: str | None
    """Name of the customer."""

    customer_email: str | None
    """E-mail address of the customer; several are joined by ", "."""

    customer_phone: str | None
    """Telephone number of the customer; several are joined by ", "."""

    archived: bool | None
    """Whether it is archived."""

    track_update: bool | None
    """Whether it is still being refreshed."""

    original_country: str | None
    """English name of the country of origin."""

    destination_country: str | None
    """English name of the destination country."""

    destination_carrier_code: str | None
    """Carrier of the destination leg."""

    destination_track_number: str | None
    """The tracking number at that carrier."""

    service_code: str | None
    """The carrier's service."""

    weight: str | None
    """Weight as formatted by the carrier."""

    signed_by: str | None
    """Who signed for the parcel."""

    events: int
    """Number of events of both legs."""

    first_event_at: datetime | None
    """Local time of the oldest event."""

    last_event_at: datetime | None
    """Local time of the newest event of either leg."""

    last_event_text: str | None
    """The carrier's description of that event."""

    last_event_place: str | None
    """The carrier's description of its place."""

    last_event_status: str | None
    """Status of that event; None before 2018."""

    delivered_at: datetime | None
    """Local time of delivery; see `Timeline.delivered_at`."""

    days_in_transit: int | None
    """Days in transit, rounded up; see `Timeline.days_in_transit`."""

    days_without_event: int | None
    """Days without a new event, rounded up, as the API returned them."""

    is_final: bool
    """Whether no further events are expected; see `Timeline.is_final`."""


_COLUMNS: Final = tuple(TrackingRowDict.__annotations__)
_REQUIRED: Final = ("id", "carrier_code", "tracking_number", "status")


def to_row(tracking: Parcel) -> TrackingRowDict:
    """
    Return a tracking as one flat dict, for a data frame or a file of columns.

    Events are those of `timeline()`; a table of events is `timeline(tracking).events`.

    Args:
        tracking: A result of `trackings.get()`, `trackings.list()` or `trackings.realtime()`, or
            the data of a webhook event. Malformed values never raise an error.

    Returns:
        The same columns in the same order for every tracking, each of one type or None. Nothing is
        nested. Fields that the model lacks, such as the title of a realtime result, are None.

    Source: schemas Tracking, RealtimeTracking, TrackingEventData, Leg and Checkpoint.
    """
    history, destination = timeline(tracking), tracking.destination_info
    oldest, newest = (history.events[0], history.events[-1]) if history.events else (None, None)
    row: dict[str, object] = {name: _value(getattr(tracking, name, None)) for name in _COLUMNS}
    row |= {name: str(getattr(tracking, name)) for name in _REQUIRED}
    row |= {
        "destination_carrier_code": _value(getattr(destination, "carrier_code", None)),
        "events": len(history.events),
        "first_event_at": getattr(oldest, "time", None),
        "last_event_at": getattr(newest, "time", None),
        "last_event_text": getattr(newest, "text", None),
        "last_event_place": getattr(newest, "place", None),
        "last_event_status": _value(getattr(newest, "status", None)),
        "delivered_at": history.delivered_at,
        "days_in_transit": history.days_in_transit,
        "days_without_event": getattr(tracking, "stay_time_length", None),
        "is_final": history.is_final,
    }
    return cast("TrackingRowDict", row)


def _value(value: object) -> object:
    """Return a field's value as a column has it: no list, no enum, no empty text, times in UTC."""
    if isinstance(value, list):
        value = ", ".join(filter(None, map(read_text, cast("list[str]", value))))
    if isinstance(value, str):
        return read_text(value)
    return _utc(value) if isinstance(value, datetime) else value


def _utc(time: datetime) -> datetime | None:
    try:
        return time.astimezone(UTC)
    except OverflowError:  # in the first or the last year that Python knows
        return None
