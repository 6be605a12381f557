"""A store in SQLite, with what comes with Python."""

import sqlite3
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from pathlib import Path

from trackingmore_v2_sandbox.store import migrations
from trackingmore_v2_sandbox.store.interface import StoreError
from trackingmore_v2_sandbox.store.sql import SqlCursor, SqlStore, Value


class SqliteStore(SqlStore):
    """
    A store in SQLite: in memory, or in a file that survives the process.

    Args:
        path: The database file; created when it is missing. None keeps everything in memory.

    Raises:
        StoreError: The file cannot be opened, or is not a sandbox's database.
    """

    _claim_clause = ""  # There is one writer at a time.

    def __init__(self, path: Path | str | None = None) -> None:
        # One event loop uses the store, though not always in the thread that opened it.
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
        self._refuse_foreign_file()
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

    def _refuse_foreign_file(self) -> None:
        version = self._number("PRAGMA user_version")
        if version > migrations.VERSION:
            raise StoreError("it was written by a newer sandbox")
        if version == 0 and self._number("SELECT COUNT(*) FROM sqlite_master"):
            raise StoreError("it is the database of another program")

    @contextmanager
    def _writing(self, account: str | None) -> Generator[None]:
        del account  # Whoever writes has the whole database to itself.
        # A write that begins deferred can fail half-way when another process writes too.
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._connection.execute("COMMIT")
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise

    def close(self) -> None:
        """Let go of the database."""
        self._connection.close()

    def _erase_trackings(self, number: int) -> None:
        beside = "SELECT 1 FROM parcels WHERE account"
        others = f"SELECT EXISTS ({beside} < ?) OR EXISTS ({beside} > ?)"
        if self._number(others, (number, number)):
            super()._erase_trackings(number)
        else:  # To empty a table takes SQLite no time.
            self._connection.execute("DELETE FROM parcels")

    def _execute(self, statement: str, parameters: Sequence[Value] = ()) -> SqlCursor:
        return self._connection.execute(statement, parameters)

    def _execute_many(self, statement: str, rows: Iterable[Sequence[Value]]) -> int:
        return self._connection.executemany(statement, rows).rowcount
