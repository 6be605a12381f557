"""`trackingmore-v2 list`."""

from tests.cli.golden import check_golden
from tests.cli.output_schema import check_record
from tests.cli.running import Run
from trackingmore_v2 import TrackingMore

NUMBER = "SANDBOX-SINCE-2D-TRANSIT001"


def test_off_a_terminal_values_are_separated_by_tabs(run: Run, client: TrackingMore) -> None:
    """No header, no colour, nothing cut off: for `cut` and `while read`."""
    client.trackings.create("ups", NUMBER)

    finished = run("list")

    assert finished.status == 0
    assert finished.text.split("\t")[:3] == [NUMBER, "ups", "transit"]
    assert finished.errors == b""


def test_json_names_its_shape(run: Run, client: TrackingMore) -> None:
    """Each line is one object."""
    client.trackings.create("ups", NUMBER)

    (record,) = run("list", "--json").records

    check_record(record)
    assert record["schema"] == "tracking/1"
    assert record["tracking_number"] == NUMBER


def test_fields_select_and_order(run: Run, client: TrackingMore) -> None:
    """An unknown field is an error before anything is sent."""
    client.trackings.create("ups", NUMBER)

    (record,) = run("list", "--json", "--fields", "status,carrier_code").records
    wrong = run("list", "--json", "--fields", "state")

    assert list(record.items()) == [("status", "transit"), ("carrier_code", "ups")]
    assert wrong.status == 2
    assert "unknown field 'state'" in wrong.messages


def test_table_fits_the_terminal(run: Run, client: TrackingMore) -> None:
    """No line is longer than the terminal is wide."""
    client.trackings.create("ups", NUMBER)

    for columns in (80, 120):
        finished = run("list", terminal=columns)

        check_golden(f"list.{columns}.txt", finished.text)
        assert finished.status == 0
        assert max(map(len, finished.text.splitlines())) <= columns


def test_misspelt_status(run: Run) -> None:
    """The error suggests a status."""
    finished = run("list", "--status", "transt")

    assert finished.status == 2
    assert "Did you mean 'transit'?" in finished.messages
