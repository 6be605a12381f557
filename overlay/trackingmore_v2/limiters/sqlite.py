"""
Rate limiter for all processes of one host, in an SQLite file.

    client = TrackingMore(limiter=SqliteLimiter("/var/lib/shop/trackingmore.sqlite3"))
"""

import sqlite3
import time
from collections.abc import Callable
from math import inf
from os import PathLike, fspath
from pathlib import Path
from typing import Final

from msgspec import Struct, json

from trackingmore_v2._config import checked_text
from trackingmore_v2._storage.sqlite import transaction
from trackingmore_v2.limiters._schedule import Schedule, is_usable
from trackingmore_v2.limiters._store import Grant, Reservation, StoreLimiter

_TABLES: Final = """
    CREATE TABLE IF NOT EXISTS schedules (
        account TEXT, operation TEXT, state BLOB NOT NULL, PRIMARY KEY (account, operation)
    ) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS blocks (account TEXT PRIMARY KEY, state BLOB NOT NULL) WITHOUT ROWID;
"""


class SqliteLimiter(StoreLimiter):
    """
    A rate limiter that all processes of a host share, in an SQLite file.

    The file contains times, names of operations, and digests of API keys. It must not be on a
    network file system.

    Args:
        path: The file, created if it is missing. A relative path starts at the current folder of
            this moment, also in workers that change theirs.
        per_second: Maximum number of requests per second for each operation. Default: the limit in
            the contract, one request per second for most operations.
        fallback_share: Share of the rate, from 0 to 1, at which each process continues while the
            file cannot be used. Default: calls raise `LimiterUnavailable`.
        timeout: Maximum time in seconds to wait for other processes. Default: 1.

    Raises:
        ConfigurationError: An argument is invalid.
    """

    _store_errors = (sqlite3.Error,)

    def __init__(
        self,
        path: str | PathLike[str],
        *,
        per_second: float | None = None,
        fallback_share: float | None = None,
        timeout: float = 1.0,
    ) -> None:
        super().__init__(per_second, fallback_share, timeout)
        text = checked_text("path", fspath(path) if isinstance(path, PathLike) else path)
        # Opened later: a worker process may change its folder, and `:memory:` would not be shared.
        self._path: Final = str(Path(text).absolute())

    def _connect(self) -> "_Session":
        return _Session(self._path, self._timeout)


class _State(Schedule, kw_only=True):
    """A schedule, and when it was begun and last used."""

    begun: float
    seen: float


class _Block(Struct):
    until: float
    seen: float


class _Session:
    def __init__(
        self, path: str, timeout: float, now: Callable[[], float] = time.monotonic
    ) -> None:
        # A monotonic clock is the same for all processes, and is not set while they run.
        self._now: Final = now
        self._database: Final = sqlite3.connect(
            path, timeout, isolation_level=None, check_same_thread=False
        )
        self._database.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;" + _TABLES  # for speed; see `seen`
        )

    def reserve(self, wanted: Reservation) -> Grant | None:
        account, operation, interval, tolerance, latest, held = wanted
        with transaction(self._database):
            now = self._now()
            state = self._state(account, operation, now, interval)
            until = self._blocked_until(account, now)
            epoch = str(state.begun)
            if held and held.epoch == epoch and is_usable(held.at, now, until, tolerance):
                return held._replace(delay=0.0)
            deadline = None if latest is None else now + latest
            at = state.reserve(now, interval, until, deadline)
            self._save(account, operation, state)
        return None if at is None else Grant(epoch, at, at - now)

    def release(self, account: str, operation: str, grant: Grant) -> None:
        with transaction(self._database):
            state = self._state(account, operation, self._now(), 0.0)
            if grant.epoch == str(state.begun):
                state.release(grant.at)
                self._save(account, operation, state)

    def block(self, account: str, seconds: float) -> None:
        with transaction(self._database):
            now = self._now()
            until = max(now + seconds, self._blocked_until(account, now))
            block = json.encode(_Block(until, now))
            self._database.execute("REPLACE INTO blocks VALUES (?, ?)", (account, block))

    def has_news(self) -> bool:
        # A read of the file takes microseconds.
        return True

    def close(self) -> None:
        self._database.close()

    def _state(self, account: str, operation: str, now: float, interval: float) -> _State:
        query = "SELECT state FROM schedules WHERE account = ? AND operation = ?"
        row = self._database.execute(query, (account, operation)).fetchone()
        if row is None:
            return _State(now, begun=now, seen=now)
        state = json.decode(row[0], type=_State)
        if now < state.seen:
            # The host was restarted; a request may have been sent just before.
            return _State(now + interval, begun=now, seen=now)
        state.seen = now
        return state

    def _save(self, account: str, operation: str, state: _State) -> None:
        row = (account, operation, json.encode(state))
        self._database.execute("REPLACE INTO schedules VALUES (?, ?, ?)", row)

    def _blocked_until(self, account: str, now: float) -> float:
        query = "SELECT state FROM blocks WHERE account = ?"
        row = self._database.execute(query, (account,)).fetchone()
        block = json.decode(row[0], type=_Block) if row else _Block(-inf, now)
        # Before the time at which it was written, the host was restarted.
        return block.until if now >= block.seen else -inf
