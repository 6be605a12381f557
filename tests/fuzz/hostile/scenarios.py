"""The grammar of scenario numbers, those of parcels and those of air waybills."""

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

from .target import Target

NOW: Final = 1_800_000_000
_CARRIER: Final = CARRIERS["china-ems"]


def run(data: bytes) -> None:
    """Read a number: it is a program, or something else, and lives in either case."""
    text = data.decode("utf-8", "surrogateescape")
    _read_program(text)
    if patterns.TRACKING_NUMBER.fullmatch(text):
        _live(text)
    if patterns.AIR_WAYBILL_NUMBER.fullmatch(text):
        _fly(text)


def _read_program(text: str) -> None:
    program = parse(text)
    failure = failure_of(text)
    assert (failure is None) or is_scenario(text)
    if program is None:
        return
    assert patterns.TRACKING_NUMBER.fullmatch(text), "a program that is no number"
    usual = format_program(program)
    assert parse(usual) == program
    assert format_program(program) == usual == usual.upper()
    assert failure == program.failure
    assert patterns.TRACKING_NUMBER.fullmatch(usual)


def _live(number: str) -> None:
    life = plan_journey(_CARRIER, number, NOW)
    moments = [state.at for state in life.states]
    assert moments == sorted(moments)
    assert report_at(life, life.settles_at) == report_at(life, life.settles_at + 10**9)


def _fly(number: str) -> None:
    air_waybill_failure_of(number)
    plan = plan_flights(number, NOW)
    if plan:
        assert [event.actual for event in plan.events] == sorted(it.actual for it in plan.events)
        assert len(plan.stations) == len(plan.flights) + 1


def seeds() -> list[bytes]:
    """Return a number of each kind."""
    return [
        b"SANDBOX-TRANSIT-2H-DELIVERED",
        b"SANDBOX-SINCE-3D-PENDING-1M-TRANSIT001-90S-TO-US-PICKUP002-1H-DELIVERED_label-1",
        b"SANDBOX-FAIL-4016-ON-CREATE-TRANSIT",
        b"SANDBOX-HTTP-503-ON-GET",
        b"SANDBOX-SLOW-5S",
        b"SANDBOX-BROKEN-HTML-ON-UPDATE_x",
        "SANDBOX-TRAN\u017fIT_\xdf".encode(),  # letters that are ASCII in upper case
        b"LK664578623CN",
        b"172-28891936",
        b"172 2889193",
        b"000-0004016",
        b"000-1000503",
        b"000-20000300",
        b"000-3000001",
    ]


TARGET: Final = Target(
    "scenarios",
    run,
    seeds,
    tokens=(
        *(b"SANDBOX-", b"-SINCE-", b"-TO-US", b"-ON-", b"FAIL-", b"HTTP-", b"SLOW-", b"BROKEN-"),
        *(
            b"JSON",
            b"1S",
            b"90M",
            b"10H",
            b"3650D",
            b"999999999D",
            "\xdf".encode(),
            "\u017f".encode(),
        ),
        *("\u0661".encode(), b"000-", b"\n"),
        *(word.upper().encode() for word in sorted(WORDS)),
        *(call.encode() for call in sorted(CALLS)),
    ),
    share=10,
)
