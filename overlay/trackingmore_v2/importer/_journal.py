"""
Journals of imports: what SQLite and PostgreSQL have in common.

A journal has one record with the state of the import and its owner, a table of chunks, and an index
of carriers and numbers. Each change is one transaction that also renews the owner's lease. If the
journal has another owner, it fails and changes nothing.
"""

import zlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from functools import partial
from threading import RLock
from typing import Any, ClassVar, Final, Protocol, TypeAlias, TypeVar

from msgspec import MsgspecError, json

from trackingmore_v2._config import checked_positive
from trackingmore_v2._errors import JournalInUse, JournalLost, JournalUnavailable
from trackingmore_v2._storage.errors import first_line
from trackingmore_v2.importer._owner import Owner
from trackingmore_v2.importer._rows import Chunk, Key, Row, State, chunks_of, end_duplicates

DEFAULT_LEASE: Final = 60.0
_PAGE: Final = 25
"""Maximum number of chunks that are read at once."""

# `clock()` returns the time by the journal's clock, in seconds since 1970.
_LOCK: Final = """
    INSERT INTO import (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET id = 1
    RETURNING state, owner, since, expires, clock()
"""
_TAKE: Final = """
    UPDATE import SET token = ?, owner = ?, since = clock(), expires = clock() + ?
"""
WRITE: Final = """
    UPDATE import SET state = ?, expires = clock() + ?,
        sent_at = CASE WHEN ? THEN coalesce(sent_at, clock()) END
    WHERE token = ?
"""
_RELEASE: Final = "UPDATE import SET token = NULL, owner = NULL WHERE token = ?"
_ELAPSED: Final = "SELECT clock() - sent_at FROM import"
_READ: Final = "SELECT first, rows FROM chunks WHERE first >= ? ORDER BY first LIMIT ?"

Saved: TypeAlias = tuple[str, float, bool, str, bytes | None, int | None]
"""
State, lease, whether the chunk was sent, and token; then rows of a chunk and the index of the first
one, or None.
"""


ParsedT = TypeVar("ParsedT")

VERSION: Final = 1
"""Version of the format of journals."""

CONTINUE: Final = "The import continues where it was when it is started again."
RESTORE: Final = (
    "Restore it from a backup, or import with a new journal: trackings that exist are then "
    "reported as already_existed."
)
_DAMAGE: Final = (MsgspecError, zlib.error, TypeError, ValueError)
"""What parsing raises."""

_state_decoder: Final = json.Decoder(State)
_owner_decoder: Final = json.Decoder(Owner)


def check_version(journal: str, version: int) -> None:
    """
    Check that this package can read a journal.

    Raises:
        JournalUnavailable: Its format is that of a later version.
    """
    if version > VERSION:
        reason = f"its format has version {version}, and this package knows version {VERSION}"
        raise JournalUnavailable(journal, reason, "Update the package trackingmore-v2.")


class Cursor(Protocol):
    """The result of a statement."""

    @property
    def rowcount(self) -> int:
        """Number of rows that the statement changed."""
        ...  # pragma: no cover - a protocol

    def fetchone(self) -> Any:  # noqa: ANN401 - a row
        """Return the next row, or None."""
        ...  # pragma: no cover - a protocol

    def fetchall(self) -> Sequence[Any]:
        """Return all rows."""
        ...  # pragma: no cover - a protocol


class Journal(ABC):
    """
    Base class of the journals.

    Args:
        name: What errors call the journal.
        lease: Seconds after which another process may take the journal over, unless its owner
            renews the lease.

    Raises:
        ConfigurationError: `lease` is invalid.
    """

    def __init__(self, name: str, lease: float) -> None:
        self.name: Final = name
        self.lease: Final = checked_positive("lease", lease)

    @abstractmethod
    def open(self, *, create: bool) -> "Session":
        """
        Connect to the journal.

        Args:
            create: Whether to create it if it is missing.

        Returns:
            The connection.

        Raises:
            JournalMismatch: It is something else.
            JournalUnavailable: It is missing, or cannot be read or written.
        """

    def __repr__(self) -> str:
        # Without the URL of a database, which may contain a password.
        return f"{type(self).__name__}({self.name!r})"


class Session(ABC):
    """
    A connection to a journal. It does I/O, and blocks.

    Args:
        journal: The journal.
    """

    errors: ClassVar[tuple[type[Exception], ...]]
    """What the library of the store raises."""

    def __init__(self, journal: Journal) -> None:
        self._journal: Final = journal
        self._token = ""
        self._lock: Final = RLock()
        """
        Held while the connection is used: a task that is cancelled leaves its thread behind. Ctrl-C
        can leave it held, and the same thread still has to close the connection.
        """

    def close(self) -> None:
        """Close the connection, after it was last used."""
        with self._lock:
            self._close()

    @staticmethod
    @abstractmethod
    def next_step(error: Exception) -> str:
        """Return what to do about an error of the store."""

    @abstractmethod
    def _close(self) -> None: ...

    @abstractmethod
    def _execute(self, statement: str, values: Sequence[object] = ()) -> Cursor:
        """Execute a statement, with a question mark for each value."""

    @abstractmethod
    def _transaction(self) -> AbstractContextManager[object]:
        """Begin a transaction that survives a power failure once it has ended."""

    @abstractmethod
    def _save(self, values: Saved, *, is_safe: bool) -> bool:
        """Save values in one transaction, and return whether the journal has no other owner."""

    @abstractmethod
    def _add_keys(self, keys: Sequence[Key]) -> dict[int, int]:
        """Add keys to the index; return those of duplicates, each with the row that has its key."""

    def acquire(self, owner: Owner) -> State | None:
        """
        Take the journal over from an owner that has ended, or whose lease has.

        Returns:
            The state of the import; None for a new journal.

        Raises:
            JournalInUse: Another process owns the journal.
        """
        with self._guarded(), self._transaction():
            state, held, since, expires, now = self._execute(_LOCK).fetchone()
            other = self._parsed(_owner_decoder.decode, held) if held else None
            if other and now < expires and not other.has_ended():
                times = (datetime.fromtimestamp(each, UTC) for each in (since, expires))
                raise JournalInUse(self._journal.name, other.host, other.pid, *times)
            values = (owner.token, json.encode(owner).decode(), self._journal.lease)
            self._execute(_TAKE, values)
        self._token = owner.token
        return self._parsed(_state_decoder.decode, state) if state else None

    def release(self) -> None:
        """End the lease, if this session has one."""
        if self._token:
            with self._guarded():
                self._execute(_RELEASE, (self._token,))

    def elapsed(self) -> float:
        """Return the seconds since the chunk was first sent whose outcome is unknown."""
        with self._guarded():
            row = self._execute(_ELAPSED).fetchone()
            return float(row[0] or 0.0)

    def append(self, state: State, rows: list[Row]) -> None:
        """
        Add rows of the input. A row whose key an earlier row has becomes a duplicate.

        Args:
            state: The state after the rows.
            rows: The rows. The first one follows the last one in the journal.

        Raises:
            JournalLost: The journal has another owner.
        """
        first = state.rows - len(rows)
        with self._guarded(), self._transaction():
            end_duplicates(rows, first, self._add_keys)
            state.add(rows)
            self._write(state)
            for chunk in chunks_of(first, rows):
                values = (chunk.first, chunk.packed())
                self._execute("INSERT INTO chunks (first, rows) VALUES (?, ?)", values)

    def save(self, state: State, chunk: Chunk | None = None, *, is_safe: bool = True) -> None:
        """
        Save the state of the import, and a chunk whose rows have changed.

        Args:
            state: The state.
            chunk: The chunk. Default: none has changed.
            is_safe: Whether the change has to survive a power failure. Default: True.

        Raises:
            JournalLost: The journal has another owner.
        """
        rows, first = (chunk.packed(), chunk.first) if chunk else (None, None)
        with self._guarded():
            if not self._save((*self._state_values(state), rows, first), is_safe=is_safe):
                raise JournalLost(self._journal.name)

    def state(self) -> State | None:
        """Return the state of the import; None for a journal that no import has written or owns."""
        with self._guarded():
            row = self._execute("SELECT state, owner FROM import").fetchone()
        state, owner = row or (None, None)
        if state:
            return self._parsed(_state_decoder.decode, state)
        return State(account="", base_url="") if owner else None

    def chunks(self, first: int) -> list[Chunk]:
        """Return the next chunks from the one with this first row."""
        with self._guarded():
            found = self._execute(_READ, (first, _PAGE)).fetchall()
        return [self._parsed(partial(Chunk.unpacked, first), rows) for first, rows in found]

    def _parsed(self, parse: Callable[[Any], ParsedT], stored: object) -> ParsedT:
        try:
            return parse(stored)
        except _DAMAGE:
            reason = "what it contains is damaged"
            raise JournalUnavailable(self._journal.name, reason, RESTORE) from None

    def _write(self, state: State) -> None:
        """Write the state, and renew the lease, if the journal has no other owner."""
        if not self._execute(WRITE, self._state_values(state)).rowcount:
            raise JournalLost(self._journal.name)

    def _state_values(self, state: State) -> tuple[str, float, bool, str]:
        return json.encode(state).decode(), self._journal.lease, state.is_sent, self._token

    @contextmanager
    def _guarded(self) -> Generator[None]:
        try:
            with self._lock:
                yield
        except self.errors as error:
            raise JournalUnavailable(
                self._journal.name, first_line(error), self.next_step(error)
            ) from None
