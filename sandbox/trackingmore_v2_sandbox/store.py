"""
Where the sandbox keeps its state.

`Store` is all that the rest of the sandbox knows. The SQL behind it keeps to what SQLite and
PostgreSQL share.
"""

import sqlite3
from collections.abc import Generator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, Protocol, TypeAlias

from msgspec import Struct

Parameters: TypeAlias = Sequence[str | int | None]


class Parcel(Struct, frozen=True, kw_only=True):
    """
    What an account told about one of its trackings, and what was done to it.

    The rest follows from these and the time. All times are Unix seconds.
    """

    account: str
    carrier_code: str
    tracking_number: str
    created_at: int
    title: str | None = None
    logistics_channel: str | None = None
    customer_name: str | None = None
    customer_email: str | None = None
    customer_phone: str | None = None
    order_id: str | None = None
    order_create_time: str | None = None
    """As it was sent."""

    ordered_at: int | None = None
    """The same, if it could be read as a time."""

    comment: str | None = None
    destination_code: str | None = None
    archived: bool = False
    status: str | None = None
    """Set by hand."""

    looked_at: int | None = None
    """When the carrier was last asked on demand."""

    stopped_at: int | None = None
    """When the account stopped the background refreshing."""

    @property
    def id(self) -> str:
        """
        The tracking's id: always the same for one pair of one account.

        Assumed: the live API's own way to compute it is unknown.
        """
        pair = f"{self.account}/{self.carrier_code}/{self.tracking_number}"
        return sha256(pair.encode()).hexdigest()[:32]


class Usage(Struct, frozen=True):
    """What an account has used up."""

    trackings: int = 0
    detections: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which parcels of an account are meant; None and the empty tuple stand for all."""

    created_min: int | None = None
    created_max: int | None = None
    ordered_min: int | None = None
    ordered_max: int | None = None
    numbers: tuple[str, ...] = ()
    orders: tuple[str, ...] = ()
    archived: bool | None = None


class Store(Protocol):
    """Keeps parcels and usage, by account. Every call belongs inside a transaction."""

    def transaction(self, *, write: bool) -> AbstractContextManager[None]:
        """Keep all that happens inside when it ends well, and nothing of it when it raises."""
        ...

    def close(self) -> None:
        """Let go of the database."""
        ...

    def usage(self, account: str) -> Usage:
        """Tell what an account has used up."""
        ...

    def charge(self, parcel: Parcel, *, free: bool = False) -> None:
        """Charge the account for a parcel, unless it once paid for it, or gets it `free`."""
        ...

    def has_paid(self, parcel: Parcel) -> bool:
        """Tell whether the account once paid for this pair."""
        ...

    def count_detection(self, account: str) -> None:
        """Note that an account had a carrier detected."""
        ...

    def find(self, account: str, carrier_code: str, tracking_number: str) -> Parcel | None:
        """Get one parcel."""
        ...

    def insert(self, parcel: Parcel) -> None:
        """Add a parcel."""
        ...

    def replace(self, old: Parcel, new: Parcel) -> None:
        """Put a parcel in the place of another."""
        ...

    def delete(self, parcel: Parcel) -> None:
        """Remove a parcel."""
        ...

    def search(
        self, account: str, filters: Filters, *, limit: int | None = None, offset: int = 0
    ) -> list[Parcel]:
        """Get parcels, the ones added last first."""
        ...

    def count(self, account: str, filters: Filters) -> int:
        """Count parcels."""
        ...


class StoreError(Exception):
    """The database cannot be used."""


_MIGRATIONS: Final = (
    """
    CREATE TABLE accounts (
        account TEXT PRIMARY KEY,
        trackings INTEGER NOT NULL,
        detections INTEGER NOT NULL
    );
    CREATE TABLE charges (id TEXT PRIMARY KEY);
    CREATE TABLE parcels (
        sequence INTEGER PRIMARY KEY,
        account TEXT NOT NULL,
        carrier_code TEXT NOT NULL,
        tracking_number TEXT NOT NULL,
        created_at BIGINT NOT NULL,
        title TEXT,
        logistics_channel TEXT,
        customer_name TEXT,
        customer_email TEXT,
        customer_phone TEXT,
        order_id TEXT,
        order_create_time TEXT,
        ordered_at BIGINT,
        comment TEXT,
        destination_code TEXT,
        archived BOOLEAN NOT NULL,
        status TEXT,
        looked_at BIGINT,
        stopped_at BIGINT,
        UNIQUE (account, tracking_number, carrier_code)
    );
    CREATE INDEX parcels_by_account ON parcels (account, sequence);
    """,
)
"""Scripts that lead from each version of the schema to the next; `user_version` counts them."""

_COLUMNS: Final = Parcel.__struct_fields__
_NAMES: Final = ", ".join(_COLUMNS)
_PLACES: Final = ", ".join("?" * len(_COLUMNS))
_ASSIGNMENTS: Final = ", ".join(f"{name} = ?" for name in _COLUMNS)
_KEY: Final = "account = ? AND carrier_code = ? AND tracking_number = ?"

# Only our own names are written into the statements; every value is a parameter.
_SELECT: Final = f"SELECT {_NAMES} FROM parcels"  # noqa: S608
_INSERT: Final = f"INSERT INTO parcels ({_NAMES}) VALUES ({_PLACES})"  # noqa: S608
_UPDATE: Final = f"UPDATE parcels SET {_ASSIGNMENTS} WHERE {_KEY}"  # noqa: S608
_DELETE: Final = f"DELETE FROM parcels WHERE {_KEY}"  # noqa: S608
_COUNT: Final = "SELECT COUNT(*) FROM parcels"


class SqliteStore:
    """
    A store in SQLite: in memory, or in a file that survives the process.

    Args:
        path: The database file; created when it is missing. None keeps everything in memory.

    Raises:
        StoreError: The file cannot be opened, or is not a sandbox's database.
    """

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
            for script in _MIGRATIONS[self._number("PRAGMA user_version") :]:
                for statement in filter(str.strip, script.split(";")):
                    self._connection.execute(statement)
            self._connection.execute(f"PRAGMA user_version = {len(_MIGRATIONS)}")

    def _refuse_foreign_file(self) -> None:
        version = self._number("PRAGMA user_version")
        if version > len(_MIGRATIONS):
            raise StoreError("it was written by a newer sandbox")
        if version == 0 and self._number("SELECT COUNT(*) FROM sqlite_master"):
            raise StoreError("it is the database of another program")

    @contextmanager
    def transaction(self, *, write: bool) -> Generator[None]:
        """Keep all that happens inside when it ends well, and nothing of it when it raises."""
        # A write that begins deferred can fail half-way when another process writes too.
        self._connection.execute("BEGIN IMMEDIATE" if write else "BEGIN")
        try:
            yield
            self._connection.execute("COMMIT")
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise

    def close(self) -> None:
        """Let go of the database."""
        self._connection.close()

    def usage(self, account: str) -> Usage:
        """Tell what an account has used up."""
        query = "SELECT trackings, detections FROM accounts WHERE account = ?"
        row = self._connection.execute(query, (account,)).fetchone()
        return Usage(*row) if row else Usage()

    def charge(self, parcel: Parcel, *, free: bool = False) -> None:
        """Charge the account for a parcel, unless it once paid for it, or gets it `free`."""
        statement = "INSERT INTO charges (id) VALUES (?) ON CONFLICT (id) DO NOTHING"
        is_new = self._connection.execute(statement, (parcel.id,)).rowcount == 1
        if is_new and not free:
            self._use(parcel.account, trackings=1)

    def has_paid(self, parcel: Parcel) -> bool:
        """Tell whether the account once paid for this pair."""
        return bool(self._number("SELECT COUNT(*) FROM charges WHERE id = ?", (parcel.id,)))

    def count_detection(self, account: str) -> None:
        """Note that an account had a carrier detected."""
        self._use(account, detections=1)

    def _use(self, account: str, *, trackings: int = 0, detections: int = 0) -> None:
        statement = (
            "INSERT INTO accounts (account, trackings, detections) VALUES (?, ?, ?)"
            " ON CONFLICT (account) DO UPDATE SET"
            " trackings = accounts.trackings + excluded.trackings,"
            " detections = accounts.detections + excluded.detections"
        )
        self._connection.execute(statement, (account, trackings, detections))

    def find(self, account: str, carrier_code: str, tracking_number: str) -> Parcel | None:
        """Get one parcel."""
        found = self._parcels(f"{_SELECT} WHERE {_KEY}", (account, carrier_code, tracking_number))
        return found[0] if found else None

    def insert(self, parcel: Parcel) -> None:
        """Add a parcel."""
        self._connection.execute(_INSERT, _values(parcel))

    def replace(self, old: Parcel, new: Parcel) -> None:
        """Put a parcel in the place of another."""
        self._connection.execute(_UPDATE, (*_values(new), *_key(old)))

    def delete(self, parcel: Parcel) -> None:
        """Remove a parcel."""
        self._connection.execute(_DELETE, _key(parcel))

    def search(
        self, account: str, filters: Filters, *, limit: int | None = None, offset: int = 0
    ) -> list[Parcel]:
        """Get parcels, the ones added last first."""
        where = _where(account, filters)
        query = f"{_SELECT} WHERE {where.text} ORDER BY sequence DESC"
        if limit is None:
            return self._parcels(query, where.parameters)
        return self._parcels(f"{query} LIMIT ? OFFSET ?", (*where.parameters, limit, offset))

    def count(self, account: str, filters: Filters) -> int:
        """Count parcels."""
        where = _where(account, filters)
        return self._number(f"{_COUNT} WHERE {where.text}", where.parameters)

    def _parcels(self, query: str, parameters: Parameters) -> list[Parcel]:
        rows = self._connection.execute(query, parameters)
        return [_parcel(row) for row in rows]

    def _number(self, query: str, parameters: Parameters = ()) -> int:
        number: int = self._connection.execute(query, parameters).fetchone()[0]
        return number


@dataclass(slots=True)
class _Where:
    """A condition that grows."""

    text: str
    parameters: list[str | int | None] = field(default_factory=list[str | int | None])

    def add(self, condition: str, *parameters: str | int | None) -> None:
        self.text += f" AND {condition}"
        self.parameters.extend(parameters)


def _where(account: str, filters: Filters) -> _Where:
    where = _Where("account = ?", [account])
    for condition, bound in (
        ("created_at >= ?", filters.created_min),
        ("created_at <= ?", filters.created_max),
        ("ordered_at >= ?", filters.ordered_min),
        ("ordered_at <= ?", filters.ordered_max),
        ("archived = ?", filters.archived),
    ):
        if bound is not None:
            where.add(condition, bound)
    for column, values in (("tracking_number", filters.numbers), ("order_id", filters.orders)):
        if values:
            where.add(f"{column} IN ({', '.join('?' * len(values))})", *values)
    return where


def _values(parcel: Parcel) -> Parameters:
    return tuple(getattr(parcel, name) for name in _COLUMNS)


def _key(parcel: Parcel) -> Parameters:
    return parcel.account, parcel.carrier_code, parcel.tracking_number


def _parcel(row: Sequence[Any]) -> Parcel:
    fields: dict[str, Any] = dict(zip(_COLUMNS, row, strict=True))
    fields["archived"] = bool(fields["archived"])  # SQLite has no booleans of its own.
    return Parcel(**fields)
