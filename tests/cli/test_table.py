"""Tables on a terminal."""

import io

import pytest
from rich.console import Console

from trackingmore_v2_cli._output.columns import Column
from trackingmore_v2_cli._output.table import fit, print_table

COLUMNS = (Column("number"), Column("carrier"), Column("count"), Column("text"))


def printed(*records: dict[str, object], width: int = 40) -> list[str]:
    """Return the lines of a table."""
    console = Console(file=io.StringIO(), width=width, markup=False)
    print_table(console, COLUMNS, records)
    return [line.rstrip() for line in console.file.getvalue().splitlines()]  # type: ignore[attr-defined]  # a StringIO


@pytest.mark.parametrize(
    ("widths", "least", "available", "expected"),
    [
        ([10, 10], [10, 5], 30, [10, 10]),
        ([10, 10], [10, 5], 17, [10, 7]),
        ([10, 10, 10], [5, 5, 5], 17, [7, 5, 5]),
        ([10, 10], [10, 5], 14, None),
        ([], [], 0, []),
    ],
)
def test_last_columns_shrink_first(
    widths: list[int], least: list[int], available: int, expected: list[int] | None
) -> None:
    """Each to its least width, before the one on its left; None if that is too wide."""
    assert fit(widths, least, available) == expected


def test_number_stays_whole_and_the_last_text_is_cut() -> None:
    """The first column names the record."""
    record = {"number": "LZ123456789CN", "carrier": "ups", "count": 7, "text": "x" * 60}

    line = printed(record, width=52)[2]

    assert line == "LZ123456789CN   ups           7   xxxxxxxxxxxxxxxxx…"


def test_columns_move_together_before_the_table_becomes_blocks() -> None:
    """By one character each."""
    record = {"number": "LZ123456789CN", "carrier": "ups", "count": 7, "text": "x" * 60}

    line = printed(record, width=42)[2]

    assert line == "LZ123456789CN  ups          7  xxxxxxxxxx…"


def test_block_for_each_record_where_the_table_is_too_wide() -> None:
    """Nothing is cut off, however long."""
    record = {"number": "N" * 50, "carrier": "ups", "count": 7, "text": "some text"}

    lines = printed(record, {**record, "number": "short"}, width=40)

    assert "".join(line[9:] for line in lines[:2]) == "N" * 50
    assert lines[2:6] == ["carrier  ups", "count    7", "text     some text", ""]
    assert lines[6] == "number   short"


def test_counts_are_aligned_at_the_right() -> None:
    """And times and counts are never cut."""
    record: dict[str, object] = {"number": "a", "carrier": "b", "text": "c"}

    lines = printed({**record, "count": 5}, {**record, "count": 1234567})

    assert [line[19:26] for line in lines[2:]] == ["      5", "1234567"]


def test_control_characters_and_markup_are_text() -> None:
    """Customers and carriers write any text."""
    record: dict[str, object] = {
        "number": "a",
        "carrier": "\x1b[31m",
        "count": None,
        "text": "[red]日本\nx",
    }

    text = "\n".join(printed(record))

    assert "\x1b" not in text
    assert "[red]日本 x" in text


def test_nothing_is_printed_without_records() -> None:
    """Not even a header."""
    assert printed() == []
