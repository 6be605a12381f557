"""
Journals of imports in SQLite files.

    run_import(client, rows, journal=SqliteJournal("import.sqlite3", lease=120))
"""

import sqlite3
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, suppress
from errno import ENOSPC
from math import inf
from os import PathLike
from pathlib import Path
from typing import Final

from trackingmore_v2._errors import JournalMismatch, JournalUnavailable
from trackingmore_v2._scrubbing import scrub_methods
from trackingmore_v2._storage.errors import first_line
from trackingmore_v2._storage.sqlite import checked_path, create_file, transaction
from trackingmore_v2.importer._journal import (
    CONTINUE,
    DEFAULT_LEASE,
    RESTORE,
    VERSION,
    WRITE,
    Cursor,
    Journal,
    Saved,
    Session,
    check_version,
)
from trackingmore_v2.importer._keys import CREATE_KEYS, add_keys
from trackingmore_v2.importer._rows import Key

_APPLICATION: Final = 0x544D4A31
"""What identifies a journal among SQLite files: `TMJ1` in ASCII."""

_CREATE: Final = f"""
    BEGIN IMMEDIATE;
    CREATE TABLE IF NOT EXISTS import (
        id INTEGER PRIMARY KEY, state TEXT, token TEXT, owner TEXT, since REAL, expires REAL,
        sent_at REAL
    );
    CREATE TABLE IF NOT EXISTS chunks (first INTEGER PRIMARY KEY, rows BLOB NOT NULL);
    {CREATE_KEYS}
    PRAGMA application_id={_APPLICATION};
    PRAGMA user_version={VERSION};
    COMMIT;
"""
# Details of customers are overwritten, not just marked as deleted.
_CONNECT: Final = """
    PRAGMA synchronous=NORMAL;
    PRAGMA wal_autocheckpoint=4000;
    PRAGMA secure_delete=ON;
"""
_SYNC_INTERVAL: Final = 0.5
"""
Minimum seconds between two waits for the disk, which take milliseconds.

At the documented rate of one request per second, each batch is on the disk before it is sent.
"""

_CHECK_PATH: Final = "Check the path, and that this user may write the file and its directory."
_NEXT_STEPS: Final = {
    sqlite3.SQLITE_CANTOPEN: _CHECK_PATH,
    sqlite3.SQLITE_PERM: _CHECK_PATH,
    sqlite3.SQLITE_READONLY: _CHECK_PATH,
    sqlite3.SQLITE_NOTADB: "Pass the path of a journal, or of a new file.",
    sqlite3.SQLITE_CORRUPT: RESTORE,
    sqlite3.SQLITE_ERROR: RESTORE,  # a table or a column is missing
}
"""What to do about errors, by primary result code; after others, the import can be continued."""

_LOCK_TIMEOUT: Final = 10.0
"""Seconds to wait for another process that reads the file's first page or writes."""


@scrub_methods
class SqliteJournal(Journal):
    """
    The journal of an import in an SQLite file, which only its owner can read.

    It must not be on a network file system.

    Args:
        path: The file, created if it is missing.
        lease: Seconds after which another process may take the journal over, unless its owner
            renews the lease. An owner that has ended need not be waited for on Linux. An attempt
            to send a request takes at most half as long. Default: 60.

    Raises:
        ConfigurationError: An argument is invalid, such as the URL of a database as the path.
    """

    def __init__(self, path: str | PathLike[str], *, lease: float = DEFAULT_LEASE) -> None:
        super().__init__(checked_path("journal", path, "PostgresJournal(url)"), lease)

    def open(self, *, create: bool) -> "SqliteSession":
        """
        Open the file.

        Args:
            create: Whether to create it if it is missing.

        Returns:
            The connection.

        Raises:
            JournalMismatch: It is a database of another program.
            JournalUnavailable: It is missing, or cannot be read or written.
        """
        try:
            if create:
                create_file(self.name)
            else:
                _require(self.name)
            return SqliteSession(self)
        except (sqlite3.Error, OSError) as error:
            next_step = SqliteSession.next_step(error)
            raise JournalUnavailable(self.name, first_line(error), next_step) from None


def _require(path: str) -> None:
    if not Path(path).exists():
        next_step = "Check the path; run_import() starts an import."
        raise JournalUnavailable(path, "there is no such file", next_step)


class SqliteSession(Session):
    """
    A connection to an SQLite file.

    Args:
        journal: The journal.
        now: The clock. Default: that of the host.
    """

    errors = (sqlite3.Error,)

    def __init__(self, journal: Journal, now: Callable[[], float] = time.time) -> None:
        super().__init__(journal)
        self._synced = -inf
        self._is_full = False
        self._database: Final = sqlite3.connect(
            f"{Path(journal.name).absolute().as_uri()}?mode=rw",
            _LOCK_TIMEOUT,
            isolation_level=None,
            check_same_thread=False,
            uri=True,
        )
        try:
            self._set_up(now)
        except BaseException:
            self._database.close()
            raise

    def _set_up(self, now: Callable[[], float]) -> None:
        database = self._database
        database.create_function("clock", 0, now)
        if not self._is_journal():
            # Another process may have set it up between the two looks.
            if (
                database.execute("SELECT * FROM sqlite_master").fetchone()
                and not self._is_journal()
            ):
                reason = "the file is a database of another program"
                raise JournalMismatch(self._journal.name, reason)
            database.executescript(_CREATE)
        # While others use the file, its mode cannot be changed; the next connection does that.
        with suppress(sqlite3.OperationalError):
            database.execute("PRAGMA journal_mode=WAL")
        check_version(self._journal.name, database.execute("PRAGMA user_version").fetchone()[0])
        database.executescript(_CONNECT)

    def _is_journal(self) -> bool:
        row = self._execute("PRAGMA application_id").fetchone()
        return bool(row and row[0] == _APPLICATION)

    @staticmethod
    def next_step(error: Exception) -> str:
        """
        Return what to do about an error of the store.

        Args:
            error: The error.

        Returns:
            A sentence.
        """
        if isinstance(error, OSError) and error.errno != ENOSPC:
            return _CHECK_PATH
        code: int | None = getattr(error, "sqlite_errorcode", None)
        return CONTINUE if code is None else _NEXT_STEPS.get(code & 0xFF, CONTINUE)

    def _close(self) -> None:
        self._database.close()

    def _execute(self, statement: str, values: Sequence[object] = ()) -> Cursor:
        return self._database.execute(statement, values)

    @contextmanager
    def _transaction(self, *, is_safe: bool = True) -> Generator[None]:
        # In WAL mode, FULL waits for the disk at the end of a transaction, and NORMAL does not.
        is_due = is_safe and time.monotonic() - self._synced >= _SYNC_INTERVAL
        if is_due != self._is_full:
            self._execute(f"PRAGMA synchronous={'FULL' if is_due else 'NORMAL'}")
            self._is_full = is_due
        with transaction(self._database):
            yield
        if is_due:
            self._synced = time.monotonic()

    def _save(self, values: Saved, *, is_safe: bool) -> bool:
        *state, rows, first = values
        with self._transaction(is_safe=is_safe):
            is_ours = self._execute(WRITE, state).rowcount == 1
            if is_ours and rows is not None:
                self._execute("UPDATE chunks SET rows = ? WHERE first = ?", (rows, first))
        return is_ours

    def _add_keys(self, keys: Sequence[Key]) -> dict[int, int]:
        return add_keys(self._database, keys)
