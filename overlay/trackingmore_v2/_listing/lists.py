"""Lists as users see them: what is decided stands in `_pages.py`, here it is waited for."""

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
from trackingmore_v2._listing.cursor import PageCursor, page_of, total_of
from trackingmore_v2._listing.filters import Query
from trackingmore_v2_api import models

ComingT = TypeVar("ComingT")
Coming: TypeAlias = Callable[[], models.TrackingPage]
AsyncComing: TypeAlias = Callable[[], Awaitable[models.TrackingPage]]
Starting: TypeAlias = Callable[[PreparedCall[models.TrackingPage]], ComingT]


class TrackingList:
    """
    Parcels that match, fetched page by page while you iterate.

        for parcel in client.trackings.list(status="delivered"):
            print(parcel.tracking_number)

    Making it sends nothing, and iterating again asks again. No parcel comes twice, even if others
    come or go meanwhile; one that slips to a page already read when others go is missed.

    Raises:
        ApiError: The API refused, while it is read.
        ContractBroken: An answer cannot be read.
        TransportError: No answer came.

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
        Give the same parcels page by page.

        Yields:
            Pages that hold something new. `page`, `total` and `count` are the API's own, each
            within the query that it was asked.

        Raises:
            ApiError: The API refused.
            ContractBroken: An answer cannot be read.
            TransportError: No answer came.

        Source: operation listTrackings.
        """
        cursor = PageCursor(self._queries, self._page_size)
        with _ahead(self._run) if self._prefetch else nullcontext(self._later) as start:
            coming = _next(cursor, start)
            while coming:
                page = cursor.accept(coming())
                coming = _next(cursor, start)
                if page.items:
                    yield page

    def total(self) -> int:
        """
        Count the parcels, with one request, or one for each query that the filters need.

        Raises:
            ApiError: The API refused.
            ContractBroken: The answer cannot be read, or does not say.
            TransportError: No answer came.

        Source: operation listTrackings.
        """
        return sum(self._run(total_of(query(page=1, limit=1))) for query in self._queries)

    def first(self) -> models.Tracking | None:
        """
        Give the first parcel, with a request for no more than that.

        Returns:
            The parcel, or None if none matches.

        Raises:
            ApiError: The API refused.
            ContractBroken: An answer cannot be read.
            TransportError: No answer came.

        Source: operation listTrackings.
        """
        return next(iter(TrackingList(self._run, self._queries, 1, prefetch=False)), None)

    def _later(self, prepared: PreparedCall[models.TrackingPage]) -> Coming:
        return partial(self._run, prepared)


class AsyncTrackingList:
    """
    Parcels that match, fetched page by page while you iterate.

        async for parcel in client.trackings.list(status="delivered"):
            print(parcel.tracking_number)

    It is what `TrackingList` is, awaited. An `async for` that is left early is cleaned up by the
    event loop, soon; `contextlib.aclosing(found.pages())` does it at once.

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
        """Return `TrackingList.pages()`. Source: operation listTrackings."""
        cursor = PageCursor(self._queries, self._page_size)
        async with _ahead_async(self._run) if self._prefetch else nullcontext(self._later) as start:
            coming = _next(cursor, start)
            while coming:
                page = cursor.accept(await coming())
                coming = _next(cursor, start)
                if page.items:
                    yield page

    async def total(self) -> int:
        """Await `TrackingList.total()`. Source: operation listTrackings."""
        return sum([await self._run(total_of(query(page=1, limit=1))) for query in self._queries])

    async def first(self) -> models.Tracking | None:
        """Await `TrackingList.first()`. Source: operation listTrackings."""
        one_by_one = AsyncTrackingList(self._run, self._queries, 1, prefetch=False)
        async with aclosing(one_by_one.__aiter__()) as items:
            return await anext(items, None)

    def _later(self, prepared: PreparedCall[models.TrackingPage]) -> AsyncComing:
        return partial(self._run, prepared)


def _next(cursor: PageCursor, start: Starting[ComingT]) -> ComingT | None:
    """Start to fetch the next page, if there is one."""
    call = cursor.next_call()
    return start(page_of(call)) if call else None


@contextmanager
def _ahead(run: Runner) -> Generator[Starting[Coming]]:
    """Fetch in a thread, which has ended when this is left."""
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - for those who prefetch

    with ThreadPoolExecutor(1, "trackingmore-v2-list") as worker:
        yield lambda prepared: worker.submit(copy_context().run, run, prepared).result


@asynccontextmanager
async def _ahead_async(run: AsyncRunner) -> AsyncGenerator[Starting[AsyncComing]]:
    """Fetch in a task, which has ended when this is left."""
    import asyncio  # noqa: PLC0415 - for those who prefetch

    latest: deque[asyncio.Task[models.TrackingPage]] = deque(maxlen=1)

    def start(prepared: PreparedCall[models.TrackingPage]) -> AsyncComing:
        latest.append(asyncio.create_task(run(prepared)))
        return lambda: latest[0]

    try:
        yield start
    finally:
        for task in latest:
            task.cancel()
        await asyncio.gather(*latest, return_exceptions=True)
