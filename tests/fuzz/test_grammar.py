"""Scenario numbers: properties of all programs and all texts."""

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.fuzz.profile import fuzzed
from trackingmore_v2_api import META_CODES, patterns
from trackingmore_v2_sandbox.faults.instructions import Code, Delay, Status
from trackingmore_v2_sandbox.scenarios.grammar import format_program, parse
from trackingmore_v2_sandbox.scenarios.journey import report_at
from trackingmore_v2_sandbox.scenarios.number_faults import failure_of
from trackingmore_v2_sandbox.scenarios.planner import plan_journey
from trackingmore_v2_sandbox.scenarios.program import (
    BODIES,
    CALLS,
    LONGEST_TIME,
    MAX_STEPS,
    Failure,
    Program,
    ScriptedJourney,
    Step,
)
from trackingmore_v2_sandbox.scenarios.reference_data import CARRIERS, COUNTRIES
from trackingmore_v2_sandbox.scenarios.statuses import WORDS

CREATED_AT: Final = 1_800_000_000
PIECES: Final = (
    *("SANDBOX", "sandbox-", "-", "_", "SINCE", "TO", "US", "ON", "GET", "FAIL", "4016", "HTTP"),
    *("503", "SLOW", "BROKEN", "html", "1S", "90M", "0S", "TRANSIT", "transit001", "PICKUP"),
    *("DELIVERED", "é", "ß", "\n"),
)

times = st.integers(1, LONGEST_TIME) | st.sampled_from([1, 60, 3600, 86400, LONGEST_TIME])
words = st.sampled_from(sorted(WORDS))


@st.composite
def journeys(draw: st.DrawFn) -> ScriptedJourney:
    """Return any scripted journey."""
    steps = draw(st.lists(st.builds(Step, words, times), max_size=MAX_STEPS - 1))
    abroad_from = draw(st.integers(0, MAX_STEPS))
    if abroad_from < len(steps):
        country = draw(st.sampled_from(sorted(COUNTRIES)))
        steps[abroad_from] = replace(steps[abroad_from], country=country)
    return ScriptedJourney((Step(draw(words)), *steps), draw(st.just(0) | times))


failures = st.builds(
    Failure,
    st.builds(Code, st.sampled_from(sorted(set(META_CODES) - {200, 201})))
    | st.builds(Status, st.integers(300, 599))
    | st.builds(Delay, times)
    | st.sampled_from(tuple(BODIES.values())),
    st.none() | st.sampled_from(sorted(CALLS)),
)
labels = st.text("0123456789ABCXYZ_-", max_size=100)
programs = st.builds(Program, journeys(), st.none() | failures, labels) | st.builds(
    Program, st.none(), failures, labels
)
texts = st.text() | st.lists(st.sampled_from(PIECES)).map("".join)
sandbox_texts = st.lists(st.sampled_from(PIECES)).map(lambda parts: "-".join(("SANDBOX", *parts)))


@pytest.mark.behaviour("scenario.round-trip")
@fuzzed(300)
@given(programs)
def test_parsing_a_formatted_program_returns_it(program: Program) -> None:
    """The number of a program matches the contract's pattern and parses to the same program."""
    number = format_program(program)

    assert patterns.TRACKING_NUMBER.fullmatch(number)
    assert parse(number) == program
    assert parse(number.lower()) == program
    assert failure_of(number) == program.failure


@fuzzed(300)
@given(texts | sandbox_texts | programs.map(format_program).map(str.lower))
def test_formatting_a_parsed_text_is_canonical(text: str) -> None:
    """Any text parses to a program or to None, and the canonical form to the same program."""
    program = parse(text)
    if program:
        canonical = format_program(program)
        assert parse(canonical) == program
        assert format_program(program) == canonical == canonical.upper()
    else:
        assert (failure_of(text) is None) == (text[:8].upper() != "SANDBOX-")


@pytest.mark.behaviour("scenario.prefix")
@fuzzed(300)
@given(programs, st.sampled_from(sorted(CARRIERS)), st.integers(0, LONGEST_TIME))
def test_each_step_is_visible_at_its_time(program: Program, carrier_code: str, later: int) -> None:
    """The states and checkpoints of a scripted journey match its steps, whatever the carrier."""
    if program.journey is None:
        return
    journey = plan_journey(CARRIERS[carrier_code], format_program(program), CREATED_AT)
    polls = journey.poll_times or ()

    assert [(state.substatus or state.status) for state in journey.states] == [
        step.word for step in program.journey.steps
    ]
    assert list(polls) == sorted(set(polls))
    assert all(at >= CREATED_AT for at in polls)
    for state in journey.states:
        report = report_at(journey, state.at)
        assert (report.status, report.substatus) == (state.status, state.substatus)
        assert state.at < CREATED_AT or state.at in polls or state.status == "pending"
    assert report_at(journey, journey.settles_at + later) == report_at(journey, journey.settles_at)
