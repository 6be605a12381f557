"""Flight plans of air waybills."""

from itertools import pairwise

import pytest

from tests.sandbox.harness import NOON
from trackingmore_v2_api import models
from trackingmore_v2_sandbox.scenarios.airports import AIRLINES, AIRPORTS, kilometres
from trackingmore_v2_sandbox.scenarios.flights import (
    PERIOD,
    FlightPlan,
    plan_flights,
    serial_number,
)

NOW = int(NOON.timestamp())
HOUR = 3600
DAY = 24 * HOUR
NUMBERS = [f"{prefix}-{6151 * index + 17:07}" for prefix in AIRLINES for index in range(20)]
ON_THE_WAY = ["MAN", "DEP", "ARR", "RCF"]


def plan(number: str, now: int = NOW) -> FlightPlan:
    """Plan the flights of a number that has some."""
    flights = plan_flights(number, now)
    assert flights is not None
    return flights


PLANS = {number: plan(number) for number in NUMBERS}


@pytest.mark.behaviour("air-waybill.routes")
def test_events_come_in_the_order_of_air_cargo() -> None:
    """Booked, accepted, flown on each flight, announced, cleared, delivered; at times offloaded."""
    offloaded = 0
    for flights in PLANS.values():
        codes = [event.code for event in flights.events]
        offloaded += codes.count("DIS")
        assert [code for code in codes if code != "DIS"] == [
            *("BKD", "FOH", "RCS"),
            *ON_THE_WAY * len(flights.flights),
            *("NFD", "AWD", "CCD", "DLV"),
        ]
        assert set(codes) <= {code.value for code in models.CargoStatus}
    assert 0.05 < offloaded / len(PLANS) < 0.2


def test_events_are_in_order_of_time() -> None:
    """No event comes before the one that it follows, neither as planned nor as it happened."""
    for flights in PLANS.values():
        for times in (
            [event.planned for event in flights.events],
            [event.actual for event in flights.events],
        ):
            assert times == sorted(set(times))
        assert flights.events[-1].actual - flights.events[0].actual < 10 * DAY


@pytest.mark.behaviour("air-waybill.routes")
def test_the_route_is_one_of_the_airline() -> None:
    """It leads over the hub without great detours, each flight as fast as an aircraft flies."""
    for number, flights in PLANS.items():
        airline = AIRLINES[number[:3]]
        codes = [station.code for station in flights.stations]
        assert airline.hub in codes
        assert len(set(codes)) == len(codes) in (2, 3)
        legs = [(one.origin.code, one.destination.code) for one in flights.flights]
        assert legs == list(pairwise(codes))
        assert sum(kilometres(*leg) for leg in legs) <= 1.4 * kilometres(codes[0], codes[-1]) + 1
        for flight, leg in zip(flights.flights, legs, strict=True):
            assert flight.number.startswith(airline.code)
            assert flight.number.removeprefix(airline.code).isdecimal()
            assert 1000 <= kilometres(*leg) <= 14500
            hours = (flight.planned_arrival - flight.planned_departure) / HOUR
            assert 500 < kilometres(*leg) / hours < 850
            assert abs(flight.arrival - flight.planned_arrival) < 26 * HOUR
        assert len({flight.number for flight in flights.flights}) == len(flights.flights)


def test_flights_and_events_agree() -> None:
    """A flight departs and arrives when and where its events say."""
    for flights in PLANS.values():
        for flight in flights.flights:
            events = {
                event.code: event
                for event in flights.events
                if event.flight_number == flight.number
            }
            assert (flight.departure, flight.origin) == (
                events["DEP"].actual,
                events["DEP"].station,
            )
            assert (flight.arrival, flight.destination) == (
                events["ARR"].actual,
                events["ARR"].station,
            )


def test_an_offloaded_shipment_is_a_day_late() -> None:
    """The rest of the way is a day later, on the flight of that number the day after."""
    late = next(
        flights for flights in PLANS.values() if any(e.code == "DIS" for e in flights.events)
    )
    delays = {event.code: event.actual - event.planned for event in late.events}

    assert delays["DIS"] < 2 * HOUR
    assert 23 * HOUR < delays["DEP"] < 26 * HOUR
    assert 23 * HOUR < delays["DLV"] < 26 * HOUR


def test_numbers_differ() -> None:
    """Routes, loads and days are of many kinds."""
    assert len({flights.stations for flights in PLANS.values()}) > 0.8 * len(PLANS)
    assert len({flights.pieces for flights in PLANS.values()}) == 24
    assert len({flights.events[0].actual // DAY for flights in PLANS.values()}) >= 14
    assert {station for flights in PLANS.values() for station in flights.stations} == set(
        AIRPORTS.values()
    )


@pytest.mark.behaviour("scenario.air-waybills")
@pytest.mark.parametrize("number", NUMBERS[:5])
def test_a_number_is_reused_every_fortnight(number: str) -> None:
    """Within a fortnight the plan stands; the next one is the same, a fortnight later."""
    start = plan(number).events[0].actual
    again = plan(number, start + PERIOD)

    assert start <= NOW < start + PERIOD
    assert plan(number, start) == plan(number, start + PERIOD - 1) == plan(number)
    assert plan(number, start - 1).events[0].actual == start - PERIOD
    assert [event.actual for event in again.events] == [
        event.actual + PERIOD for event in plan(number).events
    ]


def test_the_form_of_a_number_does_not_matter() -> None:
    """A check digit and what stands after the prefix change nothing."""
    written = ("020-7654321", "0207654321", "020 7654321", "020-76543213", "02076543213")

    assert len({plan(number) for number in written}) == 1


@pytest.mark.parametrize(
    ("number", "serial"),
    [
        ("172-28891936", "2889193"),
        ("172 2889193", "2889193"),
        ("17228891935", None),
        ("172-0000000", "0000000"),
    ],
)
def test_the_check_digit_is_checked(number: str, serial: str | None) -> None:
    """It is the seven digits modulo 7; a number may do without it."""
    assert serial_number(number) == serial


@pytest.mark.behaviour("scenario.air-waybills")
@pytest.mark.parametrize(
    "number", ["000-1234567", "998-1234567", "172-28891937", "172-00000000", "172-0000000"]
)
def test_some_numbers_are_unknown(number: str) -> None:
    """The prefix is no airline's, the check digit is wrong, or there is no digit but 0."""
    assert plan_flights(number, NOW) is None


def test_airlines_and_airports_are_what_they_should_be() -> None:
    """Prefixes, codes and hubs are of the right form; the hubs are airports."""
    assert len(AIRLINES) >= 60
    for prefix, airline in AIRLINES.items():
        assert len(prefix) == 3
        assert prefix.isdecimal()
        assert len(airline.code) == 2
        assert airline.hub in AIRPORTS
    for code, airport in AIRPORTS.items():
        assert len(code) == 3
        assert code.isalpha()
        assert code.isupper()
        assert abs(airport.longitude / 15 - airport.utc_offset) < 3
        assert abs(airport.latitude) < 65


@pytest.mark.parametrize(
    ("one", "other", "far"),
    [("JFK", "LHR", 5540), ("SYD", "SIN", 6300), ("NRT", "LAX", 8750), ("FRA", "JNB", 8680)],
)
def test_distances_are_right(one: str, other: str, far: int) -> None:
    """To two percent, measured on a map."""
    assert kilometres(one, other) == pytest.approx(far, rel=0.02)
    assert kilometres(other, one) == kilometres(one, other)
    assert kilometres(one, one) == 0
