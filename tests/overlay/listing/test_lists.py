"""Lists of both clients, against stubs and the sandbox; `test_cursor.py` has the cursor."""

import asyncio
import gc
import json
import threading
from collections.abc import Callable, Iterable
from contextlib import aclosing, closing, suppress
from contextvars import ContextVar
from typing import Any, Final

import httpx2
import pytest

from tests.overlay.stubs import KEY, URL, async_client_of, client_of, error_response
from trackingmore_v2 import AsyncTrackingMore, ContractBroken, ServerFailed, TrackingMore, models
from trackingmore_v2_api.operations.trackings import list_trackings
from trackingmore_v2_sandbox import Sandbox

PATIENCE: Final = 10.0
"""Seconds until a test that waits for something counts as failed."""

PREFETCH: Final = pytest.mark.parametrize("prefetch", [False, True], ids=["lazy", "ahead"])


class Shelf:
    """A server with some trackings, which records the requested pages."""

    def __init__(self, numbers: Iterable[str]) -> None:
        self.numbers = list(numbers)
        self.pages: list[int] = []
        self.requested = threading.Event()
        """Set when the second page is requested."""

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        """Respond to a request for a page."""
        query = request.url.params
        page, limit = int(query["page"]), int(query["limit"])
        wanted = query["numbers"].split(",") if "numbers" in query else self.numbers
        hits = [number for number in self.numbers if number in wanted]
        self.pages.append(page)
        if page == 2:
            self.requested.set()
        items = hits[(page - 1) * limit : page * limit]
        return page_of(items, str(len(hits))) if items else httpx2.Response(200, content=NOTHING)


NOTHING: Final = error_response(4031)


def page_of(numbers: Iterable[str], total: str) -> httpx2.Response:
    """Respond with a page of trackings."""
    items = [
        {
            "id": "",
            "tracking_number": number,
            "carrier_code": "ups",
            "status": "transit",
            "created_at": "",
        }
        for number in numbers
    ]
    data = {"total": total, "items": items}
    return httpx2.Response(200, content=json.dumps({"meta": {"code": 200}, "data": data}))


def fail_at(page: int, shelf: Shelf) -> Callable[[httpx2.Request], httpx2.Response]:
    """Build a server that responds to one page with an error."""

    def answer(request: httpx2.Request) -> httpx2.Response:
        response = shelf(request)
        return httpx2.Response(502) if int(request.url.params["page"]) == page else response

    return answer


def worker_threads() -> list[threading.Thread]:
    """Return the threads that fetch pages ahead."""
    return [it for it in threading.enumerate() if it.name.startswith("trackingmore-v2-list")]


def tasks_beside(bystanders: set[asyncio.Task[Any]]) -> set[asyncio.Task[Any]]:
    """Return the tasks that are there now, and were not when the test began."""
    return asyncio.all_tasks() - bystanders


async def end_of_tasks_beside(bystanders: set[asyncio.Task[Any]]) -> None:
    """Wait until such tasks have ended."""
    while tasks := tasks_beside(bystanders):
        _, pending = await asyncio.wait(tasks, timeout=PATIENCE)
        assert not pending


@PREFETCH
def test_gives_every_tracking_of_every_page(*, prefetch: bool) -> None:
    """Items, or pages of them; and anew each time."""
    shelf = Shelf("abcde")
    found = client_of(shelf).trackings.list(page_size=2, prefetch=prefetch)

    assert shelf.pages == []
    assert [item.tracking_number for item in found] == list("abcde")
    assert [len(page.items) for page in found.pages()] == [2, 2, 1]
    assert shelf.pages == [1, 2, 3, 1, 2, 3]
    shelf.numbers = ["f"]
    assert [item.tracking_number for item in found] == ["f"]


@PREFETCH
async def test_gives_every_tracking_of_every_page_awaited(*, prefetch: bool) -> None:
    """Items, or pages of them; and anew each time."""
    shelf = Shelf("abcde")
    found = async_client_of(shelf).trackings.list(page_size=2, prefetch=prefetch)

    assert shelf.pages == []
    assert [item.tracking_number async for item in found] == list("abcde")
    assert [len(page.items) async for page in found.pages()] == [2, 2, 1]
    assert shelf.pages == [1, 2, 3, 1, 2, 3]
    shelf.numbers = ["f"]
    assert [item.tracking_number async for item in found] == ["f"]


@PREFETCH
async def test_no_result_is_an_empty_list(*, prefetch: bool) -> None:
    """4031 is no error: no tracking, no page, none in total, and no first."""
    found = client_of(Shelf("")).trackings.list(prefetch=prefetch)
    awaited = async_client_of(Shelf("")).trackings.list(prefetch=prefetch)

    assert (list(found), list(found.pages()), found.total(), found.first()) == ([], [], 0, None)
    assert [item async for item in awaited] == []
    assert [page async for page in awaited.pages()] == []
    assert (await awaited.total(), await awaited.first()) == (0, None)


async def test_counts_and_looks_with_one_small_request() -> None:
    """`total()` and `first()` request one tracking, whatever the page size."""
    sizes: list[str] = []
    shelf = Shelf("abc")

    def answer(request: httpx2.Request) -> httpx2.Response:
        sizes.append(request.url.params["limit"])
        return shelf(request)

    found = client_of(answer).trackings.list(page_size=2, prefetch=True)
    awaited = async_client_of(answer).trackings.list(page_size=2, prefetch=True)
    firsts = [found.first(), await awaited.first()]

    assert [item and item.tracking_number for item in firsts] == ["a", "a"]
    assert [found.total(), await awaited.total()] == [3, 3]
    assert sizes == ["1"] * 4


async def test_many_numbers_take_several_queries() -> None:
    """More numbers than one call takes are listed, counted and looked at all the same."""
    most = list_trackings.OPERATION.bounds_of("numbers").max_items or 0
    numbers = [f"LK{index:09}CN" for index in range(2 * most + 1)]
    shelf = Shelf(numbers[most:])
    found = client_of(shelf).trackings.list(numbers=numbers)
    awaited = async_client_of(shelf).trackings.list(numbers=iter(numbers))

    assert [item.tracking_number for item in found] == shelf.numbers
    assert [item.tracking_number async for item in awaited] == shelf.numbers
    assert len(shelf.pages) == 6
    assert [found.total(), await awaited.total()] == [most + 1, most + 1]
    assert len(shelf.pages) == 12
    assert [it and it.tracking_number for it in (found.first(), await awaited.first())] == [
        numbers[most],
        numbers[most],
    ]


@pytest.mark.parametrize("total", ["many", "", "-1"])
async def test_a_total_that_cannot_be_read_is_an_error(total: str) -> None:
    """A number that is not there is not made up."""

    def answer(_: httpx2.Request) -> httpx2.Response:
        return page_of("a", total)

    with pytest.raises(ContractBroken):
        client_of(answer).trackings.list().total()
    with pytest.raises(ContractBroken):
        await async_client_of(answer).trackings.list().total()


async def test_a_page_is_asked_for_only_when_it_is_wanted() -> None:
    """Without `prefetch` the next page waits until the present one is used up."""
    shelf = Shelf("abc")
    items = iter(client_of(shelf).trackings.list(page_size=2))
    next(items), next(items)

    assert shelf.pages == [1]
    assert next(items).tracking_number == "c"
    assert shelf.pages == [1, 2]
    shelf.pages.clear()
    async with aclosing(async_client_of(shelf).trackings.list(page_size=2).pages()) as pages:
        await anext(pages)

    assert shelf.pages == [1]


def test_the_next_page_is_asked_for_while_this_one_is_used() -> None:
    """With `prefetch` the second page is under way before the first tracking is done with."""
    shelf = Shelf("abcde")
    items = iter(client_of(shelf).trackings.list(page_size=2, prefetch=True))

    assert next(items).tracking_number == "a"
    assert shelf.requested.wait(PATIENCE)
    assert shelf.pages == [1, 2]
    assert [item.tracking_number for item in items] == list("bcde")
    assert shelf.pages == [1, 2, 3]
    assert worker_threads() == []


async def test_the_next_page_is_asked_for_while_this_one_is_awaited() -> None:
    """With `prefetch` the second page is under way before the first tracking is done with."""
    bystanders = asyncio.all_tasks()
    shelf = Shelf("abcde")
    requested = asyncio.Event()

    async def answer(request: httpx2.Request) -> httpx2.Response:
        if request.url.params["page"] == "2":
            requested.set()
        return shelf(request)

    found = slow_client_of(answer).trackings.list(page_size=2, prefetch=True)
    items = aiter(found)

    assert (await anext(items)).tracking_number == "a"
    await asyncio.wait_for(requested.wait(), PATIENCE)
    assert shelf.pages == [1, 2]
    assert [item.tracking_number async for item in items] == list("bcde")
    assert shelf.pages == [1, 2, 3]
    assert tasks_beside(bystanders) == set()


def slow_client_of(answer: Callable[[httpx2.Request], Any]) -> AsyncTrackingMore:
    """Build an async client whose server is a coroutine function."""
    transport = httpx2.MockTransport(answer)
    return AsyncTrackingMore(KEY, base_url=URL, http_client=httpx2.AsyncClient(transport=transport))


def test_stopping_early_leaves_no_thread() -> None:
    """A loop that breaks or raises ends the thread, and requests no more than one page ahead."""
    shelf = Shelf("abcdef")
    found = client_of(shelf).trackings.list(page_size=2, prefetch=True)
    for item in found:
        assert item.tracking_number == "a"
        assert shelf.requested.wait(PATIENCE)
        assert len(worker_threads()) == 1
        break
    gc.collect()

    assert worker_threads() == []
    with closing(found.pages()) as pages, pytest.raises(KeyError):
        raise KeyError(next(pages).total)

    assert worker_threads() == []
    assert set(shelf.pages) <= {1, 2}


async def test_stopping_early_leaves_no_task() -> None:
    """A loop that breaks or raises cancels the page under way."""
    bystanders = asyncio.all_tasks()
    cancelled: list[str] = []
    shelf = Shelf("abcdef")

    async def answer(request: httpx2.Request) -> httpx2.Response:
        if request.url.params["page"] == "2":
            requested.set()
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                cancelled.append("page 2")
                raise
        return shelf(request)

    requested = asyncio.Event()
    found = slow_client_of(answer).trackings.list(page_size=2, prefetch=True)
    async with asyncio.timeout(PATIENCE), aclosing(found.pages()) as pages:
        await anext(pages)
        await requested.wait()

    assert tasks_beside(bystanders) == set()
    assert cancelled == ["page 2"]

    async for _ in found:
        break
    gc.collect()
    await end_of_tasks_beside(bystanders)


async def test_a_consumer_that_is_cancelled_leaves_no_task() -> None:
    """Nor does one that is cancelled while it waits for a page."""
    bystanders = asyncio.all_tasks()
    requested = asyncio.Event()

    async def answer(_: httpx2.Request) -> httpx2.Response:
        requested.set()
        await asyncio.Event().wait()
        raise AssertionError

    async def consume() -> None:
        async with aclosing(slow_client_of(answer).trackings.list(prefetch=True).pages()) as pages:
            await anext(pages)

    consumer = asyncio.create_task(consume())
    await asyncio.wait_for(requested.wait(), PATIENCE)
    consumer.cancel()
    with pytest.raises(asyncio.CancelledError):
        await consumer

    assert tasks_beside(bystanders) == set()


@PREFETCH
def test_an_error_comes_after_the_trackings_before_it(*, prefetch: bool) -> None:
    """All that was read is given first; then comes the error, and the thread is gone."""
    found: list[str] = []
    listing = client_of(fail_at(3, Shelf("abcdefg"))).trackings.list(page_size=2, prefetch=prefetch)
    with suppress(ServerFailed):
        for item in listing:
            found.append(item.tracking_number)  # noqa: PERF401 - the error must not take them along
        found.append("no error")

    assert found == list("abcd")
    assert worker_threads() == []


@PREFETCH
async def test_an_error_comes_after_the_trackings_before_it_awaited(*, prefetch: bool) -> None:
    """All that was read is given first; then comes the error, and the task is gone."""
    bystanders = asyncio.all_tasks()
    found: list[str] = []
    listing = async_client_of(fail_at(3, Shelf("abcdefg"))).trackings.list(
        page_size=2, prefetch=prefetch
    )
    with suppress(ServerFailed):
        async for item in listing:
            found.append(item.tracking_number)  # noqa: PERF401 - the error must not take them along
        found.append("no error")

    assert found == list("abcd")
    assert tasks_beside(bystanders) == set()


async def test_an_error_of_an_unread_page_is_not_raised() -> None:
    """Who leaves before a page that failed hears nothing of it, not even in the event loop."""
    bystanders = asyncio.all_tasks()
    shelf = Shelf("abcd")
    unhandled: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: unhandled.append(context))
    sync = client_of(fail_at(2, shelf)).trackings.list(page_size=2, prefetch=True)
    with closing(sync.pages()) as pages:
        next(pages)
        assert shelf.requested.wait(PATIENCE)
    failed = asyncio.Event()

    async def answer(request: httpx2.Request) -> httpx2.Response:
        if request.url.params["page"] == "2":
            failed.set()
            return httpx2.Response(502)
        return shelf(request)

    awaited = slow_client_of(answer).trackings.list(page_size=2, prefetch=True)
    async with aclosing(awaited.pages()) as later:
        await anext(later)
        await asyncio.wait_for(failed.wait(), PATIENCE)
        await end_of_tasks_beside(bystanders)
    gc.collect()

    assert unhandled == []


def test_the_thread_sees_the_callers_context() -> None:
    """Context variables, such as a trace's, reach what happens in the thread."""
    trace: ContextVar[str] = ContextVar("trace", default="")
    shelf = Shelf("abcd")
    seen: list[str] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(trace.get())
        return shelf(request)

    token = trace.set("mine")
    list(client_of(answer).trackings.list(page_size=2, prefetch=True))
    trace.reset(token)

    assert seen == ["mine", "mine"]


PARCELS: Final = [f"LK66457862{index}CN" for index in range(5)]


@PREFETCH
async def test_the_sandbox_gives_its_pages(*, prefetch: bool) -> None:
    """Five trackings on three pages: all of them once, for both clients, by any filter."""
    with Sandbox() as sandbox, TrackingMore(sandbox.api_key, base_url=sandbox.base_url) as client:
        for index, number in enumerate(PARCELS):
            client.trackings.create("china-ems", number, order_id=f"#{index}")
        found = client.trackings.list(page_size=2, prefetch=prefetch)
        orders = client.trackings.list(orders=["#1", "#3"], page_size=1, prefetch=prefetch)
        kept = client.trackings.list(
            status=models.TrackingStatus, archived=False, page_size=2, prefetch=prefetch
        )
        async with AsyncTrackingMore(sandbox.api_key, base_url=sandbox.base_url) as awaiting:
            awaited = awaiting.trackings.list(page_size=2, prefetch=prefetch)

            assert [len(page.items) async for page in awaited.pages()] == [2, 2, 1]
            assert {item.tracking_number async for item in awaited} == set(PARCELS)
            assert await awaited.total() == 5

        assert [len(page.items) for page in found.pages()] == [2, 2, 1]
        assert {item.tracking_number for item in found} == set(PARCELS)
        assert {item.order_id for item in orders} == {"#1", "#3"}
        assert sorted(item.tracking_number for item in kept) == PARCELS
        assert [found.total(), orders.total(), kept.total()] == [5, 2, 5]
        assert list(client.trackings.list(archived=True)) == []
