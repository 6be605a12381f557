"""The table of logged exchanges in a PostgreSQL database, which all workers share."""

from collections.abc import Iterable
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import astuple

from trackingmore_v2_sandbox.store.sql import Store
from trackingmore_v2_sandbox.store.tables import Row, Value

_LOCK: Final = "exchanges"
"""Name of the lock that every writer of the table takes; no account has this name."""

_ADD: Final = """
    WITH locked AS MATERIALIZED (
        SELECT pg_advisory_xact_lock(hashtextextended(?, 0)),
            set_config('synchronous_commit', 'off', TRUE)
    )
    INSERT INTO exchanges (account, masked_key, at, arrived_at, weight, content)
    SELECT ?, ?, ?, ?, ?, ? FROM locked RETURNING sequence
"""
"""
One statement, to save round trips. With the lock, rows become visible in the order of their
numbers, so a reader that continues after a number misses none. A crash of the server may lose the
newest rows, which saves a wait for the disk.
"""

_LAST: Final = (
    "SELECT COALESCE(pg_sequence_last_value("
    "pg_get_serial_sequence('exchanges', 'sequence')::regclass), 0)"
)
_ACCOUNTS: Final = """
    WITH RECURSIVE found AS (
        (SELECT account FROM exchanges ORDER BY account LIMIT 1)
        UNION ALL
        SELECT (
            SELECT account FROM exchanges WHERE account > found.account ORDER BY account LIMIT 1
        ) FROM found WHERE account IS NOT NULL
    )
    SELECT account FROM found WHERE account IS NOT NULL
"""
"""From one account to the next in the index; DISTINCT would read the whole table."""

_USAGE: Final = """
    SELECT used.account, used.exchanges, newest.masked_key, newest.at, newest.arrived_at
    FROM (
        SELECT account, COUNT(*) AS exchanges, MAX(sequence) AS sequence
        FROM exchanges GROUP BY account
    ) AS used JOIN exchanges AS newest ON newest.sequence = used.sequence
"""
_TRIM_ACCOUNT: Final = """
    DELETE FROM exchanges WHERE account = ? AND sequence <= (
        SELECT sequence FROM exchanges WHERE account = ? ORDER BY sequence DESC LIMIT 1 OFFSET ?
    )
"""
_TRIM_ALL: Final = """
    DELETE FROM exchanges WHERE sequence <= (
        SELECT MAX(sequence) FROM (
            SELECT sequence, SUM(weight) OVER (ORDER BY sequence DESC) AS size FROM exchanges
        ) AS sizes WHERE size > ?
    )
"""


class ExchangeRow(Struct, frozen=True):
    """An exchange as it is stored; the fields are in the order of the columns."""

    account: str
    masked_key: str | None
    at: float
    """Unix seconds of the account's clock."""

    arrived_at: float
    """Unix seconds of the machine's clock."""

    weight: int
    """Size of the row in bytes."""

    content: bytes


class ExchangeTable:
    """
    The exchanges of all accounts, numbered in the order in which they become visible.

    Where an account is given, "" is that of requests without one, and None stands for all.

    Args:
        store: A PostgreSQL store.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, row: ExchangeRow) -> int:
        """Add an exchange, and return its number."""
        ((sequence,),) = self._rows(_ADD, _LOCK, *astuple(row))
        return int(sequence)

    def last(self) -> int:
        """Return the number of the last exchange that was added; 0 if none was."""
        ((sequence,),) = self._rows(_LAST)
        return int(sequence)

    def accounts(self) -> list[str]:
        """Return the accounts with exchanges."""
        return [account for (account,) in self._rows(_ACCOUNTS)]

    def usage(self) -> list[Row]:
        """Return account, number of exchanges, and masked key and times of the newest of each."""
        return self._rows(_USAGE)

    def newest(
        self, account: str | None, after: int, before: int, limit: int
    ) -> list[tuple[int, bytes]]:
        """Return number and content of exchanges between two numbers, newest first."""
        condition, parameters = _of(account)
        return self._rows(
            f"SELECT sequence, content FROM exchanges WHERE {condition}"  # noqa: S608 - own text
            " AND sequence > ? AND sequence < ? ORDER BY sequence DESC LIMIT ?",
            *parameters,
            after,
            before,
            limit,
        )

    def has_more(self, account: str | None, after: int) -> bool:
        """Return whether there is an exchange after a number."""
        condition, parameters = _of(account)
        query = f"SELECT 1 FROM exchanges WHERE {condition} AND sequence > ? LIMIT 1"  # noqa: S608 - own text
        return bool(self._rows(query, *parameters, after))

    def clear(self, account: str | None) -> None:
        """Delete the exchanges of an account."""
        condition, parameters = _of(account)
        self._change((f"DELETE FROM exchanges WHERE {condition}", parameters))  # noqa: S608 - own text

    def trim_accounts(self, accounts: Iterable[str], exchanges: int) -> None:
        """Delete all but the newest exchanges of each of some accounts."""
        self._change(*((_TRIM_ACCOUNT, (each, each, exchanges)) for each in accounts))

    def trim_all(self, size: int) -> None:
        """If all exchanges together exceed a size in bytes, delete the oldest eighth of it."""
        ((total,),) = self._rows("SELECT COALESCE(SUM(weight), 0) FROM exchanges")
        # An eighth more than necessary, since running totals take several times as long as the sum.
        if total > size:
            self._change((_TRIM_ALL, (size - size // 8,)))

    def _rows(self, query: str, *parameters: Value) -> list[Any]:
        return self._store.execute(query, parameters).fetchall()

    def _change(self, *statements: tuple[str, tuple[Value, ...]]) -> None:
        # With the lock, two workers that delete the same rows do not wait for each other forever.
        with self._store.transaction(write=True, account=_LOCK):
            for statement, parameters in statements:
                self._store.execute(statement, parameters)


def _of(account: str | None) -> tuple[str, tuple[Value, ...]]:
    return ("TRUE", ()) if account is None else ("account = ?", (account,))
