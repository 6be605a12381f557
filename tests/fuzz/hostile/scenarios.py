"""Target: the grammar of scenario numbers, and the journeys of trackings and air waybills."""

from typing import Final

from trackingmore_v2_api import patterns
from trackingmore_v2_sandbox.scenarios.flights import plan_flights
from trackingmore_v2_sandbox.scenarios.grammar import format_program, is_scenario, parse
from trackingmore_v2_sandbox.scenarios.journey import report_at
from trackingmore_v2_sandbox.scenarios.number_faults import air_waybill_failure_of, failure_of
from trackingmore_v2_sandbox.scenarios.planner import plan_journey
from trackingmore_v2_sandbox.scenarios.program import CALLS
from trackingmore_v2_sandbox.scenarios.reference_data import CARRIERS
from trackingmore_v2_sandbox.scenarios.statuses import WORDS

NOW: Final = 1_800_000_000


def run(data: bytes) -> None:
    """Parse a number, and plan its journey if it is valid."""
    text = data.decode("utf-8", "surrogateescape")
    _parse(text)
    if patterns.TRACKING_NUMBER.fullmatch(text):
        journey = plan_journey(CARRIERS["china-ems"], text, NOW)
        times = [state.at for state in journey.states]
        assert times == sorted(times)
        last = report_at(journey, journey.settles_at)
        assert last == report_at(journey, journey.settles_at + 10**9)
    if patterns.AIR_WAYBILL_NUMBER.fullmatch(text):
        _plan_flights(text)


def _parse(text: str) -> None:
    program, failure = parse(text), failure_of(text)
    assert failure is None or is_scenario(text)
    if program is None:
        return
    canonical = format_program(program)
    assert patterns.TRACKING_NUMBER.fullmatch(text)
    assert patterns.TRACKING_NUMBER.fullmatch(canonical)
    assert parse(canonical) == program
    assert format_program(program) == canonical == canonical.upper()
    assert failure == program.failure


def _plan_flights(number: str) -> None:
    air_waybill_failure_of(number)
    plan = plan_flights(number, NOW)
    if plan:
        times = [event.actual for event in plan.events]
        assert times == sorted(times)
        assert len(plan.stations) == len(plan.flights) + 1


def seeds() -> list[bytes]:
    """Return a text with all words of the grammar; scenario numbers are stored in the corpus."""
    return ["-".join(["SANDBOX", *sorted(WORDS), "ON", *sorted(CALLS)]).upper().encode()]
