"""
Timeline of an air waybill: `air_waybill_timeline()`.

The API returns flights and events in no particular order, with times local to each station.
"""

import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final, TypeVar

from msgspec import Struct

from trackingmore_v2._validation import require_instance
from trackingmore_v2.timelines._parsing import (
    LATEST,
    none_if_empty,
    read_text,
    read_time,
)
from trackingmore_v2_api import models

ItemT = TypeVar("ItemT")

# Digits are bounded, since `int()` raises an error for thousands of them.
_PIECES: Final = re.compile(r"[0-9]{1,9}")
_WEIGHT: Final = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,3})?) ?(?:(KGS?|K)|(LBS?|L))", re.IGNORECASE)
_KILOGRAMS_PER_POUND: Final = 0.45359237


class FlightLeg(Struct, frozen=True, kw_only=True):
    """One flight of an air waybill. All times are naive and local to their station."""

    number: str
    """Flight number, such as `CV7493`."""

    from_station: str | None
    """IATA airport code of the departure."""

    to_station: str | None
    """IATA airport code of the arrival."""

    planned_departure: datetime | None
    """Planned departure, local to `from_station`."""

    actual_departure: datetime | None
    """Actual departure, local to `from_station`."""

    planned_arrival: datetime | None
    """Planned arrival, local to `to_station`."""

    actual_arrival: datetime | None
    """Actual arrival, local to `to_station`."""

    flight: models.Flight
    """The flight as the API returned it."""

    @property
    def departure_delay(self) -> timedelta | None:
        """Actual minus planned departure, negative if early; both are local to one station."""
        return _difference(self.actual_departure, self.planned_departure)

    @property
    def arrival_delay(self) -> timedelta | None:
        """Actual minus planned arrival, negative if early; both are local to one station."""
        return _difference(self.actual_arrival, self.planned_arrival)


class AirWaybillTimelineEvent(Struct, frozen=True, kw_only=True):
    """One event of an air waybill."""

    planned: datetime | None
    """Planned time; naive, local to `station`."""

    actual: datetime | None
    """Actual time; naive, local to `station`. None if it has not happened or cannot be parsed."""

    status: models.CargoStatus | None
    """Cargo-IMP status code, such as `DLV`."""

    text: str | None
    """The airline's description of the event."""

    station: str | None
    """IATA airport code."""

    flight_number: str | None
    """Flight number, such as `CV7493`."""

    pieces: int | None
    """Pieces of this event. Do not sum them: the documented sample delivers 10 of 9."""

    weight: str | None
    """Weight with its unit, such as `1981K`."""

    event: models.AirWaybillEvent
    """The event as the API returned it."""


class AirWaybillTimeline(Struct, frozen=True, kw_only=True):
    """Flights and events of an air waybill. Without data, fields are None, False or empty."""

    number: str
    """Air waybill number, as it was sent."""

    status: models.StatusNumber | None
    """Overall status."""

    origin: str | None
    """IATA airport code of the origin."""

    destination: str | None
    """IATA airport code of the destination."""

    pieces: int | None
    """Total number of pieces."""

    weight: str | None
    """Total weight with its unit, such as `1981K`."""

    weight_kg: float | None
    """Total weight in kilograms, to the gram; None if number or unit (K or L) cannot be parsed."""

    flights: tuple[FlightLeg, ...]
    """Flights in route order."""

    events: tuple[AirWaybillTimelineEvent, ...]
    """Events in route order, and oldest first at each station."""

    is_delivered: bool
    """Whether the status is 4 (delivered) or, without a status, a delivery event happened."""

    delivered_at: datetime | None
    """
    Time of the last delivery event; naive, local to its station. None unless `is_delivered`, or if
    there is no such event.
    """


def air_waybill_timeline(waybill: models.AirWaybill) -> AirWaybillTimeline:
    """
    Return the flights and events of an air waybill in route order.

    Times are local to each station, so the clocks of two stations can differ by up to 26 hours.
    They can also be inconsistent: in the documented sample the cargo arrives at the second station
    before the first one accepts it. Flights and events are therefore sorted by their station's
    position on the route, then by time. At a station that is not on the route, or is on it more
    than once, only the time counts. Those without a time come last.

    Times are not corrected: an arrival may be a day before its departure, and a delay may be less
    than minus 24 hours.

    Args:
        waybill: A result of `air_waybills.track()`. Malformed values never raise an error.

    Returns:
        The timeline, with naive `datetime` values. Duplicate events are removed.

    Raises:
        InvalidInput: The argument is not an `AirWaybill`.

    Source: schemas AirWaybill, AirWaybillDetails, Flight and AirWaybillEvent.
    """
    require_instance("waybill", waybill, models.AirWaybill)
    details = waybill.return_data or models.AirWaybillDetails()
    route = _route(details)
    events = _ordered(
        [_event(event) for event in dict.fromkeys(details.track_info or [])],
        route,
        lambda event: event.station,
        lambda event: event.actual or event.planned,
    )
    deliveries = [event.actual for event in events if event.status == "DLV" and event.actual]
    is_delivered = _is_delivered(details.status_number, deliveries)
    return AirWaybillTimeline(
        number=waybill.track_number,
        status=details.status_number,
        origin=read_text(details.origin),
        destination=read_text(details.destination),
        pieces=_pieces(details.piece),
        weight=read_text(details.weight),
        weight_kg=_kilograms(details.weight),
        flights=_ordered(
            [_flight_leg(*item) for item in (details.flight_info or {}).items()],
            route,
            lambda flight: flight.from_station,
            lambda flight: flight.actual_departure or flight.planned_departure,
        ),
        events=events,
        is_delivered=is_delivered,
        delivered_at=deliveries[-1] if is_delivered and deliveries else None,
    )


def _flight_leg(number: str, flight: models.Flight) -> FlightLeg:
    return FlightLeg(
        number=number,
        from_station=read_text(flight.depart_station),
        to_station=read_text(flight.arrival_station),
        planned_departure=read_time(flight.plan_depart_time),
        actual_departure=read_time(flight.depart_time),
        planned_arrival=read_time(flight.plan_arrival_time),
        actual_arrival=read_time(flight.arrival_time),
        flight=flight,
    )


def _event(event: models.AirWaybillEvent) -> AirWaybillTimelineEvent:
    return AirWaybillTimelineEvent(
        planned=read_time(event.plan_date),
        actual=read_time(event.actual_date),
        status=none_if_empty(event.status),
        text=read_text(event.event),
        station=read_text(event.station),
        flight_number=read_text(event.flight_number),
        pieces=_pieces(event.piece),
        weight=read_text(event.weight),
        event=event,
    )


def _route(details: models.AirWaybillDetails) -> list[str]:
    """Return the stations in order; origin and destination if the API lists no stations."""
    stations = list(filter(None, map(read_text, details.flight_way_station or [])))
    return stations or list(filter(None, map(read_text, (details.origin, details.destination))))


def _ordered(
    items: Sequence[ItemT],
    route: Sequence[str],
    station: Callable[[ItemT], str | None],
    time: Callable[[ItemT], datetime | None],
) -> tuple[ItemT, ...]:
    """Sort by the station's position on the route, then by time; off the route by time alone."""
    positions = {name: position for position, name in enumerate(route) if route.count(name) == 1}
    reached = [
        (when, positions[name])
        for name, when in ((station(item), time(item)) for item in items)
        if name in positions and when
    ]

    def key(item: ItemT) -> tuple[int, datetime]:
        when = time(item) or LATEST
        position = positions.get(station(item) or "")
        if position is None:
            # The furthest position that the cargo had reached by then.
            position = max((place for at, place in reached if at <= when), default=-1)
        return position, when

    return tuple(sorted(items, key=key))


def _is_delivered(status: models.StatusNumber | None, deliveries: Sequence[datetime]) -> bool:
    return bool(deliveries) if status is None else status == models.StatusNumber.DELIVERED


def _difference(actual: datetime | None, planned: datetime | None) -> timedelta | None:
    return actual - planned if actual and planned else None


def _pieces(value: str | int | None) -> int | None:
    text = read_text(value if isinstance(value, str | None) else str(value))
    return int(text) if text and _PIECES.fullmatch(text) else None


def _kilograms(weight: str | None) -> float | None:
    """Convert a weight with a Cargo-IMP unit to kilograms: K is kilograms, L is pounds."""
    found = _WEIGHT.fullmatch(read_text(weight) or "")
    if found is None:
        return None
    kilograms = float(found[1]) * (1 if found[2] else _KILOGRAMS_PER_POUND)
    return round(kilograms, 3)
