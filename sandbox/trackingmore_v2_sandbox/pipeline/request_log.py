"""
What was asked and answered lately, in memory, by account.

A key never gets in: of the headers only some are kept, and where the key stands elsewhere it is
masked.
"""

import asyncio
import re
from collections import OrderedDict, deque
from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from trackingmore_v2_sandbox.hints import Hint

BODY_BYTES: Final = 64 * 1024
"""What is kept of a body; a longer one has a size greater than its length."""

TOTAL_BYTES: Final = 64 * 1024 * 1024
"""What is kept of all accounts together."""

_KEPT_HEADERS: Final = frozenset({b"content-type", b"lang", b"user-agent"})
_OVERHEAD: Final = 1024
"""Bytes that an exchange takes besides its bodies, about."""

_SHORTEST_KEY: Final = 8
"""A shorter text is no key, and stands in a body by chance."""

_SHOWN: Final = 4
"""Characters of a key by which people recognise it."""


class ExchangeRecord(Struct, kw_only=True):
    """One request and its answer."""

    sequence: int = 0
    """Counts all exchanges; set by the log."""

    at: float
    """Unix seconds of the account's clock."""

    method: str
    path: str
    query: str
    """As it was sent, without the question mark."""

    headers: tuple[tuple[str, str], ...]
    """A few that tell something, by name in lower case."""

    request: bytes
    request_size: int = 0
    """Bytes of the whole body; set by the log."""

    operation: str | None
    """Id of the operation; None when the route is unknown."""

    status: int
    """HTTP status."""

    code: int | None
    """The `meta.code`; None when the answer has none."""

    answer: bytes
    answer_size: int = 0
    """Bytes of the whole body; set by the log."""

    hints: tuple[Hint, ...] = ()
    fault: str | None = None
    """The fault that was applied."""

    milliseconds: float
    """How long it took."""


def kept_headers(headers: Iterable[tuple[bytes, bytes]]) -> tuple[tuple[str, str], ...]:
    """Pick the headers that may be kept."""
    kept = [
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, value in headers
        if name in _KEPT_HEADERS
    ]
    return tuple(kept)


class RequestLog:
    """
    Keeps the newest exchanges of each account.

    Belongs to one event loop; other threads may call `since`.

    Args:
        exchanges: How many are kept of one account.
        total_bytes: How much is kept of all accounts together, about. When it is more, the account
            that was silent for longest loses its oldest exchanges.

    Attributes:
        last: Sequence number of the newest exchange of all; 0 when there was none.
    """

    def __init__(self, exchanges: int = 500, total_bytes: int = TOTAL_BYTES) -> None:
        self._exchanges = exchanges
        self._total_bytes = total_bytes
        self._bytes = 0
        self.last = 0
        self._journals: OrderedDict[str, deque[ExchangeRecord]] = OrderedDict()
        self._arrivals: dict[str, asyncio.Event] = {}

    def append(self, account: str, exchange: ExchangeRecord, key: str = "") -> None:
        """
        Keep an exchange.

        Args:
            account: Digest of the key; "" for a request that no account sent.
            exchange: What happened. The log takes it over.
            key: What was sent as the key, to be masked wherever it stands.
        """
        self.last += 1
        exchange.sequence = self.last
        _cut_and_mask(exchange, key)
        journal = self._journals.get(account)
        if journal is None:
            journal = self._journals[account] = deque()
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
        """Name the accounts of which something is kept."""
        return [account for account in self._journals if account]

    def since(self, account: str, sequence: int = 0) -> list[ExchangeRecord]:
        """Give the exchanges of an account that came after the one with this sequence number."""
        journal = list(self._journals.get(account, ()))
        return [exchange for exchange in journal if exchange.sequence > sequence]

    async def wait_for_more(self, account: str, sequence: int) -> list[ExchangeRecord]:
        """Give the same as `since`, but wait until there are some."""
        while not (more := self.since(account, sequence)):
            await self._arrivals.setdefault(account, asyncio.Event()).wait()
        return more

    def clear(self, account: str) -> None:
        """Forget the exchanges of an account."""
        self._bytes -= sum(map(_weight, self._journals.pop(account, ())))


def _weight(exchange: ExchangeRecord) -> int:
    return _OVERHEAD + len(exchange.request) + len(exchange.answer)


def _cut_and_mask(exchange: ExchangeRecord, key: str) -> None:
    exchange.request_size = len(exchange.request)
    exchange.answer_size = len(exchange.answer)
    exchange.request = _part(exchange.request, key)
    exchange.answer = _part(exchange.answer, key)
    texts = (exchange.path, exchange.query, *(value for _, value in exchange.headers))
    if key.lower() in "\n".join(texts).lower():
        exchange.path = mask(exchange.path, key)
        exchange.query = mask(exchange.query, key)
        exchange.headers = tuple((name, mask(value, key)) for name, value in exchange.headers)


def _part(body: bytes, key: str) -> bytes:
    if not body:
        return body
    # A key that the cut goes through has to be masked as well.
    part = body[: BODY_BYTES + len(key)]
    if key.lower().encode() not in part.lower():
        return part[:BODY_BYTES]
    return mask(part.decode("latin-1"), key)[:BODY_BYTES].encode("latin-1")


def mask(text: str, key: str) -> str:
    """Write asterisks over a key, in either case, but for its last four characters."""
    if len(key) < _SHORTEST_KEY or key.lower() not in text.lower():
        return text
    hidden = len(key) - _SHOWN
    return re.sub(
        re.escape(key), lambda found: "*" * hidden + found[0][hidden:], text, flags=re.IGNORECASE
    )
