"""The public API as users write it: never run, only checked by mypy and pyright."""

from typing import assert_type

from trackingmore_v2 import ApiError, AsyncTrackingMore, TrackingMore, TransportError, models


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
    page = client.trackings.list(status="delivered", limit=50, numbers=["1Z97X17XYW06605211"])
    assert_type(page.items, list[models.Tracking])
    assert_type(client.trackings.count_by_status(created_at_min=1).delivered, int)
    item = models.NewBatchTracking(carrier_code="ups", tracking_number="1Z97X17XYW06605211")
    assert_type(client.trackings.create_many([item]), models.CreateBatchResult)
    client.trackings.change_carrier("ups", "1Z97X17XYW06605211", to="usps")


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
    client.trackings.list(limit="50")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # not a number
    client.trackings.change_carrier("ups", "1Z97X17XYW06605211", "usps")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]  # by name only
