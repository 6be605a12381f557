"""The page about reliability, and how it is written."""

import re
import sys
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType

import pytest

from tests.reliability import page
from tests.reliability.__main__ import MODULES, run
from tests.reliability.page import PAGE, table, write_page
from tests.reliability.rows import Row, Settings

ROW = Row("wrong bodies", "0", "3 of 900", holds=False)


@pytest.fixture
def module(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Return a module that measures something."""
    module = ModuleType("tests.reliability.example", "Forks.\n\nThe server repeats the number.\n")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return module


def test_a_row_that_does_not_hold_is_shown() -> None:
    """With its value, like the others."""
    assert list(table([ROW]))[-1] == "| wrong bodies | 0 | 3 of 900 | no |"


def test_a_module_gives_a_section(module: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its docstring is the title and how it is measured."""
    monkeypatch.setattr(page, "_VERSIONS", ("trackingmore-v2",))
    monkeypatch.setattr(module, "measure", lambda _settings: [ROW], raising=False)
    written = write_page(dict([run("example", Settings(7))]), 7)

    assert "--seed 7" in written
    assert "\n## Forks\n\nThe server repeats the number.\n\n| claim |" in written


def test_an_error_is_a_row_that_does_not_hold(
    module: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rows before it are kept."""

    def measure(_settings: Settings) -> Iterator[Row]:
        yield ROW._replace(holds=True)
        raise LookupError

    monkeypatch.setattr(module, "measure", measure, raising=False)
    _, (_, rows) = run("example", Settings(7))

    assert [row.holds for row in rows] == [True, False]
    assert rows[1].value == "LookupError"


@pytest.mark.skipif(not PAGE.exists(), reason="`nox -s reliability` writes the page")
def test_the_page_is_complete() -> None:
    """It has a section for each module, and no row that does not hold."""
    written = PAGE.read_text(encoding="utf-8")
    titles = [
        (import_module(f"tests.reliability.{name}").__doc__ or "").strip().partition(".")[0]
        for name in MODULES
    ]

    assert re.findall(r"^## (.+)$", written, re.MULTILINE) == titles
    assert "| yes |" in written
    assert "| no |" not in written
