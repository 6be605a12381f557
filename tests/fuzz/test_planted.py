"""The tests of this folder find what is planted for them, and nothing where nothing is."""

import json
from pathlib import Path

import pytest

from tests.fuzz import planted
from tests.fuzz.planted import FAULTS, MODEL, STORIES, Fault, Finder, finds

CASES = [(fault, finder) for fault in FAULTS for finder in fault.finders]
FINDERS = {str(finder): finder for _, finder in CASES if finder not in (MODEL, STORIES)}
"""All but those that take long, and that their own modules run just so."""


@pytest.mark.parametrize(
    ("fault", "finder"), CASES, ids=[f"{fault.name}, by {finder}" for fault, finder in CASES]
)
def test_a_planted_fault_is_found(fault: Fault, finder: Finder) -> None:
    """Each by a test that is named for it."""
    assert finds(finder, fault)


@pytest.mark.parametrize("finder", FINDERS.values(), ids=FINDERS)
def test_nothing_is_found_without_one(finder: Finder) -> None:
    """The same tests, run the same way, pass."""
    assert not finds(finder)


def test_the_table_names_who_found_what(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """For the report: a fault that nobody found has an empty list."""
    blind = Finder("blind", lambda: None)
    monkeypatch.setattr(planted, "FAULTS", (Fault("any", lambda _: None, (blind,)),))
    planted.main(str(tmp_path / "planted.json"))

    table = json.loads((tmp_path / "planted.json").read_text(encoding="utf-8"))
    assert table == [{"fault": "any", "found_by": []}]
