"""Lists whose trackings are deleted or archived while they are read, against the sandbox."""

from collections.abc import Iterator

import httpx2
import pytest

from tests.overlay.stubs import async_client_of, client_of
from trackingmore_v2 import (
    AsyncTrackingMore,
    BatchInterrupted,
    BatchReport,
    Hooks,
    ServerFailed,
    TrackingMore,
    models,
)
from trackingmore_v2.types import KeyItem
from trackingmore_v2_sandbox import Sandbox

PREFETCH = pytest.mark.parametrize("prefetch", [False, True], ids=["lazy", "ahead"])
NUMBERS = [f"SANDBOX-EXPIRED_{index:02}" for index in range(11)]


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """Yield a sandbox with eleven expired trackings."""
    with Sandbox() as sandbox:
        sandbox.seed({"carrier_code": "ups", "tracking_number": number} for number in NUMBERS)
        yield sandbox


@pytest.fixture
def operations() -> list[str]:
    """Return the operations of the client's attempts, which are appended."""
    return []


@pytest.fixture
def client(sandbox: Sandbox, operations: list[str]) -> Iterator[TrackingMore]:
    """Yield a client of the sandbox."""
    hooks = Hooks(on_attempt=lambda event: operations.append(event.operation))
    with TrackingMore(sandbox.api_key, base_url=sandbox.base_url, hooks=hooks) as client:
        yield client


def async_client(sandbox: Sandbox) -> AsyncTrackingMore:
    """Return an async client of the sandbox."""
    return AsyncTrackingMore(sandbox.api_key, base_url=sandbox.base_url)


def keys_of(report: BatchReport[KeyItem]) -> list[str]:
    """Return the numbers of a report's items that are keys."""
    items = (outcome.item for outcome in report)
    return sorted(item.tracking_number for item in items if isinstance(item, models.TrackingKey))


@PREFETCH
def test_a_batch_reads_a_list_to_its_end_first(
    client: TrackingMore, operations: list[str], *, prefetch: bool
) -> None:
    """Each page is requested once, and all trackings are deleted; only keys are kept."""
    expired = client.trackings.list(status="expired", page_size=2, prefetch=prefetch)
    stopped = client.trackings.stop_updates(expired)
    listing = ["listTrackings"] * 6

    assert operations == [*listing, "stopTrackingUpdates"]
    assert keys_of(stopped) == NUMBERS
    operations.clear()
    deleted = client.trackings.delete_many(expired)
    assert operations == [*listing, "deleteTrackingBatch"]
    assert keys_of(deleted) == NUMBERS
    assert len(deleted.deleted) == len(NUMBERS)
    assert expired.total() == 0


@PREFETCH
async def test_a_batch_reads_a_list_to_its_end_first_awaited(
    sandbox: Sandbox, *, prefetch: bool
) -> None:
    """All trackings are deleted, also by the `iter_` form; only keys are kept."""
    async with async_client(sandbox) as client:
        expired = client.trackings.list(status="expired", page_size=2, prefetch=prefetch)
        stopped = [outcome async for outcome in client.trackings.iter_stop_updates(expired)]
        report = await client.trackings.delete_many(expired)

        assert len(stopped) == len(NUMBERS)
        assert keys_of(report) == NUMBERS
        assert await expired.total() == 0


async def test_an_error_of_the_list_interrupts_the_batch() -> None:
    """Nothing was sent, so the report is empty."""
    methods: list[str] = []

    def fail(request: httpx2.Request) -> httpx2.Response:
        methods.append(request.method)
        return httpx2.Response(502)

    client, awaiting = client_of(fail), async_client_of(fail)
    with pytest.raises(BatchInterrupted) as sync:
        client.trackings.delete_many(client.trackings.list())
    with pytest.raises(BatchInterrupted) as awaited:
        await awaiting.trackings.delete_many(awaiting.trackings.list())

    for error in (sync.value, awaited.value):
        assert isinstance(error.__cause__, ServerFailed)
        assert (error.index, list(error.report)) == (0, [])
    assert methods == ["GET", "GET"]


@PREFETCH
def test_a_loop_may_delete_what_it_lists(client: TrackingMore, *, prefetch: bool) -> None:
    """Each tracking comes once, and none is left."""
    found: list[str] = []
    for tracking in client.trackings.list(status="expired", page_size=3, prefetch=prefetch):
        client.trackings.delete(tracking.carrier_code, tracking.tracking_number)
        found.append(tracking.tracking_number)

    assert sorted(found) == NUMBERS


@PREFETCH
async def test_a_loop_may_delete_what_it_lists_awaited(sandbox: Sandbox, *, prefetch: bool) -> None:
    """Each tracking comes once, and none is left."""
    found: list[str] = []
    async with async_client(sandbox) as client:
        expired = client.trackings.list(status="expired", page_size=3, prefetch=prefetch)
        async for tracking in expired:
            await client.trackings.delete(tracking.carrier_code, tracking.tracking_number)
            found.append(tracking.tracking_number)

    assert sorted(found) == NUMBERS


@PREFETCH
def test_a_batch_may_archive_what_an_expression_lists(
    sandbox: Sandbox, client: TrackingMore, *, prefetch: bool
) -> None:
    """A list inside a generator expression is read while the batch changes it."""
    numbers = [f"SANDBOX-DELIVERED_{index:03}" for index in range(500)]
    sandbox.seed({"carrier_code": "ups", "tracking_number": number} for number in numbers)
    current = client.trackings.list(archived=False, page_size=50, prefetch=prefetch)
    report = client.trackings.update_many(
        {
            "carrier_code": tracking.carrier_code,
            "tracking_number": tracking.tracking_number,
            "archived": True,
        }
        for tracking in current
    )

    assert len(report.updated) == len(report) == len(NUMBERS + numbers)
    assert current.total() == 0
