"""A tracking with its events: as a drawing, as a line for each event, or as a record."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from trackingmore_v2_cli._output.details import Details

if TYPE_CHECKING:
    from rich.console import RenderableType

    from trackingmore_v2.timelines import TimelineEvent
    from trackingmore_v2.timelines.parcel import Parcel
    from trackingmore_v2_cli._output.columns import Record
    from trackingmore_v2_cli._output.output import Output

SHAPE: Final = "tracking_details/1"


def details_record(tracking: "Parcel") -> dict[str, Any]:
    """Return the record `tracking_details/1`: the columns of `tracking/1`, and the events."""
    from trackingmore_v2 import to_row  # noqa: PLC0415 - slow to import

    # `events` is the number of events in `tracking/1`.
    return {**to_row(tracking), "events": [_event_record(each) for each in _newest_first(tracking)]}


class TrackingDetails(Details):
    """
    A tracking to print with its events.

    Args:
        tracking: The tracking.
    """

    def __init__(self, tracking: "Parcel") -> None:
        self._tracking: Final = tracking

    def record(self) -> "Record":
        """Return the record `tracking_details/1`."""
        return {"schema": SHAPE, **details_record(self._tracking)}

    def lines(self) -> "Iterator[Record]":
        """Yield a line for each event; a tracking without events has one with its status."""
        number, is_empty = self._tracking.tracking_number, True
        for event in _newest_first(self._tracking):
            is_empty = False
            yield {
                "number": number,
                "time": event.time or event.checkpoint.date,
                "status": event.status,
                "place": event.place,
                "text": event.text,
            }
        if is_empty:
            status = self._tracking.status
            yield {"number": number, "time": None, "status": status, "place": None, "text": None}

    def drawing(self, output: "Output") -> "RenderableType":
        """Return the drawing for a terminal."""
        from trackingmore_v2_cli._output.timeline import draw_tracking  # noqa: PLC0415 - uses rich

        return draw_tracking(self._tracking, output.glyph)


def _newest_first(tracking: "Parcel") -> Iterator["TimelineEvent"]:
    from trackingmore_v2.timelines import timeline  # noqa: PLC0415 - slow to import

    return reversed(timeline(tracking).events)


def _event_record(event: "TimelineEvent") -> dict[str, Any]:
    return {
        "time": event.time,
        "status": event.status,
        "substatus": event.substatus,
        "text": event.text,
        "place": event.place,
        "leg": event.leg,
        "carrier_code": event.carrier_code,
    }
