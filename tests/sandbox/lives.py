"""
Lives and flight plans, written down: `python -m tests.sandbox.lives` prints the golden file.

Whoever changes what a number lives writes tests/sandbox/golden/lives.json anew with it.
"""

import json
import sys

from trackingmore_v2_sandbox.scenarios.flights import FlightPlan, plan_flights
from trackingmore_v2_sandbox.scenarios.journey import Journey
from trackingmore_v2_sandbox.scenarios.number_faults import failure_of
from trackingmore_v2_sandbox.scenarios.planner import plan_journey
from trackingmore_v2_sandbox.scenarios.reference_data import CARRIERS

CARRIER_CODES = ("china-ems", "singapore-post", "ups", "sto")
NUMBERS = ("LK664578623CN", "1Z97X17XYW06605211", *(f"TEST{index:09}" for index in range(4)))
PROGRAMS = (
    "SANDBOX-DELIVERED003",
    "SANDBOX-SINCE-2D-NOTFOUND001-1D-TRANSIT001-2H-TO-US-TRANSIT004-90S-PICKUP-1H-DELIVERED",
    "SANDBOX-PENDING-1H-TRANSIT-30D-EXPIRED_a-label",
    "SANDBOX-SLOW-5S-ON-GET-EXCEPTION006",
    "SANDBOX-FAIL-4016",
    "SANDBOX-NONSENSE",
)
AIR_WAYBILLS = ("172-00000011", "020-76543213", "618-1234567", "999-12345675", "176-55555555")
NOON = 1772366400
"""The first of March 2026, UTC."""


def written() -> str:
    """Write everything down."""
    lives = {
        f"{code} {number}": _journey(plan_journey(CARRIERS[code], number, 0))
        for code in CARRIER_CODES
        for number in (*NUMBERS, *PROGRAMS)
    }
    failures = {number: repr(failure_of(number)) for number in PROGRAMS}
    flights = {number: _flights(plan_flights(number, NOON)) for number in AIR_WAYBILLS}
    document = {"lives": lives, "failures": failures, "flights": flights}
    return json.dumps(document, indent=1) + "\n"


def _journey(journey: Journey) -> dict[str, object]:
    return {
        "way": f"{journey.origin.code} {journey.destination.code} {journey.destination_carrier}",
        "checkpoints": [
            f"{news.at} {news.city}: {news.text} ({news.milestone}, {news.in_destination})"
            for news in journey.checkpoints
        ],
        "states": [f"{state.at} {state.status} {state.substatus}" for state in journey.states],
        "ends": f"{journey.settles_at} {journey.expires_at}",
        "looks": journey.poll_times,
    }


def _flights(plan: FlightPlan | None) -> object:
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


if __name__ == "__main__":
    sys.stdout.write(written())
