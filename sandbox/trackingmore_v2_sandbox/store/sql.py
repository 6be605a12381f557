"""
A store in SQL: what SQLite and PostgreSQL share, which is nearly everything.

A database's own module says how to connect, how to execute, and what a transaction is.
"""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from typing import Any, ClassVar, Final, Generic, Protocol, TypeAlias, TypeVar, get_type_hints

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

T = TypeVar("T", bound=Struct)
Value: TypeAlias = str | int | float | None
Row: TypeAlias = tuple[Any, ...]

_AT_ONCE: Final = 250
"""Rows that are added by one statement, which is twice as fast as one by one."""

LEASE: Final = 60
"""Seconds for which a claimed delivery is nobody else's, longer than any attempt takes."""


class SqlCursor(Protocol):
    """What a statement gave."""

    @property
    def rowcount(self) -> int:
        """Number of rows that were changed."""
        ...

    def fetchone(self) -> Row | None:
        """Give the next row."""
        ...

    def fetchall(self) -> list[Row]:
        """Give all rows."""
        ...


class _Table(Generic[T]):
    """A table whose rows are records: the statements, and the way there and back."""

    def __init__(self, name: str, record: type[T], key: tuple[str, ...]) -> None:
        self._record = record
        self.columns: Final = record.__struct_fields__
        hints = get_type_hints(record)
        # Neither database's driver gives a record's own types back for these.
        self._from_column: list[tuple[int, Callable[[Any], object]]] = [
            (index, _CONVERSIONS[hints[column]])
            for index, column in enumerate(self.columns)
            if hints[column] in _CONVERSIONS
        ]
        self._is_plain = _TEXTS not in hints.values()
        names = ", ".join(self.columns)
        changes = ", ".join(f"{name} = excluded.{name}" for name in self.columns)
        # Only our own names are written into the statements; every value is a parameter.
        self.where: Final[str] = f"WHERE {' AND '.join(f'{column} = ?' for column in key)}"
        self.select: Final[str] = f"SELECT {names} FROM {name}"  # noqa: S608
        self.insert: Final[str] = _insert(name, self.columns)
        self.upsert: Final[str] = (
            f"{self.insert} ON CONFLICT ({', '.join(key)}) DO UPDATE SET {changes}"
        )
        # Made once: a long text that is the same object is found at once by SQLite's driver.
        self.find: Final[str] = f"{self.select} {self.where}"
        self.delete: Final[str] = f"DELETE FROM {name} {self.where}"  # noqa: S608

    def read(self, row: Row) -> T:
        """Make a record of a row."""
        values = list(row)
        for index, convert in self._from_column:
            values[index] = convert(values[index])
        return self._record(*values)

    def write(self, record: T) -> Sequence[Value]:
        """Make a row of a record."""
        values = msgspec.structs.astuple(record)
        return values if self._is_plain else tuple(map(_column, values))


class _Trackings(_Table[TrackingRecord]):
    """The table of parcels, in which accounts are numbers; only those that were asked for occur."""

    def __init__(self) -> None:
        super().__init__("parcels", TrackingRecord, ("account", "tracking_number", "carrier_code"))
        self._accounts: dict[int, str] = {}
        self._from_column.append((0, self._accounts.__getitem__))

    def number(self, account: str) -> int:
        """Give an account's number."""
        number = number_of(account)
        self._accounts[number] = account
        return number

    def write(self, record: TrackingRecord) -> Sequence[Value]:
        """Make a row of a record."""
        return (self.number(record.account), *super().write(record)[1:])

    def key(self, tracking: TrackingRecord) -> tuple[int, str, str]:
        """Give what identifies a parcel."""
        return self.number(tracking.account), tracking.tracking_number, tracking.carrier_code


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
_TRACKINGS: Final = _Trackings()
_TARGETS: Final = _Table("webhook_targets", WebhookTarget, ("account", "id"))
_DELIVERIES: Final = _Table("deliveries", DeliveryRecord, ("account", "id"))
_PLANS: Final = _Table("fault_plans", FaultPlanRecord, ("plan",))

_DEFAULTS: Final[tuple[object, ...]] = (
    *(...,) * (len(_TRACKINGS.columns) - len(TrackingRecord.__struct_defaults__)),
    *TrackingRecord.__struct_defaults__,
)
"""In the order of the columns, which have the same; `...` is none."""

_DETAILS: Final = _TRACKINGS.columns[3:]
"""What may change of a parcel that stays with its carrier: not the pair and its account."""

_MOVE: Final = f"{_update('parcels', _TRACKINGS.columns)} {_TRACKINGS.where}"
_CHANGE: Final = f"{_update('parcels', _DETAILS)} {_TRACKINGS.where}"

_BELONGINGS: Final = (
    "charges",
    "parcel_counts",
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
_CHARGE: Final = (
    "INSERT INTO charges (account, carrier_code, tracking_number) VALUES (?, ?, ?)"
    " ON CONFLICT DO NOTHING"
)
_STANDING: Final = (
    f"SELECT CASE WHEN EXISTS (SELECT 1 FROM parcels {_TRACKINGS.where})"  # noqa: S608 - own text
    f" THEN {Standing.FOLLOWED:d} WHEN EXISTS (SELECT 1 FROM charges {_TRACKINGS.where})"
    f" THEN {Standing.PAID:d} ELSE {Standing.UNKNOWN:d} END"
)
_COUNT: Final = (
    "INSERT INTO parcel_counts (account, parcels) VALUES (?, ?)"
    " ON CONFLICT (account) DO UPDATE SET parcels = parcel_counts.parcels + excluded.parcels"
)
_NEXT_DUE: Final = (
    "SELECT MIN(due_at) FROM ("
    "SELECT MIN(due_at) AS due_at FROM parcels WHERE account = ? AND due_at IS NOT NULL"
    " UNION ALL "
    "SELECT MIN(due_at) FROM deliveries WHERE account = ? AND due_at IS NOT NULL"
    ") AS due"
)
_ROUND: Final = (
    "CASE WHEN last_round < ? THEN last_round"
    " WHEN last_round IS NOT NULL AND first_round <= ?"
    " THEN ? - (? - first_round) % round_interval END"
)
"""The provider's last round up to a moment; null when there was none."""

_LOOKED: Final = f"CASE WHEN other_look > COALESCE({_ROUND}, -1) THEN other_look ELSE {_ROUND} END"
"""When the carrier was last asked."""

_SEARCHED: Final = ("tracking_number", "title", "order_id")
_CONTAINS: Final = (
    "(" + " OR ".join(f"LOWER({name}) LIKE LOWER(?) ESCAPE '!'" for name in _SEARCHED) + ")"
)


_READING: Final = nullcontext()


class SqlStore(ABC):
    """A store in some SQL database. See `Store` for what its methods do."""

    _claim_clause: ClassVar[str]
    """What keeps two workers from selecting the same rows."""

    @abstractmethod
    def _execute(self, statement: str, parameters: Sequence[Value] = ()) -> SqlCursor:
        """Run a statement, in which `?` stands for each parameter."""

    @abstractmethod
    def _execute_many(self, statement: str, rows: Iterable[Sequence[Value]]) -> int:
        """Run a statement for each of many rows, and tell how many rows were changed."""

    @abstractmethod
    def _writing(self, account: str | None) -> AbstractContextManager[None]:
        """Begin a transaction that writes; see `Store.transaction()`."""

    @abstractmethod
    def close(self) -> None:
        """Let go of the database."""

    def transaction(
        self, *, write: bool, account: str | None = None
    ) -> AbstractContextManager[None]:
        """Keep all that happens inside when it ends well, and nothing of it when it raises."""
        return self._writing(account) if write else _READING

    def find_account(self, account: str) -> AccountRecord | None:
        """Get an account; None: nothing was ever stored of it."""
        return self._one(_ACCOUNTS, account)

    def accounts(self) -> list[AccountRecord]:
        """Get all accounts."""
        return self._all(_ACCOUNTS)

    def save_account(self, account: AccountRecord) -> None:
        """Save an account."""
        self._execute(_ACCOUNTS.upsert, _ACCOUNTS.write(account))

    def erase(self, account: str) -> None:
        """Delete an account and all that belongs to it."""
        self._erase_trackings(_TRACKINGS.number(account))
        for table in _BELONGINGS:
            self._execute(f"DELETE FROM {table} WHERE account = ?", (account,))  # noqa: S608

    def _erase_trackings(self, number: int) -> None:
        self._execute("DELETE FROM parcels WHERE account = ?", (number,))

    def charge(self, account: str, trackings: int) -> None:
        """Count trackings that an account pays for."""
        self._execute(_USE, (account, trackings, 0))

    def standing(self, account: str, carrier_code: str, tracking_number: str) -> Standing:
        """Tell what a pair is to an account."""
        pair = tracking_number, carrier_code
        parameters = (_TRACKINGS.number(account), *pair, account, *pair)
        return Standing(self._number(_STANDING, parameters))

    def count_detection(self, account: str) -> None:
        """Note that an account had a carrier detected."""
        self._execute(_USE, (account, 0, 1))

    def charges(self, account: str) -> list[tuple[str, str]]:
        """Get the pairs, carrier first, that were paid for and are not followed any more."""
        query = "SELECT carrier_code, tracking_number FROM charges WHERE account = ?"
        # Databases differ in the order of texts.
        return sorted(self._rows(query, (account,)))

    def add_charges(self, account: str, pairs: Iterable[tuple[str, str]]) -> None:
        """Note pairs as paid for, without counting them as used."""
        self._execute_many(_CHARGE, [(account, *pair) for pair in pairs])

    def find(self, account: str, carrier_code: str, tracking_number: str) -> TrackingRecord | None:
        """Get one parcel."""
        return self._one(_TRACKINGS, _TRACKINGS.number(account), tracking_number, carrier_code)

    def insert(self, *trackings: TrackingRecord) -> None:
        """Add parcels."""
        if not trackings:
            return
        by_column = zip(*map(_TRACKINGS.write, trackings), strict=True)
        # To bind a null takes SQLite's driver several times as long as to bind a text.
        filled = {
            name: values
            for name, default, values in zip(_TRACKINGS.columns, _DEFAULTS, by_column, strict=True)
            if values.count(default) < len(values)
        }
        rows = list(zip(*filled.values(), strict=True))
        for start in range(0, len(rows), _AT_ONCE):
            some = rows[start : start + _AT_ONCE]
            statement = _insert("parcels", tuple(filled), len(some))
            self._execute(statement, tuple(chain.from_iterable(some)))
        for account, count in Counter(tracking.account for tracking in trackings).items():
            self._execute(_COUNT, (account, count))

    def replace(self, old: TrackingRecord, new: TrackingRecord) -> None:
        """Put a parcel in the place of another."""
        values = _TRACKINGS.write(new)
        key = _TRACKINGS.key(old)
        if _TRACKINGS.key(new) == key:  # Fewer indexes have to follow.
            self._execute(_CHANGE, (*values[-len(_DETAILS) :], *key))
        else:
            self._execute(_MOVE, (*values, *key))
            self._execute(_CHARGE, _pair(old))

    def delete(self, tracking: TrackingRecord) -> None:
        """Remove a parcel."""
        if self._execute(_TRACKINGS.delete, _TRACKINGS.key(tracking)).rowcount:
            self._execute(_COUNT, (tracking.account, -1))
            self._execute(_CHARGE, _pair(tracking))

    def search(
        self, account: str, filters: TrackingFilter, *, limit: int | None = None, offset: int = 0
    ) -> list[TrackingRecord]:
        """Get parcels, the ones added last first."""
        if limit is not None and filters.let_all_pass:
            return self._page(account, limit, offset)
        where = _where(account, filters)
        tail = f"WHERE {where.text} ORDER BY sequence DESC"
        if limit is None:
            return self._all(_TRACKINGS, tail, *where.parameters)
        return self._all(_TRACKINGS, f"{tail} LIMIT ? OFFSET ?", *where.parameters, limit, offset)

    def _page(self, account: str, limit: int, offset: int) -> list[TrackingRecord]:
        """Walk there from the nearer end, so that the last page is as near as the first."""
        behind = self._count_all(account) - offset - limit
        if offset <= behind:
            tail = "WHERE account = ? ORDER BY sequence DESC LIMIT ? OFFSET ?"
            return self._all(_TRACKINGS, tail, _TRACKINGS.number(account), limit, offset)
        tail = "WHERE account = ? ORDER BY sequence LIMIT ? OFFSET ?"
        length = max(0, limit + min(0, behind))
        number = _TRACKINGS.number(account)
        return self._all(_TRACKINGS, tail, number, length, max(0, behind))[::-1]

    def count(self, account: str, filters: TrackingFilter) -> int:
        """Count parcels."""
        if filters.let_all_pass:
            return self._count_all(account)
        where = _where(account, filters)
        query = f"SELECT COUNT(*) FROM parcels WHERE {where.text}"  # noqa: S608 - own text
        return self._number(query, where.parameters)

    def _count_all(self, account: str) -> int:
        query = "SELECT parcels FROM parcel_counts WHERE account = ?"
        return self._number_or_null(query, (account,)) or 0

    def count_by_status(self, account: str, filters: TrackingFilter) -> dict[str, int]:
        """Count parcels by the status that is seen of them; statuses without any are left out."""
        where = _where(account, filters)
        query = (
            "SELECT seen_status, COUNT(*) FROM parcels"  # noqa: S608 - own text
            f" WHERE {where.text} GROUP BY seen_status"
        )
        return dict(self._rows(query, where.parameters))

    def next_due_tracking(self, account: str, until: int) -> TrackingRecord | None:
        """Get the parcel that changes next by itself, if it does by then."""
        tail = "WHERE account = ? AND due_at <= ? ORDER BY due_at, sequence LIMIT 1"
        return self._first(_TRACKINGS, tail, _TRACKINGS.number(account), until)

    def next_due(self, account: str) -> int | None:
        """Tell when next a parcel changes by itself, or a delivery is to be tried."""
        return self._number_or_null(_NEXT_DUE, (_TRACKINGS.number(account), account))

    def targets(self, account: str) -> list[WebhookTarget]:
        """Get the webhook targets, the ones added first first."""
        return self._all(_TARGETS, "WHERE account = ? ORDER BY sequence", account)

    def accounts_with_targets(self) -> list[AccountRecord]:
        """Get the accounts that have webhook targets; one that was never saved has its defaults."""
        names = self._rows("SELECT DISTINCT account FROM webhook_targets ORDER BY account")
        return [self.find_account(name) or AccountRecord(name) for (name,) in names]

    def save_target(self, target: WebhookTarget) -> None:
        """Save a webhook target."""
        self._execute(_TARGETS.upsert, _TARGETS.write(target))

    def delete_target(self, target: WebhookTarget) -> None:
        """Remove a webhook target. Its deliveries stay."""
        self._execute(_TARGETS.delete, (target.account, target.id))

    def deliveries(self, account: str, *, limit: int | None = None) -> list[DeliveryRecord]:
        """Get deliveries, the ones added last first."""
        tail = "WHERE account = ? ORDER BY sequence DESC"
        if limit is None:
            return self._all(_DELIVERIES, tail, account)
        return self._all(_DELIVERIES, f"{tail} LIMIT ?", account, limit)

    def waiting_deliveries(
        self, account: str, target_id: str, tracking_id: str
    ) -> list[DeliveryRecord]:
        """Get what is still to be tried for a target and about a parcel, the earliest first."""
        tail = (
            "WHERE account = ? AND due_at IS NOT NULL AND target_id = ? AND tracking_id = ?"
            " ORDER BY due_at, sequence"
        )
        return self._all(_DELIVERIES, tail, account, target_id, tracking_id)

    def find_delivery(self, account: str, delivery_id: str) -> DeliveryRecord | None:
        """Get one delivery."""
        return self._one(_DELIVERIES, account, delivery_id)

    def save_delivery(self, delivery: DeliveryRecord) -> None:
        """Save a delivery, and let go of it if it was claimed."""
        self._execute(f"{_DELIVERIES.upsert}, claimed_at = NULL", _DELIVERIES.write(delivery))

    def claim_due_deliveries(
        self, account: str, until: int, *, machine_now: int, limit: int
    ) -> list[DeliveryRecord]:
        """Take deliveries that are due by then, the earliest and oldest first, to send them."""
        returned = ", ".join(f"deliveries.{name}" for name in _DELIVERIES.columns)
        statement = (
            "WITH due AS MATERIALIZED ("  # noqa: S608 - own text
            "SELECT sequence AS number FROM deliveries WHERE account = ? AND due_at <= ?"
            " AND (claimed_at IS NULL OR claimed_at <= ?)"
            f" ORDER BY due_at, sequence LIMIT ?{self._claim_clause})"
            " UPDATE deliveries SET claimed_at = ? FROM due WHERE sequence = due.number"
            f" RETURNING due_at, sequence, {returned}"
        )
        rows = self._rows(statement, (account, until, machine_now - LEASE, limit, machine_now))
        return [_DELIVERIES.read(row[2:]) for row in sorted(rows, key=lambda row: row[:2])]

    def find_plan(self, plan: str) -> FaultPlanRecord | None:
        """Get a fault plan by what requests name."""
        return self._one(_PLANS, plan)

    def plans(self, account: str) -> list[FaultPlanRecord]:
        """Get the fault plans of an account."""
        return self._all(_PLANS, "WHERE account = ? ORDER BY sequence", account)

    def save_plan(self, plan: FaultPlanRecord) -> None:
        """Save a fault plan."""
        self._execute(_PLANS.upsert, _PLANS.write(plan))

    def delete_plan(self, plan: FaultPlanRecord) -> None:
        """Remove a fault plan."""
        self._execute(_PLANS.delete, (plan.plan,))

    def _one(self, table: _Table[T], *key: Value) -> T | None:
        row = self._execute(table.find, key).fetchone()
        return None if row is None else table.read(row)

    def _first(self, table: _Table[T], tail: str, *parameters: Value) -> T | None:
        row = self._execute(f"{table.select} {tail}", parameters).fetchone()
        return None if row is None else table.read(row)

    def _all(self, table: _Table[T], tail: str = "", *parameters: Value) -> list[T]:
        rows = self._execute(f"{table.select} {tail}", parameters).fetchall()
        return list(map(table.read, rows))

    def _rows(self, query: str, parameters: Sequence[Value] = ()) -> list[Row]:
        return self._execute(query, parameters).fetchall()

    def _number(self, query: str, parameters: Sequence[Value] = ()) -> int:
        number = self._number_or_null(query, parameters)
        assert number is not None  # noqa: S101 - for queries that always give one
        return number

    def _number_or_null(self, query: str, parameters: Sequence[Value] = ()) -> int | None:
        row = self._execute(query, parameters).fetchone()
        return row[0] if row else None


@dataclass(slots=True)
class _Where:
    """A condition that grows."""

    text: str
    parameters: list[Value] = field(default_factory=list[Value])

    def add(self, condition: str, *parameters: Value) -> None:
        self.text += f" AND {condition}"
        self.parameters.extend(parameters)


def _where(account: str, filters: TrackingFilter) -> _Where:
    where = _Where("account = ?", [_TRACKINGS.number(account)])
    moment = (filters.now,) * _LOOKED.count("?")
    for condition, bound, before in (
        ("created_at >= ?", filters.created_min, ()),
        ("created_at <= ?", filters.created_max, ()),
        ("ordered_at >= ?", filters.ordered_min, ()),
        ("ordered_at <= ?", filters.ordered_max, ()),
        ("archived = ?", filters.archived, ()),
        ("seen_status = ?", filters.status, ()),
        (f"{_LOOKED} >= ?", filters.looked_min, moment),
        (f"{_LOOKED} <= ?", filters.looked_max, moment),
    ):
        if bound is not None:
            where.add(condition, *before, bound)
    for column, values in (("tracking_number", filters.numbers), ("order_id", filters.orders)):
        if values:
            where.add(f"{column} IN ({', '.join('?' * len(values))})", *values)
    if filters.text:
        where.add(_CONTAINS, *(_pattern(filters.text),) * _CONTAINS.count("?"))
    return where


def _pattern(text: str) -> str:
    """Write the pattern of all that contains a text."""
    for special in ("!", "%", "_"):
        text = text.replace(special, f"!{special}")
    return f"%{text}%"


def _pair(tracking: TrackingRecord) -> tuple[str, str, str]:
    return tracking.account, tracking.carrier_code, tracking.tracking_number
