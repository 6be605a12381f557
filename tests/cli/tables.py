"""Exported files as pandas and sqlite3 read them."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any, Final, TypeAlias

import pandas as pd

from trackingmore_v2_cli._tables.formulas import unguard
from trackingmore_v2_cli._tables.writing.columns import Column, columns_of

Table: TypeAlias = dict[str, tuple[str, ...]]
"""Rows by their id, as text."""

FILES: Final = ("a.csv", "a.jsonl", "a.xlsx", "a.parquet", "a.sqlite3")


def read_table(path: Path) -> Table:
    """Return what a file holds."""
    return dict(read_rows(path))


def table_of(rows: Iterator[Mapping[str, Any]]) -> Table:
    """Return rows as `read_table` does."""
    return dict(texts_of(rows))


def read_rows(path: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the rows of a file, with their ids."""
    return texts_of(_READERS[path.suffix](path))


def texts_of(rows: Iterator[Mapping[str, Any]]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield rows as text, whatever types their format has, with their ids."""
    columns = columns_of()
    for row in rows:
        yield row["id"], tuple(_text(column, row[column.name]) for column in columns)


def _text(column: Column, value: Any) -> str:
    if value is None or value == "" or value != value:  # noqa: PLR0124 - a NaN
        return ""
    if column.kind == "boolean":
        return str(str(value).lower() in {"true", "1", "1.0"})
    if column.kind == "integer":
        return str(int(value))
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    assert isinstance(value, str)
    return value


def _csv(path: Path) -> Iterator[dict[str, Any]]:
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    for row in _rows(frame):
        yield _unguarded(row)


def _json_lines(path: Path) -> Iterator[dict[str, Any]]:
    return _rows(pd.read_json(path, lines=True, dtype=False))


def _excel(path: Path) -> Iterator[dict[str, Any]]:
    sheets = pd.read_excel(path, sheet_name=None, dtype=object, keep_default_na=False)
    for frame in sheets.values():
        yield from _rows(frame)


def _parquet(path: Path) -> Iterator[dict[str, Any]]:
    return _rows(pd.read_parquet(path).astype(object))


def _sqlite(path: Path) -> Iterator[dict[str, Any]]:
    with closing(sqlite3.connect(path)) as database:
        cursor = database.execute("SELECT * FROM trackings")
        names = [name for name, *_ in cursor.description]
        for row in cursor:
            yield dict(zip(names, row, strict=True))


def _unguarded(row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: unguard(value) if isinstance(value, str) else value for name, value in row.items()
    }


def _rows(frame: pd.DataFrame) -> Iterator[dict[str, Any]]:
    names = [*frame.columns]
    for row in frame.itertuples(index=False, name=None):
        yield dict(zip(names, row, strict=True))


_READERS: Final[Mapping[str, Callable[[Path], Iterator[dict[str, Any]]]]] = {
    ".csv": _csv,
    ".jsonl": _json_lines,
    ".xlsx": _excel,
    ".parquet": _parquet,
    ".sqlite3": _sqlite,
}
