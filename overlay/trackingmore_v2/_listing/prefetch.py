"""Pages of a list fetched one ahead: in a thread by the sync client, in a task by the async one."""

from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import asynccontextmanager, contextmanager
from contextvars import copy_context
from functools import partial
from typing import TypeAlias, TypeVar

from trackingmore_v2._calls.flow import PreparedCall
from trackingmore_v2._calls.runner import AsyncRunner, Runner
from trackingmore_v2._listing.cursor import PageCursor, prepare_page
from trackingmore_v2_api import models

PendingT = TypeVar("PendingT")
PendingPage: TypeAlias = Callable[[], models.TrackingPage]
AsyncPendingPage: TypeAlias = Callable[[], Awaitable[models.TrackingPage]]
StartPage: TypeAlias = Callable[[PreparedCall[models.TrackingPage]], PendingT]


def start_next(cursor: PageCursor, start: StartPage[PendingT]) -> PendingT | None:
    """Start fetching the next page, if there is one."""
    call = cursor.next_call()
    return start(prepare_page(call)) if call else None


@contextmanager
def prefetching(run: Runner) -> Generator[StartPage[PendingPage]]:
    """Fetch pages in a thread, which has ended when the context is left."""
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - needed to prefetch only

    with ThreadPoolExecutor(1, "trackingmore-v2-list") as worker:
        # In a copy of the caller's context, so that hooks see its tracing span in the thread too.
        yield lambda prepared: worker.submit(copy_context().run, run, prepared).result


@asynccontextmanager
async def prefetching_async(run: AsyncRunner) -> AsyncGenerator[StartPage[AsyncPendingPage]]:
    """Fetch pages in a task that has ended when the context is left, or on demand under trio."""
    import asyncio  # noqa: PLC0415 - needed to prefetch only

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        # A task of trio needs a nursery, which a generator must not hold open while it yields.
        yield lambda prepared: partial(run, prepared)
        return
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
        # Waits for the cancellation, and drops the error of a page that is not read any more.
        await asyncio.gather(*latest, return_exceptions=True)
