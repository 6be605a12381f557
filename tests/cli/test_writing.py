"""Writers of files, without a server."""

import gc
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

import openpyxl
import pytest
from pyarrow import parquet  # type: ignore[import-untyped]  # it has no types

from tests.cli.hostile import TEXTS, held
from tests.cli.tables import FILES, read_table, table_of
from trackingmore_v2_cli._errors import CommandError
from trackingmore_v2_cli._tables.reading import open_table
from trackingmore_v2_cli._tables.writing import texts
from trackingmore_v2_cli._tables.writing.columns import Kind, Layout, columns_of
from trackingmore_v2_cli._tables.writing.excel import MAX_CHARACTERS, write_excel
from trackingmore_v2_cli._tables.writing.formats import format_of, texts_of, write

TIME = datetime(2026, 3, 1, 12, 30, 15)  # noqa: DTZ001 - local, as in `to_row()`
VALUES: dict[Kind, object] = {
    "text": "007",
    "integer": 3,
    "boolean": True,
    "utc": TIME.replace(tzinfo=UTC),
    "local": TIME,
}


def row(number: int, **values: object) -> dict[str, Any]:
    """Return a row with a value in each column."""
    typical = {column.name: VALUES[column.kind] for column in columns_of()}
    return {**typical, "id": f"{number:032x}", **values}


def save(path: Path, *rows: dict[str, Any], replace: bool = False, is_raw: bool = False) -> Layout:
    """Write rows to a file."""
    form = format_of(str(path))
    layout = Layout(columns_of(), texts_of(form), is_raw=is_raw)
    write(str(path), form, rows, layout, replace=replace)
    return layout


def interrupted() -> Iterator[dict[str, Any]]:
    """Yield some rows, and be interrupted."""
    yield from map(row, range(3))
    raise KeyboardInterrupt


@pytest.mark.parametrize("file", FILES)
def test_interrupted(tmp_path: Path, file: str) -> None:
    """What was there before is there afterwards, and no temporary file is left."""
    path = tmp_path / file
    form = format_of(file)
    for before in (None, row(1, title="before")):
        if before:
            save(path, before)

        with pytest.raises(KeyboardInterrupt):
            write(
                str(path), form, interrupted(), Layout(columns_of(), texts_of(form)), replace=True
            )

        assert [each.name for each in tmp_path.iterdir()] == ([file] if before else [])
        assert not before or read_table(path) == table_of(iter([before]))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a full device")
def test_full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is left that fails once more when it is deleted."""
    ignored: list[object] = []
    monkeypatch.setattr("sys.unraisablehook", ignored.append)

    with pytest.raises(OSError, match="No space"), Path("/dev/full").open("wb") as stream:
        write_excel(stream, [row(1)], Layout(columns_of(), texts_of("xlsx")))
    gc.collect()

    assert ignored == []


@pytest.mark.parametrize("file", FILES)
def test_numbers_that_no_format_can_hold(tmp_path: Path, file: str) -> None:
    """They are missing; the other rows and values are there."""
    save(tmp_path / file, row(1, days_in_transit=2**63), row(2, days_in_transit=-(2**63)))

    expected = [row(1, days_in_transit=None), row(2, days_in_transit=None)]
    assert read_table(tmp_path / file) == table_of(iter(expected))


@pytest.mark.parametrize("file", FILES)
def test_missing_values(tmp_path: Path, file: str) -> None:
    """A row may lack all values but four."""
    empty = dict.fromkeys(row(0))
    rows = [row(1), {**empty, "id": "2", "carrier_code": "ups"}]

    save(tmp_path / file, *rows)

    assert read_table(tmp_path / file) == table_of(iter(rows))


@pytest.mark.parametrize("file", ["a.csv", "a.jsonl", "a.xlsx", "a.parquet"])
def test_import_reads_it_back(tmp_path: Path, file: str) -> None:
    """Texts are unchanged, whatever they begin with."""
    path = tmp_path / file
    expected = [held(text, path.suffix) for text in TEXTS if "\0" not in text]
    save(path, *(row(number, title=text) for number, text in enumerate(expected)))

    with open_table(str(path)) as table:
        assert [each.cells["title"] for each in table] == expected


def test_link_stays_one(tmp_path: Path) -> None:
    """The file that it leads to is replaced."""
    (tmp_path / "link.csv").symlink_to(tmp_path / "file.csv")

    save(tmp_path / "link.csv", row(1))

    assert (tmp_path / "link.csv").is_symlink()
    assert read_table(tmp_path / "file.csv")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_permissions_stay(tmp_path: Path) -> None:
    """A file that only its owner can read stays private."""
    path = tmp_path / "a.csv"
    path.touch(0o600)

    save(path, row(1))

    assert path.stat().st_mode & 0o777 == 0o600


def test_parquet_has_types(tmp_path: Path) -> None:
    """Times in UTC have a zone, and those of carriers have none."""
    save(tmp_path / "a.parquet", row(1))

    schema = parquet.read_schema(tmp_path / "a.parquet")
    types = {name: str(schema.field(name).type) for name in schema.names}

    assert [*types] == [*row(1)]
    assert types["tracking_number"] == "string"
    assert types["events"] == "int64"
    assert types["is_final"] == "bool"
    assert types["created_at"] == "timestamp[us, tz=UTC]"
    assert types["last_event_at"] == "timestamp[us]"


def test_sqlite_has_types(tmp_path: Path) -> None:
    """The id is the key, and numbers keep their zeros."""
    save(tmp_path / "a.db", row(1))

    with closing(sqlite3.connect(tmp_path / "a.db")) as database:
        columns = {
            name: (kind, key)
            for _, name, kind, _, _, key in database.execute("PRAGMA table_info(trackings)")
        }
        (number,) = database.execute("SELECT tracking_number FROM trackings").fetchone()

    assert [*columns] == [*row(1)]
    assert columns["id"] == ("TEXT", 1)
    assert columns["tracking_number"] == ("TEXT", 0)
    assert columns["events"] == ("INTEGER", 0)
    assert number == "007"


def test_sqlite_updates(tmp_path: Path) -> None:
    """One row for each tracking, and tables of others stay."""
    path = tmp_path / "a.sqlite3"
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE orders (id)")
    save(path, row(1, status="transit"), row(2))
    save(path, row(1, status="delivered"), row(3))

    with closing(sqlite3.connect(path)) as database:
        (orders,) = database.execute("SELECT count(*) FROM orders").fetchone()

    assert orders == 0
    assert read_table(path) == table_of(iter([row(1, status="delivered"), row(2), row(3)]))


def test_sqlite_replaces(tmp_path: Path) -> None:
    """Only the table of trackings."""
    save(tmp_path / "a.sqlite3", row(1), row(2))
    save(tmp_path / "a.sqlite3", row(3), replace=True)

    assert read_table(tmp_path / "a.sqlite3") == table_of(iter([row(3)]))


def test_sqlite_gets_new_columns(tmp_path: Path) -> None:
    """A table of an earlier version, or of fewer fields, is extended."""
    path = tmp_path / "a.sqlite3"
    write(str(path), "sqlite", [row(1)], Layout(columns_of(["id"]), texts.Texts()), replace=False)

    save(path, row(1))

    with closing(sqlite3.connect(path)) as database:
        database.row_factory = sqlite3.Row
        stored = dict(database.execute("SELECT * FROM trackings").fetchone())
    assert table_of(iter([stored])) == table_of(iter([row(1)]))


def test_sqlite_rejects_other_files(tmp_path: Path) -> None:
    """They stay as they are."""
    path = tmp_path / "a.db"
    path.write_bytes(b"a letter\n" * 100)

    with pytest.raises(CommandError, match="file is not a database"):
        save(path, row(1))

    assert path.read_bytes() == b"a letter\n" * 100


FORMULAS = ("=1+1", "+49 170", "-5", "@SUM(A1)", "＝1+1", "#N/A", "\t=1", "'=1")  # noqa: RUF001 - a full-width form


@pytest.mark.parametrize("is_raw", [True, False])
def test_excel_has_no_formulas(tmp_path: Path, *, is_raw: bool) -> None:
    """Each text is stored as text, whatever it begins with, and marked as what it is."""
    rows = [row(index, title=text) for index, text in enumerate(FORMULAS)]
    save(tmp_path / "a.xlsx", *rows, is_raw=is_raw)

    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["trackings"]
    _, *cells = sheet["H"]

    assert [(cell.data_type, cell.value) for cell in cells] == [("s", text) for text in FORMULAS]
    marked = [cell.value for cell in cells if cell.quotePrefix]
    assert marked == ([] if is_raw else [*FORMULAS[:-1]])
    assert {cell.data_type for cell in sheet["C"]} == {"s"}, "tracking numbers"


def test_excel_has_more_sheets_for_more_rows(tmp_path: Path) -> None:
    """Each has the header."""
    rows = [row(number) for number in range(7)]
    with (tmp_path / "a.xlsx").open("wb") as stream:
        write_excel(stream, rows, Layout(columns_of(), texts.Texts()), rows_of_sheet=3)

    book = openpyxl.load_workbook(tmp_path / "a.xlsx")

    assert [(sheet.title, sheet.max_row) for sheet in book] == [
        ("trackings", 4),
        ("trackings 2", 4),
        ("trackings 3", 2),
    ]
    assert read_table(tmp_path / "a.xlsx") == table_of(iter(rows))


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("x" * MAX_CHARACTERS, "x" * MAX_CHARACTERS),
        ("x" * (MAX_CHARACTERS + 1), "x" * (MAX_CHARACTERS - 1) + "…"),
        # Excel counts UTF-16 code units; no half of a pair is left.
        ("🚚" * 16_383, "🚚" * 16_383),
        ("🚚" * 16_384, "🚚" * 16_383 + "…"),
        ("x" + "🚚" * 16_384, "x" + "🚚" * 16_382 + "…"),
    ],
)
def test_long_texts_are_cut(text: str, held: str) -> None:
    """At the limit of Excel, visibly."""
    excel = texts_of("xlsx")

    assert excel(text) == held
    assert excel.shortened == (text != held)


@pytest.mark.parametrize("file", FILES)
def test_forbidden_characters(tmp_path: Path, file: str) -> None:
    """They are replaced, and counted."""
    layout = save(tmp_path / file, row(1, title="a\ud800b", comment="fine"))

    assert layout.texts.replaced == 1
    assert read_table(tmp_path / file) == table_of(iter([row(1, title="a\ufffdb", comment="fine")]))


def test_each_kind_has_a_value() -> None:
    """The types of all columns are known."""
    assert {column.kind for column in columns_of()} == {*get_args(Kind)} == {*VALUES}
