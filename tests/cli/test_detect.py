"""`trackingmore-v2 detect`."""

import pytest

from tests.cli.golden import check_golden
from tests.cli.output_schema import check_record
from tests.cli.running import Run
from trackingmore_v2 import TrackingMore
from trackingmore_v2_sandbox import Sandbox

UPS = "1Z97X17XYW06605211"
POST = "LB181539674SG"
UNKNOWN = "NOCARRIERHASTHISFORM"


def left(client: TrackingMore) -> object:
    """Return the number of trackings left."""
    return client.account.get().track_number


def test_candidates_are_ranked(run: Run) -> None:
    """Each is a record, the most likely first."""
    records = run("detect", UPS, POST, "--yes", "--json").records

    for record in records:
        check_record(record)
    assert [(each["rank"], each["carrier_code"]) for each in records] == [
        (1, "ups"),
        (1, "singapore-speedpost"),
        (2, "singapore-post"),
    ]


def test_numbers_of_standard_input(run: Run) -> None:
    """A number that stands there twice is detected once."""
    finished = run("detect", "-", "--yes", stdin=f"{UPS}\n\n{UPS}\n".encode())

    assert finished.status == 0
    assert finished.text == f"{UPS}\t1\tups\tUPS\n"


def test_nothing_is_sent_without_confirmation(run: Run, client: TrackingMore) -> None:
    """Without a terminal `--yes` is needed; on one, the user may say no."""
    before = left(client)
    numbers = [UPS, POST, "1Z97X17XYW06605212", "1Z97X17XYW06605213", "1Z97X17XYW06605214"]

    missing = run("detect", *numbers)
    denied = run("detect", *numbers, stdin=b"n\n", terminal=True)

    assert (missing.status, denied.status) == (2, 1)
    assert "--yes" in missing.messages
    assert "detect the carriers of 5 numbers; five detections cost one" in denied.messages
    assert left(client) == before
    assert run("detect", *numbers, stdin=b"y\n", terminal=True).status == 0
    assert left(client) != before


def test_a_number_without_carrier(run: Run) -> None:
    """Alone it is an error; among others, the status tells that some were rejected."""
    alone = run("detect", UNKNOWN, "--yes")
    among = run("detect", UNKNOWN, "abc", UPS, "--yes")

    assert alone.status == 6
    assert alone.messages.count("\n") == 2  # what it costs, and the error
    assert among.status == 4
    assert among.text == f"{UPS}\t1\tups\tUPS\n"
    assert f"{UNKNOWN}: " in among.messages
    assert "abc: the tracking number must be at least five" in among.messages


def test_all_numbers_are_accounted_for(run: Run) -> None:
    """One that the API rejects does not end it, and `--quiet` leaves out no error."""
    numbers = ["SANDBOX-NO-1", UNKNOWN, "abc", UPS]

    among = run("detect", *numbers, "--yes", "--quiet")
    alike = run("detect", UNKNOWN, f"{UNKNOWN}S", "--yes", "--quiet")

    assert (among.status, among.text) == (4, f"{UPS}\t1\tups\tUPS\n")
    assert all(f"{each}: " in among.messages for each in numbers[:3])
    assert (alike.status, alike.messages.count("\n")) == (6, 2)


def test_an_empty_list_of_carriers(run: Run, sandbox: Sandbox, api_key: str) -> None:
    """A message names the number."""
    sandbox.faults.plan({"detectCarrier": "missing-item=0"}, api_key=api_key)

    finished = run("detect", UPS, "--yes")

    assert (finished.status, finished.text) == (0, "")
    assert finished.messages.endswith(f"\n{UPS}: no carrier was detected.\n")


@pytest.mark.parametrize("arguments", [[], ["ups:1Z97X17XYW06605211"], ["abc"], ["-", "-"]])
def test_bad_input(run: Run, arguments: list[str]) -> None:
    """The status is 2."""
    assert run("detect", *arguments, "--yes", stdin=b"").status == 2


@pytest.mark.parametrize("terminal", [False, True])
def test_what_was_paid_for_is_printed_before_an_error(
    run: Run, sandbox: Sandbox, api_key: str, *, terminal: bool
) -> None:
    """Here the quota ends after five numbers."""
    sandbox.account.update(quota=1, api_key=api_key)
    numbers = [f"1Z97X17XYW0660521{digit}" for digit in range(7)]

    finished = run("detect", *numbers, "--yes", terminal=terminal)

    assert finished.status == 7
    assert finished.text.count("UPS") == 5


@pytest.mark.parametrize("columns", [80, 120])
def test_table(run: Run, columns: int) -> None:
    """It fits the terminal."""
    finished = run("detect", UPS, POST, "--yes", terminal=columns)

    check_golden(f"detect.{columns}.txt", finished.text)
    assert run("detect", UPS, "--yes", terminal=True, encoding="cp1252").status == 0
