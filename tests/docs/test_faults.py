"""What the page about faults shows is true."""

import re

import pytest

from tests.docs.pages import page
from trackingmore_v2_sandbox.faults.instructions import LONGEST, forms, parse

PAGE = page("faults.md")
ROWS = re.findall(r"^\| `([^`]+)` \| .+ \| (yes|no|only with `after`) \|$", PAGE, re.MULTILINE)


def test_every_instruction_is_described() -> None:
    """Each kind has a row, in the form in which errors show it."""
    assert tuple(form for form, _ in ROWS) == forms()


@pytest.mark.parametrize(("form", "carried_out"), ROWS)
def test_the_page_says_what_is_carried_out(form: str, carried_out: str) -> None:
    """As each instruction says itself."""
    required = re.sub(r"\[.*\]", "", form)
    for word, value in {"STATUS": "503", "CODE": "429"}.items():
        required = required.replace(word, value)
    instruction = parse(re.sub("[A-Z]+", "1", required))

    assert instruction.carries_out == (carried_out == "yes")
    assert hasattr(instruction, "after") == (carried_out == "only with `after`")


def test_the_longest_stall() -> None:
    """As long as the code allows."""
    assert f"no further byte for up to {LONGEST:g} seconds" in PAGE
