"""Reading of tables: every format, and whatever is wrong with them."""

import csv
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pyarrow as pa  # type: ignore[import-untyped]  # has no types
import pytest
from pyarrow import parquet

from trackingmore_v2_cli._errors import CommandError
from trackingmore_v2_cli._tables.reading import open_table
from trackingmore_v2_cli._tables.rows import Row
from trackingmore_v2_cli._tables.text_files import MAX_LINE

Read = Callable[..., list[Row]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Return a function that reads a table from bytes."""

    def read(content: bytes, name: str = "orders.csv", **options: str) -> list[Row]:
        path = tmp_path / name
        path.write_bytes(content)
        with open_table(str(path), **options) as table:  # type: ignore[arg-type]  # by name
            return list(table)

    return read


@pytest.mark.parametrize("delimiter", ",;\t|")
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_csv_of_any_kind(read: Read, delimiter: str, encoding: str, end: str) -> None:
    """The delimiter and the encoding are recognized; cells stay as they are."""
    lines = ["number,title", '00123,"Größe, 5"', "00124, "]
    text = end.join(lines).replace(",", delimiter)

    first, second = read(text.encode(encoding))

    assert first == Row(2, {"number": "00123", "title": f"Größe{delimiter} 5"})
    assert second == Row(3, {"number": "00124", "title": " "})


def test_delimiter_inside_of_cells(read: Read) -> None:
    """The one that gives each row the columns of the header wins."""
    (row,) = read(b"name, first;number\nA, B, C;1\n")

    assert row.cells == {"name, first": "A, B, C", "number": "1"}


@pytest.mark.parametrize("name", ["tab", r"\t", "\t"])
def test_names_of_the_tab(read: Read, name: str) -> None:
    """It is hard to type in a shell."""
    (row,) = read(b"a,b\tc\n1\t2\n", delimiter=name)

    assert row.cells == {"a,b": "1", "c": "2"}


def test_one_column(read: Read) -> None:
    """A file without a delimiter has one column."""
    assert [row.cells for row in read(b"number\n12345\n")] == [{"number": "12345"}]


def test_encoding_must_be_passed(read: Read) -> None:
    """Bytes that are not UTF-8 cost their rows only, and the reason names the option."""
    content = "number,title\n1,Größe\n2,x\n".encode("cp1252")

    bad, good = read(content)
    right, _ = read(content, encoding="cp1252")

    assert "--encoding cp1252" in bad.problem
    assert bad.cells == {"number": "1", "title": "Gr\ufffd\ufffde"}
    assert good == Row(3, {"number": "2", "title": "x"})
    assert right.cells["title"] == "Größe"


def test_byte_order_mark_has_precedence(read: Read) -> None:
    """The file of rejected rows has one, and is imported with the options of the first file."""
    content = "number,title\n1,Größe\n".encode("utf-8-sig")

    (row,) = read(content, encoding="cp1252")

    assert row.cells == {"number": "1", "title": "Größe"}


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('ups,"1', "quotation mark that is not closed"),
        ('ups,"1"2', "quotation mark inside a quoted cell"),
        ("ups,1,2", "more cells than the header"),
        ("ups,\0", "NUL"),
        (f"ups,{'1' * (csv.field_size_limit() + 1)}", "more than 131,072 characters"),
        ("1," * MAX_LINE, "more than 1,048,576 characters"),
    ],
)
def test_malformed_rows_cost_no_other(read: Read, line: str, problem: str) -> None:
    """The rows around them are read, with their line numbers."""
    before, bad, after = read(f"carrier,number\nups,0\n{line}\nups,3\n".encode())

    assert problem in bad.problem
    assert (before, after.number) == (Row(2, {"carrier": "ups", "number": "0"}), 4)
    assert after.cells == {"carrier": "ups", "number": "3"}


def test_quotation_mark_that_is_never_closed(read: Read) -> None:
    """It costs its own line, and not the thousand that follow."""
    lines = [f"ups,{number}" for number in range(1000)]

    rows = read("\n".join(["carrier,number", 'ups,"12', *lines]).encode())

    assert [bool(row.problem) for row in rows] == [True] + [False] * 1000


def test_cells_of_several_lines(read: Read) -> None:
    """The number of a row is that of its first line."""
    rows = read(b'number,comment\n1,"a\nb"\n2,c\n')

    assert [(row.number, row.cells["comment"]) for row in rows] == [(2, "a\nb"), (4, "c")]


def test_blank_and_repeated_headers(read: Read) -> None:
    """Each column has a name of its own; empty columns at the end are none."""
    (row,) = read(b" number ,,title,title,,\n1,2,3,4,,\n")

    assert list(row.cells) == ["number", "column (2)", "title", "title (4)"]


def test_short_and_blank_rows(read: Read) -> None:
    """Missing cells are empty; blank lines are no rows."""
    (row,) = read(b"\nnumber,title\n\n , \n1\n")

    assert row == Row(5, {"number": "1", "title": ""})


def test_bytes_that_cannot_be_stored(read: Read) -> None:
    """Cells beyond the header are replaced as well, so that each row can be written again."""
    (row,) = read(b"number\n1,\xff\0\n")

    assert row.extra == ("\ufffd\ufffd",)


def test_text_that_export_guarded(read: Read) -> None:
    """The apostrophe before a formula is not part of the text."""
    (row,) = read(b"number,title\n1,'=1+1\n")

    assert row.cells["title"] == "=1+1"


def test_json_lines(read: Read) -> None:
    """Values become the text that stands in the file; later fields become columns, too."""
    content = (
        b'{"number": 123456789012345678901, "x": 1.50}\n{}\n{"title": "\xc3\xa4", "y": true}\n'
    )

    first, second = read(content, "orders.jsonl")

    assert first.cells == {"number": "123456789012345678901", "x": "1.50", "title": "", "y": ""}
    assert second == Row(3, {"number": "", "x": "", "title": "ä", "y": "true"})


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("{", "not JSON"),
        ("[1]", "not a JSON object"),
        ("[" * 100_000, "too deeply nested"),
        ('{"number": "\\ud800"}', "no text"),
        ('{"number": "\\u0000"}', "NUL"),
        ('{"number": "' + "1" * MAX_LINE + '"}', "more than 1,048,576 characters"),
    ],
)
def test_malformed_lines_of_json(read: Read, line: str, problem: str) -> None:
    """They cost no other line."""
    bad, good = read(f'{line}\n{{"number": "1"}}\n'.encode(), "orders.ndjson")

    assert problem in bad.problem
    assert good == Row(2, {"number": "1"})


def _xlsx(path: Path, *rows: Sequence[object]) -> str:
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(list(row))  # type: ignore[union-attr]  # it has a sheet
    for (cell,) in workbook.active.iter_rows(max_col=1):  # type: ignore[union-attr]  # it has a sheet
        cell.data_type = "s" if isinstance(cell.value, str) else cell.data_type  # no formulas
    workbook.create_sheet("Second").append(["number"])
    workbook.save(path)
    return str(path)


def test_xlsx(tmp_path: Path) -> None:
    """Whole numbers have no fraction, dates are ISO 8601, and numbers that were cut are damage."""
    header = ["number", "sent", "weight", "gift"]
    day = datetime(2026, 3, 1)  # noqa: DTZ001 - sheets have no zones
    path = _xlsx(
        tmp_path / "orders.xlsx",
        header,
        ["00123", day, 1.5, True],
        [],
        [4000000000000.0, day.replace(hour=9), 2.0, None],
        [1.23456789012345e17],
        ["=1"],
    )

    with open_table(path) as table:
        text, number, cut, formula = table

    assert text.cells == {"number": "00123", "sent": "2026-03-01", "weight": "1.5", "gift": "true"}
    assert list(number.cells.values()) == ["4000000000000", "2026-03-01T09:00:00", "2", ""]
    assert (number.number, number.damaged) == (4, {})
    assert "store the column as text" in cut.damaged["number"]
    assert formula.cells["number"] == "=1"


def test_xlsx_that_would_fill_the_memory(tmp_path: Path) -> None:
    """A few kilobytes may become gigabytes."""
    path = _xlsx(tmp_path / "orders.xlsx", ["title"], ["x"])
    with ZipFile(path, "a", ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/zeros", bytes(2**26 + 1))

    with pytest.raises(CommandError, match="xl/media/zeros in it is compressed from 67,108,865"):
        open_table(path)


def test_sheet_of_a_name(tmp_path: Path) -> None:
    """An unknown sheet is an error that lists them."""
    path = _xlsx(tmp_path / "orders.xlsx", ["title"], ["x"])

    with open_table(path, sheet="Second") as table:
        assert table.columns == ["number"]
    with pytest.raises(CommandError, match="'Sheet', 'Second'"):
        open_table(path, sheet="Third")


def test_parquet(tmp_path: Path) -> None:
    """Integers keep all digits; floats from data frames may have lost some."""
    path = tmp_path / "orders.parquet"
    columns = {
        "number": [123456789012345678, None],
        "frame": [4000000000.0, 1.2345678901234568e17],
        "sent": [datetime(2026, 3, 1, tzinfo=UTC), None],
        "day": [date(2026, 3, 1), None],
        "raw": [b"x", b"\xff"],
    }
    parquet.write_table(pa.table(columns), path)

    with open_table(str(path)) as table:
        first, second = table

    assert list(first.cells.values()) == [
        *("123456789012345678", "4000000000"),
        *("2026-03-01T00:00:00+00:00", "2026-03-01", "x"),
    ]
    assert "no text" in second.problem


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", b"", "is empty"),
        ("a.csv", b"\xe4,b\n", "the header has bytes"),
        ("a.csv", b'a,"b\n', "the header has a quotation mark"),
        ("a.xlsx", b"PK", "cannot be read as XLSX"),
        ("a.parquet", b"PAR1", "cannot be read as Parquet"),
    ],
)
def test_files_that_cannot_be_read(read: Read, name: str, content: bytes, message: str) -> None:
    """The error names the file and what is wrong."""
    with pytest.raises(CommandError, match=message) as error:
        read(content, name)

    assert name in error.value.message


@pytest.mark.parametrize(
    ("name", "package", "extra"),
    [("a.xlsx", "openpyxl", "excel"), ("a.parquet", "pyarrow", "parquet")],
)
def test_format_whose_library_is_missing(
    read: Read, monkeypatch: pytest.MonkeyPatch, name: str, package: str, extra: str
) -> None:
    """The error names the extra."""
    monkeypatch.setitem(sys.modules, package, None)

    with pytest.raises(CommandError, match=rf"{package} is not installed; .*\[{extra}\]"):
        read(b"", name)


def test_missing_file_and_unknown_encoding(read: Read, tmp_path: Path) -> None:
    """Both are errors of usage."""
    with pytest.raises(CommandError, match="No such file"):
        open_table(str(tmp_path / "missing.csv"))
    with pytest.raises(CommandError, match="unknown encoding 'hex'"):
        read(b"a", encoding="hex")
