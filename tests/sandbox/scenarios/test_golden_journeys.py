"""
Journeys and flight plans are those of golden_journeys.json.

After an intended change, write the output of `python -c` with `COMMAND` to that file.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from trackingmore_v2_sandbox.scenarios.flights import FlightPlan, plan_flights
from trackingmore_v2_sandbox.scenarios.journey import Journey
from trackingmore_v2_sandbox.scenarios.number_faults import failure_of
from trackingmore_v2_sandbox.scenarios.planner import plan_journey
from trackingmore_v2_sandbox.scenarios.reference_data import CARRIERS

GOLDEN = Path(__file__).with_name("golden_journeys.json")
COMMAND = (
    "import tests.sandbox.scenarios.test_golden_journeys as golden; print(golden.render(), end='')"
)
CARRIER_CODES = ("china-ems", "singapore-post", "ups", "sto")
NUMBERS = ("LK664578623CN", "1Z97X17XYW06605211", *(f"TEST{index:09}" for index in range(4)))
SCENARIOS = (
    "SANDBOX-DELIVERED003",
    "SANDBOX-SINCE-2D-NOTFOUND001-1D-TRANSIT001-2H-TO-US-TRANSIT004-90S-PICKUP-1H-DELIVERED",
    "SANDBOX-PENDING-1H-TRANSIT-30D-EXPIRED_a-label",
    "SANDBOX-SLOW-5S-ON-GET-EXCEPTION006",
    "SANDBOX-FAIL-4016",
    "SANDBOX-NONSENSE",
)
AIR_WAYBILLS = ("172-00000011", "020-76543213", "618-1234567", "999-12345675", "176-55555555")
MARCH_2026 = 1772366400


def render() -> str:
    """Return journeys, failures and flight plans as JSON."""
    journeys = {
        f"{code} {number}": as_json(plan_journey(CARRIERS[code], number, 0))
        for code in CARRIER_CODES
        for number in (*NUMBERS, *SCENARIOS)
    }
    failures = {number: repr(failure_of(number)) for number in SCENARIOS}
    flights = {number: flights_as_json(plan_flights(number, MARCH_2026)) for number in AIR_WAYBILLS}
    document = {"journeys": journeys, "failures": failures, "flights": flights}
    return json.dumps(document, indent=1) + "\n"


def as_json(journey: Journey) -> object:
    """Return a journey in a form whose changes are easy to read."""
    return {
        "route": f"{journey.origin.code} {journey.destination.code} {journey.destination_carrier}",
        "checkpoints": [
            f"{each.at} {each.city}: {each.text} ({each.milestone}, {each.in_destination})"
            for each in journey.checkpoints
        ],
        "states": [f"{state.at} {state.status} {state.substatus}" for state in journey.states],
        "ends": f"{journey.settles_at} {journey.expires_at}",
        "polls": journey.poll_times,
    }


def flights_as_json(plan: FlightPlan | None) -> object:
    """Return a flight plan in a form whose changes are easy to read."""
    return plan and {
        "load": f"{plan.pieces} {plan.kilograms}",
        "stations": [station.code for station in plan.stations],
        "flights": [
            f"{flight.number} {flight.origin.code} {flight.planned_departure} {flight.departure}"
            f" {flight.destination.code} {flight.planned_arrival} {flight.arrival}"
            for flight in plan.flights
        ],
        "events": [
            f"{event.code} {event.station.code} {event.flight_number}"
            f" {event.planned} {event.actual} {event.text}"
            for event in plan.events
        ],
    }


@pytest.mark.behaviour("progress.events", "progress.wording")
def test_journeys_and_flight_plans_are_stable() -> None:
    """A change of any journey changes the golden file."""
    assert render().encode() == GOLDEN.read_bytes()


@pytest.mark.behaviour("scenario.reproducible")
def test_journeys_do_not_depend_on_the_process() -> None:
    """Another process with another hash seed computes the same bytes."""
    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", COMMAND],
        cwd=Path(__file__).parents[3],
        env={**os.environ, "PYTHONHASHSEED": "4711"},
        capture_output=True,
        check=True,
    )

    assert done.stdout == GOLDEN.read_bytes()
