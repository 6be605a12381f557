"""Pagination without I/O: the next page to request, and the new items of a response."""

from collections.abc import Iterable
from typing import Final

from msgspec.structs import replace

from trackingmore_v2._calls.flow import PreparedCall
from trackingmore_v2._listing.filters import Query
from trackingmore_v2_api import Call, models

MAX_PAGES_WITHOUT_NEW_ITEMS: Final = 100
"""Stop after this many consecutive pages without new items, whatever `total` says."""


class PageCursor:
    """
    A cursor over the pages of several queries, one query after the other.

    The API computes pages anew for each request, so trackings that are created or deleted in
    between shift the others. Trackings that appear a second time are dropped. Only the identities
    of earlier trackings are kept in memory.
    """

    def __init__(self, queries: Iterable[Query], size: int) -> None:
        self._queries = iter(queries)
        self._size = size
        self._seen: set[str] = set()
        """Identities of the current query; a page without new ones ends it."""

        self._seen_before: set[str] = set()
        """Identities of earlier queries: a tracking may have changed its status in between."""

        self._pages_without_new_items = 0
        self._next_query()

    def next_call(self) -> Call[models.TrackingListResponse] | None:
        """Return the request for the next page; None at the end."""
        if self._query is None:
            return None
        return self._query(page=self._number, limit=self._size)

    def accept(self, page: models.TrackingPage) -> models.TrackingPage:
        """Advance to the next page, and return this one without items that were seen before."""
        found = {_identity(item): item for item in page.items}
        new = [identity for identity in found if identity not in self._seen]
        self._seen.update(new)
        items = [found[identity] for identity in new if identity not in self._seen_before]
        self._pages_without_new_items = 0 if new else self._pages_without_new_items + 1
        if self._pages_without_new_items == MAX_PAGES_WITHOUT_NEW_ITEMS or self._is_last(
            page, has_new_items=bool(new)
        ):
            self._next_query()
        else:
            self._number += 1
        return page if len(items) == len(page.items) else replace(page, items=items)

    def _next_query(self) -> None:
        self._query = next(self._queries, None)
        self._number = 1
        self._pages_without_new_items = 0
        self._seen_before |= self._seen
        self._seen = set()

    def _is_last(self, page: models.TrackingPage, *, has_new_items: bool) -> bool:
        sent = max(len(page.items), page.count or 0)
        # Items that could not be parsed are missing in `items`; `count` shows that they were sent.
        if not has_new_items and sent == len(page.items):
            return True
        # A server may reduce the page size, and reports the reduced one as `limit`.
        size = min(self._size, page.limit or self._size)
        total = _parse_count(page.total)
        # Without a total, or with one below what was received, a short page is the last.
        if total is None or total < (self._number - 1) * size + len(page.items):
            return not has_new_items or sent < size
        return self._number * size >= total


def prepare_page(call: Call[models.TrackingListResponse]) -> PreparedCall[models.TrackingPage]:
    """Prepare a request that returns a page."""
    # The API reports an empty page as an error, with code 4031.
    return PreparedCall(call, lambda envelope: envelope.data, lambda: models.TrackingPage(items=[]))


def prepare_total(call: Call[models.TrackingListResponse]) -> PreparedCall[int]:
    """Prepare a request that returns the number of trackings on all pages."""
    return PreparedCall(call, lambda envelope: _known_total(envelope.data), lambda: 0)


def _parse_count(text: str | int | None) -> int | None:
    """Parse a number that the API returns as a string; None if it is not a valid count."""
    try:
        value = -1 if text is None else int(text)
    except ValueError:
        return None
    return None if value < 0 else value


def _known_total(page: models.TrackingPage) -> int:
    total = _parse_count(page.total)
    if total is None:
        raise LookupError("total")  # becomes a `ContractBroken`
    return total


def _identity(item: models.Tracking) -> str:
    """Return carrier and number, and the id if one of the two could not be parsed."""
    pair = f"{item.carrier_code} {item.tracking_number}"
    return pair if item.carrier_code and item.tracking_number else f"{pair} {item.id}"
