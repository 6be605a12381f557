"""
The common implementation of the SQLite and PostgreSQL stores.

The subclass for a database defines how to connect, execute statements, and run transactions.
"""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, ClassVar, Final, Literal, TypeAlias

from msgspec.structs import replace

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
from trackingmore_v2_sandbox.store.outage import OutageLog
from trackingmore_v2_sandbox.store.queries import Selection, finds_by_poll, select
from trackingmore_v2_sandbox.store.tables import Row, T, Table, Value, insert_statement

if TYPE_CHECKING:
    import sqlite3

    import psycopg

TargetKey: TypeAlias = tuple[str, str]
"""The account and the id of a webhook target."""

SqlCursor: TypeAlias = "sqlite3.Cursor | psycopg.Cursor[Row]"

UNLIMITED: Final = 2**62
"""Limit of a query without one; LIMIT takes no NULL in SQLite, and no -1 in PostgreSQL."""

_AT_ONCE: Final = 250
"""Rows in one INSERT statement, which is twice as fast as one statement for each row."""


class StoreError(Exception):
    """The database cannot be used."""


class StoreUnavailable(StoreError):
    """The database failed during a transaction; the message is the reason, in one line."""


def _tracking_key(tracking: TrackingRecord) -> tuple[int, str, str]:
    return number_of(tracking.account), tracking.tracking_number, tracking.carrier_code


def _tracking_row(tracking: TrackingRecord) -> Row:
    # Trackings refer to their account by number, which keeps the indexes small.
    return number_of(tracking.account), *_TRACKINGS.write(tracking)[1:]


@lru_cache(maxsize=256)
def _change(columns: tuple[str, ...]) -> str:
    changes = ", ".join(f"{name} = ?" for name in columns)
    return f"UPDATE trackings SET {changes} {_TRACKINGS.where}"  # noqa: S608


_ACCOUNTS: Final = Table("accounts", AccountRecord, ("account",))
_TRACKINGS: Final = Table(
    "trackings", TrackingRecord, ("account", "tracking_number", "carrier_code")
)
_TARGETS: Final = Table("webhook_targets", WebhookTarget, ("account", "id"))
_DELIVERIES: Final = Table("deliveries", DeliveryRecord, ("account", "id"))
_PLANS: Final = Table("fault_plans", FaultPlanRecord, ("plan",))

_DEFAULTS: Final[tuple[object, ...]] = (
    *(...,) * (len(_TRACKINGS.columns) - len(TrackingRecord.__struct_defaults__)),
    *TrackingRecord.__struct_defaults__,
)
"""Defaults in the order of the columns; `...` marks a column without a default."""

BLOCK: Final = 4096
"""
Numbers of `sequence` in a block, whose trackings are counted; the migration has it too.

A page is found by the counts of all blocks, and by skipping trackings of one.
"""

_ROW: Final = "RETURNING account, sequence, seen_status"
_DELETE: Final = f"{_TRACKINGS.delete} {_ROW}"
_DROP_BLOCK: Final = "DELETE FROM block_counts WHERE account = ? AND block = ? AND trackings = 0"

_BELONGINGS: Final = (
    "charges",
    "webhook_targets",
    "deliveries",
    "fault_plans",
    "accounts",
)
_COUNTS: Final = ("status_counts", "block_counts")
_USE: Final = (
    "INSERT INTO accounts (account, trackings, detections) VALUES (?, ?, ?)"
    " ON CONFLICT (account) DO UPDATE SET"
    " trackings = accounts.trackings + excluded.trackings,"
    " detections = accounts.detections + excluded.detections"
)
_PAIR: Final = ("account", "carrier_code", "tracking_number")
_CHARGE: Final = f"{insert_statement('charges', _PAIR)} ON CONFLICT DO NOTHING"
_STANDING: Final = (
    f"SELECT CASE WHEN EXISTS (SELECT 1 FROM trackings {_TRACKINGS.where})"  # noqa: S608 - own text
    f" THEN {Standing.TRACKED:d} WHEN EXISTS (SELECT 1 FROM charges {_TRACKINGS.where})"
    f" THEN {Standing.CHARGED:d} ELSE {Standing.UNKNOWN:d} END"
)


def _add_to(table: str, key: str) -> str:
    """Return the statement that adds to a number of trackings, kept by account and a key."""
    return (
        f"{insert_statement(table, ('account', key, 'trackings'))} ON CONFLICT (account, {key})"
        f" DO UPDATE SET trackings = {table}.trackings + excluded.trackings"
    )


_COUNT_STATUS: Final = _add_to("status_counts", "status")
_COUNT_BLOCK: Final = _add_to("block_counts", "block")
_NEXT_INTERVAL: Final = (
    "SELECT MIN(poll_interval) FROM trackings"
    " WHERE account = ? AND due_at IS NOT NULL AND poll_interval > ?"
)
_NEXT_CHANGE: Final = (
    "SELECT MIN(due_at) AS due_at FROM trackings WHERE account = ? AND due_at IS NOT NULL"
)
_NEXT_DUE: Final = (
    f"SELECT MIN(due_at) FROM ({_NEXT_CHANGE} UNION ALL "  # noqa: S608 - own text
    "SELECT MIN(due_at) FROM deliveries WHERE account = ? AND due_at IS NOT NULL"
    ") AS due"
)
_WAITING: Final = "FROM deliveries WHERE account = ? AND due_at IS NOT NULL"
_NEXT_DELIVERIES: Final = (
    # One step in the index for each target, however many deliveries wait for it.
    f"WITH RECURSIVE waiting (target) AS (SELECT MIN(target_id) {_WAITING} UNION ALL"  # noqa: S608 - own text
    f" SELECT (SELECT MIN(target_id) {_WAITING} AND target_id > target)"
    " FROM waiting WHERE target IS NOT NULL)"
    f" SELECT target, (SELECT MIN(due_at) {_WAITING} AND target_id = target)"
    " FROM waiting WHERE target IS NOT NULL"
)


class _Guard:
    """A context manager that reports errors of the database, and raises `StoreUnavailable`."""

    def __init__(self, store: "Store", *, write: bool) -> None:
        self._store = store
        self._write = write
        self._before: int | None = None

    def __enter__(self) -> None:
        if self._write:
            self._before = self._store.changes()

    def __exit__(self, _kind: object, error: BaseException | None, _traceback: object) -> None:
        outages = self._store.outages
        if error is None:
            if outages.is_reported:
                # With a full disk, a transaction without changes succeeds.
                has_changed = self._before is None or self._store.changes() != self._before
                outages.succeeded(write=self._write and has_changed)
        elif reason := self._store.failure(error):
            outages.failed(reason, write=self._write)
            raise StoreUnavailable(reason) from error


class Store(ABC):
    """
    Storage of records by account in an SQL database. Call every method inside a transaction.

    The `save_...` methods insert a record, or replace the one with the same key.
    """

    _begin: ClassVar[str]
    """Statement that begins a write transaction."""

    _error: ClassVar[type[Exception]]
    """Base class of the errors of the database's driver."""

    is_shared: ClassVar[bool] = False
    """Whether several processes serve one sandbox with this database."""

    def __init__(self, database: str) -> None:
        self.outages = OutageLog(database)
        self._reading = _Guard(self, write=False)
        self._guard = _Guard(self, write=True)
        self._claims: set[TargetKey] = set()

    def changes(self) -> int | None:
        """Return how many rows were changed since the start. Default: None, not known."""
        return None

    @abstractmethod
    def failure(self, error: BaseException) -> str | None:
        """Return why the database failed, in one line; None for an error of another kind."""

    @abstractmethod
    def _execute(self, statement: str, parameters: Sequence[Value] = ()) -> SqlCursor:
        """Execute a statement with `?` placeholders."""

    @abstractmethod
    def _lock(self, account: str) -> None:
        """Wait until no other transaction holds the account, and hold it until this one ends."""

    @abstractmethod
    def _claim(self, target: TargetKey, /) -> bool:
        """Claim a target against other processes, and return whether it was free."""

    @abstractmethod
    def _release(self, target: TargetKey, /) -> None:
        """Undo `_claim`. A lost connection has undone it already, and is no error."""

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

        Raises:
            StoreUnavailable: The database failed, for example because the disk is full. A line in
                the log says why.
        """
        return self._writing(account) if write else self._reading

    @contextmanager
    def _writing(self, account: str | None) -> Generator[None]:
        with self._guard, self._committing(account):
            yield

    @contextmanager
    def _committing(self, account: str | None) -> Generator[None]:
        claims = self._claims.copy()
        self._execute(self._begin)
        try:
            if account is not None:
                self._lock(account)
            yield
            self._execute("COMMIT")
        except BaseException:
            with suppress(self._error):  # Keep the original error if the connection is lost.
                self._execute("ROLLBACK")
            for claim in self._claims - claims:
                self.release_target(*claim)
            raise

    def execute(self, statement: str, parameters: Sequence[Value] = ()) -> SqlCursor:
        """Execute a statement with `?` placeholders; it may be outside a transaction."""
        with self.transaction(write=False):
            return self._execute(statement, parameters)

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
        number = number_of(account)
        self._erase_trackings(number)
        for table in _COUNTS:
            self._execute(f"DELETE FROM {table} WHERE account = ?", (number,))  # noqa: S608
        for table in _BELONGINGS:
            self._execute(f"DELETE FROM {table} WHERE account = ?", (account,))  # noqa: S608

    def erase_trackings(self, account: str, limit: int) -> int:
        """Delete the oldest trackings; their pairs do not stay charged. Return how many."""
        oldest = "SELECT sequence FROM trackings WHERE account = ? ORDER BY sequence LIMIT ?"
        statement = f"DELETE FROM trackings WHERE sequence IN ({oldest}) {_ROW}"  # noqa: S608 - own text
        erased = self._execute(statement, (number_of(account), limit)).fetchall()
        self._count_rows(erased, -1)
        return len(erased)

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
        return None if row is None else _TRACKINGS.read([account, *row[1:]])

    def insert(self, *trackings: TrackingRecord) -> None:
        """Insert trackings."""
        if not trackings:
            return
        by_column = zip(*map(_tracking_row, trackings), strict=True)
        # Columns with only defaults are left out: binding NULL is slow in the driver of SQLite.
        filled = {
            name: values
            for name, default, values in zip(_TRACKINGS.columns, _DEFAULTS, by_column, strict=True)
            if values.count(default) < len(values)
        }
        rows = list(zip(*filled.values(), strict=True))
        self._count_rows(self._insert("trackings", tuple(filled), rows, f" {_ROW}"), 1)

    def _count_rows(self, rows: Iterable[Row], change: Literal[1, -1]) -> None:
        """Count inserted or deleted rows: account, sequence, and status of each."""
        # Kept by hand, since counting the rows of a large account is slow.
        statuses: Counter[tuple[int, str]] = Counter()
        blocks: Counter[tuple[int, int]] = Counter()
        for account, sequence, status in rows:
            statuses[account, status] += change
            blocks[account, sequence // BLOCK] += change
        for key, count in statuses.items():
            self._execute(_COUNT_STATUS, (*key, count))
        for block, count in blocks.items():
            self._execute(_COUNT_BLOCK, (*block, count))
            if count < 0:
                self._execute(_DROP_BLOCK, block)

    def _insert(
        self, table: str, columns: tuple[str, ...], rows: Sequence[Row], tail: str
    ) -> list[Row]:
        """Insert rows, and return what the tail of the statement returns."""
        returned: list[Row] = []
        for start in range(0, len(rows), _AT_ONCE):
            some = rows[start : start + _AT_ONCE]
            statement = insert_statement(table, columns, len(some)) + tail
            cursor = self._execute(statement, tuple(chain.from_iterable(some)))
            if cursor.description:
                returned += cursor.fetchall()
        return returned

    def replace(self, old: TrackingRecord, new: TrackingRecord) -> None:
        """Replace the tracking of a pair. If the pair changes, the old pair stays charged."""
        key = _tracking_key(old)
        stored = self._execute(_TRACKINGS.find, key).fetchone()
        if stored is None:
            return
        row = _tracking_row(new)
        columns = zip(_TRACKINGS.columns, stored, row, strict=True)
        # Faster than setting all columns: the indexes of the others stay unchanged.
        changes = {name: after for name, before, after in columns if after != before}
        if changes:
            self._execute(_change(tuple(changes)), (*changes.values(), *key))
        if "seen_status" in changes:
            before = stored[_TRACKINGS.columns.index("seen_status")]
            self._execute(_COUNT_STATUS, (key[0], before, -1))
            self._execute(_COUNT_STATUS, (key[0], new.seen_status, 1))
        if _pair(new) != _pair(old):
            self._execute(_CHARGE, _pair(old))

    def delete(self, tracking: TrackingRecord) -> None:
        """Delete a tracking. Its pair stays charged."""
        deleted = self._execute(_DELETE, _tracking_key(tracking)).fetchall()
        self._count_rows(deleted, -1)
        if deleted:
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
        (condition, parameters), order = self._select(account, filters)
        matching = f"SELECT sequence FROM trackings WHERE {condition} ORDER BY {order} DESC"  # noqa: S608 - own text
        tail = f"AND sequence IN ({matching} LIMIT ? OFFSET ?) ORDER BY sequence DESC"
        return self._trackings(account, tail, *parameters, limit, offset)

    def _select(self, account: str, filters: TrackingFilter) -> Selection:
        number = number_of(account)
        intervals = tuple(self._poll_intervals(number)) if finds_by_poll(filters) else ()
        return select(number, filters, intervals)

    def _poll_intervals(self, number: int) -> Iterator[int]:
        """Yield the intervals of scheduled polls; with DISTINCT, all trackings would be read."""
        interval: int | None = 0
        while (interval := self._number_or_null(_NEXT_INTERVAL, number, interval)) is not None:
            yield interval

    def _page(self, account: str, limit: int, offset: int) -> list[TrackingRecord]:
        """Return a page of all trackings."""
        before, offset = self._start(account, offset) if offset else (UNLIMITED, 0)
        tail = "AND sequence < ? ORDER BY sequence DESC LIMIT ? OFFSET ?"
        return self._trackings(account, tail, before, limit, offset)

    def _start(self, account: str, offset: int) -> tuple[int, int]:
        """
        Return where the list of all trackings continues after an offset.

        Returns:
            The end of a block, and the rest of the offset, counted from there.
        """
        # OFFSET takes time in proportion to the skipped rows, so whole blocks are skipped first.
        query = "SELECT block, trackings FROM block_counts WHERE account = ? ORDER BY block DESC"
        for block, trackings in self._execute(query, (number_of(account),)).fetchall():
            if offset < trackings:
                return (block + 1) * BLOCK, offset
            offset -= trackings
        return 0, 0

    def _trackings(self, account: str, tail: str, *parameters: Value) -> list[TrackingRecord]:
        query = f"{_TRACKINGS.select} WHERE account = ? {tail}"
        rows = self._execute(query, (number_of(account), *parameters))
        return [_TRACKINGS.read([account, *row[1:]]) for row in rows]

    def count(self, account: str, filters: TrackingFilter) -> int:
        """Return the number of matching trackings."""
        # Counting rows takes time in proportion to their number.
        if replace(filters, status=None).is_empty:
            counts = self._status_counts(account)
            return sum(counts.values()) if filters.status is None else counts[filters.status]
        if replace(filters, status=None, archived=None).is_empty and filters.archived is False:
            whole, archived = replace(filters, archived=None), replace(filters, archived=True)
            return self.count(account, whole) - self.count(account, archived)
        condition, parameters = self._select(account, filters).where
        return self._number(f"SELECT COUNT(*) FROM trackings WHERE {condition}", *parameters)  # noqa: S608 - own text

    def _status_counts(self, account: str) -> Counter[str]:
        query = "SELECT status, trackings FROM status_counts WHERE account = ? AND trackings > 0"
        return Counter(dict(self._execute(query, (number_of(account),)).fetchall()))

    def count_by_status(self, account: str, filters: TrackingFilter) -> dict[str, int]:
        """Return the number of matching trackings by reported status, without zero counts."""
        if filters.is_empty:
            return self._status_counts(account)
        condition, parameters = self._select(account, filters).where
        query = (
            # Concatenated, so that the index by status does not replace that of the filters.
            "SELECT seen_status || '', COUNT(*) FROM trackings"  # noqa: S608 - own text
            f" WHERE {condition} GROUP BY 1"
        )
        return dict(self._execute(query, parameters).fetchall())

    def next_due_tracking(self, account: str, until: int) -> TrackingRecord | None:
        """
        Return the tracking with the earliest scheduled change until a time; None without one.

        Of several changes at the same time, that of the tracking inserted first comes first.
        """
        tail = "AND due_at <= ? ORDER BY due_at, sequence LIMIT 1"
        return next(iter(self._trackings(account, tail, until)), None)

    def next_change(self, account: str) -> int | None:
        """Return when the next tracking changes; None: never."""
        return self._number_or_null(_NEXT_CHANGE, number_of(account))

    def next_due(self, account: str) -> int | None:
        """Return when the next tracking changes or the next delivery is due; None: never."""
        return self._number_or_null(_NEXT_DUE, number_of(account), account)

    def targets(self, account: str) -> list[WebhookTarget]:
        """Return the webhook targets in the order of insertion."""
        return self._all(_TARGETS, "WHERE account = ? ORDER BY sequence", account)

    def accounts_with_targets(self) -> list[str]:
        """Return the accounts with webhook targets, in any order."""
        return [name for (name,) in self._execute("SELECT DISTINCT account FROM webhook_targets")]

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
        """Save a delivery."""
        self._execute(_DELIVERIES.upsert, _DELIVERIES.write(delivery))

    def next_deliveries(self, account: str) -> dict[str, int]:
        """Return when the next delivery to each target is due, for targets that have one."""
        return dict(self._execute(_NEXT_DELIVERIES, (account,) * 3).fetchall())

    def claim_delivery(self, account: str, target_id: str, until: int) -> DeliveryRecord | None:
        """
        Claim a target, and return its earliest delivery that is due until a time.

        No other caller, in this process or another one, gets a delivery to the target until
        `release_target()` is called. The claim ends, too, with the transaction if that is rolled
        back, and with the process or its connection to the database, however they end.

        Must be called inside a write transaction of the account.

        Args:
            account: The account.
            target_id: The target.
            until: Time by the account's clock, Unix seconds.

        Returns:
            The delivery; None if the target is claimed already, or no delivery is due.
        """
        target = account, target_id
        if target in self._claims or not self._claim(target):
            return None
        self._claims.add(target)
        condition = "WHERE account = ? AND target_id = ? AND due_at <= ?"
        tail = f"{condition} ORDER BY due_at, sequence LIMIT 1"
        found = self._all(_DELIVERIES, tail, *target, until)
        if not found:
            self.release_target(*target)
            return None
        return found[0]

    def release_target(self, account: str, target_id: str) -> None:
        """Release a target that this process claimed, when the result of its attempt is saved."""
        self._claims.discard((account, target_id))
        self._release((account, target_id))

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

    def _one(self, table: Table[T], *key: Value) -> T | None:
        row = self._execute(table.find, key).fetchone()
        return None if row is None else table.read(row)

    def _all(self, table: Table[T], tail: str = "", *parameters: Value) -> list[T]:
        return list(map(table.read, self._execute(f"{table.select} {tail}", parameters)))

    def _number(self, query: str, *parameters: Value) -> int:
        return self._number_or_null(query, *parameters) or 0

    def _number_or_null(self, query: str, *parameters: Value) -> int | None:
        row = self._execute(query, parameters).fetchone()
        return row[0] if row else None


def _pair(tracking: TrackingRecord) -> tuple[str, str, str]:
    return tracking.account, tracking.carrier_code, tracking.tracking_number
