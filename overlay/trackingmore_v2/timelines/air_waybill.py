"""
What happened to an air waybill: `air_waybill_timeline()`.

The wire orders neither flights nor events, and all its times are local at a station.
"""

import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final, TypeVar

from msgspec import Struct

from trackingmore_v2.timelines._parsing import LATEST, read_text, read_time, unless_empty
from trackingmore_v2_api import models

ItemT = TypeVar("ItemT")

_PIECES: Final = re.compile(r"[0-9]{1,9}")
_WEIGHT: Final = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,3})?) ?(?:(KGS?|K)|(LBS?|L))", re.IGNORECASE)
_KILOGRAMS_PER_POUND: Final = 0.45359237


class FlightLeg(Struct, frozen=True, kw_only=True):
    """One flight. All times are naive, and local at the station they belong to."""

    number: str
    """The flight, such as `CV7493`."""

    from_station: str | None
    """IATA airport code."""

    to_station: str | None
    """IATA airport code."""

    planned_departure: datetime | None
    """Local at `from_station`."""

    actual_departure: datetime | None
    """Local at `from_station`."""

    planned_arrival: datetime | None
    """Local at `to_station`."""

    actual_arrival: datetime | None
    """Local at `to_station`."""

    flight: models.Flight
    """The same as the wire has it."""

    @property
    def departure_delay(self) -> timedelta | None:
        """Actual departure less the planned one, negative when early; exact, being one clock's."""
        return _difference(self.actual_departure, self.planned_departure)

    @property
    def arrival_delay(self) -> timedelta | None:
        """Actual arrival less the planned one, negative when early; exact, being one clock's."""
        return _difference(self.actual_arrival, self.planned_arrival)


class AirWaybillTimelineEvent(Struct, frozen=True, kw_only=True):
    """One event of an air waybill."""

    planned: datetime | None
    """When it was planned; naive, local at `station`."""

    actual: datetime | None
    """When it happened; naive, local at `station`. None if it has not, or cannot be read."""

    status: models.CargoStatus | None
    """What happened, as a Cargo-IMP code such as `DLV`."""

    text: str | None
    """What happened, in the words of the airline."""

    station: str | None
    """Where: IATA airport code."""

    flight_number: str | None
    """The flight, such as `CV7493`."""

    pieces: int | None
    """Pieces concerned. The documented sample delivers 10 of 9: do not add them up."""

    weight: str | None
    """Weight with its unit."""

    event: models.AirWaybillEvent
    """The same as the wire has it."""


class AirWaybillTimeline(Struct, frozen=True, kw_only=True):
    """What happened to an air waybill. Where nothing is known, all is None, False or empty."""

    number: str
    """The number as it was sent."""

    status: models.StatusNumber | None
    """Status of the whole."""

    origin: str | None
    """IATA airport code."""

    destination: str | None
    """IATA airport code."""

    pieces: int | None
    """Pieces of the whole."""

    weight: str | None
    """Weight of the whole with its unit, such as `1981K`."""

    weight_kg: float | None
    """The same in kilograms, to the gram; None if number or unit (K or L) cannot be read."""

    flights: tuple[FlightLeg, ...]
    """In the order of the route."""

    events: tuple[AirWaybillTimelineEvent, ...]
    """In the order of the route, and oldest first at each station."""

    is_delivered: bool
    """Whether the status is 4 (delivered) or, without a status, whether a delivery happened."""

    delivered_at: datetime | None
    """
    When the last delivery happened, naive, local at its station. None unless `is_delivered`, and
    where no event tells of it.
    """


def air_waybill_timeline(waybill: models.AirWaybill) -> AirWaybillTimeline:
    """
    Tell what happened to an air waybill: its flights and events, in the order of the route.

    Times of different stations are of different clocks, up to 26 hours apart, and may contradict
    each other even so: the documented sample arrives at its second station before the first one has
    accepted it. So the route orders the stations, and time orders what happened at one. What is at
    a station off the route, or that the route passes twice, goes by time alone, and what has no
    time comes last. Times are given as they came, contradictions and all: an arrival may be a day
    before its departure, and a delay below minus 24 hours.

    Args:
        waybill: A result of `air_waybills.track()`. None of its oddities raises anything.

    Returns:
        Flights and events with naive `datetime` values, each event once, and totals.

    Source: schemas AirWaybill, AirWaybillDetails, Flight and AirWaybillEvent.
    """
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
        status=unless_empty(event.status),
        text=read_text(event.event),
        station=read_text(event.station),
        flight_number=read_text(event.flight_number),
        pieces=_pieces(event.piece),
        weight=read_text(event.weight),
        event=event,
    )


def _route(details: models.AirWaybillDetails) -> list[str]:
    """Give the stations in order: all of them, or else the two ends."""
    stations = list(filter(None, map(read_text, details.flight_way_station or [])))
    return stations or list(filter(None, map(read_text, (details.origin, details.destination))))


def _ordered(
    items: Sequence[ItemT],
    route: Sequence[str],
    station: Callable[[ItemT], str | None],
    time: Callable[[ItemT], datetime | None],
) -> tuple[ItemT, ...]:
    """Order by the station's place on the route, then by time; off the route by time alone."""
    places = {name: place for place, name in enumerate(route) if route.count(name) == 1}
    reached = [
        (when, places[name])
        for name, when in ((station(item), time(item)) for item in items)
        if name in places and when
    ]

    def key(item: ItemT) -> tuple[int, datetime]:
        when = time(item) or LATEST
        place = places.get(station(item) or "")
        if place is None:
            place = max((place for seen, place in reached if seen <= when), default=-1)
        return place, when

    return tuple(sorted(items, key=key))


def _is_delivered(status: models.StatusNumber | None, deliveries: Sequence[datetime]) -> bool:
    return bool(deliveries) if status is None else status == models.StatusNumber.DELIVERED


def _difference(actual: datetime | None, planned: datetime | None) -> timedelta | None:
    return actual - planned if actual and planned else None


def _pieces(value: str | int | None) -> int | None:
    text = read_text(value if isinstance(value, str | None) else str(value))
    return int(text) if text and _PIECES.fullmatch(text) else None


def _kilograms(weight: str | None) -> float | None:
    """Read a weight in the units of Cargo-IMP: K for kilograms, L for pounds."""
    found = _WEIGHT.fullmatch(read_text(weight) or "")
    if found is None:
        return None
    kilograms = float(found[1]) * (1 if found[2] else _KILOGRAMS_PER_POUND)
    return round(kilograms, 3)
