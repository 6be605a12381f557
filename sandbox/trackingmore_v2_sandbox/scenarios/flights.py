"""
Flight plans of air waybills: plausible, and always the same for a number.

Nothing is stored of an air waybill, not even when it was first asked for. So that it lives while
one looks, each number is used again every 14 days, on a day that the number chooses: the shipment
flies the same way again, and reaches its end in less than 10 days.

Assumed: all of it, but the codes and the words of the documented events.
"""

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from hashlib import shake_128
from typing import Final, NamedTuple

from msgspec import Struct

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
"""Flights are planned on these."""

_CRUISE: Final = 850
"""Kilometres in an hour."""

_SHORTEST: Final = 1000
_FARTHEST: Final = 14500
"""Kilometres that pay, and that a freighter flies at once."""

_DETOUR: Final = 1.4
"""How much farther a way over the hub may be."""


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
    """What happens to the shipment. Times are Unix seconds."""

    code: str
    """A Cargo-IMP code."""

    text: str
    station: Airport
    flight_number: str
    planned: int
    actual: int


class FlightPlan(Struct, frozen=True, kw_only=True):
    """Everything that happens to a shipment by air, known from the start."""

    pieces: int
    kilograms: int
    flights: tuple[PlannedFlight, ...]
    """In their order."""

    events: tuple[FlightEvent, ...]
    """Oldest first."""

    @property
    def stations(self) -> tuple[Airport, ...]:
        """The airports in their order."""
        return (self.flights[0].origin, *(flight.destination for flight in self.flights))


class _Draws:
    """Numbers that follow from a text, whatever the machine."""

    def __init__(self, text: str) -> None:
        self._bytes = iter(shake_128(text.encode()).digest(256))

    def below(self, limit: int) -> int:
        """Give the next one, at least 0 and less than the limit."""
        return (next(self._bytes) * 256 + next(self._bytes)) % limit


class _Plan(NamedTuple):
    """An event to be: `late` says by how many seconds more all that follows is delayed."""

    code: str
    text: str
    station: str
    flight_number: str
    planned: int
    late: int = 0


def serial_number(number: str) -> str | None:
    """
    Get the seven digits of an air waybill number between prefix and check digit.

    The check digit is those seven modulo 7. It may be missing; where it is wrong, this is None.
    """
    digits = number.replace("-", "").replace(" ", "")
    serial, check = digits[3:10], digits[10:]
    return serial if check in ("", str(int(serial) % 7)) else None


def plan_flights(number: str, now: int) -> FlightPlan | None:
    """
    Plan how a shipment flies, at the time of its number's use in which `now` lies.

    Args:
        number: An air waybill number of the contract's form.
        now: Unix seconds.

    Returns:
        The plan; None if the number has an unknown prefix, a wrong check digit, or no digit but 0
        in its serial number.
    """
    airline, serial = airline_of(number), serial_number(number)
    if airline is None or serial is None or int(serial) == 0:
        return None
    phase = _Draws(f"{airline.prefix}-{serial}/phase").below(PERIOD // _SLOT) * _SLOT
    return _plan(airline.prefix, serial, now - (now - phase) % PERIOD)


@lru_cache(maxsize=1024)
def _plan(prefix: str, serial: str, start: int) -> FlightPlan:
    airline, draws = AIRLINES[prefix], _Draws(f"{prefix}-{serial}")
    route = _route(airline.hub, draws)
    pieces = 1 + draws.below(24)
    numbers = _flight_numbers(airline.code, len(route) - 1, draws)
    plans = list(_plans(route, numbers, pieces, start, draws))
    events = tuple(_happen(plans, draws))
    return FlightPlan(
        pieces=pieces,
        kilograms=pieces * (40 + draws.below(260)),
        flights=tuple(_flights(events)),
        events=events,
    )


def _route(hub: str, draws: _Draws) -> tuple[str, ...]:
    """Fly from somewhere to elsewhere, over the hub where that is not an end itself."""
    origins = _origins(hub)
    origin = origins[draws.below(len(origins))]
    goals = _goals(origin, hub)
    goal = goals[draws.below(len(goals))]
    return (origin, goal) if hub in (origin, goal) else (origin, hub, goal)


@cache
def _origins(hub: str) -> tuple[str, ...]:
    return tuple(code for code in AIRPORTS if code == hub or _pays(code, hub))


@cache
def _goals(origin: str, hub: str) -> tuple[str, ...]:
    return tuple(code for code in AIRPORTS if _is_on_the_way(origin, hub, code))


def _pays(origin: str, destination: str) -> bool:
    return _SHORTEST <= kilometres(origin, destination) <= _FARTHEST


def _is_on_the_way(origin: str, hub: str, goal: str) -> bool:
    if hub in (origin, goal):
        return _pays(origin, goal)
    legs = kilometres(origin, hub) + kilometres(hub, goal)
    return _pays(hub, goal) and legs <= _DETOUR * kilometres(origin, goal)


def _flight_numbers(code: str, count: int, draws: _Draws) -> list[str]:
    first = 1000 + draws.below(8000)
    return [f"{code}{first + leg * (1 + draws.below(90))}" for leg in range(count)]


def _plans(
    route: Sequence[str], numbers: Sequence[str], pieces: int, start: int, draws: _Draws
) -> Iterator[_Plan]:
    """Plan each event; a shipment that changes flights misses the second one now and then."""
    origin, goal = route[0], route[-1]
    departure = start + 30 * _HOUR + draws.below(30 * 12) * _SLOT
    count = f"{pieces} piece(s)"
    yield _Plan("BKD", f"{count} booked on {numbers[0]}", origin, numbers[0], start)
    yield _Plan("FOH", f"{count} on hand", origin, numbers[0], departure - 15 * _HOUR)
    yield _Plan("RCS", f"{count} accepted", origin, numbers[0], departure - 12 * _HOUR)
    arrival = departure
    for leg, number in enumerate(numbers):
        here, there = route[leg : leg + 2]
        arrival = departure + _duration(here, there)
        is_missed = leg > 0 and draws.below(8) == 0
        yield _Plan("MAN", f"{count} manifested on {number}", here, number, departure - 3 * _HOUR)
        if is_missed:
            yield _Plan("DIS", f"{count} offloaded", here, number, departure - _HOUR, 24 * _HOUR)
        yield _Plan("DEP", f"{count} departed on {number}", here, number, departure)
        yield _Plan("ARR", f"{count} arrived on {number}", there, number, arrival)
        yield _Plan("RCF", f"{count} received from {number}", there, number, arrival + 3 * _HOUR)
        departure = arrival + 10 * _HOUR + draws.below(16 * 12) * _SLOT
    number = numbers[-1]
    yield _Plan("NFD", "Consignee notified", goal, number, arrival + 4 * _HOUR)
    yield _Plan("AWD", "Documents delivered", goal, number, arrival + 8 * _HOUR)
    yield _Plan("CCD", "Cleared by customs", goal, number, arrival + 14 * _HOUR)
    delivery = arrival + 18 * _HOUR + draws.below(24 * 12) * _SLOT
    yield _Plan("DLV", "Delivery", goal, number, delivery)


def _duration(origin: str, destination: str) -> int:
    """Take half an hour to climb and land, rounded up to a slot."""
    seconds = _HOUR // 2 + kilometres(origin, destination) * _HOUR // _CRUISE
    return -(-seconds // _SLOT) * _SLOT


def _happen(plans: Sequence[_Plan], draws: _Draws) -> Iterator[FlightEvent]:
    """Let the planned events happen, a few minutes early or up to an hour late."""
    delay = minutes = 0
    for plan in plans:
        yield FlightEvent(
            plan.code,
            plan.text,
            AIRPORTS[plan.station],
            plan.flight_number,
            plan.planned,
            plan.planned + delay + minutes * _MINUTE,
        )
        delay += plan.late
        # What is late stays so for a while: by less than what lies between any two events.
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
