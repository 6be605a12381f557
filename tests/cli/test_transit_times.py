"""`trackingmore-v2 transit-times`."""

from pathlib import Path

import pytest

from tests.cli.golden import check_golden
from tests.cli.output_schema import check_record
from tests.cli.running import Run
from trackingmore_v2_sandbox import Sandbox

ROUTES = ["dhl:CN:US", "ups:CN:DE"]


def test_each_route_is_a_record(run: Run) -> None:
    """The shares are as the API reports them."""
    records = run("transit-times", *ROUTES, "--json").records

    for record in records:
        check_record(record)
    assert [each["carrier_code"] for each in records] == ["dhl", "ups"]
    assert records[0]["total"] == 100
    assert records[0]["delivered"] == 80
    assert records[0]["share_0_to_7_days"] == 0.5
    assert records[0]["average_days"] == 8.0


def test_routes_without_a_carrier(run: Run, tmp_path: Path) -> None:
    """They have that of the option; a route may name another one."""
    file = tmp_path / "routes.txt"
    file.write_text("CN:US\nups:CN:US\n", encoding="utf-8")

    finished = run("transit-times", "--from", str(file), "--carrier", "dhl", "--fields", "total")

    assert finished.text.splitlines() == ["100", "134"]


def test_routes_of_standard_input(run: Run) -> None:
    """More than one request takes."""
    codes = [chr(one) + chr(other) for one in range(65, 85) for other in range(65, 91)]
    lines = "\n".join(f"ups:CN:{code}" for code in codes)

    finished = run("transit-times", "-", stdin=lines.encode())

    assert finished.text.count("\n") == len(codes)


@pytest.mark.parametrize("route", ["CN:US", "dhl:CN:", "dhl:CN:US:x", "dhl", ":CN:US"])
def test_bad_input(run: Run, route: str) -> None:
    """The status is 2, and the line says what is expected."""
    finished = run("transit-times", route)

    assert finished.status == 2
    assert f"{route!r} is not a route; expected CARRIER:FROM:TO" in finished.messages


def test_the_default_carrier_is_no_place(run: Run) -> None:
    """A route of one place is invalid, also with a carrier."""
    assert run("transit-times", "CN", "--carrier", "dhl").status == 2


def test_an_invalid_carrier(run: Run) -> None:
    """The client rejects it."""
    assert run("transit-times", "dh l:CN:US").status == 2


@pytest.mark.parametrize("columns", [80, 120])
def test_table(run: Run, columns: int) -> None:
    """It fits the terminal."""
    finished = run("transit-times", *ROUTES, terminal=columns)

    check_golden(f"transit_times.{columns}.txt", finished.text)
    assert run("transit-times", *ROUTES, terminal=True, encoding="cp1252").status == 0


def test_routes_that_the_api_omits(run: Run, sandbox: Sandbox, api_key: str) -> None:
    """A message names them."""
    for routes, message in (
        (ROUTES, "The API has no figures for dhl:CN:US.\n"),
        (ROUTES[:1], "The API has no figures.\n"),
    ):
        sandbox.faults.plan({"getTransitTimes": "missing-item=0"}, api_key=api_key)

        finished = run("transit-times", *routes)

        assert finished.status == 0
        assert finished.messages == message
