"""An SQLite store, based on the standard library."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from trackingmore_v2_sandbox.store import migrations
from trackingmore_v2_sandbox.store.sql import SqlCursor, Store, StoreError, TargetKey, Value


class SqliteStore(Store):
    """
    An SQLite store, in memory or in a file, for one process.

    Args:
        path: The database file, created if it is missing. Default: None, which keeps the state in
            memory.

    Raises:
        StoreError: The file cannot be opened, or is not a sandbox database.
    """

    # A deferred transaction would fail at its first write if another process is writing.
    _begin = "BEGIN IMMEDIATE"
    _error = sqlite3.Error

    def __init__(self, path: Path | str | None = None) -> None:
        super().__init__()
        # Only one event loop uses the store, but it may run in another thread than this one.
        name = ":memory:" if path is None else str(path)
        try:
            self._connection = sqlite3.connect(name, isolation_level=None, check_same_thread=False)
        except (sqlite3.Error, ValueError) as error:
            raise StoreError(str(error)) from error
        try:
            self._prepare()
        except (sqlite3.Error, StoreError) as error:
            self._connection.close()
            raise StoreError(str(error)) from error

    def _prepare(self) -> None:
        self._check_file()
        # Readers do not wait for a writer, and a commit takes no full sync to disk.
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        with self.transaction(write=True):
            version = self._number("PRAGMA user_version")
            self._connection.create_function("number_of", 1, migrations.number_of)
            for statement in migrations.statements(
                version,
                sequence="INTEGER PRIMARY KEY",
                then_sequence="",
                account_number="number_of(account)",
            ):
                self._connection.execute(statement)
            self._connection.execute(f"PRAGMA user_version = {migrations.VERSION}")

    def _check_file(self) -> None:
        version = self._number("PRAGMA user_version")
        if version > migrations.VERSION:
            raise StoreError("the database was written by a newer version of the sandbox")
        if version == 0 and self._number("SELECT COUNT(*) FROM sqlite_master"):
            raise StoreError("not a sandbox database")

    def close(self) -> None:
        """Close the database."""
        self._connection.close()

    def _lock(self, account: str) -> None:
        """Do nothing: a write transaction locks the whole database."""

    def _claim(self, _target: TargetKey, /) -> bool:
        """Return True: no other process uses the database."""
        return True

    def _release(self, target: TargetKey, /) -> None:
        """Do nothing."""

    def _erase_trackings(self, number: int) -> None:
        select = "SELECT 1 FROM trackings WHERE account"
        other_accounts = f"SELECT EXISTS ({select} < ?) OR EXISTS ({select} > ?)"
        if self._number(other_accounts, number, number):
            super()._erase_trackings(number)
        else:  # Without a WHERE clause, SQLite truncates the table instead of deleting row by row.
            self._connection.execute("DELETE FROM trackings")

    def _execute(self, statement: str, parameters: Sequence[Value] = ()) -> SqlCursor:
        return self._connection.execute(statement, parameters)
