"""`trackingmore-v2 counts`."""

import re

import pytest

from tests.cli.golden import check_golden
from tests.cli.output_schema import check_record
from tests.cli.running import Run
from trackingmore_v2 import TrackingMore
from trackingmore_v2_api.models import TrackingStatus
from trackingmore_v2_cli._options import STATUS


@pytest.fixture(autouse=True)
def _trackings(client: TrackingMore) -> None:
    """Create trackings of several statuses."""
    for number, title in enumerate(("TRANSIT", "TRANSIT", "TRANSIT", "DELIVERED", "PICKUP")):
        client.trackings.create("ups", f"SANDBOX-{title}_{number}")


def test_json_has_all_statuses(run: Run) -> None:
    """Those without trackings are 0; an array is not made of one record."""
    (record,) = run("counts", "--json").records

    check_record(record)
    assert {name for name in record if name not in {"schema", "total"}} == set(TrackingStatus)
    assert set(TrackingStatus) == set(STATUS.choices)
    assert (record["transit"], record["delivered"], record["total"]) == (3, 1, 5)


def test_off_a_terminal_values_are_separated_by_tabs(run: Run) -> None:
    """One status a line."""
    lines = run("counts").text.splitlines()

    assert "transit\t3" in lines
    assert lines[-1] == "total\t5"


@pytest.mark.parametrize(
    ("window", "total"),
    [
        (["--created-after", "2026-03-02"], 5),
        (["--created-after", "2026-03-03"], 0),
        (["--created-before", "2026-03-01T12:00:00+01:00"], 0),
        (["--ordered-after", "2026-03-03", "--ordered-before", "2026-03-04"], 0),
    ],
)
def test_windows(run: Run, window: list[str], total: int) -> None:
    """Times limit the count."""
    assert run("counts", *window, "--fields", "total").text == f"total\t{total}\n"


@pytest.mark.parametrize("columns", [80, 120])
def test_bars(run: Run, columns: int) -> None:
    """They fit the terminal."""
    finished = run("counts", terminal=columns)

    check_golden(f"counts.{columns}.txt", finished.text)
    # A bar has the colour of its status: blue for `transit`.
    assert re.search("\x1b\\[34[0-9;]*m█", finished.output.decode())


def test_bars_in_code_page_1252(run: Run) -> None:
    """They are made of characters that it has."""
    finished = run("counts", terminal=True, encoding="cp1252")

    check_golden("counts.cp1252.txt", finished.text)
    assert "?" not in finished.text


def test_bars_without_trackings_or_width(run: Run, client: TrackingMore) -> None:
    """Neither is an error."""
    for tracking in client.trackings.list():
        client.trackings.delete(tracking.carrier_code, tracking.tracking_number)

    finished = run("counts", terminal=20)

    assert finished.status == 0
    assert max(map(len, finished.text.splitlines())) <= 20


def test_bad_time(run: Run) -> None:
    """The status is 2."""
    assert run("counts", "--created-after", "yesterday").status == 2
