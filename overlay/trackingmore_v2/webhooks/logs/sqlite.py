"""
Event log for all processes of one host, in an SQLite file.

    log = SqliteEventLog("/var/lib/shop/webhooks.sqlite3")
"""

import sqlite3
import time
from contextlib import suppress
from os import PathLike
from pathlib import Path
from typing import Final, TypeVar

from trackingmore_v2._scrubbing import scrub_methods
from trackingmore_v2._storage.sqlite import checked_path, create_file, transaction
from trackingmore_v2.webhooks._log import DEFAULT_LEASE, DEFAULT_RETENTION
from trackingmore_v2.webhooks.logs._store import DEFAULT_TIMEOUT, Apply, StoreEventLog

ResultT = TypeVar("ResultT")

_APPLICATION: Final = 0x544D4531
"""What identifies an event log among SQLite files: `TME1` in ASCII."""

_CREATE: Final = (
    """
    CREATE TABLE trackings (
        key TEXT PRIMARY KEY, state BLOB NOT NULL, is_finished INTEGER NOT NULL,
        written_at REAL NOT NULL
    ) WITHOUT ROWID
    """,
    "CREATE INDEX unfinished ON trackings (is_finished, written_at)",
    f"PRAGMA application_id={_APPLICATION}",
)
# What is done is on the disk, also after a power failure; and details of customers are
# overwritten, not just marked as deleted.
_CONNECT: Final = """
    PRAGMA synchronous=FULL;
    PRAGMA secure_delete=ON;
"""


@scrub_methods
class SqliteEventLog(StoreEventLog):
    """
    An event log that all processes of a host share, in an SQLite file that only its owner can read.

    The file contains events with personal data until they are done. It must not be on a network
    file system.

    Args:
        path: The file, created if it is missing. A relative path starts at the current folder of
            this moment, also in workers that change theirs.
        lease: Seconds after which a claim expires, unless the event is done before. Default: 60.
        retention: Seconds for which it is known what is done; retries of the sender can go on for
            days. Default: 30 days.
        timeout: Maximum time in seconds to wait for other processes. Default: 5.

    Raises:
        ConfigurationError: An argument is invalid, such as the URL of a database as the path.
    """

    _store_errors = (sqlite3.Error, OSError)

    def __init__(
        self,
        path: str | PathLike[str],
        *,
        lease: float = DEFAULT_LEASE,
        retention: float = DEFAULT_RETENTION,
        timeout: float = DEFAULT_TIMEOUT,
    ) -> None:
        text = checked_path("path", path, "PostgresEventLog(url)")
        # Opened later: a worker process may change its folder, and `:memory:` would not be shared.
        super().__init__(str(Path(text).absolute()), lease, retention, timeout)

    def _connect(self) -> "_Session":
        create_file(self._name)
        return _Session(self._name, self._timeout)


class _Session:
    def __init__(self, path: str, timeout: float) -> None:
        self._database: Final = sqlite3.connect(
            path, timeout, isolation_level=None, check_same_thread=False
        )
        try:
            self._set_up()
        except BaseException:
            self._database.close()
            raise

    def _set_up(self) -> None:
        database = self._database
        with transaction(self._database):
            if database.execute("PRAGMA application_id").fetchone()[0] != _APPLICATION:
                if database.execute("SELECT * FROM sqlite_master").fetchone():
                    raise sqlite3.DatabaseError("the file is a database of another program")
                for statement in _CREATE:
                    database.execute(statement)
        # While others use the file, its mode cannot be changed; the next connection does that.
        with suppress(sqlite3.OperationalError):
            database.execute("PRAGMA journal_mode=WAL")
        database.executescript(_CONNECT)

    def update(self, tracking: str, apply: Apply[ResultT]) -> ResultT:
        query = "SELECT state FROM trackings WHERE key = ?"
        with transaction(self._database):
            row = self._database.execute(query, (tracking,)).fetchone()
            now = time.time()
            written, result = apply(row and row[0], now)
            if written.state is not None:
                values = (tracking, written.state, written.is_finished, now)
                self._database.execute("REPLACE INTO trackings VALUES (?, ?, ?, ?)", values)
        return result

    def unfinished(self, retention: float) -> list[str]:
        # Compared with numbers, or SQLite would not use the index.
        delete = "DELETE FROM trackings WHERE is_finished = 1 AND written_at < ?"
        self._database.execute(delete, (time.time() - retention,))
        query = "SELECT key FROM trackings WHERE is_finished = 0 ORDER BY written_at"
        return [key for (key,) in self._database.execute(query).fetchall()]

    def close(self) -> None:
        self._database.close()
