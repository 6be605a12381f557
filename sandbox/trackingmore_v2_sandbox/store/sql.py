"""
The common implementation of the SQLite and PostgreSQL stores.

The subclass for a database defines how to connect, execute statements, and run transactions.
"""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Any, ClassVar, Final, Generic, TypeAlias, TypeVar, get_type_hints

import msgspec
from msgspec import Struct

from trackingmore_v2_sandbox.store.migrations import number_of
from trackingmore_v2_sandbox.store.models import (
    AccountRecord,
    DeliveryRecord,
    FaultPlanRecord,
    Standing,
    TrackingFilter,
    TrackingRecord,
    WebhookTarget,
)

if TYPE_CHECKING:
    import sqlite3

    import psycopg

T = TypeVar("T", bound=Struct)
Value: TypeAlias = str | int | float | None
Row: TypeAlias = tuple[Any, ...]
SqlCursor: TypeAlias = "sqlite3.Cursor | psycopg.Cursor[Row]"

UNLIMITED: Final = 2**62
"""Limit of a query without one; LIMIT takes no NULL in SQLite, and no -1 in PostgreSQL."""

_AT_ONCE: Final = 250
"""Rows in one INSERT statement, which is twice as fast as one statement for each row."""

LEASE: Final = 60
"""Seconds until a claim on a delivery expires; longer than any attempt takes."""


class StoreError(Exception):
    """The database cannot be used."""


class _Table(Generic[T]):
    """A table of records: its statements, and the conversion between rows and records."""

    def __init__(self, name: str, record: type[T], key: tuple[str, ...]) -> None:
        self._record = record
        self.columns: Final = record.__struct_fields__
        hints = get_type_hints(record)
        # Types that at least one of the drivers returns as another type.
        self._from_column: Final[Sequence[tuple[int, Callable[[Any], object]]]] = [
            (index, _CONVERSIONS[hints[column]])
            for index, column in enumerate(self.columns)
            if hints[column] in _CONVERSIONS
        ]
        self._is_plain = _TEXTS not in hints.values()
        names = ", ".join(self.columns)
        changes = ", ".join(f"{name} = excluded.{name}" for name in self.columns)
        # Statements contain only names from this package; every value is a parameter.
        self.where: Final[str] = f"WHERE {' AND '.join(f'{column} = ?' for column in key)}"
        self.select: Final[str] = f"SELECT {names} FROM {name}"  # noqa: S608
        self.insert: Final[str] = _insert(name, self.columns)
        self.upsert: Final[str] = (
            f"{self.insert} ON CONFLICT ({', '.join(key)}) DO UPDATE SET {changes}"
        )
        # Built once: the driver of SQLite finds a cached statement faster if the str is the same.
        self.find: Final[str] = f"{self.select} {self.where}"
        self.delete: Final[str] = f"DELETE FROM {name} {self.where}"  # noqa: S608

    def read(self, row: Iterable[Any]) -> T:
        """Convert a row to a record."""
        values = list(row)
        for index, convert in self._from_column:
            values[index] = convert(values[index])
        return self._record(*values)

    def write(self, record: T) -> Sequence[Value]:
        """Convert a record to a row."""
        values = msgspec.structs.astuple(record)
        return values if self._is_plain else tuple(map(_column, values))


def _tracking_key(tracking: TrackingRecord) -> tuple[int, str, str]:
    return number_of(tracking.account), tracking.tracking_number, tracking.carrier_code


def _tracking_row(tracking: TrackingRecord) -> Row:
    # Trackings refer to their account by number, which keeps the indexes small.
    return number_of(tracking.account), *_TRACKINGS.write(tracking)[1:]


def _texts(column: str) -> tuple[str, ...]:
    return msgspec.json.decode(column, type=tuple[str, ...])


def _column(value: Any) -> Value:  # noqa: ANN401 - a field of any record
    return msgspec.json.encode(value).decode() if isinstance(value, tuple) else value


@lru_cache(maxsize=256)
def _insert(table: str, columns: tuple[str, ...], rows: int = 1) -> str:
    row = f"({', '.join('?' * len(columns))})"
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join([row] * rows)}"  # noqa: S608


def _update(table: str, columns: Iterable[str]) -> str:
    return f"UPDATE {table} SET {', '.join(f'{name} = ?' for name in columns)}"  # noqa: S608


_TEXTS: Final = tuple[str, ...]
_CONVERSIONS: Final[Mapping[object, Callable[[Any], object]]] = {
    bool: bool,
    bool | None: lambda column: None if column is None else bool(column),
    _TEXTS: _texts,
}
_ACCOUNTS: Final = _Table("accounts", AccountRecord, ("account",))
_TRACKINGS: Final = _Table(
    "trackings", TrackingRecord, ("account", "tracking_number", "carrier_code")
)
_TARGETS: Final = _Table("webhook_targets", WebhookTarget, ("account", "id"))
_DELIVERIES: Final = _Table("deliveries", DeliveryRecord, ("account", "id"))
_PLANS: Final = _Table("fault_plans", FaultPlanRecord, ("plan",))

_DEFAULTS: Final[tuple[object, ...]] = (
    *(...,) * (len(_TRACKINGS.columns) - len(TrackingRecord.__struct_defaults__)),
    *TrackingRecord.__struct_defaults__,
)
"""Defaults in the order of the columns; `...` marks a column without a default."""

_DETAILS: Final = _TRACKINGS.columns[3:]
"""Columns outside the primary key."""

_MOVE: Final = f"{_update('trackings', _TRACKINGS.columns)} {_TRACKINGS.where}"
_CHANGE: Final = f"{_update('trackings', _DETAILS)} {_TRACKINGS.where}"

_BELONGINGS: Final = (
    "charges",
    "tracking_counts",
    "webhook_targets",
    "deliveries",
    "fault_plans",
    "accounts",
)
_USE: Final = (
    "INSERT INTO accounts (account, trackings, detections) VALUES (?, ?, ?)"
    " ON CONFLICT (account) DO UPDATE SET"
    " trackings = accounts.trackings + excluded.trackings,"
    " detections = accounts.detections + excluded.detections"
)
_PAIR: Final = ("account", "carrier_code", "tracking_number")
_CHARGE: Final = f"{_insert('charges', _PAIR)} ON CONFLICT DO NOTHING"
_STANDING: Final = (
    f"SELECT CASE WHEN EXISTS (SELECT 1 FROM trackings {_TRACKINGS.where})"  # noqa: S608 - own text
    f" THEN {Standing.TRACKED:d} WHEN EXISTS (SELECT 1 FROM charges {_TRACKINGS.where})"
    f" THEN {Standing.CHARGED:d} ELSE {Standing.UNKNOWN:d} END"
)
_COUNT: Final = (
    "INSERT INTO tracking_counts (account, trackings) VALUES (?, ?)"
    " ON CONFLICT (account) DO UPDATE SET"
    " trackings = tracking_counts.trackings + excluded.trackings"
)
_NEXT_DUE: Final = (
    "SELECT MIN(due_at) FROM ("
    "SELECT MIN(due_at) AS due_at FROM trackings WHERE account = ? AND due_at IS NOT NULL"
    " UNION ALL "
    "SELECT MIN(due_at) FROM deliveries WHERE account = ? AND due_at IS NOT NULL"
    ") AS due"
)
_SCHEDULED_POLL: Final = (
    "CASE WHEN last_poll < ? THEN last_poll"
    " WHEN last_poll IS NOT NULL AND first_poll <= ?"
    " THEN ? - (? - first_poll) % poll_interval END"
)
"""Last scheduled poll up to a time; null without one."""

_LAST_POLL: Final = (
    f"CASE WHEN extra_poll > COALESCE({_SCHEDULED_POLL}, -1)"
    f" THEN extra_poll ELSE {_SCHEDULED_POLL} END"
)
"""Last poll of the carrier up to a time."""

_SEARCHED: Final = ("tracking_number", "title", "order_id")
_CONTAINS: Final = (
    "(" + " OR ".join(f"LOWER({name}) LIKE LOWER(?) ESCAPE '!'" for name in _SEARCHED) + ")"
)


_READING: Final = nullcontext()


class Store(ABC):
    """
    Storage of records by account in an SQL database. Call every method inside a transaction.

    The `save_...` methods insert a record, or replace the one with the same key.
    """

    _claim_clause: ClassVar[str]
    """Row lock that keeps two workers from claiming the same delivery."""

    _begin: ClassVar[str]
    """Statement that begins a write transaction."""

    _error: ClassVar[type[Exception]]
    """Base class of the errors of the database's driver."""

    @abstractmethod
    def _execute(self, statement: str, parameters: Sequence[Value] = ()) -> SqlCursor:
        """Execute a statement with `?` placeholders."""

    @abstractmethod
    def _lock(self, account: str) -> None:
        """Wait until no other transaction holds the account, and hold it until this one ends."""

    @abstractmethod
    def close(self) -> None:
        """Close the database."""

    def transaction(
        self, *, write: bool, account: str | None = None
    ) -> AbstractContextManager[None]:
        """
        Return a context manager that commits on success and rolls back if an exception is raised.

        Do not await inside the transaction.

        Args:
            write: Whether the transaction writes. If False, it takes no lock or snapshot, so each
                call sees the state at that time.
            account: Account whose state is changed; writers of the same account in other processes
                wait until the transaction ends. Default: None, no lock, so data that was read
                may be stale.
        """
        return self._writing(account) if write else _READING

    @contextmanager
    def _writing(self, account: str | None) -> Generator[None]:
        self._execute(self._begin)
        try:
            if account is not None:
                self._lock(account)
            yield
            self._execute("COMMIT")
        except BaseException:
            with suppress(self._error):  # Keep the original error if the connection is lost.
                self._execute("ROLLBACK")
            raise

    def find_account(self, account: str) -> AccountRecord | None:
        """Return an account; None if it was never saved."""
        return self._one(_ACCOUNTS, account)

    def accounts(self) -> list[AccountRecord]:
        """Return all accounts, in any order."""
        return self._all(_ACCOUNTS)

    def save_account(self, account: AccountRecord) -> None:
        """Save an account."""
        self._execute(_ACCOUNTS.upsert, _ACCOUNTS.write(account))

    def erase(self, account: str) -> None:
        """Delete an account and all its data."""
        self._erase_trackings(number_of(account))
        for table in _BELONGINGS:
            self._execute(f"DELETE FROM {table} WHERE account = ?", (account,))  # noqa: S608

    def erase_trackings(self, account: str, limit: int) -> int:
        """Delete trackings of an account without a trace, the oldest first; return how many."""
        oldest = "SELECT sequence FROM trackings WHERE account = ? ORDER BY sequence LIMIT ?"
        statement = f"DELETE FROM trackings WHERE sequence IN ({oldest})"  # noqa: S608 - own text
        erased = self._execute(statement, (number_of(account), limit)).rowcount
        self._execute(_COUNT, (account, -erased))
        return erased

    def _erase_trackings(self, number: int) -> None:
        self._execute("DELETE FROM trackings WHERE account = ?", (number,))

    def charge(self, account: str, trackings: int) -> None:
        """Add to the number of trackings charged to an account."""
        self._execute(_USE, (account, trackings, 0))

    def standing(self, account: str, carrier_code: str, tracking_number: str) -> Standing:
        """Return the relation between an account and a pair."""
        pair = tracking_number, carrier_code
        parameters = (number_of(account), *pair, account, *pair)
        return Standing(self._number(_STANDING, *parameters))

    def standings(
        self, account: str, pairs: Sequence[tuple[str, str]]
    ) -> dict[tuple[str, str], Standing]:
        """Return the relation between an account and those pairs, carrier first, that it knows."""
        found: dict[tuple[str, str], Standing] = {}
        for start in range(0, len(pairs), _AT_ONCE):
            numbers = [number for _, number in pairs[start : start + _AT_ONCE]]
            condition = (
                f"WHERE account = ? AND tracking_number IN ({', '.join('?' * len(numbers))})"
            )
            for table, owner, standing in (
                ("charges", account, Standing.CHARGED),
                ("trackings", number_of(account), Standing.TRACKED),
            ):
                query = f"SELECT carrier_code, tracking_number FROM {table} {condition}"  # noqa: S608 - own text
                found |= dict.fromkeys(self._execute(query, (owner, *numbers)), standing)
        return {pair: found[pair] for pair in pairs if pair in found}

    def count_detection(self, account: str) -> None:
        """Count one carrier detection of an account."""
        self._execute(_USE, (account, 0, 1))

    def charges(self, account: str) -> list[tuple[str, str]]:
        """Return the sorted pairs, carrier first, that were charged and have no tracking now."""
        query = "SELECT carrier_code, tracking_number FROM charges WHERE account = ?"
        # Sorted in Python, because the collations of the databases differ.
        return sorted(self._execute(query, (account,)).fetchall())

    def add_charges(self, account: str, pairs: Iterable[tuple[str, str]]) -> None:
        """Mark pairs as charged, without adding to the number of charged trackings."""
        rows = [(account, *pair) for pair in pairs]
        self._insert("charges", _PAIR, rows, " ON CONFLICT DO NOTHING")

    def find(self, account: str, carrier_code: str, tracking_number: str) -> TrackingRecord | None:
        """Return one tracking; None if it does not exist."""
        key = number_of(account), tracking_number, carrier_code
        row = self._execute(_TRACKINGS.find, key).fetchone()
        return None if row is None else _TRACKINGS.read((account, *row[1:]))

    def insert(self, *trackings: TrackingRecord) -> None:
        """Insert trackings."""
        if not trackings:
            return
        by_column = zip(*map(_tracking_row, trackings), strict=True)
        # Columns with only defaults are left out: binding NULL is slow in the driver of SQLite.
        filled = {
            name: values
            # Columns with only default values are left out, which shortens the statement.
            for name, default, values in zip(_TRACKINGS.columns, _DEFAULTS, by_column, strict=True)
            if values.count(default) < len(values)
        }
        rows = list(zip(*filled.values(), strict=True))
        self._insert("trackings", tuple(filled), rows)
        # Kept by hand, since counting the rows of a large account is slow.
        for account, count in Counter(tracking.account for tracking in trackings).items():
            self._execute(_COUNT, (account, count))

    def _insert(
        self, table: str, columns: tuple[str, ...], rows: Sequence[Row], conflict: str = ""
    ) -> None:
        for start in range(0, len(rows), _AT_ONCE):
            some = rows[start : start + _AT_ONCE]
            statement = _insert(table, columns, len(some)) + conflict
            self._execute(statement, tuple(chain.from_iterable(some)))

    def replace(self, old: TrackingRecord, new: TrackingRecord) -> None:
        """Replace a tracking. If the pair changes, the old pair stays charged."""
        values = _tracking_row(new)
        key = _tracking_key(old)
        if _tracking_key(new) == key:  # Faster: the indexes of the key columns stay unchanged.
            self._execute(_CHANGE, (*values[-len(_DETAILS) :], *key))
        else:
            self._execute(_MOVE, (*values, *key))
            self._execute(_CHARGE, _pair(old))

    def delete(self, tracking: TrackingRecord) -> None:
        """Delete a tracking. Its pair stays charged."""
        if self._execute(_TRACKINGS.delete, _tracking_key(tracking)).rowcount:
            self._execute(_COUNT, (tracking.account, -1))
            self._execute(_CHARGE, _pair(tracking))

    def search(
        self, account: str, filters: TrackingFilter, *, limit: int = UNLIMITED, offset: int = 0
    ) -> list[TrackingRecord]:
        """
        Return matching trackings, the most recently inserted first.

        Args:
            account: The account.
            filters: The filters.
            limit: Maximum number of trackings. Default: no limit.
            offset: Number of trackings to skip. Default: 0.
        """
        if filters.is_empty:
            return self._page(account, limit, offset)
        condition, parameters = _where(filters)
        tail = f"{condition} ORDER BY sequence DESC LIMIT ? OFFSET ?"
        return self._trackings(account, tail, *parameters, limit, offset)

    def _page(self, account: str, limit: int, offset: int) -> list[TrackingRecord]:
        """Return a page of all trackings, with an offset from the nearer end of the list."""
        # OFFSET takes time in proportion to the skipped rows, so no page skips more than half.
        behind = self._count_all(account) - offset - limit
        if offset <= behind:
            return self._trackings(
                account, "ORDER BY sequence DESC LIMIT ? OFFSET ?", limit, offset
            )
        length = max(0, limit + min(0, behind))
        tail = "ORDER BY sequence LIMIT ? OFFSET ?"
        return self._trackings(account, tail, length, max(0, behind))[::-1]

    def _trackings(self, account: str, tail: str, *parameters: Value) -> list[TrackingRecord]:
        query = f"{_TRACKINGS.select} WHERE account = ? {tail}"
        rows = self._execute(query, (number_of(account), *parameters))
        return [_TRACKINGS.read((account, *row[1:])) for row in rows]

    def count(self, account: str, filters: TrackingFilter) -> int:
        """Return the number of matching trackings."""
        # Counting rows takes time in proportion to their number.
        if filters.is_empty:
            return self._count_all(account)
        condition, parameters = _where(filters)
        query = f"SELECT COUNT(*) FROM trackings WHERE account = ? {condition}"  # noqa: S608 - own text
        return self._number(query, number_of(account), *parameters)

    def _count_all(self, account: str) -> int:
        query = "SELECT trackings FROM tracking_counts WHERE account = ?"
        return self._number(query, account)

    def count_by_status(self, account: str, filters: TrackingFilter) -> dict[str, int]:
        """Return the number of matching trackings by reported status, without zero counts."""
        condition, parameters = _where(filters)
        query = (
            "SELECT seen_status, COUNT(*) FROM trackings"  # noqa: S608 - own text
            f" WHERE account = ? {condition} GROUP BY seen_status"
        )
        return dict(self._execute(query, (number_of(account), *parameters)).fetchall())

    def next_due_tracking(self, account: str, until: int) -> TrackingRecord | None:
        """
        Return the tracking with the earliest scheduled change until a time; None without one.

        Of several changes at the same time, that of the tracking inserted first comes first.
        """
        tail = "AND due_at <= ? ORDER BY due_at, sequence LIMIT 1"
        return next(iter(self._trackings(account, tail, until)), None)

    def next_due(self, account: str) -> int | None:
        """Return when the next tracking changes or the next delivery is due; None: never."""
        return self._number_or_null(_NEXT_DUE, number_of(account), account)

    def targets(self, account: str) -> list[WebhookTarget]:
        """Return the webhook targets in the order of insertion."""
        return self._all(_TARGETS, "WHERE account = ? ORDER BY sequence", account)

    def accounts_with_targets(self) -> list[AccountRecord]:
        """Return the accounts with webhook targets, with default values for unsaved accounts."""
        names = self._execute("SELECT DISTINCT account FROM webhook_targets ORDER BY account")
        return [self.find_account(name) or AccountRecord(name) for (name,) in names]

    def save_target(self, target: WebhookTarget) -> None:
        """Save a webhook target."""
        self._execute(_TARGETS.upsert, _TARGETS.write(target))

    def delete_target(self, target: WebhookTarget) -> None:
        """Delete a webhook target. Its deliveries stay."""
        self._execute(_TARGETS.delete, (target.account, target.id))

    def deliveries(self, account: str, *, limit: int = UNLIMITED) -> list[DeliveryRecord]:
        """Return deliveries, the most recently inserted first. Default: no limit."""
        tail = "WHERE account = ? ORDER BY sequence DESC LIMIT ?"
        return self._all(_DELIVERIES, tail, account, limit)

    def waiting_deliveries(
        self, account: str, target_id: str, tracking_id: str
    ) -> list[DeliveryRecord]:
        """Return the waiting deliveries to a target for a tracking, the earliest due first."""
        tail = (
            "WHERE account = ? AND due_at IS NOT NULL AND target_id = ? AND tracking_id = ?"
            " ORDER BY due_at, sequence"
        )
        return self._all(_DELIVERIES, tail, account, target_id, tracking_id)

    def find_delivery(self, account: str, delivery_id: str) -> DeliveryRecord | None:
        """Return one delivery; None if it does not exist."""
        return self._one(_DELIVERIES, account, delivery_id)

    def save_delivery(self, delivery: DeliveryRecord) -> None:
        """Save a delivery, and release it if it was claimed."""
        self._execute(f"{_DELIVERIES.upsert}, claimed_at = NULL", _DELIVERIES.write(delivery))

    def claim_due_deliveries(
        self, account: str, until: int, *, machine_now: int, limit: int
    ) -> list[DeliveryRecord]:
        """
        Claim deliveries that are due until a time and return them, the earliest due first.

        No other caller gets a claimed delivery until it is saved, or until `LEASE` seconds of the
        machine's clock have passed.

        Args:
            account: The account.
            until: Time by the account's clock, Unix seconds.
            machine_now: Time by the machine's clock, Unix seconds.
            limit: Maximum number of deliveries.
        """
        returned = ", ".join(f"deliveries.{name}" for name in _DELIVERIES.columns)
        statement = (
            "WITH due AS MATERIALIZED ("  # noqa: S608 - own text
            "SELECT sequence AS number FROM deliveries WHERE account = ? AND due_at <= ?"
            " AND (claimed_at IS NULL OR claimed_at <= ?)"
            f" ORDER BY due_at, sequence LIMIT ?{self._claim_clause})"
            " UPDATE deliveries SET claimed_at = ? FROM due WHERE sequence = due.number"
            f" RETURNING due_at, sequence, {returned}"
        )
        claimable = account, until, machine_now - LEASE
        # RETURNING has no order of its own.
        rows = self._execute(statement, (*claimable, limit, machine_now)).fetchall()
        return [_DELIVERIES.read(row[2:]) for row in sorted(rows, key=lambda row: row[:2])]

    def find_plan(self, plan: str) -> FaultPlanRecord | None:
        """Return a fault plan by its key; None if it does not exist."""
        return self._one(_PLANS, plan)

    def plans(self, account: str) -> list[FaultPlanRecord]:
        """Return the fault plans of an account."""
        return self._all(_PLANS, "WHERE account = ? ORDER BY sequence", account)

    def save_plan(self, plan: FaultPlanRecord) -> None:
        """Save a fault plan."""
        self._execute(_PLANS.upsert, _PLANS.write(plan))

    def delete_plan(self, plan: FaultPlanRecord) -> None:
        """Delete a fault plan."""
        self._execute(_PLANS.delete, (plan.plan,))

    def _one(self, table: _Table[T], *key: Value) -> T | None:
        row = self._execute(table.find, key).fetchone()
        return None if row is None else table.read(row)

    def _all(self, table: _Table[T], tail: str = "", *parameters: Value) -> list[T]:
        return list(map(table.read, self._execute(f"{table.select} {tail}", parameters)))

    def _number(self, query: str, *parameters: Value) -> int:
        return self._number_or_null(query, *parameters) or 0

    def _number_or_null(self, query: str, *parameters: Value) -> int | None:
        row = self._execute(query, parameters).fetchone()
        return row[0] if row else None


def _where(filters: TrackingFilter) -> tuple[str, list[Value]]:
    """Return the conditions of filters to append to a WHERE clause, and their parameters."""
    conditions: list[str] = []
    parameters: list[Value] = []
    moment = (filters.now,) * _LAST_POLL.count("?")
    for condition, bound, before in (
        ("created_at >= ?", filters.created_min, ()),
        ("created_at <= ?", filters.created_max, ()),
        ("ordered_at >= ?", filters.ordered_min, ()),
        (_up_to("ordered_at", filters.ordered_min), filters.ordered_max, ()),
        ("archived = ?", filters.archived, ()),
        ("seen_status = ?", filters.status, ()),
        (f"{_LAST_POLL} >= ?", filters.polled_min, moment),
        (f"COALESCE({_LAST_POLL}, 0) <= ?", filters.polled_max, moment),
    ):
        if bound is not None:
            conditions.append(condition)
            parameters += (*before, bound)
    for column, values in (("tracking_number", filters.numbers), ("order_id", filters.orders)):
        if values:
            conditions.append(f"{column} IN ({', '.join('?' * len(values))})")
            parameters += values
    if filters.text:
        conditions.append(_CONTAINS)
        parameters += [_pattern(filters.text)] * _CONTAINS.count("?")
    return "".join(f" AND {condition}" for condition in conditions), parameters


def _up_to(column: str, minimum: int | None) -> str:
    """Return the condition of a maximum; without a minimum, NULL fulfils it."""
    condition = f"{column} <= ?"
    return condition if minimum is not None else f"({column} IS NULL OR {condition})"


def _pattern(text: str) -> str:
    """Return the LIKE pattern that matches values with the given substring."""
    for special in ("!", "%", "_"):
        text = text.replace(special, f"!{special}")
    return f"%{text}%"


def _pair(tracking: TrackingRecord) -> tuple[str, str, str]:
    return tracking.account, tracking.carrier_code, tracking.tracking_number
