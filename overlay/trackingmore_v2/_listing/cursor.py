"""Pagination without I/O: the next page to request, and the new items of a response."""

from collections.abc import Iterable
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from trackingmore_v2._calls.flow import PreparedCall
from trackingmore_v2._calls.identity import check_numbers
from trackingmore_v2._listing.filters import Query
from trackingmore_v2_api import Call, models

MAX_PAGES_WITHOUT_NEW_ITEMS: Final = 100
"""Stop after this many consecutive pages without new items, whatever `total` says."""

MAX_PASSES_WITHOUT_NEW_ITEMS: Final = 2
"""
Stop after this many consecutive passes without new items, although the list keeps shrinking. Two,
since the caller can still handle the last page of one pass while the next one is prefetched.
"""


class _Pass(Struct):
    """One reading of all pages of a query."""

    number: int
    page: int = 1
    """The next page to request."""

    total: int | None = None
    """Number of matching trackings when the last page was read; None if unknown."""

    has_shrunk: bool = False
    """Whether that number has decreased from one page to another."""

    has_new_items: bool = False
    pages_without_progress: int = 0
    """Consecutive pages without items that are new in this pass."""

    def note_total(self, page: models.TrackingPage) -> None:
        total = parse_count(page.total)
        if total is None and not page.items and not page.count:
            # The API reports an empty page as an error without a total; the one before promised it.
            total = 0
        if total is not None:
            self.has_shrunk = self.has_shrunk or (self.total is not None and total < self.total)
            self.total = total


class PageCursor:
    """
    A cursor over the pages of several queries, one query after the other.

    The API computes pages anew for each request. Trackings that are created in between come first,
    and shift the others to later pages, where those seen before are dropped. Deletions shift them
    to earlier pages, which were already read: if the number of matching trackings decreases from
    one page to the next, the query is read again from its first page. Only the identities of
    earlier trackings are kept in memory.
    """

    def __init__(self, queries: Iterable[Query], size: int) -> None:
        self._queries = iter(queries)
        self._size = size
        self._seen: dict[str, int] = {}
        """
        Number of the latest pass that returned each identity. One dict for all queries, since a
        tracking may have changed its status between two.
        """

        self._pass = _Pass(number=0)
        self._passes_without_new_items = 0
        self._next_query()

    def next_call(self) -> Call[models.TrackingListResponse] | None:
        """Return the request for the next page; None at the end."""
        if self._query is None:
            return None
        return self._query(page=self._pass.page, limit=self._size)

    def accept(self, page: models.TrackingPage) -> models.TrackingPage:
        """Advance to the next page, and return this one without items that were seen before."""
        current = self._pass
        found = {_identity(item): item for item in page.items}
        is_progress = any(self._seen.get(identity) != current.number for identity in found)
        items = [item for identity, item in found.items() if identity not in self._seen]
        self._seen.update(dict.fromkeys(found, current.number))
        current.has_new_items = current.has_new_items or bool(items)
        current.pages_without_progress = 0 if is_progress else current.pages_without_progress + 1
        current.note_total(page)
        if current.pages_without_progress == MAX_PAGES_WITHOUT_NEW_ITEMS or self._is_last(
            page, has_new_items=is_progress
        ):
            self._end_pass()
        else:
            current.page += 1
        return page if len(items) == len(page.items) else replace(page, items=items)

    def _next_query(self) -> None:
        self._query = next(self._queries, None)
        self._passes_without_new_items = 0
        self._pass = _Pass(self._pass.number + 1)

    def _end_pass(self) -> None:
        barren = 0 if self._pass.has_new_items else self._passes_without_new_items + 1
        if self._pass.has_shrunk and barren < MAX_PASSES_WITHOUT_NEW_ITEMS:
            self._passes_without_new_items = barren
            self._pass = _Pass(self._pass.number + 1)
        else:
            self._next_query()

    def _is_last(self, page: models.TrackingPage, *, has_new_items: bool) -> bool:
        sent = max(len(page.items), page.count or 0)
        # Items that could not be parsed are missing in `items`; `count` shows that they were sent.
        if not has_new_items and sent == len(page.items):
            # New trackings can shift a whole page; a server that ignores `page` reports page 1.
            is_shifted = bool(page.items) and page.page == self._pass.page
            if not is_shifted:
                return True
        # A server may reduce the page size, and reports the reduced one as `limit`.
        size = min(self._size, page.limit or self._size)
        total = parse_count(page.total)
        # Without a total, or with one below what was received, a short page is the last.
        if total is None or total < (self._pass.page - 1) * size + len(page.items):
            return not has_new_items or sent < size
        return self._pass.page * size >= total


def prepare_page(call: Call[models.TrackingListResponse]) -> PreparedCall[models.TrackingPage]:
    """Prepare a request that returns a page, which names no other numbers than the request."""
    numbers = dict(call.query).get("numbers")

    def read(envelope: models.TrackingListResponse) -> models.TrackingPage:
        if numbers:
            check_numbers(envelope.data, *numbers.split(","))
        return envelope.data

    # The API reports an empty page as an error, with code 4031.
    return PreparedCall(call, read, lambda: models.TrackingPage(items=[]))


def prepare_total(call: Call[models.TrackingListResponse]) -> PreparedCall[int]:
    """Prepare a request that returns the number of trackings on all pages."""
    return PreparedCall(call, lambda envelope: _known_total(envelope.data), lambda: 0)


def parse_count(text: str | int | None) -> int | None:
    """Parse a number that the API returns as a string; None if it is not a valid count."""
    try:
        value = -1 if text is None else int(text)
    except ValueError:
        return None
    return None if value < 0 else value


def _known_total(page: models.TrackingPage) -> int:
    total = parse_count(page.total)
    if total is None:
        raise LookupError("total")  # becomes a `ContractBroken`
    return total


def _identity(item: models.Tracking) -> str:
    """Return carrier and number, and the id if one of the two could not be parsed."""
    pair = f"{item.carrier_code} {item.tracking_number}"
    return pair if item.carrier_code and item.tracking_number else f"{pair} {item.id}"
