"""SQLite: a table of which each tracking is one row, whenever it was exported."""

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Final

from trackingmore_v2_cli._errors import CommandError
from trackingmore_v2_cli._tables.writing.columns import Column, Kind, Layout, Row

TABLE: Final = "trackings"
KEY: Final = "id"

# Times are text in ISO 8601, which SQLite's functions read.
_TYPES: Final[Mapping[Kind, str]] = {
    "text": "TEXT",
    "integer": "INTEGER",
    "boolean": "INTEGER",
    "utc": "TEXT",
    "local": "TEXT",
}


def write_sqlite(path: Path, rows: Iterable[Row], layout: Layout, *, replace: bool) -> None:
    """
    Insert rows, or update those that are there, in one transaction.

    Args:
        path: The database, which is created if it does not exist.
        rows: The rows.
        layout: The columns, with the key among them.
        replace: Whether earlier rows are deleted.

    Raises:
        CommandError: The file is not a database, is locked, or its table has another key.
    """
    try:
        # Without implicit transactions, so that ours includes the table.
        with closing(sqlite3.connect(path, isolation_level=None)) as database, database:
            database.execute("BEGIN IMMEDIATE")
            if replace:
                database.execute(f"DROP TABLE IF EXISTS {TABLE}")
            _prepare(database, layout.columns)
            database.executemany(_upsert(layout.names), map(layout.values, rows))
    except sqlite3.Error as error:
        raise CommandError(f"cannot write the database: {error}") from error


def _prepare(database: sqlite3.Connection, columns: Iterable[Column]) -> None:
    """Create the table, or add columns that it lacks."""
    declared = {column.name: _declared(column) for column in columns}
    database.execute(f"CREATE TABLE IF NOT EXISTS {TABLE} ({', '.join(declared.values())})")
    existing = {name for _, name, *_ in database.execute(f"PRAGMA table_info({TABLE})")}
    for name in declared.keys() - existing:
        database.execute(f"ALTER TABLE {TABLE} ADD COLUMN {declared[name]}")


def _declared(column: Column) -> str:
    key = " PRIMARY KEY NOT NULL" if column.name == KEY else ""
    return f"{column.name} {_TYPES[column.kind]}{key}"


def _upsert(names: Iterable[str]) -> str:
    names = [*names]
    changes = ", ".join(f"{name} = excluded.{name}" for name in names)
    return (
        f"INSERT INTO {TABLE} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))}) "  # noqa: S608 - our own names
        f"ON CONFLICT ({KEY}) DO UPDATE SET {changes}"
    )
