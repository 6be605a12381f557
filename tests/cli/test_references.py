"""Trackings as the user names them."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.cli.running import Run
from trackingmore_v2 import TrackingMore
from trackingmore_v2_cli._errors import CommandError
from trackingmore_v2_cli._output.output import Output
from trackingmore_v2_cli._references import Reference, find_pairs, read_references

ONE, TWO = "SANDBOX-DELIVERED_1", "SANDBOX-DELIVERED_2"


def written(path: Path, content: str, encoding: str = "utf-8") -> str:
    """Write a file, and return its path."""
    path.write_text(content, encoding=encoding, newline="")
    return str(path)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("numbers.txt", f"ups:{ONE}\n\n  {TWO}  \n"),
        ("numbers", f"\ufeffups:{ONE}\r\n{TWO}\r\nups:{ONE}"),
        ("numbers.csv", f"tracking_number,carrier_code,title\n{ONE},ups,x\n{TWO},,y\n"),
        ("numbers.tsv", f"carrier_code\ttracking_number\nups\t{ONE}\n\t{TWO}\n"),
        (
            "numbers.jsonl",
            f'{{"tracking_number":"{ONE}","carrier_code":"ups"}}\n{{"tracking_number":"{TWO}"}}\n',
        ),
    ],
)
def test_file_of_lines_or_table(tmp_path: Path, name: str, content: str) -> None:
    """Lines without blanks, or the two columns; each tracking once."""
    file = written(tmp_path / name, content)

    assert read_references((), None, file) == [Reference("ups", ONE), Reference(None, TWO)]
    assert read_references((), "dhl", file)[1] == Reference("dhl", TWO)


@pytest.mark.parametrize(
    ("name", "content", "encoding", "message"),
    [
        ("numbers.txt", "", "utf-8", "no tracking numbers"),
        ("numbers.txt", "münchen", "latin-1", "not UTF-8"),
        ("numbers.txt", ":123456", "utf-8", r"is not \[CARRIER:\]NUMBER"),
        ("numbers.txt", "ups:a:b", "utf-8", r"'ups:a:b' is not"),
        ("numbers.csv", "number\n12345\n", "utf-8", "has no column tracking_number"),
        ("numbers.csv", "tracking_number\n12345,6\n", "utf-8", "line 2: has more cells"),
    ],
)
def test_file_that_cannot_be_used(
    tmp_path: Path, name: str, content: str, encoding: str, message: str
) -> None:
    """Status 2, and the message says why."""
    file = written(tmp_path / name, content, encoding)

    with pytest.raises(CommandError, match=message) as raised:
        read_references((), None, file)

    assert raised.value.status == 2


def test_standard_input_is_read_only_where_a_dash_stands(run: Run, client: TrackingMore) -> None:
    """As an argument or a file, once."""
    client.trackings.create("ups", ONE)

    by_argument = run("archive", "-", stdin=f"{ONE}\n".encode())
    by_file = run("archive", "--from", "-", stdin=f"{ONE}\n".encode())
    twice = run("archive", "-", "--from", "-", stdin=b"")
    without = run("archive", ONE)  # its standard input is closed

    assert [each.status for each in (by_argument, by_file, twice, without)] == [0, 0, 2, 0]


def test_standard_input_that_is_no_text(run: Run) -> None:
    """The message names it."""
    finished = run("archive", "-", stdin=b"\xff\xfe")

    assert finished.status == 2
    assert "standard input is not UTF-8" in finished.messages


def test_missing_file(run: Run) -> None:
    """Status 2."""
    finished = run("archive", "--from", "missing.txt")

    assert finished.status == 2
    assert "missing.txt" in finished.messages


def test_number_of_several_carriers(run: Run, client: TrackingMore) -> None:
    """The message names them, and nothing is changed."""
    client.trackings.create("ups", ONE)
    client.trackings.create("dhl", ONE)

    finished = run("archive", ONE)

    assert finished.status == 2
    assert f"pass one of dhl:{ONE}, ups:{ONE}" in finished.messages
    assert client.trackings.get("ups", ONE).archived is False


def test_carriers_in_either_case(tmp_path: Path) -> None:
    """People write UPS; all codes are in lower case."""
    file = written(tmp_path / "numbers.csv", f"carrier_code,tracking_number\nUPS,{TWO}\n")

    assert read_references((f"Ups:{ONE}",), None, file) == [
        Reference("ups", ONE),
        Reference("ups", TWO),
    ]
    assert read_references((ONE,), "UPS") == [Reference("ups", ONE)]


def test_case_of_a_number_does_not_count() -> None:
    """The API may return it in another one."""
    tracking = SimpleNamespace(carrier_code="ups", tracking_number="1Z97X17XYW06605211")
    trackings = SimpleNamespace(list=lambda numbers: [tracking] * len(numbers))
    session: Any = SimpleNamespace(out=Output(), client=SimpleNamespace(trackings=trackings))

    pairs = find_pairs(session, [Reference(None, "1z97x17xyw06605211")])

    assert pairs == [("ups", "1z97x17xyw06605211")]
