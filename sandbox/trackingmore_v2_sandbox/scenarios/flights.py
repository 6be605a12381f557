"""
Generated flight plans of air waybills: plausible, and always the same for a number.

The store keeps no state of air waybills, not even the time of the first request. Each number is
therefore reused every 14 days, with a start that depends on the number: the shipment flies the same
route again, and is delivered in less than 10 days.

Assumed: everything except the codes and texts of the documented events.
"""

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from hashlib import shake_128
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from trackingmore_v2_sandbox.scenarios.airports import (
    AIRLINES,
    AIRPORTS,
    Airport,
    airline_of,
    kilometres,
)

_MINUTE: Final = 60
_HOUR: Final = 60 * _MINUTE
PERIOD: Final = 14 * 24 * _HOUR
"""Seconds from one use of a number to the next."""

_SLOT: Final = 5 * _MINUTE
"""Granularity of scheduled times, in seconds."""

_CRUISE: Final = 850
"""Cruising speed in kilometres per hour."""

_SHORTEST: Final = 1000
_FARTHEST: Final = 14500
"""Range of a flight's length in kilometres: worth a flight, and within a freighter's range."""

_OFFLOADED: Final = "DIS"
"""Code of the event after which all others are a day late."""

_DETOUR: Final = 1.4
"""Maximum length of a route over the hub, relative to the direct distance."""


class PlannedFlight(Struct, frozen=True, kw_only=True):
    """One flight. Times are Unix seconds."""

    number: str
    origin: Airport
    destination: Airport
    planned_departure: int
    departure: int
    planned_arrival: int
    arrival: int


class FlightEvent(Struct, frozen=True):
    """An event of a shipment. Times are Unix seconds."""

    code: str
    """Cargo-IMP code."""

    text: str
    station: Airport
    flight_number: str
    planned: int
    actual: int = 0


class FlightPlan(Struct, frozen=True, kw_only=True):
    """All flights and events of a shipment, past and future."""

    pieces: int
    kilograms: int
    flights: tuple[PlannedFlight, ...]
    """Flights in chronological order."""

    events: tuple[FlightEvent, ...]
    """Events, oldest first."""

    @property
    def stations(self) -> tuple[Airport, ...]:
        """Airports of the route, from origin to destination."""
        return (self.flights[0].origin, *(flight.destination for flight in self.flights))


class _Draws:
    """Pseudo-random numbers from a hash of a text, the same on every machine."""

    def __init__(self, text: str) -> None:
        # 128 numbers, several times as many as a plan draws.
        self._bytes = iter(shake_128(text.encode()).digest(256))

    def below(self, limit: int) -> int:
        """Return the next number, at least 0 and less than the limit."""
        return (next(self._bytes) * 256 + next(self._bytes)) % limit


def serial_number(number: str) -> str | None:
    """
    Return the seven digits of an air waybill number between the prefix and the check digit.

    The check digit is the seven digits modulo 7. It may be missing; if it is wrong, return None.
    """
    digits = number.replace("-", "").replace(" ", "")
    serial, check = digits[3:10], digits[10:]
    return serial if check in ("", str(int(serial) % 7)) else None


def plan_flights(number: str, now: int) -> FlightPlan | None:
    """
    Return the flight plan of a shipment, for the period that contains `now`.

    Args:
        number: An air waybill number in the contract's format.
        now: Current time, Unix seconds.

    Returns:
        The plan; None if the number has an unknown prefix, a wrong check digit, or a serial number
        of only zeros.
    """
    airline, serial = airline_of(number), serial_number(number)
    if airline is None or serial is None or int(serial) == 0:
        return None
    # Each number has its own phase, or all shipments would start on the same day.
    phase = _Draws(f"{airline.prefix}-{serial}/phase").below(PERIOD // _SLOT) * _SLOT
    return _plan(airline.prefix, serial, now - (now - phase) % PERIOD)


@lru_cache(maxsize=1024)
def _plan(prefix: str, serial: str, start: int) -> FlightPlan:
    airline, draws = AIRLINES[prefix], _Draws(f"{prefix}-{serial}")
    route = _route(airline.hub, draws)
    pieces = 1 + draws.below(24)
    numbers = _flight_numbers(airline.code, len(route) - 1, draws)
    # All of the schedule is drawn before the deviations from it.
    schedule = list(_schedule(route, numbers, pieces, start, draws))
    events = tuple(_events(schedule, draws))
    return FlightPlan(
        pieces=pieces,
        kilograms=pieces * (40 + draws.below(260)),
        flights=tuple(_flights(events)),
        events=events,
    )


def _route(hub: str, draws: _Draws) -> tuple[Airport, ...]:
    """Return the airports of the route: direct from or to the hub, and otherwise over it."""
    # Every origin is in range of the hub, so a route always exists.
    origins = _origins(hub)
    origin = origins[draws.below(len(origins))]
    destinations = _destinations(origin, hub)
    destination = destinations[draws.below(len(destinations))]
    is_direct = hub in (origin, destination)
    codes = (origin, destination) if is_direct else (origin, hub, destination)
    return tuple(AIRPORTS[code] for code in codes)


@cache
def _origins(hub: str) -> tuple[str, ...]:
    return tuple(code for code in AIRPORTS if code == hub or _is_in_range(code, hub))


@cache
def _destinations(origin: str, hub: str) -> tuple[str, ...]:
    return tuple(code for code in AIRPORTS if _is_reachable(origin, hub, code))


def _is_in_range(origin: str, destination: str) -> bool:
    return _SHORTEST <= kilometres(origin, destination) <= _FARTHEST


def _is_reachable(origin: str, hub: str, destination: str) -> bool:
    if hub in (origin, destination):
        return _is_in_range(origin, destination)
    legs = kilometres(origin, hub) + kilometres(hub, destination)
    return _is_in_range(hub, destination) and legs <= _DETOUR * kilometres(origin, destination)


def _flight_numbers(code: str, count: int, draws: _Draws) -> list[str]:
    first = 1000 + draws.below(8000)
    return [f"{code}{first + leg * (1 + draws.below(90))}" for leg in range(count)]


def _schedule(
    route: Sequence[Airport], numbers: Sequence[str], pieces: int, start: int, draws: _Draws
) -> Iterator[FlightEvent]:
    """Yield each event as scheduled; one in eight connecting shipments misses its second flight."""
    origin, destination = route[0], route[-1]
    departure = start + 30 * _HOUR + draws.below(30 * 12) * _SLOT
    count = f"{pieces} piece(s)"
    yield FlightEvent("BKD", f"{count} booked on {numbers[0]}", origin, numbers[0], start)
    yield FlightEvent("FOH", f"{count} on hand", origin, numbers[0], departure - 15 * _HOUR)
    yield FlightEvent("RCS", f"{count} accepted", origin, numbers[0], departure - 12 * _HOUR)
    arrival = departure
    for leg, number in enumerate(numbers):
        station, next_station = route[leg : leg + 2]
        arrival = departure + _duration(station.code, next_station.code)
        is_missed = leg > 0 and draws.below(8) == 0
        yield FlightEvent(
            "MAN", f"{count} manifested on {number}", station, number, departure - 3 * _HOUR
        )
        if is_missed:
            yield FlightEvent(_OFFLOADED, f"{count} offloaded", station, number, departure - _HOUR)
        yield FlightEvent("DEP", f"{count} departed on {number}", station, number, departure)
        yield FlightEvent("ARR", f"{count} arrived on {number}", next_station, number, arrival)
        yield FlightEvent(
            "RCF", f"{count} received from {number}", next_station, number, arrival + 3 * _HOUR
        )
        departure = arrival + 10 * _HOUR + draws.below(16 * 12) * _SLOT
    number = numbers[-1]
    yield FlightEvent("NFD", "Consignee notified", destination, number, arrival + 4 * _HOUR)
    yield FlightEvent("AWD", "Documents delivered", destination, number, arrival + 8 * _HOUR)
    yield FlightEvent("CCD", "Cleared by customs", destination, number, arrival + 14 * _HOUR)
    delivery = arrival + 18 * _HOUR + draws.below(24 * 12) * _SLOT
    yield FlightEvent("DLV", "Delivery", destination, number, delivery)


def _duration(origin: str, destination: str) -> int:
    """Return the seconds of a flight, with half an hour to climb and land, rounded up to a slot."""
    seconds = _HOUR // 2 + kilometres(origin, destination) * _HOUR // _CRUISE
    return -(-seconds // _SLOT) * _SLOT


def _events(schedule: Sequence[FlightEvent], draws: _Draws) -> Iterator[FlightEvent]:
    """Yield the scheduled events with actual times, a few minutes early or up to an hour late."""
    delay = minutes = 0
    for event in schedule:
        yield replace(event, actual=event.planned + delay + minutes * _MINUTE)
        if event.code == _OFFLOADED:
            delay += 24 * _HOUR
        # A deviation decays over the next events. It is shorter than any gap between two events,
        # so the events stay in order.
        minutes = minutes // 2 + draws.below(36) - 10


def _flights(events: Sequence[FlightEvent]) -> Iterator[PlannedFlight]:
    departures = [event for event in events if event.code == "DEP"]
    arrivals = [event for event in events if event.code == "ARR"]
    for departure, arrival in zip(departures, arrivals, strict=True):
        yield PlannedFlight(
            number=departure.flight_number,
            origin=departure.station,
            destination=arrival.station,
            planned_departure=departure.planned,
            departure=departure.actual,
            planned_arrival=arrival.planned,
            arrival=arrival.actual,
        )
