"""An SQLite store, based on the standard library."""

import sqlite3
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from trackingmore_v2_sandbox.store import migrations
from trackingmore_v2_sandbox.store.models import AccountRecord
from trackingmore_v2_sandbox.store.sql import SqlCursor, Store, StoreError, TargetKey
from trackingmore_v2_sandbox.store.tables import Value

_PRIMARY_CODE: Final = 0xFF
"""Bits of an error code of SQLite without the details."""

_IN_USE: Final = (
    "another process uses the file; stop it, or choose another file "
    "(several processes need PostgreSQL)"
)
_MAX_KNOWN: Final = 1000
"""Maximum number of accounts to remember."""


class SqliteStore(Store):
    """
    An SQLite store, in memory or in a file, for one process.

    Args:
        path: The database file, created if it is missing. Default: None, which keeps the state in
            memory.

    Raises:
        StoreError: The file cannot be opened, or is not a sandbox database.
    """

    _begin = "BEGIN IMMEDIATE"
    _error = sqlite3.Error

    def __init__(self, path: Path | str | None = None) -> None:
        # Only one event loop uses the store, but it may run in another thread than this one.
        name = ":memory:" if path is None else str(path)
        super().__init__(f"the database {name}")
        self._files: dict[Path, tuple[int, int] | None] = {}
        self._known: dict[str, AccountRecord | None] = {}
        self._known_since = 0
        try:
            self._connection = sqlite3.connect(name, isolation_level=None, check_same_thread=False)
        except (sqlite3.Error, ValueError) as error:
            raise StoreError(str(error)) from error
        try:
            self._prepare()
        except (sqlite3.Error, StoreError) as error:
            self._connection.close()
            in_use = getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY
            raise StoreError(_IN_USE if in_use else str(error)) from error
        self._files = self._identify_files()

    def _prepare(self) -> None:
        self._check_file()
        # A second process would send the same webhooks, and remember other accounts.
        self._connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        # A commit takes no full sync to disk.
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        with self._committing(None):
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

    def _identify_files(self) -> dict[Path, tuple[int, int] | None]:
        """Return device and inode of the files of the database; none if it is in memory."""
        (_, _, path), *_ = self._connection.execute("PRAGMA database_list")
        # A write goes to the write-ahead log first.
        names = (Path(path), Path(f"{path}-wal")) if path else ()
        return {name: _identity(name) for name in names if name.exists()}

    @contextmanager
    def _committing(self, account: str | None) -> Generator[None]:
        with super()._committing(account):
            yield
            # A file without a name is gone as soon as the sandbox ends.
            for name, identity in self._files.items():
                if _identity(name) != identity:
                    raise StoreError(f"{name} was deleted or replaced; restart the sandbox")

    def changes(self) -> int:
        """Return how many rows were changed since the start."""
        return self._connection.total_changes

    def failure(self, error: BaseException) -> str | None:
        """
        Return why the database failed.

        Args:
            error: What was raised in a transaction.

        Returns:
            The reason, in one line; None for an error of another kind.
        """
        if isinstance(error, StoreError):
            return str(error)
        if type(error) not in (sqlite3.OperationalError, sqlite3.DatabaseError):
            return None
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & _PRIMARY_CODE
        # An invalid statement is an error of the sandbox.
        return None if code == sqlite3.SQLITE_ERROR else str(error)

    def find_account(self, account: str) -> AccountRecord | None:
        """
        Return an account, which is remembered until a row changes.

        Args:
            account: The account: a digest of its key.

        Returns:
            The account; None if it was never saved.
        """
        # Every request reads its account.
        if self._connection.in_transaction:
            return super().find_account(account)
        changes = self._connection.total_changes
        if changes != self._known_since or len(self._known) > _MAX_KNOWN:
            self._known.clear()
            self._known_since = changes
        if account not in self._known:
            self._known[account] = super().find_account(account)
        return self._known[account]

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


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
