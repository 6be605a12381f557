"""What the page about lists shows is true, besides the outputs of its blocks."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.docs.pages import examples, page
from trackingmore_v2._listing.changes import OVERLAP
from trackingmore_v2._listing.filters import FiltersDict
from trackingmore_v2.limiters._schedule import MARGIN
from trackingmore_v2_api.operations.trackings import list_trackings
from trackingmore_v2_sandbox import API_KEY, Sandbox, SettableClock

PAGE = page("lists.md")
CHANGES = examples(PAGE)["Changes"]


def test_each_change_is_printed_by_one_run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each refresh of a tracking is printed once."""
    monkeypatch.chdir(tmp_path)
    clock = SettableClock(datetime(2026, 1, 15, 12, tzinfo=UTC))
    printed: list[list[str]] = []
    with Sandbox(clock=clock) as sandbox:
        monkeypatch.setenv("TRACKINGMORE_API_KEY", API_KEY)
        monkeypatch.setenv("TRACKINGMORE_BASE_URL", sandbox.base_url)
        sandbox.seed([{"carrier_code": "china-ems", "tracking_number": "LK664578623CN"}])
        for minutes in (0, 1, 0, 6 * 60, 0):
            clock.advance(timedelta(minutes=minutes))
            exec(compile(CHANGES, "lists.md", "exec"), {"__name__": "example"})  # noqa: S102 - our own words
            printed.append(capsys.readouterr().out.splitlines())

    assert [len(lines) for lines in printed] == [0, 1, 0, 1, 0]
    assert all(line.startswith("LK664578623CN") for lines in printed for line in lines)


def test_every_filter_is_described() -> None:
    """The table has the filters of the client."""
    assert [name for name in FiltersDict.__optional_keys__ if f"`{name}`" not in PAGE] == []


def test_figures() -> None:
    """Each figure is that of the contract or of the code."""
    operation = list_trackings.OPERATION
    assert operation.pagination
    size = operation.pagination.max_size

    assert f"one status and {operation.bounds_of('numbers').max_items} numbers" in PAGE
    assert f"reads {operation.bounds_of('numbers').max_items} trackings" in PAGE
    assert f"of {size:,} trackings by default" in PAGE
    assert f"{size:,} trackings a page, a million trackings take about nine minutes" in PAGE
    assert round(1e6 / size * (1 + MARGIN) / 60) == 9
    assert timedelta(minutes=2).total_seconds() == OVERLAP
    assert PAGE.count("two minutes") == 2
