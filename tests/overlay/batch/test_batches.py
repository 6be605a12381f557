"""Verbs that take many items, by both clients, against functions and the sandbox."""

import json
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from itertools import count
from typing import Any, TypeAlias

import httpx2
import msgspec
import pytest
from msgspec.structs import fields

from tests.overlay.stubs import async_client_of, client_of, error_response
from trackingmore_v2 import (
    AsyncTrackingMore,
    BatchInterrupted,
    BatchRejected,
    BatchReport,
    BudgetExceeded,
    ConfigurationError,
    ConnectionFailed,
    InvalidInput,
    InvalidKey,
    ItemResult,
    Outcome,
    QuotaGuard,
    RateLimited,
    TrackingMore,
    _validation,
    models,
)
from trackingmore_v2_api import OPERATIONS
from trackingmore_v2_sandbox import Sandbox

Result = ItemResult
Parcel: TypeAlias = dict[str, str]
Report: TypeAlias = BatchReport[Any]


def most(operation: str) -> int:
    """Return how many items one call takes."""
    batch = OPERATIONS[operation].batch
    return batch.max_items if batch else 0


SIZE = most("createTrackingBatch")


class Creator:
    """A server that creates what it is sent, and may do a call wrong."""

    def __init__(self, *wrong: Callable[[httpx2.Request], httpx2.Response] | None) -> None:
        self.calls: list[list[Parcel]] = []
        self._wrong = dict(enumerate(wrong))

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        """Respond to a call."""
        self.calls.append(json.loads(request.content))
        wrong = self._wrong.get(len(self.calls) - 1)
        return wrong(request) if wrong else answered(made(self.calls[-1]))

    @property
    def numbers(self) -> list[str]:
        """Return all numbers that were sent."""
        return [parcel["tracking_number"] for call in self.calls for parcel in call]


def made(new_items: Iterable[Parcel]) -> list[dict[str, Any]]:
    """Return trackings as created."""
    return [{**one, "id": "1", "status": "pending", "created_at": "now"} for one in new_items]


def answered(trackings: Iterable[Any], errors: Iterable[Any] = ()) -> httpx2.Response:
    """Return the response to a batch."""
    data = {"submitted": 0, "added": 0, "trackings": [*trackings], "errors": [*errors]}
    return httpx2.Response(200, json={"meta": {"code": 201}, "data": data})


def reject(code: int) -> Callable[[httpx2.Request], httpx2.Response]:
    """Return an error response to a whole call."""
    return lambda _: httpx2.Response(200, content=error_response(code))


def unreachable(request: httpx2.Request) -> httpx2.Response:
    """Do not let the request through."""
    raise httpx2.ConnectError("no route", request=request)


def lost(request: httpx2.Request) -> httpx2.Response:
    """Lose the response."""
    raise httpx2.ReadError("reset", request=request)


def new(number: int) -> Any:
    """Build an item."""
    return {"carrier_code": "ups", "tracking_number": f"1Z{number:08}"}


async def awaited(outcomes: AsyncIterator[Outcome[Any]]) -> list[Outcome[Any]]:
    """Collect what an async method yields."""
    return [outcome async for outcome in outcomes]


@pytest.fixture(params=["sync", "async", "sync iterator", "async iterator"])
def create(request: pytest.FixtureRequest) -> Any:
    """Return each way to create many, as a coroutine function of a server and items."""

    async def call(server: Creator, items: Iterable[Any]) -> Report:
        match request.param:
            case "sync":
                return client_of(server).trackings.create_many(items)
            case "async":
                return await async_client_of(server).trackings.create_many(items)
            case "sync iterator":
                return BatchReport(list(client_of(server).trackings.iter_create_many(items)))
            case _:
                outcomes = async_client_of(server).trackings.iter_create_many(items)
                return BatchReport(await awaited(outcomes))

    return call


async def test_many_items_take_as_few_calls_as_can_be(create: Any) -> None:
    """Each item is sent once, in order, and created."""
    server = Creator()
    report = await create(server, (new(number) for number in range(3 * SIZE + 5)))

    assert [len(call) for call in server.calls] == [SIZE, SIZE, SIZE, 5]
    assert server.numbers == [new(number)["tracking_number"] for number in range(3 * SIZE + 5)]
    assert [outcome.index for outcome in report] == list(range(3 * SIZE + 5))
    assert report.counts == {Result.CREATED: 3 * SIZE + 5}
    for outcome in report:
        assert outcome.tracking.tracking_number == outcome.item["tracking_number"]


async def test_nothing_takes_no_call(create: Any) -> None:
    """An empty input is an empty report."""
    server = Creator()

    assert len(await create(server, iter(()))) == 0
    assert server.calls == []


async def test_duplicates_go_once(create: Any) -> None:
    """Across calls too, and each occurrence has the outcome of the first."""
    server = Creator()
    numbers = [*range(SIZE), *range(SIZE), *range(SIZE + 1)]
    report = await create(server, map(new, numbers))

    assert len(server.numbers) == len(set(server.numbers)) == SIZE + 1
    assert report.counts == {Result.CREATED: SIZE + 1}
    assert [outcome.duplicate_of for outcome in report if outcome.duplicate_of is not None] == [
        *range(SIZE),
        *range(SIZE),
    ]
    assert report[2 * SIZE].tracking == report[0].tracking


async def test_a_server_that_responds_inconsistently(create: Any) -> None:
    """Omitted, repeated, renamed, reordered, as text: each item has its one outcome."""

    def oddly(request: httpx2.Request) -> httpx2.Response:
        sent = json.loads(request.content)
        good = made(sent[:4])
        good[3]["carrier_code"] = "ups-mail-innovations"
        text = json.dumps(
            {"meta": {"code": 4014}, "data": {"tracking_number": sent[5]["tracking_number"]}}
        )
        exists = {**sent[4], "code": 4016, "message": "Tracking already exists."}
        stranger = {**sent[0], "tracking_number": "0000000000", "code": 4014}
        return answered([good[3], good[1], good[1], good[2], good[0]], [text, stranger, exists])

    report = await create(Creator(oddly), map(new, range(7)))

    assert [outcome.result for outcome in report] == [
        *[Result.CREATED] * 4,
        *(Result.ALREADY_EXISTED, Result.REJECTED, Result.UNKNOWN),
    ]
    assert report[3].tracking.carrier_code == "ups-mail-innovations"
    assert (report[4].code, report[4].message) == (4016, "Tracking already exists.")
    assert report[5].code == 4014


@pytest.mark.parametrize("failing", [0, 1, 2])
@pytest.mark.parametrize(
    ("wrong", "result"),
    [
        (unreachable, Result.NOT_SENT),
        (lost, Result.UNKNOWN),
        (reject(4001), Result.REJECTED),
        (reject(4021), Result.REJECTED),
        (reject(429), Result.REJECTED),
        (lambda _: httpx2.Response(502, content=b"<html>"), Result.UNKNOWN),
    ],
    ids=["unreachable", "lost", "key", "quota", "rate", "gateway"],
)
async def test_a_failure_stops_and_loses_nothing(
    create: Any, wrong: Any, result: ItemResult, failing: int
) -> None:
    """What was done before stays reported, the call has its result, the rest is not sent."""
    server = Creator(*[None] * failing, wrong)
    report = await create(server, map(new, range(4 * SIZE)))

    assert len(server.calls) == failing + 1
    assert [outcome.result for outcome in report] == [
        *[Result.CREATED] * (failing * SIZE),
        *[result] * SIZE,
        *[Result.NOT_SENT] * ((3 - failing) * SIZE),
    ]
    assert report[-1].error is report[failing * SIZE].error is not None


async def test_an_error_of_one_call_does_not_stop_the_others(create: Any) -> None:
    """What concerns the items of a call concerns no other."""
    server = Creator(None, reject(4012))
    report = await create(server, map(new, range(3 * SIZE)))

    assert len(server.calls) == 3
    assert report.counts == {Result.CREATED: 2 * SIZE, Result.REJECTED: SIZE}


async def test_a_bad_item_in_the_middle_is_reported(create: Any) -> None:
    """By index and field; all others are sent, none twice."""
    server = Creator()
    items = [new(number) for number in range(3 * SIZE)]
    del items[SIZE + 3]["tracking_number"]
    report = await create(server, iter(items))

    assert len(server.numbers) == len(set(server.numbers)) == 3 * SIZE - 1
    assert report.counts == {Result.CREATED: 3 * SIZE - 1, Result.INVALID: 1}
    error = report.invalid[0].error
    assert isinstance(error, InvalidInput)
    assert (error.index, error.field) == (SIZE + 3, "tracking_number")


def breaking(good: int) -> Iterator[Any]:
    """Yield some items, then fail."""
    yield from map(new, range(good))
    raise OSError("disk")


async def test_an_interrupted_input_is_reported() -> None:
    """The error holds what was done; nothing is sent after it, and nothing twice."""
    server = Creator()
    with pytest.raises(BatchInterrupted) as caught:
        client_of(server).trackings.create_many(breaking(SIZE + 3))
    with pytest.raises(BatchInterrupted) as caught_async:
        await async_client_of(server).trackings.create_many(breaking(SIZE + 3))

    assert len(server.calls) == 2
    for error in (caught.value, caught_async.value):
        assert error.report.counts == {Result.CREATED: SIZE, Result.NOT_SENT: 3}
        assert error.index == SIZE + 3
        assert isinstance(error.__cause__, OSError)


async def test_outcomes_before_an_interruption_are_yielded() -> None:
    """Each outcome comes before the error."""
    outcomes = client_of(Creator()).trackings.iter_create_many(breaking(SIZE + 3))
    reported = [next(outcomes).result for _ in range(SIZE + 3)]
    with pytest.raises(BatchInterrupted):
        next(outcomes)
    async_outcomes = async_client_of(Creator()).trackings.iter_create_many(breaking(1))
    reported.append((await anext(async_outcomes)).result)
    with pytest.raises(BatchInterrupted):
        await anext(async_outcomes)

    assert reported == [Result.CREATED] * SIZE + [Result.NOT_SENT] * 4


async def test_a_closed_connection_pool_is_no_outcome() -> None:
    """An error that is none of ours is raised, with the report."""

    def closed(_: httpx2.Request) -> httpx2.Response:
        raise RuntimeError("closed")

    with pytest.raises(BatchInterrupted) as caught:
        client_of(Creator(None, closed)).trackings.create_many(map(new, range(SIZE + 1)))

    assert caught.value.report.counts == {Result.CREATED: SIZE, Result.UNKNOWN: 1}
    assert caught.value.in_doubt
    with pytest.raises(BatchInterrupted) as streamed:
        list(client_of(closed).trackings.iter_create_many([new(0)]))
    assert streamed.value.in_doubt


async def test_an_interrupted_input_leaves_no_doubt() -> None:
    """What was sent has its result, and the rest was not sent."""
    with pytest.raises(BatchInterrupted) as caught:
        client_of(Creator()).trackings.create_many(breaking(SIZE + 3))

    assert not caught.value.in_doubt


@pytest.mark.parametrize("retries", [0, 2])
async def test_a_typed_failure_before_sending_is_not_sent(retries: int) -> None:
    """It ends the batch like any other error that further items would meet."""

    def closed(_: httpx2.Request) -> httpx2.Response:
        raise ConfigurationError("the client is closed")

    for make in (client_of, async_client_of):
        report: Any = make(Creator(None, closed), retries).trackings.create_many(
            map(new, range(2 * SIZE + 1))
        )
        report = await report if hasattr(report, "__await__") else report

        assert report.counts == {Result.CREATED: SIZE, Result.NOT_SENT: SIZE + 1}
        assert isinstance(report.error, ConfigurationError)
        assert not report.error.in_doubt


async def test_the_first_failed_item_is_named(create: Any) -> None:
    """By carrier and number, in the message and as data; an invalid item names itself."""
    report = await create(Creator(reject(4012)), [new(0), {**new(1), "title": 7}])
    with pytest.raises(BatchRejected) as caught:
        report.raise_for_rejected()
    number, invalid = new(0)["tracking_number"], report[1].error

    assert (caught.value.carrier_code, caught.value.tracking_number) == ("ups", number)
    assert f"item 0, rejected with code 4012 for ups {number}" in str(caught.value)
    assert isinstance(invalid, InvalidInput)
    assert (invalid.carrier_code, invalid.tracking_number) == ("ups", new(1)["tracking_number"])
    assert str(invalid).startswith(f"item 1 for ups {new(1)['tracking_number']}: title ")


async def test_an_unknown_field_names_the_item_too(create: Any) -> None:
    """The names of the fields are checked before their values."""
    report = await create(Creator(), [new(0), {**new(1), "titel": "Teapot"}])

    assert report[1].error.tracking_number == new(1)["tracking_number"]


@pytest.mark.parametrize("item", [7, None, ("ups",), {"tracking_number": "1Z00000000"}])
def test_an_item_without_a_pair_names_none(item: Any) -> None:
    """And raises no other error."""
    report = client_of(Creator()).trackings.delete_many([item])
    with pytest.raises(BatchRejected) as caught:
        report.raise_for_rejected()

    assert (caught.value.carrier_code, caught.value.tracking_number) == (None, None)
    assert report[0].error is not None
    assert report[0].error.tracking_number is None


async def test_an_endless_input_is_read_lazily() -> None:
    """An iterator reads and sends no more than the call whose outcomes it gives."""
    read: list[int] = []

    def endless() -> Iterator[Any]:
        for number in count():
            read.append(number)
            yield new(number)

    server = Creator()
    outcomes = client_of(server).trackings.iter_create_many(endless())
    assert (read, server.calls) == ([], [])
    for _ in range(SIZE + 1):
        next(outcomes)
    assert (len(read), len(server.calls)) == (2 * SIZE, 2)

    read.clear()
    async_outcomes = async_client_of(server).trackings.iter_create_many(endless())
    assert read == []
    await anext(async_outcomes)
    assert len(read) == SIZE


def test_a_report_says_what_stopped_it() -> None:
    """The error is not raised by the method, and is the cause of what the report raises."""
    report = client_of(Creator(reject(429))).trackings.create_many([new(1)])
    whole = client_of(Creator()).trackings.create_many([new(1)])

    assert isinstance(report.error, RateLimited)
    with pytest.raises(BatchRejected) as caught:
        report.raise_for_rejected()
    assert caught.value.__cause__ is report.error
    assert whole.error is None
    whole.raise_for_rejected()


def test_what_was_not_sent_can_be_sent_again() -> None:
    """A report's items are items."""
    server = Creator(None, unreachable)
    trackings = client_of(server).trackings
    report = trackings.create_many(map(new, range(3 * SIZE)))
    again = trackings.create_many(outcome.item for outcome in report.not_sent)

    assert again.counts == {Result.CREATED: 2 * SIZE}
    assert isinstance(report.error, ConnectionFailed)


def test_a_budget_stops_a_batch_before_it_is_sent() -> None:
    """What is over the budget was not sent."""
    server = Creator()
    http_client = httpx2.Client(transport=httpx2.MockTransport(server))
    guard = QuotaGuard(max_creates=SIZE)
    client = TrackingMore(
        "key", base_url="http://127.0.0.1:9/v2", http_client=http_client, quota_guard=guard
    )
    report = client.trackings.create_many(map(new, range(2 * SIZE)))

    assert report.counts == {Result.CREATED: SIZE, Result.NOT_SENT: SIZE}
    assert isinstance(report.error, BudgetExceeded)
    assert len(server.calls) == 1


KEYS = [("china-ems", f"LK{number:09}CN") for number in range(2 * SIZE + 30)]
GHOST = ("ups", "1Z00000000")


def new_items(keys: Iterable[tuple[str, str]]) -> list[Any]:
    """Return trackings to create."""
    return [{"carrier_code": carrier, "tracking_number": number} for carrier, number in keys]


def test_batches_in_the_sandbox() -> None:
    """Create, create again, change, stop and delete more than a hundred trackings."""
    with Sandbox() as sandbox, TrackingMore(sandbox.api_key, base_url=sandbox.base_url) as client:
        trackings = client.trackings
        assert trackings.create_many(new_items(KEYS)).counts == {Result.CREATED: len(KEYS)}
        assert trackings.create_many(new_items(KEYS)).counts == {Result.ALREADY_EXISTED: len(KEYS)}
        titled: list[Any] = [{**one, "title": "Pot"} for one in new_items([*KEYS, GHOST])]
        expected = {Result.UPDATED: len(KEYS), Result.NOT_FOUND: 1}
        assert trackings.update_many(titled).counts == expected
        assert {parcel.title for parcel in trackings.list()} == {"Pot"}
        expected = {Result.STOPPED: len(KEYS), Result.NOT_FOUND: 1}
        assert trackings.stop_updates([*KEYS, GHOST]).counts == expected
        expected = {Result.DELETED: len(KEYS), Result.NOT_FOUND: 1}
        assert trackings.delete_many([*trackings.list(), GHOST]).counts == expected
        assert trackings.list().total() == 0


async def test_batches_in_the_sandbox_awaited() -> None:
    """The same, awaited and iterated."""
    with Sandbox() as sandbox:
        async with AsyncTrackingMore(sandbox.api_key, base_url=sandbox.base_url) as client:
            trackings = client.trackings
            created = await trackings.create_many(new_items(KEYS))
            titled: list[Any] = [{**one, "title": "Pot"} for one in new_items([*KEYS, GHOST])]
            updated = await trackings.update_many(titled)
            stopped = await trackings.stop_updates([*KEYS, GHOST])
            again = BatchReport(await awaited(trackings.iter_stop_updates(KEYS)))
            changed = BatchReport(await awaited(trackings.iter_update_many(titled)))
            deleted = await trackings.delete_many([*KEYS, GHOST])
            gone = BatchReport(await awaited(trackings.iter_delete_many(KEYS)))

    assert created.counts == {Result.CREATED: len(KEYS)}
    assert updated.counts == changed.counts == {Result.UPDATED: len(KEYS), Result.NOT_FOUND: 1}
    assert stopped.counts == {Result.STOPPED: len(KEYS), Result.NOT_FOUND: 1}
    assert again.counts == {Result.STOPPED: len(KEYS)}
    assert deleted.counts == {Result.DELETED: len(KEYS), Result.NOT_FOUND: 1}
    assert gone.counts == {Result.NOT_FOUND: len(KEYS)}


def test_iterators_of_the_sync_client_do_the_same() -> None:
    """Each method has one."""
    with Sandbox() as sandbox, TrackingMore(sandbox.api_key, base_url=sandbox.base_url) as client:
        trackings = client.trackings
        client.trackings.create_many(new_items(KEYS[:1]))
        change: Any = {**new_items(KEYS)[0], "archived": True}
        methods: list[Iterator[Outcome[Any]]] = [
            trackings.iter_create_many(new_items(KEYS[:1])),
            trackings.iter_update_many([change]),
            trackings.iter_stop_updates(KEYS[:1]),
            trackings.iter_delete_many(KEYS[:1]),
        ]
        results = [next(outcomes).result for outcomes in methods]

    assert results == [Result.ALREADY_EXISTED, Result.UPDATED, Result.STOPPED, Result.DELETED]


class Reader:
    """A server that responds to reads, and may reject a call."""

    def __init__(self, rejected: int | None = None) -> None:
        self.calls: list[Any] = []
        self._refused = rejected

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        """Respond to a call."""
        body = json.loads(request.content)
        self.calls.append(body)
        if len(self.calls) - 1 == self._refused:
            return httpx2.Response(200, content=error_response(4001))
        data: Any
        if request.url.path.endswith("remote"):
            areas = [{"far_city_postcode": place["postcode"]} for place in body]
            data = {"submitted": len(body), "remote": areas, "other": []}
        elif request.url.path.endswith("costtime"):
            data = [*reversed(body)]
        else:
            data = {number: {"track_number": number} for number in body["track_number"]}
        return httpx2.Response(200, json={"meta": {"code": 200}, "data": data})


PLACES = [models.Place(country="JP", postcode=str(n)) for n in range(most("checkRemoteAreas") + 9)]
ROUTES = [
    models.Route(carrier_code=f"c{number}", original="CN", destination="US")
    for number in range(most("getTransitTimes") + 9)
]
WAYBILLS = [f"172-{n:07}{n % 7}" for n in range(most("trackAirWaybills") + 9)]


async def test_results_of_several_calls_are_merged() -> None:
    """Split into calls, each item sent once, and returned as one value in order."""
    server = Reader()
    client, async_client = client_of(server), async_client_of(server)
    for areas in (
        client.shipping.remote_areas(iter([*PLACES, *PLACES])),
        await async_client.shipping.remote_areas([*PLACES, *PLACES]),
    ):
        assert [area.far_city_postcode for area in areas.remote] == [p.postcode for p in PLACES]
        assert areas.submitted == len(PLACES)
    for times in (
        client.shipping.transit_times(iter([*ROUTES, ROUTES[3]])),
        await async_client.shipping.transit_times([*ROUTES, ROUTES[3]]),
    ):
        assert [time.carrier_code for time in times] == [
            route.carrier_code for route in [*ROUTES, ROUTES[3]]
        ]
    for waybills in (
        client.air_waybills.track(iter([*WAYBILLS, *WAYBILLS])),
        await async_client.air_waybills.track([*WAYBILLS, *WAYBILLS]),
    ):
        assert list(waybills) == WAYBILLS

    assert len(server.calls) == 3 * 2 * 2


def test_nothing_to_read_takes_no_call() -> None:
    """An empty input has an empty result."""
    server = Reader()
    client = client_of(server)

    assert client.shipping.remote_areas([]).remote == []
    assert client.shipping.transit_times([]) == []
    assert client.air_waybills.track([]) == {}
    assert server.calls == []


async def test_a_failed_read_carries_what_was_read() -> None:
    """The error is the call's own, and has the part that was read before."""
    with pytest.raises(InvalidKey) as caught:
        client_of(Reader(1)).air_waybills.track(WAYBILLS)
    with pytest.raises(InvalidKey) as caught_async:
        await async_client_of(Reader(1)).shipping.transit_times(ROUTES)
    with pytest.raises(InvalidInput) as caught_item:
        client_of(Reader()).shipping.remote_areas([*PLACES, {"country": "JP"}])
    with pytest.raises(InvalidKey) as caught_first:
        client_of(Reader(0)).air_waybills.track(WAYBILLS)

    waybills, times, areas = (each.value.partial for each in (caught, caught_async, caught_item))
    assert isinstance(waybills, dict)
    assert list(waybills) == WAYBILLS[: most("trackAirWaybills")]
    assert isinstance(times, list)
    assert len(times) == most("getTransitTimes")
    assert (caught_item.value.index, caught_item.value.field) == (len(PLACES), "postcode")
    assert isinstance(areas, models.RemoteAreas)
    assert areas.submitted == most("checkRemoteAreas")
    assert caught_first.value.partial is None


def test_invalid_items_do_not_inspect_their_type(monkeypatch: pytest.MonkeyPatch) -> None:
    """A batch of invalid items is rejected item by item, without inspecting the type of each."""
    looked: list[object] = []

    def look(kind: Any) -> Any:
        looked.append(kind)
        return fields(kind)

    for module in (msgspec.structs, _validation):
        monkeypatch.setattr(module, "fields", look, raising=False)
    report = client_of(lambda _: httpx2.Response(500)).trackings.create_many([{}] * 50)

    assert report.counts == {ItemResult.INVALID: 50}
    assert len(looked) <= 1
