"""
Recent requests and responses, in memory, by account.

An API key is never stored: only some headers are kept, and the key is masked wherever else it
stands.
"""

import asyncio
import re
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable
from typing import Final, TypeAlias

from msgspec import Struct

from trackingmore_v2_sandbox.hints.hint import Hint

BODY_BYTES: Final = 64 * 1024
"""Maximum length of a stored body; a longer one is cut, and its size exceeds its length."""

TOTAL_BYTES: Final = 64 * 1024 * 1024
"""Maximum size of the log of all accounts together."""

_KEPT_HEADERS: Final = frozenset({b"content-type", b"lang", b"user-agent"})
_OVERHEAD: Final = 1024
"""Approximate size in bytes of an exchange without its bodies."""

_SHORTEST_KEY: Final = 8
"""A shorter text is not a key; masking it would change bodies that contain it by chance."""

_SHOWN: Final = 4
"""Number of characters of a key that stay visible."""


class ExchangeRecord(Struct, kw_only=True):
    """One request and its response."""

    sequence: int = 0
    """Position among all exchanges, from 1; set by the log."""

    at: float
    """Unix seconds of the account's clock."""

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


class RequestLog:
    """
    The newest exchanges of each account.

    It belongs to one event loop; other threads may call `since`.

    Args:
        exchanges: Maximum number of exchanges for each account.
        total_bytes: Approximate maximum size in bytes of all accounts together. Beyond it, the
            account without requests for the longest time loses its oldest exchanges.
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
        self._arrivals: dict[str, asyncio.Event] = {}

    def append(self, account: str, exchange: ExchangeRecord, key: str = "") -> None:
        """
        Store an exchange.

        Args:
            account: Digest of the key; "" for a request without a valid key.
            exchange: The exchange. The log owns it from then on.
            key: The key as it was sent, to be masked wherever it stands.
        """
        self.last += 1
        exchange.sequence = self.last
        _cut_and_mask(exchange, key)
        if self._on_exchange:
            self._on_exchange(exchange)
        journal = self._journals.get(account)
        if journal is None:
            journal = self._journals[account] = deque()
        # The first account in this order is the one without requests for the longest time.
        self._journals.move_to_end(account)
        journal.append(exchange)
        self._bytes += _weight(exchange)
        if len(journal) > self._exchanges:
            self._bytes -= _weight(journal.popleft())
        while self._bytes > self._total_bytes:
            self._drop_one()
        arrival = self._arrivals.pop(account, None)
        if arrival:
            arrival.set()

    def _drop_one(self) -> None:
        account, journal = next(iter(self._journals.items()))
        self._bytes -= _weight(journal.popleft())
        if not journal:
            del self._journals[account]

    def accounts(self) -> list[str]:
        """Return the accounts with stored exchanges."""
        return [account for account in self._journals if account]

    def since(self, account: str, sequence: int = 0) -> list[ExchangeRecord]:
        """Return the exchanges of an account after the one with this sequence number."""
        # A copy, because another thread may append while this one reads.
        journal = list(self._journals.get(account, ()))
        return [exchange for exchange in journal if exchange.sequence > sequence]

    async def wait_for_more(self, account: str, sequence: int) -> list[ExchangeRecord]:
        """Return what `since` returns, but wait until there is an exchange."""
        while not (more := self.since(account, sequence)):
            await self._arrivals.setdefault(account, asyncio.Event()).wait()
        return more

    def clear(self, account: str) -> None:
        """Delete the exchanges of an account."""
        self._bytes -= sum(map(_weight, self._journals.pop(account, ())))


def _weight(exchange: ExchangeRecord) -> int:
    return _OVERHEAD + len(exchange.request) + len(exchange.response)


def _cut_and_mask(exchange: ExchangeRecord, key: str) -> None:
    exchange.request_size = len(exchange.request)
    exchange.response_size = len(exchange.response)
    exchange.request = _part(exchange.request, key)
    exchange.response = _part(exchange.response, key)
    texts = (exchange.path, exchange.query, *(value for _, value in exchange.headers))
    # One search suffices for most requests, which have the key in no other place.
    if key.lower() in "\n".join(texts).lower():
        exchange.path = mask(exchange.path, key)
        exchange.query = mask(exchange.query, key)
        exchange.headers = tuple((name, mask(value, key)) for name, value in exchange.headers)


def _part(body: bytes, key: str) -> bytes:
    if not body:
        return body
    # A key that crosses the cut has to be masked as well.
    part = body[: BODY_BYTES + len(key)]
    if key.lower().encode() not in part.lower():
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
