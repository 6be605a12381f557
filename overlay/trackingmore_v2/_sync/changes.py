# Derived from _async/changes.py by codegen/derive_sync.py; do not edit.
"""The async iterator over changes; `_listing/changes.py` holds its decisions."""

from collections.abc import Generator
from contextlib import closing

from trackingmore_v2._calls.runner import Runner
from trackingmore_v2._listing.changes import ChangeCursor
from trackingmore_v2._listing.cursor import prepare_page
from trackingmore_v2._listing.filters import queries
from trackingmore_v2._scrubbing import scrub_methods
from trackingmore_v2._sync.lists import TrackingList
from trackingmore_v2_api import models


@scrub_methods
class TrackingChanges:
    """
    Trackings that the API has refreshed since the last time, each state once.

        changes = client.trackings.changes(since=saved)
        for tracking in changes:
            print(tracking.tracking_number, tracking.status)
        saved = changes.cursor

    Nothing is sent until it is iterated, and an iteration ends when there are no further changes.
    Iterating again continues after the last tracking returned.

    A state is a tracking with its `updated_at` and all other fields but the numbers of days. If a
    tracking is refreshed several times between two iterations, its latest state is returned. A
    tracking that was deleted, or has not been refreshed since its creation, is not.

    Only times of the server are used. Each iteration reads the last two minutes before the cursor
    again, so that no state is lost that has the same second, or is listed up to two minutes late.
    It is assumed that the filters `updated_after` and `updated_before` compare `updated_at`, and
    that the times of all trackings are those of one clock.

    An iteration keeps a digest of each state that it reads.

    Iteration can raise the errors below; it can be continued afterwards.

    Raises:
        ApiError: The API returned an error.
        ContractBroken: A response cannot be parsed.
        TransportError: No response was received.

    Source: operation listTrackings.
    """

    def __init__(self, run: Runner, cursor: ChangeCursor, page_size: int, lang: str | None) -> None:
        self._run = run
        self._cursor = cursor
        self._page_size = page_size
        self._lang = lang

    def __repr__(self) -> str:
        return f"<{type(self).__name__}, {self._page_size} items a page>"

    @property
    def cursor(self) -> str:
        """
        A text to save, and to pass as `since` later: it covers all trackings returned so far.

        It has about 15 characters for each state of the last two minutes, and inside a loop for
        each tracking that the loop has returned.
        """
        return str(self._cursor)

    def __iter__(self) -> Generator[models.Tracking]:
        has_later = True
        while has_later:
            (query,) = queries(self._cursor.later(), self._lang)
            page = self._run(prepare_page(query(page=1, limit=self._page_size)))
            window, has_later = self._cursor.open_window(page)
            if window is None:
                return
            refreshed = TrackingList(
                self._run, queries(window, self._lang), self._page_size, prefetch=False
            )
            with closing(refreshed.__iter__()) as trackings:
                for tracking in trackings:
                    if self._cursor.is_new(tracking):
                        yield tracking
            self._cursor.close_window()
