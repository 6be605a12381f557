"""`trackingmore-v2 waybill`."""

from datetime import timedelta

import pytest
from msgspec import json

from tests.cli.golden import check_golden
from tests.cli.output_schema import check_record
from tests.cli.running import Run
from trackingmore_v2_cli._output.flights import delay_text

NUMBER = "172-28891936"
"""The documented sample."""

IN_FLIGHT = "172-10000211"
UNKNOWN = "000-12345675"
"""Its prefix is that of no airline."""


def test_off_a_terminal_each_event_is_a_line(run: Run) -> None:
    """Number, time, status, station and text, newest first."""
    finished = run("waybill", "17228891936")

    lines = [line.split("\t") for line in finished.text.splitlines()]
    assert finished.status == 0
    assert finished.errors == b""
    assert lines[0] == [NUMBER, "2018-04-17 09:38", "DLV", "MXP", "Delivery"]
    assert [line[3] for line in lines] == ["MXP", "LUX", "XMN"]


@pytest.mark.parametrize("mode", ["--json", "--json=array"])
def test_json_has_flights_with_delays(run: Run, mode: str) -> None:
    """One object for each air waybill, or one array."""
    finished = run("waybill", NUMBER, IN_FLIGHT, mode)

    records = json.decode(finished.output) if mode == "--json=array" else finished.records
    for record in records:
        check_record(record)
    assert [record["number"] for record in records] == [NUMBER, IN_FLIGHT]
    first = records[0]
    assert (first["status"], first["pieces"], first["weight_kg"]) == ("delivered", 9, 1981)
    assert first["flights"][0]["departure_delay_minutes"] == 26
    assert first["flights"][0]["arrival_delay_minutes"] == -1471
    assert first["events"][0]["status"] == "DLV"


def test_fields(run: Run) -> None:
    """They select columns in both formats."""
    finished = run("waybill", NUMBER, "--fields", "number,weight,pieces")
    wrong = run("waybill", NUMBER, "--json", "--fields", "carrier_code")

    assert finished.text == f"{NUMBER}\t1981K\t9\n"
    assert wrong.status == 2
    assert "unknown field 'carrier_code'" in wrong.messages


@pytest.mark.parametrize("columns", [80, 120])
def test_drawing(run: Run, columns: int) -> None:
    """Flights planned against actual, and events."""
    finished = run("waybill", NUMBER, IN_FLIGHT, terminal=columns)

    check_golden(f"waybill.{columns}.txt", finished.text)
    assert finished.status == 0
    assert max(map(len, finished.text.splitlines())) <= columns


def test_code_page_without_the_symbols(run: Run) -> None:
    """They are replaced by ASCII characters."""
    finished = run("waybill", NUMBER, terminal=True, encoding="cp1252")

    assert finished.status == 0
    assert b"XMN -> LUX -> MXP" in finished.output
    assert b"* delivered" in finished.output


@pytest.mark.parametrize(
    ("minutes", "text", "style"),
    [
        (0, "on time", "green"),
        (26, "26 min late", "red"),
        (-59, "59 min early", "green"),
        (60, "1 h 00 min late", "red"),
        (-1471, "1 d early", "green"),
    ],
)
def test_delay_in_words_and_colour(minutes: int, text: str, style: str) -> None:
    """The unit grows with the delay."""
    delay = delay_text(timedelta(minutes=minutes))

    assert (delay.plain, str(delay.style)) == (text, style)


def test_unknown_delay() -> None:
    """A flight that has not departed has none."""
    assert delay_text(None).plain == ""


def test_numbers_from_standard_input(run: Run) -> None:
    """They are read only where a hyphen stands."""
    finished = run("waybill", "-", stdin=f"{NUMBER}\n\n{IN_FLIGHT}\n".encode())

    assert {line.split("\t")[0] for line in finished.text.splitlines()} == {NUMBER, IN_FLIGHT}


@pytest.mark.parametrize(
    ("number", "message"),
    [
        ("172-28891935", "must have 6 as its check digit"),
        ("1722889", "must be a number like 172-28891936, not '1722889'"),
        ("ups:172-28891936", "an air waybill has no carrier, unlike 'ups:172-28891936'"),
    ],
)
def test_invalid_number(run: Run, number: str, message: str) -> None:
    """Nothing is sent."""
    finished = run("waybill", number, "--verbose")

    assert finished.status == 2
    assert message in finished.messages
    assert finished.messages.count("\n") == 1


def test_numbers_without_data(run: Run) -> None:
    """The others are printed; the status tells whether there were any."""
    some, none = run("waybill", NUMBER, UNKNOWN), run("waybill", UNKNOWN)

    assert some.text.startswith(NUMBER)
    assert (some.status, none.status) == (4, 6)
    assert f"no data for air waybill {UNKNOWN}" in none.messages
