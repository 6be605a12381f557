"""The request log in a database that several workers share."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

import msgspec
from msgspec.structs import replace

from trackingmore_v2_sandbox.pipeline.request_log import (
    TOTAL_BYTES,
    UNLIMITED,
    ExchangeRecord,
    LogUsage,
    MemoryLog,
    OnExchange,
    RequestLog,
    prepare,
)
from trackingmore_v2_sandbox.store.exchanges import ExchangeRow, ExchangeTable
from trackingmore_v2_sandbox.store.sql import Store

_POLL_SECONDS: Final = 0.2
"""Interval in which a waiting caller looks for exchanges of other workers."""

_ROW_OVERHEAD: Final = 256
"""Bytes of a row and its index entries without the content, rounded up."""

_SHARE: Final = 64
"""
The log is trimmed after this fraction of the total size was added, so it exceeds its size by this
fraction for each worker at most.
"""

_MAX_UNTRIMMED: Final = 64
"""Maximum number of exchanges between two trims of their accounts."""

_logger = logging.getLogger(__name__.partition(".")[0])


def open_log(store: Store, exchanges: int, on_exchange: OnExchange | None = None) -> RequestLog:
    """
    Return the request log of a sandbox: in the store if several workers can share it.

    Args:
        store: The store of the sandbox.
        exchanges: Maximum number of exchanges for each account.
        on_exchange: Function that is called with each exchange. Default: None.
    """
    if store.is_shared:
        return StoreLog(store, exchanges, on_exchange=on_exchange)
    return MemoryLog(exchanges, on_exchange=on_exchange)


class StoreLog:
    """
    A `RequestLog` in a database.

    Each account can exceed its maximum by an eighth for each worker, by 64 exchanges at most. If
    the database fails, an exchange is lost, and the request is responded to all the same.

    Args:
        store: The store of the sandbox.
        exchanges: Maximum number of exchanges for each account.
        total_bytes: Maximum size in bytes of all accounts together; beyond it, the oldest exchanges
            are deleted.
        on_exchange: Function that is called with each exchange, after keys in it are masked.
            Default: None.
        sleep: Coroutine function that waits for some seconds. Default: `asyncio.sleep`.
    """

    def __init__(
        self,
        store: Store,
        exchanges: int = 500,
        total_bytes: int = TOTAL_BYTES,
        on_exchange: OnExchange | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._table = ExchangeTable(store)
        self._exchanges = exchanges
        self._total_bytes = total_bytes
        self._on_exchange = on_exchange
        self._sleep = sleep
        self._step = max(1, min(_MAX_UNTRIMMED, exchanges // 8))
        # Accounts of the exchanges that were added since the last trim, one entry for each.
        self._untrimmed: list[str] = []
        # The first exchange trims, since earlier workers may have ended before they did.
        self._untrimmed_bytes = total_bytes
        self._is_failing = False

    @property
    def last(self) -> int:
        """Sequence number of the newest exchange that there was; 0 when there was none."""
        return self._table.last()

    def append(self, account: str, exchange: ExchangeRecord, key: str = "") -> None:
        """Store an exchange, unless the database fails; see `RequestLog`."""
        prepare(account, exchange, key)
        try:
            exchange.sequence = self._table.add(_row(exchange))
            self._trim(exchange)
        except Exception as error:  # noqa: BLE001 - a response is worth more than its log
            self._report(error)
        else:
            self._is_failing = False
        if self._on_exchange:
            self._on_exchange(exchange)

    def _report(self, error: Exception) -> None:
        # Once, and not for each request, until the log can be written again.
        if not self._is_failing:
            reason = str(error).partition("\n")[0]
            _logger.error("the request log cannot be written: %s", reason)
        self._is_failing = True

    def _trim(self, exchange: ExchangeRecord) -> None:
        self._untrimmed.append(exchange.account)
        self._untrimmed_bytes += exchange.weight
        if len(self._untrimmed) >= self._step:
            self._table.trim_accounts(set(self._untrimmed), self._exchanges)
            self._untrimmed = []
        if self._untrimmed_bytes >= self._total_bytes // _SHARE:
            self._table.trim_all(self._total_bytes)
            self._untrimmed_bytes = 0

    def accounts(self) -> list[str]:
        """Return the accounts with stored exchanges."""
        return [account for account in self._table.accounts() if account]

    def usage(self) -> Mapping[str, LogUsage]:
        """Return what is stored of each account, also of ""."""
        return {account: LogUsage(*values) for account, *values in self._table.usage()}

    def since(
        self,
        account: str | None,
        sequence: int = 0,
        *,
        before: int = UNLIMITED,
        limit: int = UNLIMITED,
    ) -> list[ExchangeRecord]:
        """Return exchanges, oldest first; see `RequestLog`."""
        found = self._table.newest(account, sequence, before, limit)
        return [_exchange(number, content) for number, content in reversed(found)]

    async def wait_for_more(self, account: str | None, sequence: int) -> None:
        """Wait until there is an exchange after the one with this sequence number."""
        while not self._table.has_more(account, sequence):
            await self._sleep(_POLL_SECONDS)

    def clear(self, account: str | None) -> None:
        """Delete the exchanges of an account; None: of all."""
        self._table.clear(account)


def _row(exchange: ExchangeRecord) -> ExchangeRow:
    # A path can contain lone surrogates, which no encoding allows.
    path = exchange.path.encode("utf-8", "replace").decode()
    content = msgspec.msgpack.encode(replace(exchange, path=path))
    exchange.weight = _ROW_OVERHEAD + len(content)
    return ExchangeRow(
        account=exchange.account,
        masked_key=exchange.key,
        at=exchange.at,
        arrived_at=exchange.arrived_at,
        weight=exchange.weight,
        content=content,
    )


def _exchange(sequence: int, content: bytes) -> ExchangeRecord:
    # Rows of an older version lack newer fields, so these need defaults.
    exchange = msgspec.msgpack.decode(content, type=ExchangeRecord)
    exchange.sequence = sequence
    return exchange
