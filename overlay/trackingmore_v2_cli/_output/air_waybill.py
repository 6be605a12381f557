"""An air waybill: as a drawing, as a line for each event, or as a record."""

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from trackingmore_v2_cli._output.details import Details

if TYPE_CHECKING:
    from rich.console import RenderableType

    from trackingmore_v2.models import AirWaybill
    from trackingmore_v2.timelines import AirWaybillTimeline, AirWaybillTimelineEvent, FlightLeg
    from trackingmore_v2_cli._output.columns import Record
    from trackingmore_v2_cli._output.output import Output

SHAPE: Final = "air_waybill/1"
_MINUTE: Final = timedelta(minutes=1)


class AirWaybillDetails(Details):
    """
    An air waybill to print.

    Args:
        waybill: The air waybill.
    """

    def __init__(self, waybill: "AirWaybill") -> None:
        self._waybill: Final = waybill

    def record(self) -> "Record":
        """Return the record `air_waybill/1`."""
        return {"schema": SHAPE, **air_waybill_record(self._waybill)}

    def lines(self) -> Iterator["Record"]:
        """Yield a line for each event; without events, one with the status."""
        record = air_waybill_record(self._waybill)
        without_events = {"time": None, "status": record["status"], "text": None, "station": None}
        for event in record["events"] or [without_events]:
            yield {
                "number": record["number"],
                "time": event["time"],
                "status": event["status"],
                "place": event["station"],
                "text": event["text"],
            }

    def drawing(self, output: "Output") -> "RenderableType":
        """Return the drawing for a terminal."""
        from trackingmore_v2_cli._output.flights import draw_air_waybill  # noqa: PLC0415 - uses rich

        return draw_air_waybill(self._waybill, output.glyph)


def air_waybill_record(waybill: "AirWaybill") -> dict[str, Any]:
    """Return the record `air_waybill/1`."""
    from trackingmore_v2.timelines import air_waybill_timeline  # noqa: PLC0415 - slow to import

    history = air_waybill_timeline(waybill)
    airline = waybill.airline_info
    return {
        "number": history.number,
        "airline": airline.name if airline else None,
        "status": status_of(history),
        "origin": history.origin,
        "destination": history.destination,
        "pieces": history.pieces,
        "weight": history.weight,
        "weight_kg": history.weight_kg,
        "is_delivered": history.is_delivered,
        "delivered_at": history.delivered_at,
        "flights": [_flight(each) for each in history.flights],
        "events": [_event(each) for each in reversed(history.events)],
    }


def status_of(history: "AirWaybillTimeline") -> str | None:
    """Return the status as the word that trackings have; None if it is unknown."""
    if history.status is None or not history.status.is_known:
        return "delivered" if history.is_delivered else None
    return history.status.name.replace("_", "").lower()


def _flight(leg: "FlightLeg") -> dict[str, Any]:
    return {
        "number": leg.number,
        "from_station": leg.from_station,
        "to_station": leg.to_station,
        "planned_departure": leg.planned_departure,
        "actual_departure": leg.actual_departure,
        "departure_delay_minutes": _minutes(leg.departure_delay),
        "planned_arrival": leg.planned_arrival,
        "actual_arrival": leg.actual_arrival,
        "arrival_delay_minutes": _minutes(leg.arrival_delay),
    }


def _event(event: "AirWaybillTimelineEvent") -> dict[str, Any]:
    return {
        "time": event.actual,
        "planned_time": event.planned,
        "status": event.status,
        "text": event.text,
        "station": event.station,
        "flight_number": event.flight_number,
        "pieces": event.pieces,
        "weight": event.weight,
    }


def _minutes(delay: timedelta | None) -> int | None:
    return None if delay is None else round(delay / _MINUTE)
