"""Fault instructions and their text form."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from trackingmore_v2_sandbox.faults.instructions import (
    KINDS,
    LONGEST,
    Cut,
    Delay,
    Drip,
    ExtraField,
    Garbage,
    Html,
    Instruction,
    InstructionError,
    MissingItem,
    Stall,
    Status,
    WrongType,
    parse,
    read,
    write,
)

FLAG = st.booleans()
SECONDS = st.floats(0, LONGEST)
SIZE = st.integers(1, 2**31)
INSTRUCTIONS: st.SearchStrategy[Instruction] = st.one_of(
    st.builds(Cut, SIZE, FLAG),
    st.builds(Delay, SECONDS),
    st.builds(Drip, SIZE, SECONDS),
    st.builds(ExtraField, st.text(min_size=1)),
    st.builds(Garbage, after=FLAG),
    st.builds(Html, st.integers(200, 599), after=FLAG),
    st.builds(MissingItem, st.integers(0, 2**31)),
    st.builds(Stall, SECONDS),
    st.builds(Status, st.integers(300, 599), FLAG, after=FLAG),
    st.builds(WrongType, st.just("") | st.text().map(lambda path: f"/{path}")),
)


@given(INSTRUCTIONS)
def test_parsing_a_written_instruction_returns_it(instruction: Instruction) -> None:
    """An instruction with any values equals its parsed text."""
    assert parse(write(instruction)) == instruction
    assert read(msgspec.to_builtins(instruction)) == instruction


@given(
    st.text()
    | st.tuples(st.sampled_from([*KINDS]), st.text("0123456789./-acefhinortbes")).map("=".join)
)
def test_every_text_is_an_instruction_or_a_clear_error(text: str) -> None:
    """A text raises no other error, and its instruction equals its parsed text."""
    try:
        instruction = parse(text)
    except InstructionError:
        return
    assert parse(write(instruction)) == instruction
