"""Scenario numbers: what holds for all programs, and for all texts."""

from typing import Final

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.fuzz.plan import fuzzed
from trackingmore_v2_api import META_CODES, patterns
from trackingmore_v2_sandbox.faults.instructions import (
    Code,
    Delay,
    Status,
)
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
def lives(draw: st.DrawFn) -> ScriptedJourney:
    """Build any life."""
    others = draw(st.lists(st.builds(Step, words, times), max_size=MAX_STEPS - 1))
    entering = draw(st.integers(0, MAX_STEPS))
    if entering < len(others):
        country = draw(st.sampled_from(sorted(COUNTRIES)))
        others[entering] = replace(others[entering], country=country)
    return ScriptedJourney((Step(draw(words)), *others), draw(st.just(0) | times))


failures = st.builds(
    Failure,
    st.builds(Code, st.sampled_from(sorted(set(META_CODES) - {200, 201})))
    | st.builds(Status, st.integers(300, 599))
    | st.builds(Delay, times)
    | st.sampled_from(tuple(BODIES.values())),
    st.none() | st.sampled_from(sorted(CALLS)),
)
labels = st.text("0123456789ABCXYZ_-", max_size=100)
programs = st.builds(Program, lives(), st.none() | failures, labels) | st.builds(
    Program, st.none(), failures, labels
)
texts = st.text() | st.lists(st.sampled_from(PIECES)).map("".join)
chains = st.lists(st.sampled_from(PIECES)).map(lambda parts: "-".join(("SANDBOX", *parts)))


@fuzzed(300)
@given(programs)
def test_reading_what_was_written_gives_the_program(program: Program) -> None:
    """Nothing is lost, and the number is one of the contract's."""
    number = format_program(program)

    assert patterns.TRACKING_NUMBER.fullmatch(number)
    assert parse(number) == program
    assert parse(number.lower()) == program
    assert failure_of(number) == program.failure


@fuzzed(300)
@given(texts | chains | programs.map(format_program).map(str.lower))
def test_writing_what_was_read_gives_the_usual_form(text: str) -> None:
    """Any text is read or is no program, and the usual form says the same as the text."""
    program = parse(text)
    if program:
        usual = format_program(program)
        assert parse(usual) == program
        assert format_program(program) == usual == usual.upper()
    else:
        assert (failure_of(text) is None) == (text[:8].upper() != "SANDBOX-")


@fuzzed(300)
@given(programs, st.sampled_from(sorted(CARRIERS)), st.integers(0, LONGEST_TIME))
def test_each_step_is_seen_at_its_moment(program: Program, carrier_code: str, later: int) -> None:
    """The states and checkpoints of a scripted journey match its steps, whatever the carrier."""
    if program.journey is None:
        return
    life = plan_journey(CARRIERS[carrier_code], format_program(program), CREATED_AT)
    looks = life.poll_times or ()

    assert [(state.substatus or state.status) for state in life.states] == [
        step.word for step in program.journey.steps
    ]
    assert list(looks) == sorted(set(looks))
    assert all(at >= CREATED_AT for at in looks)
    for state in life.states:
        sight = report_at(life, state.at)
        assert (sight.status, sight.substatus) == (state.status, state.substatus)
        assert state.at < CREATED_AT or state.at in looks or state.status == "pending"
    assert report_at(life, life.settles_at + later) == report_at(life, life.settles_at)
