"""Which page to ask for next, and what of it is new. Nothing here does I/O."""

from collections.abc import Iterable
from typing import Final

from msgspec.structs import replace

from trackingmore_v2._calls.flow import PreparedCall, prepare
from trackingmore_v2._listing.filters import Query
from trackingmore_v2_api import Call, models

MAX_PAGES_WITHOUT_NEW_ITEMS: Final = 100
"""Pages in a row without anything new; a server that still counts more is not believed."""


class PageCursor:
    """
    Leads through the pages of several queries, one after the other.

    The API counts pages anew with every call, so parcels that come or go meanwhile shift the rest:
    a parcel may turn up again, and is left out then. Remembers no more than the identities.
    """

    def __init__(self, queries: Iterable[Query], size: int) -> None:
        self._queries = iter(queries)
        self._size = size
        self._query = next(self._queries, None)
        self._number = 1
        self._in_vain = 0
        self._seen: set[str] = set()
        """By the present query: one that finds nothing new is at its end."""

        self._seen_before: set[str] = set()
        """By the queries before: a parcel may have changed its status since."""

    def next_call(self) -> Call[models.TrackingListResponse] | None:
        """Say what to ask for; None at the end."""
        if self._query is None:
            return None
        return self._query(page=self._number, limit=self._size)

    def accept(self, page: models.TrackingPage) -> models.TrackingPage:
        """Take the answer to that call, and give it without what was there before."""
        found = {_identity(item): item for item in page.items}
        news = [identity for identity in found if identity not in self._seen]
        self._seen.update(news)
        items = [found[identity] for identity in news if identity not in self._seen_before]
        self._in_vain = 0 if news else self._in_vain + 1
        if self._in_vain == MAX_PAGES_WITHOUT_NEW_ITEMS or self._is_last(page, has_news=bool(news)):
            self._turn_to_the_next_query()
        else:
            self._number += 1
        return page if len(items) == len(page.items) else replace(page, items=items)

    def _turn_to_the_next_query(self) -> None:
        self._query = next(self._queries, None)
        self._number = 1
        self._in_vain = 0
        self._seen_before |= self._seen
        self._seen = set()

    def _is_last(self, page: models.TrackingPage, *, has_news: bool) -> bool:
        sent = max(len(page.items), page.count or 0)
        # A page whose items could not be read is no empty page.
        if not has_news and sent == len(page.items):
            return True
        # Some servers have a largest page of their own, and say so.
        size = min(self._size, page.limit or self._size)
        total = number(page.total)
        if total is None or total < (self._number - 1) * size + len(page.items):
            return not has_news or sent < size
        return self._number * size >= total


def page_of(call: Call[models.TrackingListResponse]) -> PreparedCall[models.TrackingPage]:
    """Ask for a page."""
    return prepare(call, lambda envelope: envelope.data, lambda: models.TrackingPage(items=[]))


def total_of(call: Call[models.TrackingListResponse]) -> PreparedCall[int]:
    """Ask how many parcels there are on all pages."""
    return prepare(call, lambda envelope: _known_total(envelope.data), lambda: 0)


def number(text: str | int | None) -> int | None:
    """Read a number that the API writes as text; None where it is none."""
    try:
        value = -1 if text is None else int(text)
    except ValueError:
        return None
    return None if value < 0 else value


def _known_total(page: models.TrackingPage) -> int:
    total = number(page.total)
    if total is None:
        raise LookupError("total")
    return total


def _identity(item: models.Tracking) -> str:
    """Carrier and number tell parcels apart; an id helps where one of them could not be read."""
    pair = f"{item.carrier_code} {item.tracking_number}"
    return pair if item.carrier_code and item.tracking_number else f"{pair} {item.id}"
