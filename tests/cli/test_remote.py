"""`trackingmore-v2 remote`."""

from pathlib import Path

import pytest

from tests.cli.golden import check_golden
from tests.cli.output_schema import check_record
from tests.cli.running import Run

PLACES = ["JP:7621094", "New Zealand:Papaaroha"]
ROWS = [("JP", "ups"), ("JP", "tnt"), ("NZ", "dhl")]


def test_each_company_is_a_record(run: Run) -> None:
    """Countries may be codes or names."""
    records = run("remote", *PLACES, "--json").records

    for record in records:
        check_record(record)
    assert [(each["country_code"], each["company"]) for each in records] == ROWS


def test_places_of_a_file_and_of_standard_input(run: Run, tmp_path: Path) -> None:
    """Blank lines, a byte order mark and duplicates do not count."""
    file = tmp_path / "places.txt"
    file.write_text(f"{PLACES[0]}\n\n", encoding="utf-8-sig")

    finished = run("remote", "-", "--from", str(file), stdin="\n".join(PLACES).encode())

    assert finished.text.count("\tups\n") == 1
    assert "NZ\tNew Zealand\tPapaaroha\tdhl\n" in finished.text


def test_more_places_than_one_request_takes(run: Run) -> None:
    """The client sends them in batches."""
    places = [f"JP:{number}" for number in range(100, 350)]

    finished = run("remote", "-", PLACES[0], stdin="\n".join(places).encode())

    assert finished.status == 0
    assert "JP\tJapan\t7621094\tups\n" in finished.text


def test_one_company(run: Run) -> None:
    """Others do not count."""
    finished = run("remote", PLACES[0], "--company", "UPS")

    assert finished.text == "JP\tJapan\t7621094\tups\n"


@pytest.mark.parametrize(
    ("places", "message"),
    [
        (["JP:7621094"], "It is not remote.\n"),
        (PLACES[:1] * 2 + ["JP:7621095x"], "None of 2 places is remote.\n"),
    ],
)
def test_no_remote_area(run: Run, places: list[str], message: str) -> None:
    """The list is empty, and a message says so."""
    finished = run("remote", *places, "--company", "fedex")

    assert (finished.status, finished.text, finished.messages) == (0, "", message)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "no places; pass some, --from FILE, or -"),
        (["-"], "no places; pass some, --from FILE, or -"),
        (["-", "-"], "- stands for standard input, once"),
        (["-", "--from", "-"], "- stands for standard input, once"),
        (["Japan"], "'Japan' is not a place; expected COUNTRY:PLACE, such as JP:7621094"),
        (["JP:"], "'JP:' is not a place"),
        (["--from", "missing.txt"], "'missing.txt' does not exist"),
    ],
)
def test_bad_input(run: Run, arguments: list[str], message: str) -> None:
    """The status is 2, and the line says what is expected."""
    finished = run("remote", *arguments, stdin=b"")

    assert finished.status == 2
    assert message in finished.messages


def test_another_encoding(run: Run, tmp_path: Path) -> None:
    """The status is 2, and the line names the source."""
    file = tmp_path / "places.txt"
    file.write_bytes("DE:Köln".encode("latin-1"))

    from_file = run("remote", "--from", str(file))
    from_stdin = run("remote", "--from", "-", stdin=file.read_bytes())

    assert (from_file.status, from_stdin.status) == (2, 2)
    assert f"{file} is not UTF-8" in from_file.messages
    assert "standard input is not UTF-8" in from_stdin.messages


@pytest.mark.parametrize("columns", [80, 120])
def test_table(run: Run, columns: int) -> None:
    """It fits the terminal."""
    finished = run("remote", *PLACES, terminal=columns)

    check_golden(f"remote.{columns}.txt", finished.text)
    assert run("remote", *PLACES, terminal=True, encoding="cp1252").status == 0
