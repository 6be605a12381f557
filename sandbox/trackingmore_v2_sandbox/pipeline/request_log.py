"""
Recent requests and responses of all accounts.

`MemoryLog` keeps them in memory; `StoreLog` in `store_log.py` in a database that workers share.

An API key is never stored: only some headers are kept, and the key is masked wherever else it
stands.
"""

import asyncio
import re
from bisect import bisect_left, bisect_right
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Mapping
from operator import attrgetter
from sys import getsizeof
from typing import Final, NamedTuple, Protocol, TypeAlias

from msgspec import Struct
from msgspec.structs import astuple

from trackingmore_v2_sandbox.hints.hint import Hint

BODY_BYTES: Final = 64 * 1024
"""Maximum length of a stored body; a longer one is cut, and its size exceeds its length."""

TOTAL_BYTES: Final = 64 * 1024 * 1024
"""Maximum size of the log of all accounts together."""

_KEPT_HEADERS: Final = frozenset({b"content-type", b"lang", b"user-agent"})
_OVERHEAD: Final = 1024
"""Bytes of memory of an exchange without its bodies and texts, rounded up."""

_ACCOUNT_OVERHEAD: Final = 1280
"""Bytes of memory of an account with exchanges, rounded up."""

_PART_OVERHEAD: Final = 256
"""Bytes of memory of a header or a hint without its texts, rounded up."""

UNLIMITED: Final = 2**63 - 1
"""Maximum of a sequence number, and of a number of exchanges."""

_SHORTEST_KEY: Final = 8
"""A shorter text is not a key; masking it would change bodies that contain it by chance."""

_SHOWN: Final = 4
"""Number of characters of a key that stay visible."""


# `gc=False`: records hold only texts, bytes, numbers and hints, and never form a cycle.
class ExchangeRecord(Struct, kw_only=True, gc=False):
    """One request and its response."""

    sequence: int = 0
    """Position among all exchanges, from 1; set by the log."""

    account: str = ""
    """Digest of the key; empty without a valid key. Set by the log."""

    key: str | None = None
    """Masked key as it was sent; None if none was. Set by the log."""

    at: float
    """Unix seconds of the account's clock."""

    arrived_at: float = 0.0
    """Unix seconds of the machine's clock at the arrival of the request."""

    method: str
    path: str
    query: str
    """As it was sent, without the question mark."""

    headers: tuple[tuple[str, str], ...]
    """The kept headers, by name in lower case."""

    request: bytes
    request_size: int = 0
    """Bytes of the whole body; set by the log."""

    operation: str | None
    """Id of the operation; None when the route is unknown."""

    status: int
    """HTTP status."""

    code: int | None
    """The `meta.code`; None when the response has none."""

    response: bytes
    response_size: int = 0
    """Bytes of the whole body; set by the log."""

    hints: tuple[Hint, ...] = ()
    fault: str | None = None
    """The fault that was applied."""

    milliseconds: float
    """Time from the arrival of the request to its response."""

    weight: int = 0
    """Approximate bytes of memory; set by the log."""


OnExchange: TypeAlias = Callable[[ExchangeRecord], None]
"""A function that is called with each exchange of the log."""


def kept_headers(headers: Iterable[tuple[bytes, bytes]]) -> tuple[tuple[str, str], ...]:
    """Return the headers that may be stored."""
    kept = [
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, value in headers
        if name in _KEPT_HEADERS
    ]
    return tuple(kept)


class LogUsage(NamedTuple):
    """The exchanges of an account in the log."""

    exchanges: int
    """Number of exchanges."""

    key: str | None
    """Masked key of the newest exchange."""

    at: float
    """Time of the newest exchange, Unix seconds of the account's clock."""

    arrived_at: float
    """Time of the newest exchange, Unix seconds of the machine's clock."""


class RequestLog(Protocol):
    """
    The newest exchanges of each account, in one order.

    An account is the digest of a key; "" stands for the requests without a valid key, and None for
    all accounts and these requests.
    """

    @property
    def last(self) -> int:
        """Sequence number of the newest exchange that there was; 0 when there was none."""
        ...

    def append(self, account: str, exchange: ExchangeRecord, key: str = "") -> None:
        """
        Store an exchange.

        Args:
            account: Digest of the key; "" for a request without a valid key.
            exchange: The exchange. The log owns it from then on.
            key: The key as it was sent, to be masked wherever it stands. Default: empty, none.
        """
        ...

    def accounts(self) -> list[str]:
        """Return the accounts with stored exchanges."""
        ...

    def usage(self) -> Mapping[str, LogUsage]:
        """Return what is stored of each account, also of ""."""
        ...

    def since(
        self,
        account: str | None,
        sequence: int = 0,
        *,
        before: int = UNLIMITED,
        limit: int = UNLIMITED,
    ) -> list[ExchangeRecord]:
        """
        Return exchanges, oldest first.

        Args:
            account: Digest of the key; "" for requests without a valid key, None for all.
            sequence: Return only exchanges after this sequence number. Default: 0, all.
            before: Return only exchanges before this sequence number. Default: all.
            limit: Maximum number of exchanges; the newest are returned. Default: all.
        """
        ...

    async def wait_for_more(self, account: str | None, sequence: int) -> None:
        """Wait until `since` returns an exchange after the one with this sequence number."""
        ...

    def clear(self, account: str | None) -> None:
        """Delete the exchanges of an account; None: of all."""
        ...


class MemoryLog:
    """
    A `RequestLog` in memory.

    It belongs to one event loop; other threads may call `since`.

    Args:
        exchanges: Maximum number of exchanges for each account.
        total_bytes: Maximum size in bytes of all accounts together. Beyond it, the account without
            requests for the longest time loses its oldest exchanges.
        on_exchange: Function that is called with each exchange, after keys in it are masked.
            Default: None.

    Attributes:
        last: Sequence number of the newest exchange; 0 when there is none.
    """

    def __init__(
        self,
        exchanges: int = 500,
        total_bytes: int = TOTAL_BYTES,
        on_exchange: OnExchange | None = None,
    ) -> None:
        self._exchanges = exchanges
        self._total_bytes = total_bytes
        self._on_exchange = on_exchange
        self._bytes = 0
        self.last = 0
        self._journals: OrderedDict[str, deque[ExchangeRecord]] = OrderedDict()
        # Of all accounts, in the order of their sequence numbers.
        self._by_sequence: dict[int, ExchangeRecord] = {}
        self._arrival: asyncio.Event | None = None

    def append(self, account: str, exchange: ExchangeRecord, key: str = "") -> None:
        """Store an exchange; see `RequestLog`."""
        self.last += 1
        exchange.sequence = self.last
        prepare(account, exchange, key)
        if self._on_exchange:
            self._on_exchange(exchange)
        self._store(account, exchange)
        if self._arrival:
            self._arrival.set()
            self._arrival = None

    def _store(self, account: str, exchange: ExchangeRecord) -> None:
        journal = self._journals.get(account)
        if journal is None:
            journal = self._journals[account] = deque()
            self._bytes += _ACCOUNT_OVERHEAD
        # The first account in this order is the one without requests for the longest time.
        self._journals.move_to_end(account)
        journal.append(exchange)
        self._by_sequence[exchange.sequence] = exchange
        self._bytes += exchange.weight
        if len(journal) > self._exchanges:
            self._drop_oldest(account)
        while self._bytes > self._total_bytes:
            self._drop_oldest(next(iter(self._journals)))

    def _drop_oldest(self, account: str) -> None:
        journal = self._journals[account]
        dropped = journal.popleft()
        self._bytes -= dropped.weight
        del self._by_sequence[dropped.sequence]
        if not journal:
            del self._journals[account]
            self._bytes -= _ACCOUNT_OVERHEAD

    def accounts(self) -> list[str]:
        """Return the accounts with stored exchanges."""
        return [account for account in self._journals if account]

    def usage(self) -> Mapping[str, LogUsage]:
        """Return what is stored of each account, also of ""."""
        return {account: _usage_of(journal) for account, journal in self._journals.items()}

    def since(
        self,
        account: str | None,
        sequence: int = 0,
        *,
        before: int = UNLIMITED,
        limit: int = UNLIMITED,
    ) -> list[ExchangeRecord]:
        """Return exchanges, oldest first; see `RequestLog`."""
        # A copy, because another thread may append while this one reads.
        if account is None:
            journal = list(self._by_sequence.values())
        else:
            journal = list(self._journals.get(account, ()))
        start = bisect_right(journal, sequence, key=_sequence_of)
        end = bisect_left(journal, before, lo=start, key=_sequence_of)
        return journal[max(start, end - limit) : end]

    async def wait_for_more(self, account: str | None, sequence: int) -> None:
        """Wait until there is an exchange after the one with this sequence number."""
        while not self._has_more(account, sequence):
            if self._arrival is None:
                self._arrival = asyncio.Event()
            await self._arrival.wait()

    def _has_more(self, account: str | None, sequence: int) -> bool:
        if account is None:
            return next(reversed(self._by_sequence), 0) > sequence
        journal = self._journals.get(account)
        return journal is not None and journal[-1].sequence > sequence

    def clear(self, account: str | None) -> None:
        """Delete the exchanges of an account; None: of all."""
        for each in list(self._journals) if account is None else [account]:
            while each in self._journals:
                self._drop_oldest(each)


_sequence_of: Final = attrgetter("sequence")


def _usage_of(journal: deque[ExchangeRecord]) -> LogUsage:
    newest = journal[-1]
    return LogUsage(len(journal), newest.key, newest.at, newest.arrived_at)


def prepare(account: str, exchange: ExchangeRecord, key: str) -> None:
    """
    Set the fields of an exchange that a log sets, except for its number.

    Long bodies are cut, and the key is masked wherever it stands.

    Args:
        account: Digest of the key; "" for a request without a valid key.
        exchange: The exchange.
        key: The key as it was sent; empty if none was.
    """
    exchange.account = account
    exchange.key = _masked(key)
    _cut_and_mask(exchange, key)
    exchange.weight = _weight(exchange)


def _masked(key: str) -> str | None:
    if not key:
        return None
    return f"****{key[-_SHOWN:]}" if len(key) >= _SHORTEST_KEY else "****"


def _weight(exchange: ExchangeRecord) -> int:
    # Only a path can have characters of more than a byte.
    weight = _OVERHEAD + getsizeof(exchange.path) + len(exchange.query) + len(exchange.method)
    weight += len(exchange.request) + len(exchange.response)
    for name, value in exchange.headers:
        weight += _PART_OVERHEAD + len(name) + len(value)
    for hint in exchange.hints:
        weight += _PART_OVERHEAD + sum(map(len, astuple(hint)))
    return weight + len(exchange.fault) if exchange.fault else weight


def _cut_and_mask(exchange: ExchangeRecord, key: str) -> None:
    lower = key.lower()
    exchange.request_size = len(exchange.request)
    exchange.response_size = len(exchange.response)
    exchange.request = _part(exchange.request, key, lower)
    exchange.response = _part(exchange.response, key, lower)
    texts = f"{exchange.path}\n{exchange.query}"
    for _, value in exchange.headers:
        texts += f"\n{value}"
    # One search suffices for most requests, which have the key in no other place.
    if lower in texts.lower():
        exchange.path = mask(exchange.path, key)
        exchange.query = mask(exchange.query, key)
        exchange.headers = tuple((name, mask(value, key)) for name, value in exchange.headers)


def _part(body: bytes, key: str, lower: str) -> bytes:
    if not body:
        return body
    # A key that crosses the cut has to be masked as well.
    part = body[: BODY_BYTES + len(key)]
    if lower.encode() not in part.lower():
        return part[:BODY_BYTES]
    return mask(part.decode("latin-1"), key)[:BODY_BYTES].encode("latin-1")


def mask(text: str, key: str) -> str:
    """Replace a key by asterisks, in either case, except for its last four characters."""
    if len(key) < _SHORTEST_KEY or key.lower() not in text.lower():
        return text
    hidden = len(key) - _SHOWN
    return re.sub(
        re.escape(key), lambda found: "*" * hidden + found[0][hidden:], text, flags=re.IGNORECASE
    )
