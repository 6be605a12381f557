"""Parcels that the account follows."""

from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Unpack

from trackingmore_v2 import _validation
from trackingmore_v2._batch.batcher import CREATE, DELETE, STOP, UPDATE
from trackingmore_v2._batch.drivers import collect, collect_async, stream, stream_async
from trackingmore_v2._batch.inputs import Items
from trackingmore_v2._batch.items import CreateItem, KeyItem, TrackingDetailsDict, UpdateItem
from trackingmore_v2._batch.results import BatchReport, Outcome
from trackingmore_v2._calls.flow import PreparedCall, RetryOutcome, prepare
from trackingmore_v2._errors import TrackingExists, TrackingNotFound
from trackingmore_v2._listing import filters as listing_filters
from trackingmore_v2._listing.filters import FiltersDict, TimeWindowDict
from trackingmore_v2._listing.lists import AsyncTrackingList, TrackingList
from trackingmore_v2._resources._base import AsyncResource, Resource
from trackingmore_v2_api import models
from trackingmore_v2_api.operations.trackings import (
    change_carrier,
    count_trackings,
    create_tracking,
    delete_tracking,
    get_localized_tracking,
    get_tracking,
    track_in_realtime,
    update_tracking,
)
from trackingmore_v2_api.options import CreateTrackingRequestOptionsDict, RealtimeQueryOptionsDict


class UpdateOptionsDict(TrackingDetailsDict, total=False):
    """
    What `trackings.update()` may change; what is left out stays as it is.

    Source: schema UpdateTrackingRequest.
    """

    customer_phone: str
    """The batch does not take it."""


def _create(
    carrier_code: str, tracking_number: str, options: CreateTrackingRequestOptionsDict
) -> PreparedCall[models.CreatedTracking]:
    new = _validation.body(
        models.CreateTrackingRequest(
            carrier_code=carrier_code, tracking_number=tracking_number, **options
        )
    )
    return prepare(
        create_tracking.call(new),
        lambda envelope: envelope.data,
        retry_outcome=RetryOutcome(TrackingExists, _find_created(new)),
    )


def _find_created(new: models.CreateTrackingRequest) -> PreparedCall[models.CreatedTracking]:
    """Find the parcel that an attempt without an answer created, if it is that one."""

    def read(envelope: models.TrackingResponse) -> models.CreatedTracking:
        found = envelope.data
        for detail in ("title", "order_id", "customer_name", "comment"):
            if (getattr(new, detail) or None) != (getattr(found, detail) or None):
                raise LookupError(detail)
        return models.CreatedTracking(
            id=found.id,
            tracking_number=found.tracking_number,
            carrier_code=found.carrier_code,
            status=found.status,
            created_at=found.created_at,
            title=found.title,
            order_id=found.order_id,
            customer_name=found.customer_name,
            comment=found.comment,
        )

    return prepare(get_tracking.call(new.carrier_code, new.tracking_number), read)


def _get(
    carrier_code: str, tracking_number: str, lang: str | None
) -> PreparedCall[models.Tracking]:
    pair = _validation.carrier_code(carrier_code), _validation.tracking_number(tracking_number)
    language = _validation.language(lang)
    call = get_localized_tracking.call(*pair, language) if language else get_tracking.call(*pair)
    return prepare(call, lambda envelope: envelope.data)


def _update(
    carrier_code: str, tracking_number: str, changes: UpdateOptionsDict
) -> PreparedCall[models.UpdatedTracking]:
    _validation.known("update", changes, UpdateOptionsDict.__optional_keys__)
    pair = _validation.carrier_code(carrier_code), _validation.tracking_number(tracking_number)
    body = models.UpdateTrackingRequest(
        title=changes.get("title"),
        logistics_channel=changes.get("logistics_channel"),
        customer_name=changes.get("customer_name"),
        customer_email=changes.get("customer_email"),
        customer_phone=changes.get("customer_phone"),
        order_id=changes.get("order_id"),
        destination_code=changes.get("destination_code"),
        archived=_validation.archived(changes.get("archived")),
        status=changes.get("status"),
    )
    return prepare(
        update_tracking.call(*pair, _validation.body(body)), lambda envelope: envelope.data
    )


def _delete(carrier_code: str, tracking_number: str) -> PreparedCall[None]:
    pair = _validation.carrier_code(carrier_code), _validation.tracking_number(tracking_number)
    gone = RetryOutcome[None](TrackingNotFound, lambda: None)
    return prepare(delete_tracking.call(*pair), lambda _: None, retry_outcome=gone)


def _realtime(
    carrier_code: str,
    tracking_number: str,
    options: RealtimeQueryOptionsDict,
    lang: str | None,
) -> PreparedCall[models.RealtimeTracking]:
    if lang is not None:
        options = {"lang": lang, **options}
    query = models.RealtimeQuery(
        carrier_code=carrier_code, tracking_number=tracking_number, **options
    )
    return prepare(
        track_in_realtime.call(_validation.body(query)), lambda envelope: envelope.data.items[0]
    )


def _change_carrier(carrier_code: str, tracking_number: str, to: str) -> PreparedCall[None]:
    change = models.CarrierChange(
        carrier_code=carrier_code, tracking_number=tracking_number, update_carrier_code=to
    )
    checked = _validation.body(change)
    there = prepare(
        get_tracking.call(checked.update_carrier_code, checked.tracking_number), lambda _: None
    )
    moved = RetryOutcome(TrackingNotFound, there)
    return prepare(change_carrier.call(checked), lambda _: None, retry_outcome=moved)


def _count_by_status(window: TimeWindowDict) -> PreparedCall[models.StatusCounts]:
    _validation.known("count_by_status", window, TimeWindowDict.__optional_keys__)
    return prepare(
        count_trackings.call(**listing_filters.span(window)), lambda envelope: envelope.data
    )


class TrackingsResource(Resource):
    """Parcels that the account follows: `client.trackings`."""

    def create(
        self,
        carrier_code: str,
        tracking_number: str,
        **options: Unpack[CreateTrackingRequestOptionsDict],
    ) -> models.CreatedTracking:
        """
        Follow a parcel. Costs one tracking of the quota.

        Args:
            carrier_code: The carrier, as `carriers.list()` names it.
            tracking_number: At least five letters, digits, hyphens or underscores.
            **options: Title, customer, order and what some carriers need to know.

        Returns:
            The parcel, `pending` until the carrier was first asked.

        Raises:
            InvalidInput: An argument is wrong; nothing was sent.
            TrackingExists: The account follows it already.
            QuotaExhausted: No trackings are left.
            BudgetExceeded: The quota guard allows no more; nothing was sent.
            ApiError: The API refused for another reason.
            ContractBroken: The answer cannot be read.
            TransportError: No answer came; `in_doubt` tells whether it may exist now.

        Source: operations createTracking and, after a lost answer, getTracking.
        """
        return self._run(_create(carrier_code, tracking_number, options))

    def get(
        self, carrier_code: str, tracking_number: str, lang: str | None = None
    ) -> models.Tracking:
        """
        Read a parcel as of the API's last look at the carrier, up to six hours ago.

        Args:
            carrier_code: The carrier.
            tracking_number: The parcel's number at that carrier.
            lang: Language of the checkpoints, two letters, where the carrier offers it. Default:
                the client's.

        Returns:
            The parcel. Checkpoints come newest first, with times local to the carrier.

        Raises:
            InvalidInput: An argument is wrong; nothing was sent.
            TrackingNotFound: The account does not follow it.
            ApiError: The API refused for another reason.
            ContractBroken: The answer cannot be read.
            TransportError: No answer came.

        Source: operations getTracking and, with `lang`, getLocalizedTracking.
        """
        return self._run(_get(carrier_code, tracking_number, self._language(lang)))

    def update(
        self, carrier_code: str, tracking_number: str, **changes: Unpack[UpdateOptionsDict]
    ) -> models.UpdatedTracking:
        """
        Change the details of a parcel, archive it, or set its status by hand.

        Args:
            carrier_code: The carrier.
            tracking_number: The parcel's number at that carrier.
            **changes: What to change; the rest stays as it is.

        Returns:
            The details of the parcel as they are now.

        Raises:
            InvalidInput: An argument is wrong; nothing was sent.
            TrackingNotFound: The account does not follow it.
            ApiError: The API refused for another reason.
            ContractBroken: The answer cannot be read.
            TransportError: No answer came.

        Source: operation updateTracking.
        """
        return self._run(_update(carrier_code, tracking_number, changes))

    def delete(self, carrier_code: str, tracking_number: str) -> None:
        """
        Stop following a parcel. Following it again later costs nothing.

        Args:
            carrier_code: The carrier.
            tracking_number: The parcel's number at that carrier.

        Raises:
            InvalidInput: An argument is wrong; nothing was sent.
            TrackingNotFound: The account does not follow it.
            ApiError: The API refused for another reason.
            ContractBroken: The answer cannot be read.
            TransportError: No answer came.

        Source: operation deleteTracking.
        """
        self._run(_delete(carrier_code, tracking_number))

    def create_many(self, items: Iterable[CreateItem]) -> BatchReport[CreateItem]:
        """
        Follow any number of parcels. Each created one costs one tracking of the quota.

        Args:
            items: The parcels, as `models.CreateTrackingItem` or as dicts of its fields. They are
                read as far as the next call needs; a pair that comes again is sent once.

        Returns:
            One outcome for each item, in their order: created, already existed, adopted where an
            attempt without an answer may have created it, refused, invalid, not sent, or unknown
            where the API did not say. A call that fails does not raise; its error is in the report.
            Sending stops at a failure that other items would meet too.

        Raises:
            InvalidInput: That is no iterable; nothing was sent.
            BatchInterrupted: The items raised an error; it holds the report so far.

        Source: operation createTrackingBatch.
        """
        return collect(self._run, CREATE, items)

    def iter_create_many(self, items: Iterable[CreateItem]) -> Iterator[Outcome[CreateItem]]:
        """
        Do as `create_many()`, and give each outcome when its call is done. The memory stays flat.

        Yields:
            One outcome for each item, in their order; they are read no further than one call ahead.

        Raises:
            InvalidInput: That is no iterable; nothing was sent.
            BatchInterrupted: The items raised an error; its report is empty, as each was told.

        Source: operation createTrackingBatch.
        """
        return stream(self._run, CREATE, items)

    def list(
        self,
        *,
        page_size: int | None = None,
        prefetch: bool = False,
        **filters: Unpack[FiltersDict],
    ) -> TrackingList:
        """
        List the parcels that match, all of them unless filtered. Sends nothing until it is read.

        Args:
            page_size: Parcels that one request fetches. Default: as many as the API gives.
            prefetch: Fetch the next page while you work on the present one, in a thread that ends
                with the iteration; leaving early waits for the request under way. Default: fetch it
                when it is wanted.
            **filters: `status`, one or several; `numbers` and `orders`, of any count;
                `created_after`, `created_before`, `updated_after`, `updated_before`,
                `ordered_after` and `ordered_before`, aware datetimes, both ends included;
                `archived`; and `lang`, the language of the checkpoints.

        Returns:
            An iterable of parcels, with `pages()`, `total()` and `first()`; empty when nothing
            matches. Several statuses, or many numbers or orders, take several queries.

        Raises:
            InvalidInput: A filter is wrong; nothing was sent.

        Source: operation listTrackings.
        """
        size, ahead = listing_filters.page_size(page_size), _validation.flag("prefetch", prefetch)
        return TrackingList(
            self._run, listing_filters.queries(filters, self._lang), size, prefetch=ahead
        )

    def update_many(self, items: Iterable[UpdateItem]) -> BatchReport[UpdateItem]:
        """
        Change the details of any number of parcels.

        Args:
            items: Which parcels, and what to change of each, as `models.UpdateTrackingItem` or as
                dicts like the arguments of `update()`. What is asked again of a parcel is sent
                again only if something else was asked of it in between.

        Returns:
            One outcome for each item, as `create_many()` gives them.

        Raises:
            InvalidInput: That is no iterable; nothing was sent.
            BatchInterrupted: The items raised an error; it holds the report so far.

        Source: operation updateTrackingBatch.
        """
        return collect(self._run, UPDATE, items)

    def iter_update_many(self, items: Iterable[UpdateItem]) -> Iterator[Outcome[UpdateItem]]:
        """
        Do as `update_many()`, and give each outcome when its call is done. The memory stays flat.

        Yields:
            One outcome for each item, in their order.

        Source: operation updateTrackingBatch.
        """
        return stream(self._run, UPDATE, items)

    def delete_many(self, items: Iterable[KeyItem]) -> BatchReport[KeyItem]:
        """
        Stop following any number of parcels.

        Args:
            items: Which parcels: pairs of carrier and number, dicts of both, or anything that has
                both, such as a `models.Tracking`. A pair that comes again is sent once.

        Returns:
            One outcome for each item, as `create_many()` gives them.

        Raises:
            InvalidInput: That is no iterable; nothing was sent.
            BatchInterrupted: The items raised an error; it holds the report so far.

        Source: operation deleteTrackingBatch.
        """
        return collect(self._run, DELETE, items)

    def iter_delete_many(self, items: Iterable[KeyItem]) -> Iterator[Outcome[KeyItem]]:
        """
        Do as `delete_many()`, and give each outcome when its call is done. The memory stays flat.

        Yields:
            One outcome for each item, in their order.

        Source: operation deleteTrackingBatch.
        """
        return stream(self._run, DELETE, items)

    def realtime(
        self, carrier_code: str, tracking_number: str, **options: Unpack[RealtimeQueryOptionsDict]
    ) -> models.RealtimeTracking:
        """
        Ask the carrier now. The API allows this once in two hours for one number.

        Args:
            carrier_code: The carrier.
            tracking_number: The parcel's number at that carrier.
            **options: What some carriers need to know.

        Returns:
            The parcel as its carrier sees it, without the account's own details such as a title.

        Raises:
            InvalidInput: An argument is wrong; nothing was sent.
            NoResult: The carrier knows nothing yet.
            ApiError: The API refused for another reason.
            ContractBroken: The answer cannot be read.
            TransportError: No answer came.

        Source: operation trackInRealtime.
        """
        return self._run(_realtime(carrier_code, tracking_number, options, self._lang))

    def change_carrier(self, carrier_code: str, tracking_number: str, *, to: str) -> None:
        """
        Move a parcel to another carrier.

        Args:
            carrier_code: The carrier so far.
            tracking_number: The parcel's number.
            to: Code of the new carrier.

        Raises:
            InvalidInput: An argument is wrong; nothing was sent.
            TrackingNotFound: The account does not follow it.
            TrackingExists: The account follows the new pair already.
            ApiError: The API refused for another reason.
            ContractBroken: The answer cannot be read.
            TransportError: No answer came; `in_doubt` tells whether it may have moved.

        Source: operations changeCarrier and, after a lost answer, getTracking.
        """
        self._run(_change_carrier(carrier_code, tracking_number, to))

    def count_by_status(self, **window: Unpack[TimeWindowDict]) -> models.StatusCounts:
        """
        Count the parcels by status.

        Args:
            **window: `created_after`, `created_before`, `ordered_after` and `ordered_before`: only
                parcels created or ordered then. Aware datetimes, both ends included.

        Returns:
            A number of parcels for each status.

        Raises:
            InvalidInput: A time is wrong; nothing was sent.
            ApiError: The API refused.
            ContractBroken: The answer cannot be read.
            TransportError: No answer came.

        Source: operation countTrackings.
        """
        return self._run(_count_by_status(window))

    def stop_updates(self, items: Iterable[KeyItem]) -> BatchReport[KeyItem]:
        """
        Tell the API not to refresh any number of parcels any more.

        Args:
            items: Which parcels, as `delete_many()` takes them.

        Returns:
            One outcome for each item, as `create_many()` gives them.

        Raises:
            InvalidInput: That is no iterable; nothing was sent.
            BatchInterrupted: The items raised an error; it holds the report so far.

        Source: operation stopTrackingUpdates.
        """
        return collect(self._run, STOP, items)

    def iter_stop_updates(self, items: Iterable[KeyItem]) -> Iterator[Outcome[KeyItem]]:
        """
        Do as `stop_updates()`, and give each outcome when its call is done. The memory stays flat.

        Yields:
            One outcome for each item, in their order.

        Source: operation stopTrackingUpdates.
        """
        return stream(self._run, STOP, items)


class AsyncTrackingsResource(AsyncResource):
    """Parcels that the account follows: `client.trackings`."""

    async def create(
        self,
        carrier_code: str,
        tracking_number: str,
        **options: Unpack[CreateTrackingRequestOptionsDict],
    ) -> models.CreatedTracking:
        """
        Await `TrackingsResource.create()`.

        Source: operations createTracking and, after a lost answer, getTracking.
        """
        return await self._run(_create(carrier_code, tracking_number, options))

    async def get(
        self, carrier_code: str, tracking_number: str, lang: str | None = None
    ) -> models.Tracking:
        """
        Await `TrackingsResource.get()`.

        Source: operations getTracking and, with `lang`, getLocalizedTracking.
        """
        return await self._run(_get(carrier_code, tracking_number, self._language(lang)))

    async def update(
        self, carrier_code: str, tracking_number: str, **changes: Unpack[UpdateOptionsDict]
    ) -> models.UpdatedTracking:
        """Await `TrackingsResource.update()`. Source: operation updateTracking."""
        return await self._run(_update(carrier_code, tracking_number, changes))

    async def delete(self, carrier_code: str, tracking_number: str) -> None:
        """Await `TrackingsResource.delete()`. Source: operation deleteTracking."""
        await self._run(_delete(carrier_code, tracking_number))

    async def create_many(self, items: Items[CreateItem]) -> BatchReport[CreateItem]:
        """Await `TrackingsResource.create_many()`. Source: operation createTrackingBatch."""
        return await collect_async(self._run, CREATE, items)

    def iter_create_many(self, items: Items[CreateItem]) -> AsyncIterator[Outcome[CreateItem]]:
        """
        Return `TrackingsResource.iter_create_many()` for `async for`; not awaited itself.

        Source: operation createTrackingBatch.
        """
        return stream_async(self._run, CREATE, items)

    def list(
        self,
        *,
        page_size: int | None = None,
        prefetch: bool = False,
        **filters: Unpack[FiltersDict],
    ) -> AsyncTrackingList:
        """
        Return `TrackingsResource.list()` for `async for`; not awaited itself.

        With `prefetch` the next page is fetched in a task that ends with the iteration.

        Source: operation listTrackings.
        """
        size, ahead = listing_filters.page_size(page_size), _validation.flag("prefetch", prefetch)
        return AsyncTrackingList(
            self._run, listing_filters.queries(filters, self._lang), size, prefetch=ahead
        )

    async def update_many(self, items: Items[UpdateItem]) -> BatchReport[UpdateItem]:
        """Await `TrackingsResource.update_many()`. Source: operation updateTrackingBatch."""
        return await collect_async(self._run, UPDATE, items)

    def iter_update_many(self, items: Items[UpdateItem]) -> AsyncIterator[Outcome[UpdateItem]]:
        """
        Return `TrackingsResource.iter_update_many()` for `async for`; not awaited itself.

        Source: operation updateTrackingBatch.
        """
        return stream_async(self._run, UPDATE, items)

    async def delete_many(self, items: Items[KeyItem]) -> BatchReport[KeyItem]:
        """Await `TrackingsResource.delete_many()`. Source: operation deleteTrackingBatch."""
        return await collect_async(self._run, DELETE, items)

    def iter_delete_many(self, items: Items[KeyItem]) -> AsyncIterator[Outcome[KeyItem]]:
        """
        Return `TrackingsResource.iter_delete_many()` for `async for`; not awaited itself.

        Source: operation deleteTrackingBatch.
        """
        return stream_async(self._run, DELETE, items)

    async def realtime(
        self, carrier_code: str, tracking_number: str, **options: Unpack[RealtimeQueryOptionsDict]
    ) -> models.RealtimeTracking:
        """Await `TrackingsResource.realtime()`. Source: operation trackInRealtime."""
        return await self._run(_realtime(carrier_code, tracking_number, options, self._lang))

    async def change_carrier(self, carrier_code: str, tracking_number: str, *, to: str) -> None:
        """
        Await `TrackingsResource.change_carrier()`.

        Source: operations changeCarrier and, after a lost answer, getTracking.
        """
        await self._run(_change_carrier(carrier_code, tracking_number, to))

    async def count_by_status(self, **window: Unpack[TimeWindowDict]) -> models.StatusCounts:
        """Await `TrackingsResource.count_by_status()`. Source: operation countTrackings."""
        return await self._run(_count_by_status(window))

    async def stop_updates(self, items: Items[KeyItem]) -> BatchReport[KeyItem]:
        """Await `TrackingsResource.stop_updates()`. Source: operation stopTrackingUpdates."""
        return await collect_async(self._run, STOP, items)

    def iter_stop_updates(self, items: Items[KeyItem]) -> AsyncIterator[Outcome[KeyItem]]:
        """
        Return `TrackingsResource.iter_stop_updates()` for `async for`; not awaited itself.

        Source: operation stopTrackingUpdates.
        """
        return stream_async(self._run, STOP, items)
