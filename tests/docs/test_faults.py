"""What the page about faults shows is true."""

import re
import time
from pathlib import Path
from typing import Any

import pytest

from tests.docs.pages import examples, page
from trackingmore_v2_sandbox.faults.instructions import forms, parse

PAGE = page("faults.md")
EXAMPLES = examples(PAGE)
ROWS = re.findall(r"^\| `([^`]+)` \| .+ \| (yes|no|only with `after`) \|$", PAGE, re.MULTILINE)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Run an example without its pauses, and give the lines that it writes."""
    monkeypatch.setattr(time, "sleep", lambda _seconds: None)

    def run_example(name: str) -> list[str]:
        exec(compile(EXAMPLES[name], name, "exec"), {"__name__": "example"})  # noqa: S102 - our own words
        return capsys.readouterr().out.splitlines()

    return run_example


def test_every_block_has_a_test_here() -> None:
    """No block of the page is left out."""
    assert len(EXAMPLES) == PAGE.count("```python")
    source = Path(__file__).read_text(encoding="utf-8")
    assert [name for name in EXAMPLES if f'run("{name}")' not in source] == []


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


def test_lose_a_response(run: Any) -> None:
    """The client finds its tracking in spite of both faults, which were met."""
    assert run("Lose a response") == ["AdoptedTracking LK664578623CN", "unused: {}"]


def test_side_by_side(run: Any) -> None:
    """Each name meets its own fault, and an unknown one none."""
    assert run("Parallel tests") == [
        "test-1 200 application/json",
        "test-2 502 text/html; charset=utf-8",
        "test-3 200 application/json",
    ]


def test_by_chance(run: Any) -> None:
    """No tracking is lost or doubled."""
    assert run("Random faults") == ["10 trackings"]
