"""The fields of an air waybill."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from trackingmore_v2.models import AirWaybill
    from trackingmore_v2.timelines import AirWaybillTimeline, AirWaybillTimelineEvent, FlightLeg

_MINUTE: Final = timedelta(minutes=1)


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
