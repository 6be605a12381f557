"""`trackingmore-v2 get`."""

from pathlib import Path

import pytest

from tests.cli.golden import check_golden
from tests.cli.output_schema import check_record
from tests.cli.running import Run
from trackingmore_v2 import TrackingMore
from trackingmore_v2_cli._references import Reference
from trackingmore_v2_cli.commands.get import select

ONE, TWO = "SANDBOX-SINCE-2D-TRANSIT001", "SANDBOX-DELIVERED001"


@pytest.fixture
def created(client: TrackingMore) -> None:
    """Create three trackings, of which two have the same number."""
    for carrier, number in (("ups", ONE), ("ups", TWO), ("dhl", TWO)):
        client.trackings.create(carrier, number, title="Teapot")


@pytest.mark.usefixtures("created")
@pytest.mark.parametrize("columns", [80, 120])
def test_drawn_on_a_terminal(run: Run, columns: int) -> None:
    """With events."""
    finished = run("get", ONE, f"ups:{TWO}", terminal=columns)

    check_golden(f"get.{columns}.txt", finished.text)
    assert finished.status == 0
    assert finished.errors == b""


@pytest.mark.usefixtures("created")
def test_json_is_in_the_order_of_the_numbers(run: Run) -> None:
    """A number without a carrier stands for each carrier that has it."""
    finished = run("get", f"dhl:{TWO}", ONE, TWO, "--json")

    pairs = [(each["carrier_code"], each["tracking_number"]) for each in finished.records]
    for record in finished.records:
        check_record(record)
    assert pairs[:2] == [("dhl", TWO), ("ups", ONE)]
    assert sorted(pairs[2:]) == [("dhl", TWO), ("ups", TWO)]


@pytest.mark.usefixtures("created")
def test_many_numbers_are_one_request(run: Run) -> None:
    """As many as a list takes."""
    finished = run("get", ONE, TWO, "--verbose")

    assert finished.messages.count("listTrackings") == 1


@pytest.mark.usefixtures("created")
def test_missing_trackings_are_named(run: Run) -> None:
    """Status 4 if some are missing, and 6 if all are."""
    some = run("get", ONE, f"fedex:{TWO}", "SANDBOX-NONE", "--json")
    all_of_them = run("get", "SANDBOX-NONE", "--json=array")

    assert some.status == 4
    assert len(some.records) == 1
    assert f"does not have fedex:{TWO}, SANDBOX-NONE" in some.messages
    assert all_of_them.status == 6
    assert all_of_them.output == b"[]\n"


@pytest.mark.usefixtures("created")
def test_code_page_1252(run: Run) -> None:
    """No symbol fails."""
    finished = run("get", ONE, TWO, terminal=80, encoding="cp1252")

    assert finished.status == 0
    assert TWO in finished.output.decode("cp1252")


@pytest.mark.usefixtures("created")
def test_numbers_of_a_file(run: Run, tmp_path: Path) -> None:
    """Besides those of arguments."""
    file = tmp_path / "numbers.txt"
    file.write_text(f"ups:{TWO}\n", encoding="utf-8")

    finished = run("get", ONE, "--from", str(file), "--json", "--fields", "tracking_number")

    assert [each["tracking_number"] for each in finished.records] == [ONE, TWO]


@pytest.mark.parametrize("arguments", [(), ("abc",), (ONE, "--lang", "english")])
def test_invalid_arguments(run: Run, arguments: tuple[str, ...]) -> None:
    """Status 2, and nothing is sent."""
    finished = run("get", *arguments, "--verbose")

    assert finished.status == 2
    assert "listTrackings" not in finished.messages


def test_case_of_a_number_does_not_count(client: TrackingMore) -> None:
    """The API may write it in another one."""
    client.trackings.create("ups", ONE)
    tracking = client.trackings.get("ups", ONE)

    found = select([Reference(None, ONE.lower()), Reference("dhl", ONE)], [tracking])

    assert found == {Reference(None, ONE.lower()): [tracking], Reference("dhl", ONE): []}
