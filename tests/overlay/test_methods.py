"""Every operation, called by both clients against the sandbox."""

import inspect
from collections.abc import AsyncIterable, AsyncIterator, Iterator
from functools import reduce
from operator import or_
from typing import Any, get_args, get_origin

import pytest

from tests.overlay.method_calls import METHOD_CALLS, NUMBER
from trackingmore_v2 import (
    AsyncTrackingChanges,
    AsyncTrackingList,
    AsyncTrackingMore,
    BatchReport,
    ChangeCarrierResult,
    DeleteResult,
    Outcome,
    TrackingChanges,
    TrackingExists,
    TrackingList,
    TrackingMore,
    TrackingNotFound,
    models,
)
from trackingmore_v2._sync.trackings import TrackingsResource
from trackingmore_v2.types import CreateItem, KeyItem, UpdateItem
from trackingmore_v2_api import OPERATIONS
from trackingmore_v2_sandbox import Sandbox

RESOURCES = ("account", "air_waybills", "carriers", "shipping", "trackings")
LAZY = {
    (TrackingsResource, "list"): (TrackingList, AsyncTrackingList),
    (TrackingsResource, "changes"): (TrackingChanges, AsyncTrackingChanges),
} | {
    (TrackingsResource, f"iter_{method}"): (Iterator[Outcome[item]], AsyncIterator[Outcome[item]])  # type: ignore[valid-type]  # types in a loop
    for method, item in {
        "create_many": CreateItem,
        "update_many": UpdateItem,
        "delete_many": KeyItem,
        "stop_updates": KeyItem,
    }.items()
}
"""Verbs that send nothing themselves; what they give is read, or awaited, bit by bit."""


@pytest.fixture
def client() -> Iterator[TrackingMore]:
    """Yield a client of a fresh sandbox."""
    with Sandbox() as sandbox, TrackingMore(sandbox.api_key, base_url=sandbox.base_url) as made:
        yield made


@pytest.fixture
async def async_client() -> AsyncIterator[AsyncTrackingMore]:
    """Yield an async client of a fresh sandbox."""
    with Sandbox() as sandbox:
        async with AsyncTrackingMore(sandbox.api_key, base_url=sandbox.base_url) as made:
            yield made


def operations_before(operation: str) -> list[str]:
    """Return the operations to call before one, so that its tracking exists."""
    if operation in {"createTracking", "createTrackingBatch"}:
        return []
    if OPERATIONS[operation].tag == "Trackings":
        return ["createTracking"]
    return []


def test_there_is_a_method_for_every_operation() -> None:
    """19 of 19 operations of the contract can be called."""
    assert set(METHOD_CALLS) == set(OPERATIONS)
    assert len(METHOD_CALLS) == 19


@pytest.mark.parametrize("operation", METHOD_CALLS)
def test_the_sync_client_calls_it(operation: str, client: TrackingMore) -> None:
    """The method returns the data of the operation's response model."""
    for before in operations_before(operation):
        METHOD_CALLS[before](client)
    result = METHOD_CALLS[operation](client)

    assert_result(operation, result)


@pytest.mark.parametrize("operation", METHOD_CALLS)
async def test_the_async_client_calls_it(operation: str, async_client: AsyncTrackingMore) -> None:
    """The awaited method returns the data of the operation's response model."""
    for before in operations_before(operation):
        await METHOD_CALLS[before](async_client)
    result = await METHOD_CALLS[operation](async_client)

    assert_result(operation, result)


def assert_result(operation: str, result: Any) -> None:
    """Check the type and the content of a result."""
    kinds: dict[str, Any] = {
        "createTracking": models.CreatedTracking,
        "getTracking": models.Tracking,
        "getLocalizedTracking": models.Tracking,
        "updateTracking": models.UpdatedTracking,
        "deleteTracking": DeleteResult,
        "createTrackingBatch": BatchReport,
        "listTrackings": models.Tracking,
        "updateTrackingBatch": BatchReport,
        "deleteTrackingBatch": BatchReport,
        "trackInRealtime": models.RealtimeTracking,
        "changeCarrier": ChangeCarrierResult,
        "getAccount": models.Account,
        "countTrackings": models.StatusCounts,
        "stopTrackingUpdates": BatchReport,
        "checkRemoteAreas": models.RemoteAreas,
        "getTransitTimes": list,
        "trackAirWaybills": dict,
        "listCarriers": list,
        "detectCarrier": list,
    }

    assert type(result) is kinds[operation]
    if isinstance(result, BatchReport):
        result.raise_for_rejected()
    if operation == "listTrackings":
        assert result.tracking_number == NUMBER
    if operation == "updateTracking":
        assert (result.title, result.archived, result.status) == ("Teapot", True, "delivered")
    if isinstance(result, list | dict):
        assert result


def test_the_life_of_one_tracking(client: TrackingMore) -> None:
    """Create, fail to create again, read, list, delete, and it does not exist."""
    trackings = client.trackings
    created = trackings.create("china-ems", NUMBER, title="Teapot", order_id="#1")
    with pytest.raises(TrackingExists):
        trackings.create("china-ems", NUMBER)

    assert created.status is models.TrackingStatus.PENDING
    assert trackings.get("china-ems", NUMBER).title == "Teapot"
    assert [item.id for item in trackings.list(orders=["#1"])] == [created.id]
    assert list(trackings.list(orders=["#2"])) == []
    trackings.delete("china-ems", NUMBER)
    with pytest.raises(TrackingNotFound):
        trackings.get("china-ems", NUMBER)
    assert trackings.create("china-ems", NUMBER).id == created.id


def test_both_clients_offer_the_same() -> None:
    """Sync and async have the same resources, methods and parameters."""
    with TrackingMore("key", base_url="http://127.0.0.1:9/v2") as sync_client:
        async_client = AsyncTrackingMore("key", base_url="http://127.0.0.1:9/v2")
        for name in RESOURCES:
            blocking = type(getattr(sync_client, name))
            awaited = type(getattr(async_client, name))

            assert methods_of(blocking).keys() == methods_of(awaited).keys()
            for method, function in methods_of(blocking).items():
                counterpart = methods_of(awaited)[method]
                offered, wanted = inspect.signature(counterpart), inspect.signature(function)
                assert without_waiting(offered) == dict(wanted.parameters)
                if (blocking, method) in LAZY:
                    assert LAZY[blocking, method] == (
                        wanted.return_annotation,
                        offered.return_annotation,
                    )
                    continue
                assert offered.return_annotation == wanted.return_annotation
                assert inspect.iscoroutinefunction(counterpart)


def without_waiting(signature: inspect.Signature) -> dict[str, inspect.Parameter]:
    """Return the parameters of an async method, without the async iterables that it takes."""
    return {
        name: parameter.replace(annotation=_blocking(parameter.annotation))
        for name, parameter in signature.parameters.items()
    }


def _blocking(annotation: Any) -> Any:
    kept = [one for one in get_args(annotation) if get_origin(one) is not AsyncIterable]
    return reduce(or_, kept) if len(kept) < len(get_args(annotation)) else annotation


def test_both_lists_offer_the_same() -> None:
    """What is read from a list of one client is awaited from that of the other."""
    blocking, awaited = methods_of(TrackingList), methods_of(AsyncTrackingList)

    assert blocking.keys() == awaited.keys() == {"pages", "total", "first"}
    assert all(map(inspect.iscoroutinefunction, (awaited["total"], awaited["first"])))
    assert inspect.isasyncgenfunction(awaited["pages"])


def test_both_iterators_over_changes_offer_the_same() -> None:
    """Both have a cursor, and nothing else but the iteration."""
    assert (
        methods_of(TrackingChanges).keys() == methods_of(AsyncTrackingChanges).keys() == {"cursor"}
    )


def methods_of(resource: type[object]) -> dict[str, Any]:
    """Return the public methods of a resource."""
    return {name: value for name, value in vars(resource).items() if not name.startswith("_")}
