"""Air cargo tracking by air waybill number."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from trackingmore_v2_api import models, patterns
from trackingmore_v2_sandbox.api.parsing import (
    SandboxRequest,
    check_item_count,
    convert,
    read_number,
)
from trackingmore_v2_sandbox.http.body import json_object, non_empty_array
from trackingmore_v2_sandbox.http.envelope import Data
from trackingmore_v2_sandbox.scenarios.airports import Airport, airline_of
from trackingmore_v2_sandbox.scenarios.flights import (
    FlightEvent,
    FlightPlan,
    PlannedFlight,
    plan_flights,
    serial_number,
)
from trackingmore_v2_sandbox.scenarios.reference_data import read_data

_HOUR: Final = 3600
_DOCUMENTED: Final = read_data("air_waybills.json", dict[str, dict[str, object]])
"""By prefix and serial number."""

_STATUS_NUMBERS: Final[Mapping[str, int]] = {
    "BKD": 1,
    "DIS": 7,
    "NFD": 3,
    "AWD": 3,
    "CCD": 3,
    "DLV": 4,
}
"""
By the code of the newest event. Default: 2.

Assumed: all but 4, by analogy with the status numbers of a tracking.
"""


def track(request: SandboxRequest) -> Data:
    """
    Return air waybills by number as sent; duplicate numbers are merged.

    A single number as a string is accepted, as the official client sends it.

    Assumed: one invalid number rejects the whole request, with the codes of a tracking number.
    """
    fields = json_object(request.body)
    value = fields.get("track_number")
    numbers = [value] if isinstance(value, str | None) else non_empty_array(value)
    check_item_count(request, len(numbers))
    checked = [read_number(number, patterns.AIR_WAYBILL_NUMBER) for number in numbers]
    convert({**fields, "track_number": checked}, models.AirWaybillQuery)
    # A dict comprehension merges duplicates, keeping the order of the first ones.
    return {number: _air_waybill(number, request.now) for number in checked}


def _air_waybill(number: str, now: int) -> dict[str, object]:
    """
    Return one air waybill.

    Assumed: an unknown one has a null `return_data`, and an airline has empty URLs, as in the
    documented sample.
    """
    airline = airline_of(number)
    return {
        "track_number": number,
        "return_data": _documented(number) or _planned(number, now),
        "airline_info": {"name": airline.name, "url": "", "track_url": ""} if airline else None,
    }


def _documented(number: str) -> Mapping[str, object] | None:
    return _DOCUMENTED.get(f"{number[:3]}-{serial_number(number)}")


def _planned(number: str, now: int) -> dict[str, object] | None:
    plan = plan_flights(number, now)
    return _details(plan, now) if plan else None


def _details(plan: FlightPlan, now: int) -> dict[str, object]:
    """
    Return the past events and all flights of a shipment.

    Assumed: the newest event comes first, and future events are omitted.
    """
    # Never empty: a period begins with the booking.
    events = [event for event in reversed(plan.events) if event.actual <= now]
    stations = [station.code for station in plan.stations]
    return {
        "weight": f"{plan.kilograms}K",
        "piece": plan.pieces,
        "origin": stations[0],
        "destination": stations[-1],
        "track_info": [_event(event, plan.pieces) for event in events],
        "status_number": _STATUS_NUMBERS.get(events[0].code, 2),
        "flight_info": {flight.number: _flight(flight, now) for flight in plan.flights},
        "flight_way_station": stations,
        "last_event": _last_event(events),
    }


def _event(event: FlightEvent, pieces: int) -> dict[str, object]:
    return {
        "plan_date": _wall_time(event.planned, event.station),
        "actual_date": _wall_time(event.actual, event.station),
        "event": event.text,
        "station": event.station.code,
        "flight_number": event.flight_number,
        "status": event.code,
        "piece": str(pieces),
        "weight": "",
    }


def _flight(flight: PlannedFlight, now: int) -> dict[str, object]:
    return {
        "plan_depart_time": _wall_time(flight.planned_departure, flight.origin),
        "depart_time": _time_if_past(flight.departure, flight.origin, now),
        "depart_station": flight.origin.code,
        "plan_arrival_time": _wall_time(flight.planned_arrival, flight.destination),
        "arrival_time": _time_if_past(flight.arrival, flight.destination, now),
        "arrival_station": flight.destination.code,
    }


def _last_event(events: Sequence[FlightEvent]) -> str:
    newest = events[0]
    time = _wall_time(newest.actual, newest.station)
    return f"{time}, {newest.text}, {newest.station.code}, {newest.flight_number}"


def _time_if_past(at: int, station: Airport, now: int) -> str | None:
    return _wall_time(at, station) if at <= now else None


def _wall_time(at: int, station: Airport) -> str:
    # The API sends local times without an offset, so the offset is added to a UTC time.
    local = at + round(station.utc_offset * _HOUR)
    return str(datetime.fromtimestamp(local, UTC))[: len("YYYY-MM-DD HH:MM:SS")]
