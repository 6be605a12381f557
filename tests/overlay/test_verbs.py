"""Every operation, called by both clients against the sandbox."""

import inspect
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from tests.overlay.verbs import NUMBER, VERBS
from trackingmore_v2 import (
    AsyncTrackingMore,
    TrackingExists,
    TrackingMore,
    TrackingNotFound,
    models,
)
from trackingmore_v2_api import OPERATIONS
from trackingmore_v2_sandbox import Sandbox

RESOURCES = ("account", "air_waybills", "carriers", "shipping", "trackings")


@pytest.fixture
def client() -> Iterator[TrackingMore]:
    """Give a client of a fresh sandbox."""
    with Sandbox() as sandbox, TrackingMore(sandbox.api_key, base_url=sandbox.base_url) as made:
        yield made


@pytest.fixture
async def async_client() -> AsyncIterator[AsyncTrackingMore]:
    """Give an async client of a fresh sandbox."""
    with Sandbox() as sandbox:
        async with AsyncTrackingMore(sandbox.api_key, base_url=sandbox.base_url) as made:
            yield made


def prepared(operation: str) -> list[str]:
    """Name the verbs that must run before one, so that its parcel is there, or is not yet."""
    if operation in {"createTracking", "createTrackingBatch"}:
        return []
    if OPERATIONS[operation].tag == "Trackings":
        return ["createTracking"]
    return []


def test_there_is_a_verb_for_every_operation() -> None:
    """19 of 19 operations of the contract can be called."""
    assert set(VERBS) == set(OPERATIONS)
    assert len(VERBS) == 19


@pytest.mark.parametrize("operation", VERBS)
def test_the_sync_client_calls_it(operation: str, client: TrackingMore) -> None:
    """The verb's answer is the data of the operation's response model."""
    for before in prepared(operation):
        VERBS[before](client)
    result = VERBS[operation](client)

    assert_result(operation, result)


@pytest.mark.parametrize("operation", VERBS)
async def test_the_async_client_calls_it(operation: str, async_client: AsyncTrackingMore) -> None:
    """The verb's answer is the data of the operation's response model, awaited."""
    for before in prepared(operation):
        await VERBS[before](async_client)
    result = await VERBS[operation](async_client)

    assert_result(operation, result)


def assert_result(operation: str, result: Any) -> None:
    """Check what a verb gave."""
    kinds: dict[str, Any] = {
        "createTracking": models.CreatedTracking,
        "getTracking": models.Tracking,
        "getLocalizedTracking": models.Tracking,
        "updateTracking": models.UpdatedTracking,
        "deleteTracking": type(None),
        "createTrackingBatch": models.CreateBatchResult,
        "listTrackings": models.TrackingPage,
        "updateTrackingBatch": models.UpdateBatchResult,
        "deleteTrackingBatch": models.DeleteBatchResult,
        "trackInRealtime": models.RealtimeTracking,
        "changeCarrier": type(None),
        "getAccount": models.Account,
        "countTrackings": models.StatusCounts,
        "stopTrackingUpdates": models.StopUpdatesResult,
        "checkRemoteAreas": models.RemoteAreas,
        "getTransitTimes": list,
        "trackAirWaybills": dict,
        "listCarriers": list,
        "detectCarrier": list,
    }

    assert type(result) is kinds[operation]
    if operation == "listTrackings":
        assert [item.tracking_number for item in result.items] == [NUMBER]
    if operation == "updateTracking":
        assert (result.title, result.archived, result.status) == ("Teapot", True, "delivered")
    if isinstance(result, list | dict):
        assert result


def test_the_story_of_one_parcel(client: TrackingMore) -> None:
    """Create, refuse the second time, read, list, delete, and it is gone."""
    trackings = client.trackings
    created = trackings.create("china-ems", NUMBER, title="Teapot", order_id="#1")
    with pytest.raises(TrackingExists):
        trackings.create("china-ems", NUMBER)

    assert created.status is models.TrackingStatus.PENDING
    assert trackings.get("china-ems", NUMBER).title == "Teapot"
    assert trackings.list(orders=["#1"]).items[0].id == created.id
    assert trackings.list(orders=["#2"]).items == []
    trackings.delete("china-ems", NUMBER)
    with pytest.raises(TrackingNotFound):
        trackings.get("china-ems", NUMBER)
    assert trackings.create("china-ems", NUMBER).id == created.id


def test_both_clients_offer_the_same() -> None:
    """Sync and async have the same resources, verbs and parameters."""
    with TrackingMore("key", base_url="http://127.0.0.1:9/v2") as sync_client:
        async_client = AsyncTrackingMore("key", base_url="http://127.0.0.1:9/v2")
        for name in RESOURCES:
            blocking = type(getattr(sync_client, name))
            awaited = type(getattr(async_client, name))

            assert verbs_of(blocking).keys() == verbs_of(awaited).keys()
            for verb, function in verbs_of(blocking).items():
                twin = verbs_of(awaited)[verb]
                assert inspect.signature(function) == inspect.signature(twin)
                assert inspect.iscoroutinefunction(twin)
                assert f"`{blocking.__name__}.{verb}()`" in (twin.__doc__ or "")


def verbs_of(resource: type[object]) -> dict[str, Any]:
    """Give the public verbs of a resource."""
    return {name: value for name, value in vars(resource).items() if not name.startswith("_")}
