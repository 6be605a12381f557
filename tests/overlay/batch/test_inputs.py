"""Inputs of the async methods: iterables that are awaited, and those that are not."""

from collections.abc import AsyncIterator, Callable, Iterable
from typing import Any

import pytest

from tests.overlay.stubs import Recorder, async_client_of, client_of, error_response
from trackingmore_v2 import BatchInterrupted, InvalidInput, ItemResult, models
from trackingmore_v2_api import OPERATIONS

BATCH = OPERATIONS["deleteTrackingBatch"].batch
SIZE = BATCH.max_items if BATCH else 0


async def awaited(items: Iterable[Any], error: Exception | None = None) -> AsyncIterator[Any]:
    """Yield items one by one, and then an error if there is one."""
    for item in items:
        yield item
    if error:
        raise error


def pairs(count: int) -> list[tuple[str, str]]:
    """Name so many trackings."""
    return [("usps", f"LK{number:09}CN") for number in range(count)]


async def test_an_async_input_is_cut_like_any_other() -> None:
    """Every item has its outcome, in order, and each call its share."""
    items = [*pairs(SIZE + 1), *pairs(1)]
    server, other_server = Recorder(error_response(4012)), Recorder(error_response(4012))
    report = await async_client_of(server).trackings.delete_many(awaited(items))
    other = await async_client_of(other_server).trackings.delete_many(items)

    assert [outcome.item for outcome in report] == items
    assert [outcome.result for outcome in report] == [outcome.result for outcome in other]
    assert [request.content for request in server.requests] == [
        request.content for request in other_server.requests
    ]


async def test_an_async_input_is_read_one_call_at_a_time() -> None:
    """An endless one as well."""
    read: list[int] = []

    async def endless() -> AsyncIterator[tuple[str, str]]:
        while True:
            read.append(len(read))
            yield ("usps", f"LK{len(read):09}CN")

    outcomes = async_client_of(Recorder(error_response(4012))).trackings.iter_delete_many(endless())
    await anext(outcomes)

    assert len(read) == SIZE


async def test_an_interrupted_async_input_loses_nothing() -> None:
    """What was sent is reported, what was only read is not sent, and the error names the item."""
    trackings = async_client_of(Recorder(error_response(4012))).trackings
    disk_error = OSError("disk")
    with pytest.raises(BatchInterrupted) as caught:
        await trackings.delete_many(awaited(pairs(SIZE + 2), disk_error))

    results = [outcome.result for outcome in caught.value.report]
    assert results == [ItemResult.REJECTED] * SIZE + [ItemResult.NOT_SENT] * 2
    assert caught.value.index == SIZE + 2
    assert caught.value.__cause__ is disk_error


async def test_a_list_can_be_deleted() -> None:
    """What one method gives another takes."""
    listed = (
        b'{"meta":{"code":200},"data":{"total":"1","items":[{"id":"1","carrier_code":"usps",'
        b'"tracking_number":"LK664578623CN","status":"expired","created_at":""}]}}'
    )
    server = Recorder(listed)
    client = async_client_of(server)
    report = await client.trackings.delete_many(client.trackings.list(status="expired"))

    assert [outcome.item.tracking_number for outcome in report] == ["LK664578623CN"]  # type: ignore[union-attr]  # a parcel
    assert b"LK664578623CN" in server.requests[-1].content


async def test_questions_take_async_inputs_too() -> None:
    """Places, routes and waybills."""
    server = Recorder(b'{"meta":{"code":200},"data":[]}')
    client = async_client_of(server)
    await client.air_waybills.track(awaited(["172-28891936"]))
    await client.shipping.transit_times(
        awaited([{"carrier_code": "dhl", "original": "CN", "destination": "US"}])
    )

    assert b"172-28891936" in server.requests[0].content
    assert b"dhl" in server.requests[1].content


def test_a_blocking_client_does_not_await() -> None:
    """An async input is rejected before anything is sent."""
    server = Recorder()
    with pytest.raises(InvalidInput, match="must be an iterable"):
        client_of(server).trackings.delete_many(awaited([]))  # type: ignore[call-overload]  # on purpose

    assert server.requests == []


def test_a_question_whose_input_breaks_keeps_what_was_read() -> None:
    """The error names the item, and holds the responses before it."""

    def breaking() -> Iterable[str]:
        for serial in range(41):
            yield f"172-{serial:07}{serial % 7}"
        raise OSError("disk")

    server = Recorder(b'{"meta":{"code":200},"data":{"172-00000000":{"track_number":"1"}}}')
    with pytest.raises(BatchInterrupted) as caught:
        client_of(server).air_waybills.track(breaking())

    assert caught.value.index == 41
    partial = caught.value.partial
    assert isinstance(partial, dict)
    assert list(partial) == ["172-00000000"]
    assert len(server.requests) == 1


WAYBILL = b'{"172-00000000":{"track_number":"172-00000000"}}'
AREAS = b'{"submitted":1,"remote":[]}'


@pytest.mark.parametrize(
    ("operation", "data"), [("trackAirWaybills", WAYBILL), ("checkRemoteAreas", AREAS)]
)
async def test_a_question_whose_async_input_breaks_is_interrupted(
    operation: str, data: bytes
) -> None:
    """As by a sync input: the responses before the error are kept, and the error is the cause."""
    batch, error = OPERATIONS[operation].batch, OSError("disk")
    count = (batch.max_items if batch else 1) + 1
    server = Recorder(b'{"meta":{"code":200},"data":%s}' % data)
    client = async_client_of(server)
    waybills = [f"172-{serial:07}{serial % 7}" for serial in range(count)]
    places = [models.Place(country="Japan", postcode=f"{number:07}") for number in range(count)]
    methods: dict[str, Callable[[], Any]] = {
        "trackAirWaybills": lambda: client.air_waybills.track(awaited(waybills, error)),
        "checkRemoteAreas": lambda: client.shipping.remote_areas(awaited(places, error)),
    }
    with pytest.raises(BatchInterrupted) as caught:
        await methods[operation]()

    assert caught.value.index == count
    assert caught.value.__cause__ is error
    assert caught.value.partial
    assert not caught.value.in_doubt
    assert len(server.requests) == 1
