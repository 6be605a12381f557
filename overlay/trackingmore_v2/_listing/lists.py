"""Lists of trackings, sync and async; `cursor.py` holds their pagination."""

from collections import deque
from collections.abc import (
    AsyncGenerator,
    Awaitable,
    Callable,
    Generator,
    Iterator,
    Sequence,
)
from contextlib import aclosing, asynccontextmanager, closing, contextmanager, nullcontext
from contextvars import copy_context
from functools import partial
from typing import TypeAlias, TypeVar

from trackingmore_v2._calls.flow import PreparedCall
from trackingmore_v2._calls.runner import AsyncRunner, Runner
from trackingmore_v2._listing.cursor import PageCursor, prepare_page, prepare_total
from trackingmore_v2._listing.filters import Query
from trackingmore_v2_api import models

PendingT = TypeVar("PendingT")
PendingPage: TypeAlias = Callable[[], models.TrackingPage]
AsyncPendingPage: TypeAlias = Callable[[], Awaitable[models.TrackingPage]]
StartPage: TypeAlias = Callable[[PreparedCall[models.TrackingPage]], PendingT]


class TrackingList:
    """
    Matching trackings, fetched page by page during iteration.

        for tracking in client.trackings.list(status="delivered"):
            print(tracking.tracking_number)

    Nothing is sent until the list is iterated, and each iteration sends new requests. Each tracking
    is returned once, even if others are created or deleted in between. If others are deleted, a
    tracking can move to a page that was already read, and is missed.

    Raises:
        ApiError: The API returned an error during iteration.
        ContractBroken: A response cannot be parsed.
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

    def __iter__(self) -> Iterator[models.Tracking]:
        with closing(self.pages()) as pages:
            for page in pages:
                yield from page.items

    def pages(self) -> Generator[models.TrackingPage]:
        """
        Return the same trackings page by page.

        Yields:
            Pages with at least one new tracking; trackings of earlier pages are removed. `page`,
            `total` and `count` are the API's values, and refer to a single query.

        Raises:
            ApiError: The API returned an error.
            ContractBroken: A response cannot be parsed.
            TransportError: No response was received.

        Source: operation listTrackings.
        """
        cursor = PageCursor(self._queries, self._page_size)
        with (
            _prefetching(self._run) if self._prefetch else nullcontext(self._fetch_lazily) as start
        ):
            pending = _start_next(cursor, start)
            while pending:
                page = cursor.accept(pending())
                pending = _start_next(cursor, start)
                if page.items:
                    yield page

    def total(self) -> int:
        """
        Return the number of matching trackings, with one request for each query of the filters.

        Raises:
            ApiError: The API returned an error.
            ContractBroken: The response cannot be parsed, or has no total.
            TransportError: No response was received.

        Source: operation listTrackings.
        """
        return sum(self._run(prepare_total(query(page=1, limit=1))) for query in self._queries)

    def first(self) -> models.Tracking | None:
        """
        Return the first matching tracking, with requests for pages of one tracking.

        Returns:
            The tracking, or None if none matches.

        Raises:
            ApiError: The API returned an error.
            ContractBroken: A response cannot be parsed.
            TransportError: No response was received.

        Source: operation listTrackings.
        """
        return next(iter(TrackingList(self._run, self._queries, 1, prefetch=False)), None)

    def _fetch_lazily(self, prepared: PreparedCall[models.TrackingPage]) -> PendingPage:
        return partial(self._run, prepared)


class AsyncTrackingList:
    """
    Matching trackings, fetched page by page during iteration.

        async for tracking in client.trackings.list(status="delivered"):
            print(tracking.tracking_number)

    The async form of `TrackingList`. If an `async for` is left early, the event loop closes the
    iterator later; `contextlib.aclosing(trackings.pages())` closes it immediately.

    Raises:
        ApiError: The API returned an error during iteration.
        ContractBroken: A response cannot be parsed.
        TransportError: No response was received.

    Source: operation listTrackings.
    """

    def __init__(
        self, run: AsyncRunner, queries: Sequence[Query], page_size: int, *, prefetch: bool
    ) -> None:
        self._run = run
        self._queries = queries
        self._page_size = page_size
        self._prefetch = prefetch

    async def __aiter__(self) -> AsyncGenerator[models.Tracking]:
        async with aclosing(self.pages()) as pages:
            async for page in pages:
                for item in page.items:
                    yield item

    async def pages(self) -> AsyncGenerator[models.TrackingPage]:
        """Return `TrackingList.pages()` as an async iterator. Source: operation listTrackings."""
        cursor = PageCursor(self._queries, self._page_size)
        async with (
            _prefetching_async(self._run)
            if self._prefetch
            else nullcontext(self._fetch_lazily) as start
        ):
            pending = _start_next(cursor, start)
            while pending:
                page = cursor.accept(await pending())
                pending = _start_next(cursor, start)
                if page.items:
                    yield page

    async def total(self) -> int:
        """Await `TrackingList.total()`. Source: operation listTrackings."""
        return sum(
            [await self._run(prepare_total(query(page=1, limit=1))) for query in self._queries]
        )

    async def first(self) -> models.Tracking | None:
        """Await `TrackingList.first()`. Source: operation listTrackings."""
        one_by_one = AsyncTrackingList(self._run, self._queries, 1, prefetch=False)
        async with aclosing(one_by_one.__aiter__()) as items:
            return await anext(items, None)

    def _fetch_lazily(self, prepared: PreparedCall[models.TrackingPage]) -> AsyncPendingPage:
        return partial(self._run, prepared)


def _start_next(cursor: PageCursor, start: StartPage[PendingT]) -> PendingT | None:
    """Start fetching the next page, if there is one."""
    call = cursor.next_call()
    return start(prepare_page(call)) if call else None


@contextmanager
def _prefetching(run: Runner) -> Generator[StartPage[PendingPage]]:
    """Fetch pages in a thread, which has ended when the context is left."""
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - needed to prefetch only

    with ThreadPoolExecutor(1, "trackingmore-v2-list") as worker:
        yield lambda prepared: worker.submit(copy_context().run, run, prepared).result


@asynccontextmanager
async def _prefetching_async(run: AsyncRunner) -> AsyncGenerator[StartPage[AsyncPendingPage]]:
    """Fetch pages in a task, which has ended when the context is left."""
    import asyncio  # noqa: PLC0415 - needed to prefetch only

    # At most one task: the cursor starts the next page after it has received the last one.
    latest: deque[asyncio.Task[models.TrackingPage]] = deque(maxlen=1)

    def start(prepared: PreparedCall[models.TrackingPage]) -> AsyncPendingPage:
        latest.append(asyncio.create_task(run(prepared)))
        return lambda: latest[0]

    try:
        yield start
    finally:
        for task in latest:
            task.cancel()
        await asyncio.gather(*latest, return_exceptions=True)
