"""The public API as users write it: never run, only checked by mypy and pyright."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import assert_type

from trackingmore_v2 import (
    ApiError,
    AsyncTrackingList,
    AsyncTrackingMore,
    BatchReport,
    ItemResult,
    KeyItem,
    NewItem,
    NewTrackingDict,
    Outcome,
    TrackingList,
    TrackingMore,
    TrackingMoreError,
    TransportError,
    models,
)

YESTERDAY = datetime.now(UTC) - timedelta(days=1)


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
    item = models.NewBatchTracking(carrier_code="ups", tracking_number="1Z97X17XYW06605211")
    report = client.trackings.create_many(
        [item, {"carrier_code": "ups", "tracking_number": "1Z97X17XYW06605212", "title": "Lamp"}]
    )
    assert_type(report, BatchReport[NewItem])
    assert_type(report.counts[ItemResult.CREATED], int)
    assert_type(report.error, TrackingMoreError | None)
    report.raise_for_refusals()
    for outcome in report.created:
        assert_type(outcome.item, NewItem)
        assert_type(outcome.tracking, models.CreatedTracking | None)
        assert_type(outcome.duplicate_of, int | None)
    client.trackings.create_many(outcome.item for outcome in report.not_sent)
    rows: list[NewTrackingDict] = [{"carrier_code": "ups", "tracking_number": "1Z97X17XYW06605211"}]
    assert_type(client.trackings.iter_create_many(rows), Iterator[Outcome[NewItem]])
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
        assert_type(error.maybe_sent, bool)


def mistakes(client: TrackingMore) -> None:
    """What must not pass; each line would be an unused ignore if it did."""
    client.trackings.create("ups")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]  # no number
    client.trackings.create("ups", "1Z97X17XYW06605211", titel="x")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]  # misspelt
    client.trackings.list(page_size="50")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # not a number
    client.trackings.list(numbers=17)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # no numbers
    client.trackings.list(created_after="2026-01-01")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # no datetime
    client.trackings.list(limit=50)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]  # the wire's name
    client.trackings.change_carrier("ups", "1Z97X17XYW06605211", "usps")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]  # by name only
    client.trackings.create_many([{"carrier_code": "ups"}])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]  # no number
    client.trackings.create_many([("ups", "1Z97X17XYW06605211")])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]  # a pair is enough only for a name
