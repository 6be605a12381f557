"""The public API as users write it: never run, only checked by mypy and pyright."""

import math
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import assert_type

import httpx2

from trackingmore_v2 import (
    ApiError,
    AsyncTrackingList,
    AsyncTrackingMore,
    BatchReport,
    CreateItem,
    CreateTrackingItemDict,
    DeadlineExceeded,
    Hooks,
    ItemResult,
    KeyItem,
    Limiter,
    Outcome,
    QuotaGuard,
    TimedOut,
    TrackingList,
    TrackingMore,
    TrackingMoreError,
    TransportError,
    models,
)
from trackingmore_v2_api import Call
from trackingmore_v2_api.operations.account import get_account

YESTERDAY = datetime.now(UTC) - timedelta(days=1)


def settings() -> None:
    """Clients with every setting, and twins of them with others."""
    limiter = Limiter(per_second=5)
    guard = QuotaGuard(max_creates=100, max_detects=0)
    client = TrackingMore(
        "key",
        base_url="http://127.0.0.1:8642/v2",
        timeout=10,
        deadline=60.0,
        retries=3,
        lang="en",
        limiter=limiter,
        hooks=Hooks(on_attempt=print),
        quota_guard=guard,
        cache_carriers=True,
        http_client=httpx2.Client(),
    )
    twin = client.with_options(
        timeout=90,
        deadline=math.inf,
        retries=0,
        lang="de",
        limiter=Limiter(),
        hooks=Hooks(),
        quota_guard=QuotaGuard(),
    )
    assert_type(twin, TrackingMore)
    assert_type(client.with_options(deadline=None), TrackingMore)
    awaited = AsyncTrackingMore(limiter=limiter, http_client=httpx2.AsyncClient())
    assert_type(awaited.with_options(retries=1), AsyncTrackingMore)
    assert_type(guard.creates, int)


def trackings(client: TrackingMore) -> None:
    """Parcels."""
    assert_type(
        client.trackings.create("ups", "1Z97X17XYW06605211", title="Lamp", auto_correct=1),
        models.CreatedTracking,
    )
    tracking = client.trackings.get("ups", "1Z97X17XYW06605211", lang="en")
    assert_type(tracking, models.Tracking)
    assert_type(tracking.status, models.TrackingStatus)
    assert_type(tracking.customer_email, str | list[str] | None)
    assert_type(tracking.origin_info, models.Leg | None)
    for checkpoint in (tracking.origin_info and tracking.origin_info.track_info) or []:
        assert_type(checkpoint, models.Checkpoint)
    client.trackings.update(
        "ups", "1Z97X17XYW06605211", archived=True, status=models.SettableStatus.DELIVERED
    )
    assert_type(client.trackings.count_by_status(created_after=YESTERDAY).delivered, int)
    client.trackings.change_carrier("ups", "1Z97X17XYW06605211", to="usps")


def lists(client: TrackingMore) -> None:
    """Lists, with every filter."""
    found = client.trackings.list(
        status=["delivered", models.TrackingStatus.EXPIRED],
        numbers=(number for number in ["1Z97X17XYW06605211"]),
        orders={"#1001"},
        created_after=YESTERDAY,
        created_before=None,
        updated_after=YESTERDAY,
        updated_before=YESTERDAY,
        ordered_after=YESTERDAY,
        ordered_before=YESTERDAY,
        archived=False,
        lang="en",
        page_size=50,
        prefetch=True,
    )
    assert_type(found, TrackingList)
    for parcel in found:
        assert_type(parcel, models.Tracking)
    for page in found.pages():
        assert_type(page, models.TrackingPage)
    assert_type(found.total(), int)
    assert_type(found.first(), models.Tracking | None)
    assert_type(client.trackings.list(status="delivered", archived=None), TrackingList)


async def awaited_lists(client: AsyncTrackingMore) -> None:
    """The same, awaited; only the list itself is not."""
    found = client.trackings.list(status=models.TrackingStatus.TRANSIT, prefetch=True)
    assert_type(found, AsyncTrackingList)
    async for parcel in found:
        assert_type(parcel, models.Tracking)
    async for page in found.pages():
        assert_type(page, models.TrackingPage)
    assert_type(await found.total(), int)
    assert_type(await found.first(), models.Tracking | None)


def batches(client: TrackingMore) -> None:
    """Many at once, as models, dictionaries, pairs or parcels."""
    item = models.CreateTrackingItem(carrier_code="ups", tracking_number="1Z97X17XYW06605211")
    report = client.trackings.create_many(
        [item, {"carrier_code": "ups", "tracking_number": "1Z97X17XYW06605212", "title": "Lamp"}]
    )
    assert_type(report, BatchReport[CreateItem])
    assert_type(report.counts[ItemResult.CREATED], int)
    assert_type(report.error, TrackingMoreError | None)
    report.raise_for_rejected()
    for outcome in report.created:
        assert_type(outcome.item, CreateItem)
        assert_type(outcome.tracking, models.CreatedTracking | None)
        assert_type(outcome.duplicate_of, int | None)
    assert_type(report.adopted, list[Outcome[CreateItem]])
    assert_type(report[0].result is ItemResult.ADOPTED, bool)
    client.trackings.create_many(outcome.item for outcome in report.not_sent)
    rows: list[CreateTrackingItemDict] = [
        {"carrier_code": "ups", "tracking_number": "1Z97X17XYW06605211"}
    ]
    assert_type(client.trackings.iter_create_many(rows), Iterator[Outcome[CreateItem]])
    client.trackings.update_many(
        [{"carrier_code": "ups", "tracking_number": "1Z97X17XYW06605211", "archived": True}]
    )
    client.trackings.delete_many([("ups", "1Z97X17XYW06605211"), report[0].tracking or item])
    client.trackings.delete_many(client.trackings.list(status="expired"))
    client.trackings.stop_updates([{"carrier_code": "ups", "tracking_number": "1Z97X17XYW0660521"}])
    areas = client.shipping.remote_areas([{"country": "JP", "postcode": "7621094"}])
    assert_type(areas, models.RemoteAreas)
    route = models.Route(carrier_code="dhl", original="CN", destination="US")
    assert_type(client.shipping.transit_times([route]), list[models.TransitTime])


async def awaited_batches(client: AsyncTrackingMore) -> None:
    """The same, awaited; only what is iterated is not."""
    keys = [("ups", "1Z97X17XYW06605211")]
    assert_type(await client.trackings.delete_many(keys), BatchReport[KeyItem])
    async for outcome in client.trackings.iter_delete_many(keys):
        assert_type(outcome, Outcome[KeyItem])


async def awaited_inputs(
    client: AsyncTrackingMore, rows: AsyncIterator[CreateTrackingItemDict]
) -> None:
    """Inputs that are awaited themselves."""
    expired = client.trackings.list(status="expired")
    assert_type(await client.trackings.delete_many(expired), BatchReport[KeyItem])
    assert_type(await client.trackings.stop_updates(expired), BatchReport[KeyItem])
    assert_type(await client.trackings.create_many(rows), BatchReport[CreateItem])
    assert_type(client.trackings.iter_create_many(rows), AsyncIterator[Outcome[CreateItem]])
    numbers = (row["tracking_number"] async for row in rows)
    assert_type(await client.air_waybills.track(numbers), dict[str, models.AirWaybill])


def recorded(client: TrackingMore) -> None:
    """The resources with their responses recorded, and any call of the generated package."""
    recorder = client.recorder()
    assert_type(recorder.trackings.get("ups", "1Z97X17XYW06605211"), models.Tracking)
    response = recorder.responses[-1]
    assert_type((response.status, response.body), tuple[int, bytes])
    assert_type(response.headers, Mapping[str, str])
    assert_type(get_account.call(), Call[models.AccountResponse])
    assert_type(client.call(get_account.call()), models.AccountResponse)


async def recorded_async(client: AsyncTrackingMore) -> None:
    """The same, awaited."""
    recorder = client.recorder()
    assert_type(await recorder.trackings.get("ups", "1Z97X17XYW06605211"), models.Tracking)
    assert_type(recorder.responses[-1].status, int)
    assert_type(await client.call(get_account.call()), models.AccountResponse)


def others(client: TrackingMore) -> None:
    """Everything else."""
    waybills = client.air_waybills.track(["172-28891936"])
    assert_type(waybills, dict[str, models.AirWaybill])
    details = waybills["172-28891936"].return_data
    if details is not None and details.flight_info is not None:
        assert_type(details.flight_info["CV7493"], models.Flight)
    assert_type(client.carriers.list(), list[models.Carrier])
    assert_type(client.carriers.detect("RN123456789CN"), list[models.DetectedCarrier])
    assert_type(client.account.get(), models.Account)


async def awaited(client: AsyncTrackingMore) -> None:
    """The same, awaited."""
    assert_type(await client.trackings.get("ups", "1Z97X17XYW06605211"), models.Tracking)
    assert_type(await client.air_waybills.track("172-28891936"), dict[str, models.AirWaybill])
    await client.trackings.delete("ups", "1Z97X17XYW06605211")


def errors(client: TrackingMore) -> None:
    """Errors are data."""
    try:
        client.account.get()
    except ApiError as error:
        assert_type(error.code, int | None)
        assert_type(error.body, bytes)
    except TransportError as error:
        assert_type(error.in_doubt, bool)
    except TrackingMoreError as error:
        assert_type(error.in_doubt, bool)
    try:
        client.with_options(deadline=5).account.get()
    except DeadlineExceeded as error:
        late: TimedOut = error
        assert_type(late.reason, str)


def wrong_settings(client: TrackingMore, awaited: AsyncTrackingMore) -> None:
    """What must not pass; each line would be an unused ignore if it did."""
    TrackingMore("key", "http://127.0.0.1:8642/v2")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]  # by name only
    TrackingMore(http_client=httpx2.AsyncClient())  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # it awaits
    TrackingMore(limiter=1)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # no limiter
    client.with_options(timeout="30")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # not a number
    client.with_options(retries=0.5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # not whole
    client.with_options(api_key="key")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]  # another account
    client.call(get_account)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # no call yet
    client.trackings.delete_many(awaited.trackings.list())  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # to be awaited


def mistakes(client: TrackingMore) -> None:
    """The same of verbs."""
    client.trackings.create("ups")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]  # no number
    client.trackings.create("ups", "1Z97X17XYW06605211", titel="x")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]  # misspelt
    client.trackings.list(page_size="50")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # not a number
    client.trackings.list(numbers=17)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # no numbers
    client.trackings.list(created_after="2026-01-01")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # no datetime
    client.trackings.list(limit=50)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]  # the wire's name
    client.trackings.change_carrier("ups", "1Z97X17XYW06605211", "usps")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]  # by name only
    client.trackings.create_many([{"carrier_code": "ups"}])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]  # no number
    client.trackings.create_many([("ups", "1Z97X17XYW06605211")])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]  # a pair is enough only for a name
