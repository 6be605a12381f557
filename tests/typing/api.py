"""The public API as users write it: never run, only checked by mypy and pyright."""

import csv
import math
from collections.abc import AsyncIterator, Hashable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias, TypedDict, assert_type

import httpx2

from trackingmore_v2 import (
    ApiError,
    AsyncTrackingList,
    AsyncTrackingMore,
    BatchReport,
    ChangeCarrierResult,
    DeadlineExceeded,
    DeleteResult,
    Hooks,
    ItemResult,
    Limiter,
    Outcome,
    QuotaGuard,
    TimedOut,
    TrackingChanges,
    TrackingList,
    TrackingMore,
    TrackingMoreError,
    TrackingOutcome,
    TrackingReport,
    TransportError,
    models,
)
from trackingmore_v2.types import CreateItem, CreateTrackingItemDict, KeyItem, UpdateItem
from trackingmore_v2_api import Call
from trackingmore_v2_api.operations.account import get_account

YESTERDAY = datetime.now(UTC) - timedelta(days=1)
URL = "http://127.0.0.1:8642/v2"
NUMBER = "1Z97X17XYW06605211"
KEYS = [("ups", NUMBER)]
PAIR = {"carrier_code": "ups", "tracking_number": NUMBER}
Waybills: TypeAlias = dict[str, models.AirWaybill]


class OrderDict(TypedDict):
    """A row of a user's own type, whose columns are some of the fields."""

    carrier_code: str
    tracking_number: str
    title: str


def settings(http: httpx2.Client, async_http: httpx2.AsyncClient) -> None:
    """Clients take every setting, and copies of them others."""
    hooks, limiter = Hooks(on_attempt=print), Limiter(per_second=5)
    guard = QuotaGuard(max_creates=100, max_detects=0)
    client = TrackingMore("key", base_url=URL, timeout=10, deadline=60.0, retries=3, lang="en")
    TrackingMore(
        limiter=limiter, hooks=hooks, quota_guard=guard, cache_carriers=True, http_client=http
    )
    copy = client.with_options(timeout=90, deadline=math.inf, retries=0, lang="de", limiter=limiter)
    assert_type(copy.with_options(hooks=hooks, quota_guard=guard), TrackingMore)
    assert_type(client.with_options(deadline=None), TrackingMore)
    async_client = AsyncTrackingMore(limiter=limiter, http_client=async_http)
    assert_type(async_client.with_options(retries=1), AsyncTrackingMore)
    assert_type(guard.creates, int)


def methods(client: TrackingMore) -> None:
    """Methods return models."""
    trackings = client.trackings
    assert_type(
        trackings.create("ups", NUMBER, title="Lamp", auto_correct=1), models.CreatedTracking
    )
    tracking = trackings.get("ups", NUMBER, lang="en")
    assert_type(tracking, models.Tracking)
    assert_type(tracking.status, models.TrackingStatus)
    assert_type(tracking.customer_email, str | list[str] | None)
    assert_type(tracking.origin_info, models.Leg | None)
    for checkpoint in (tracking.origin_info and tracking.origin_info.track_info) or []:
        assert_type(checkpoint, models.Checkpoint)
    result = trackings.get_or_create("ups", NUMBER, title="Lamp")
    assert_type((result.tracking, result.created), tuple[models.Tracking, bool])
    trackings.update("ups", NUMBER, archived=True, status=models.SettableStatus.DELIVERED)
    trackings.update("ups", NUMBER, status=models.TrackingStatus.DELIVERED)
    trackings.update("ups", NUMBER, status="original")
    trackings.update("ups", NUMBER, status=7)
    assert_type(trackings.count_by_status(created_after=YESTERDAY).delivered, int)
    trackings.change_carrier("ups", NUMBER, to="usps")
    waybills = client.air_waybills.track(["172-28891936"])
    assert_type(waybills, dict[str, models.AirWaybill])
    details = waybills["172-28891936"].return_data
    if details is not None and details.flight_info is not None:
        assert_type(details.flight_info["CV7493"], models.Flight)
    assert_type(client.carriers.list(models.CarrierLanguage.CN), list[models.Carrier])
    assert_type(client.carriers.list("en"), list[models.Carrier])
    assert_type(client.carriers.detect("RN123456789CN"), list[models.DetectedCarrier])
    assert_type(client.account.get(), models.Account)
    areas = client.shipping.remote_areas([{"country": "JP", "postcode": "7621094"}])
    assert_type(areas, models.RemoteAreas)
    route = models.Route(carrier_code="dhl", original="CN", destination="US")
    assert_type(client.shipping.transit_times([route]), list[models.TransitTime])


def lists(client: TrackingMore) -> None:
    """Lists take every filter."""
    trackings = client.trackings
    states = ["delivered", models.TrackingStatus.EXPIRED]
    found = trackings.list(status=states, numbers=(number for _, number in KEYS), page_size=50)
    trackings.list(orders={"#1001"}, archived=False, lang="en", prefetch=True)
    trackings.list(created_after=YESTERDAY, created_before=None, updated_after=YESTERDAY)
    trackings.list(updated_before=YESTERDAY, ordered_after=YESTERDAY, ordered_before=YESTERDAY)
    assert_type(found, TrackingList)
    for tracking in found:
        assert_type(tracking, models.Tracking)
    for page in found.pages():
        assert_type(page, models.TrackingPage)
    assert_type(found.total(), int)
    assert_type(found.first(), models.Tracking | None)
    assert_type(trackings.list(status="delivered", archived=None), TrackingList)
    changes = trackings.changes(YESTERDAY, page_size=50)
    for tracking in changes:
        assert_type(tracking, models.Tracking)
    assert_type(trackings.changes(since=changes.cursor), TrackingChanges)
    january = {"created_after": YESTERDAY, "created_before": YESTERDAY}
    assert_type(trackings.list(status="delivered", **january), TrackingList)
    assert_type(trackings.list(**january), TrackingList)
    assert_type(trackings.count_by_status(**january), models.StatusCounts)
    assert_type(trackings.list(status=NUMBER.lower()), TrackingList)


def batches(client: TrackingMore) -> None:
    """Batches take models, dicts, pairs or trackings."""
    item = models.CreateTrackingItem(carrier_code="ups", tracking_number=NUMBER)
    row: CreateTrackingItemDict = {"carrier_code": "ups", "tracking_number": NUMBER}
    report = client.trackings.create_many(
        [item, {"carrier_code": "ups", "tracking_number": NUMBER, "title": "Lamp"}]
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
    assert_type(report.in_doubt, list[Outcome[CreateItem]])
    assert_type(client.trackings.delete("ups", NUMBER), DeleteResult)
    assert_type(client.trackings.change_carrier("ups", NUMBER, to="dhl"), ChangeCarrierResult)
    assert_type(report[0].result is ItemResult.ADOPTED, bool)
    client.trackings.create_many(outcome.item for outcome in report.not_sent)
    assert_type(client.trackings.iter_create_many([row]), Iterator[Outcome[CreateItem]])
    client.trackings.update_many(
        [{"carrier_code": "ups", "tracking_number": NUMBER, "archived": True}]
    )
    found = client.trackings.get_many(KEYS)
    assert_type(found, TrackingReport[KeyItem])
    assert_type(found.trackings, list[models.Tracking])
    known = client.trackings.get_or_create_many([row])
    assert_type(known[0], TrackingOutcome[CreateItem])
    assert_type(known[0].tracking, models.Tracking | None)
    assert_type(known[0].adopted, bool)
    client.trackings.delete_many([("ups", NUMBER), report[0].tracking or item])
    client.trackings.delete_many(client.trackings.list(status="expired"))
    client.trackings.stop_updates([{"carrier_code": "ups", "tracking_number": NUMBER}])


def tables(
    client: TrackingMore,
    rows: list[dict[str, str]],
    records: list[dict[Hashable, Any]],
    typed: list[OrderDict],
) -> None:
    """Rows of a table are items, whatever their columns; a report is a report of any item."""
    trackings, shipping = client.trackings, client.shipping
    assert_type(trackings.create_many(csv.DictReader([])), BatchReport[CreateItem])
    assert_type(trackings.create_many(rows, unknown="ignore"), BatchReport[CreateItem])
    assert_type(trackings.create_many(records), BatchReport[CreateItem])
    assert_type(trackings.create_many(typed), BatchReport[CreateItem])
    assert_type(trackings.iter_create_many(rows), Iterator[Outcome[CreateItem]])
    assert_type(trackings.update_many(rows), BatchReport[UpdateItem])
    assert_type(trackings.iter_update_many(rows), Iterator[Outcome[UpdateItem]])
    assert_type(trackings.delete_many(rows), BatchReport[KeyItem])
    assert_type(trackings.iter_delete_many(rows), Iterator[Outcome[KeyItem]])
    assert_type(trackings.stop_updates(rows), BatchReport[KeyItem])
    assert_type(trackings.iter_stop_updates(rows), Iterator[Outcome[KeyItem]])
    assert_type(trackings.get_many(rows, unknown="ignore"), TrackingReport[KeyItem])
    assert_type(trackings.get_or_create_many(rows, unknown="ignore"), TrackingReport[CreateItem])
    assert_type(shipping.remote_areas(rows, unknown="ignore"), models.RemoteAreas)
    assert_type(shipping.transit_times(rows), list[models.TransitTime])
    assert_type(client.air_waybills.track(row["awb"] for row in rows), Waybills)
    report: BatchReport[object] = trackings.delete_many([])
    outcome: Outcome[object] = report[0]
    found: TrackingReport[object] = trackings.get_many([])
    first: TrackingOutcome[object] = found[0]
    assert_type(first.tracking, models.Tracking | None)
    assert_type(BatchReport.of(outcome.error), BatchReport[Any] | None)


def recorded(client: TrackingMore) -> None:
    """A recorder has the same methods, and any generated call can be sent."""
    recorder = client.recorder()
    assert_type(recorder.trackings.get("ups", NUMBER, lang="en"), models.Tracking)
    response = recorder.responses[-1]
    assert_type((response.status, response.body), tuple[int, bytes])
    assert_type(response.headers, Mapping[str, str])
    assert_type(get_account.call(), Call[models.AccountResponse])
    assert_type(client.call(get_account.call()), models.AccountResponse)


async def async_client(
    client: AsyncTrackingMore, rows: AsyncIterator[CreateTrackingItemDict]
) -> None:
    """The async client returns the same, awaited, and takes async iterables."""
    trackings = client.trackings
    assert_type(await trackings.get("ups", NUMBER), models.Tracking)
    await trackings.delete("ups", NUMBER)
    found = trackings.list(status=models.TrackingStatus.TRANSIT, prefetch=True)
    assert_type(found, AsyncTrackingList)
    async for tracking in found:
        assert_type(tracking, models.Tracking)
    async for page in found.pages():
        assert_type(page, models.TrackingPage)
    assert_type(await found.total(), int)
    assert_type(await found.first(), models.Tracking | None)
    assert_type(await trackings.delete_many(KEYS), BatchReport[KeyItem])
    async for outcome in trackings.iter_delete_many(KEYS):
        assert_type(outcome, Outcome[KeyItem])
    assert_type(await trackings.delete_many(found), BatchReport[KeyItem])
    assert_type(await trackings.stop_updates(found), BatchReport[KeyItem])
    assert_type(await trackings.create_many(rows), BatchReport[CreateItem])
    assert_type(trackings.iter_create_many(rows), AsyncIterator[Outcome[CreateItem]])
    assert_type(await client.air_waybills.track("172-28891936"), dict[str, models.AirWaybill])
    numbers = (row["tracking_number"] async for row in rows)
    assert_type(await client.air_waybills.track(numbers), dict[str, models.AirWaybill])
    recorder = client.recorder()
    assert_type(await recorder.trackings.get("ups", NUMBER, lang="en"), models.Tracking)
    assert_type(recorder.responses[-1].status, int)
    assert_type(await client.call(get_account.call()), models.AccountResponse)


def errors(client: TrackingMore) -> None:
    """Errors have typed attributes."""
    try:
        client.account.get()
    except ApiError as error:
        assert_type(error.code, int | None)
        assert_type(error.body, bytes)
        assert_type(error.retry_after, float | None)
        assert_type(error.tracking_number, str | None)
    except TransportError as error:
        assert_type(error.in_doubt, bool)
    except TrackingMoreError as error:
        assert_type(error.in_doubt, bool)
    try:
        client.with_options(deadline=5).account.get()
    except DeadlineExceeded as error:
        late: TimedOut = error
        assert_type(late.reason, str)


def wrong_arguments(client: TrackingMore, async_client: AsyncTrackingMore) -> None:
    """Wrong arguments are type errors; a line without one would be an unused ignore."""
    TrackingMore("key", URL)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]  # by name only
    TrackingMore(http_client=httpx2.AsyncClient())  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # an async one
    TrackingMore(limiter=1)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # not a limiter
    client.with_options(timeout="30")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # not a number
    client.with_options(retries=0.5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # not an integer
    client.with_options(api_key="key")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]  # another account
    client.call(get_account)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # not a call
    client.trackings.delete_many(async_client.trackings.list())  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]  # an async iterable
    client.trackings.create("ups")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]  # no number
    client.trackings.create("ups", NUMBER, titel="x")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]  # misspelt
    client.trackings.list(page_size="50")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]  # not a number
    client.trackings.list(numbers=17)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]  # not iterable
    client.trackings.list(created_after="2026-01-01")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]  # not a datetime
    client.trackings.list(limit=50)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]  # the name in the API
    client.trackings.update("ups", NUMBER, status="transit")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # not settable
    client.trackings.update("ups", NUMBER, status=models.TrackingStatus.TRANSIT)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # not settable
    client.trackings.change_carrier("ups", NUMBER, "usps")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]  # by name only
    client.trackings.create_many([("ups", NUMBER)])  # type: ignore[list-item]  # pyright: ignore[reportCallIssue, reportArgumentType]  # a pair has no fields
    client.trackings.create_many(rows="x")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]  # no such parameter


def wrong_dicts(client: TrackingMore) -> None:
    """A dict display with a mistake is an error for pyright; mypy takes it for a row."""
    trackings, shipping = client.trackings, client.shipping
    trackings.create_many([{"carrier_code": "ups"}])  # pyright: ignore[reportDeprecated]  # no number
    trackings.create_many([{**PAIR, "titel": "Lamp"}], unknown="ignore")
    trackings.create_many([{"carrier_code": "ups", "tracking_number": NUMBER, "titel": "x"}])  # pyright: ignore[reportDeprecated]  # misspelt
    trackings.update_many([{"carrier_code": "ups", "tracking_number": NUMBER, "title": 1}])  # pyright: ignore[reportDeprecated]  # not text
    trackings.delete_many([{"carrier_code": "ups", "number": NUMBER}])  # pyright: ignore[reportDeprecated]  # misspelt
    trackings.stop_updates([("ups", NUMBER), {"number": NUMBER}])  # pyright: ignore[reportDeprecated]  # misspelt
    trackings.get_or_create_many([{"carrier_code": "ups", "number": NUMBER}])  # pyright: ignore[reportDeprecated]  # misspelt
    trackings.iter_create_many({"carrier_code": "ups", "number": n} for n in "ab")  # pyright: ignore[reportDeprecated]  # misspelt
    trackings.iter_update_many([{"number": NUMBER}])  # pyright: ignore[reportDeprecated]  # misspelt
    trackings.iter_delete_many([{"number": NUMBER}])  # pyright: ignore[reportDeprecated]  # misspelt
    trackings.iter_stop_updates([{"number": NUMBER}])  # pyright: ignore[reportDeprecated]  # misspelt
    shipping.remote_areas([{"country": "JP", "postal_code": "1"}])  # pyright: ignore[reportDeprecated]  # misspelt
    shipping.transit_times([{"carrier_code": "dhl", "origin": "CN"}])  # pyright: ignore[reportDeprecated]  # misspelt
