# Derived from _async/lists.py by codegen/derive_sync.py; do not edit.
"""The sync list of trackings; `_listing/cursor.py` holds its pagination."""

from collections.abc import Generator, Sequence
from contextlib import closing, nullcontext
from functools import partial

from trackingmore_v2._calls.flow import PreparedCall
from trackingmore_v2._calls.runner import Runner
from trackingmore_v2._listing.cursor import PageCursor, prepare_total
from trackingmore_v2._listing.filters import Query
from trackingmore_v2._listing.prefetch import PendingPage, prefetching, start_next
from trackingmore_v2._scrubbing import scrub_methods
from trackingmore_v2_api import models


@scrub_methods
class TrackingList:
    """
    Matching trackings, fetched page by page during iteration.

        for tracking in client.trackings.list(status="delivered"):
            print(tracking.tracking_number)

    Nothing is sent until the list is iterated, and each iteration sends new requests. A tracking
    that matches all the time is returned exactly once, whatever happens to others in between: if
    fewer trackings match than on the page before, as in a loop that deletes or archives them, the
    pages are read again from the first for those that have moved. To recognize the others, an
    iteration keeps carrier and number of each tracking.

    The API is assumed to list the newest trackings first. If older ones start to match while as
    many newer ones stop, nothing shows that others have moved to pages that were already read.

    To close an iteration that is left early at once, use `contextlib.closing(trackings.pages())`.

    Iteration and every method can raise the errors below.

    Raises:
        ApiError: The API returned an error.
        ContractBroken: A response cannot be parsed, or names a number that is not in `numbers`.
        TransportError: No response was received.

    Source: operation listTrackings.
    """

    def __init__(
        self, run: Runner, queries: Sequence[Query], page_size: int, *, prefetch: bool
    ) -> None:
        self._run = run
        self._queries = queries
        self._page_size = page_size
        self._prefetch = prefetch

    def __repr__(self) -> str:
        queries = len(self._queries)
        noun = "query" if queries == 1 else "queries"
        return f"<{type(self).__name__} of {queries} {noun}, {self._page_size} items a page>"

    def __iter__(self) -> Generator[models.Tracking]:
        with closing(self.pages()) as pages:
            for page in pages:
                for item in page.items:
                    yield item

    def pages(self) -> Generator[models.TrackingPage]:
        """
        Return the same trackings page by page.

        Yields:
            Pages with at least one new tracking; trackings of earlier pages are removed. `page`,
            `total` and `count` are the API's values, and refer to a single query.

        Source: operation listTrackings.
        """
        cursor = PageCursor(self._queries, self._page_size)
        with prefetching(self._run) if self._prefetch else nullcontext(self._fetch_lazily) as start:
            pending = start_next(cursor, start)
            while pending:
                page = cursor.accept(pending())
                # Before `yield`, so that a prefetch runs while the caller handles this page.
                pending = start_next(cursor, start)
                if page.items:
                    yield page

    def total(self) -> int:
        """
        Return the number of matching trackings, with one request for each query of the filters.

        Raises:
            ContractBroken: The response cannot be parsed, or has no total.

        Source: operation listTrackings.
        """
        return sum([self._run(prepare_total(query(page=1, limit=1))) for query in self._queries])

    def first(self) -> models.Tracking | None:
        """
        Return the first matching tracking, with requests for pages of one tracking.

        Returns:
            The tracking, or None if none matches.

        Source: operation listTrackings.
        """
        one_by_one = TrackingList(self._run, self._queries, 1, prefetch=False)
        # Closed at once, not when the garbage collector finds it.
        with closing(one_by_one.__iter__()) as items:
            return next(items, None)

    def _fetch_lazily(self, prepared: PreparedCall[models.TrackingPage]) -> PendingPage:
        return partial(self._run, prepared)
