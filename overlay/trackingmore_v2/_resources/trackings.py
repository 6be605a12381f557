"""The account's trackings."""

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
    The fields that `trackings.update()` can change. Omitted fields stay unchanged.

    Source: schema UpdateTrackingRequest.
    """

    customer_phone: str
    """Telephone number of the customer. `trackings.update_many()` does not support it."""


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
    """Prepare the lookup of a tracking that an attempt without a response may have created."""

    def read(envelope: models.TrackingResponse) -> models.CreatedTracking:
        found = envelope.data
        # Different details mean that it existed before: the caller gets `TrackingExists`.
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
    # If the response was lost, a retry that finds nothing proves the deletion.
    deleted = RetryOutcome[None](TrackingNotFound, lambda: None)
    return prepare(delete_tracking.call(*pair), lambda _: None, retry_outcome=deleted)


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
    # After a lost response, "not found" under the old carrier alone does not prove the move.
    find_moved = prepare(
        get_tracking.call(checked.update_carrier_code, checked.tracking_number), lambda _: None
    )
    moved = RetryOutcome(TrackingNotFound, find_moved)
    return prepare(change_carrier.call(checked), lambda _: None, retry_outcome=moved)


def _count_by_status(window: TimeWindowDict) -> PreparedCall[models.StatusCounts]:
    _validation.known("count_by_status", window, TimeWindowDict.__optional_keys__)
    return prepare(
        count_trackings.call(**listing_filters.span(window)), lambda envelope: envelope.data
    )


class TrackingsResource(Resource):
    """The account's trackings: `client.trackings`."""

    def create(
        self,
        carrier_code: str,
        tracking_number: str,
        **options: Unpack[CreateTrackingRequestOptionsDict],
    ) -> models.CreatedTracking:
        """
        Create a tracking. Costs one tracking of the quota.

        If a response is lost, the call looks the tracking up before it raises `TrackingExists`.

        Args:
            carrier_code: The carrier's `code` in `carriers.list()`.
            tracking_number: At least five letters, digits, hyphens or underscores.
            **options: Optional fields, such as title, customer and order; some carriers require
                more of them. Default: none.

        Returns:
            The new tracking. Its status is `pending` until the API has queried the carrier.

        Raises:
            InvalidInput: An argument is invalid; nothing was sent.
            TrackingExists: The tracking exists already.
            QuotaExhausted: No trackings are left.
            BudgetExceeded: The quota guard's limit is reached; nothing was sent.
            ApiError: The API returned another error.
            ContractBroken: The response cannot be parsed.
            TransportError: No response was received; `in_doubt` is True if the tracking may have
                been created.

        Source: operations createTracking and, after a lost response, getTracking.
        """
        return self._run(_create(carrier_code, tracking_number, options))

    def get(
        self, carrier_code: str, tracking_number: str, lang: str | None = None
    ) -> models.Tracking:
        """
        Return a tracking as of the API's last refresh, up to six hours ago.

        Args:
            carrier_code: The carrier's `code` in `carriers.list()`.
            tracking_number: The tracking number.
            lang: Language of the checkpoints, two letters, if the carrier supports it. Default:
                the client's.

        Returns:
            The tracking. Checkpoints are ordered newest first; times are local to the carrier.

        Raises:
            InvalidInput: An argument is invalid; nothing was sent.
            TrackingNotFound: The account has no such tracking.
            ApiError: The API returned another error.
            ContractBroken: The response cannot be parsed.
            TransportError: No response was received.

        Source: operations getTracking and, with `lang`, getLocalizedTracking.
        """
        return self._run(_get(carrier_code, tracking_number, self._language(lang)))

    def update(
        self, carrier_code: str, tracking_number: str, **changes: Unpack[UpdateOptionsDict]
    ) -> models.UpdatedTracking:
        """
        Update a tracking's details, archive it, or set its status manually.

        Args:
            carrier_code: The carrier's `code` in `carriers.list()`.
            tracking_number: The tracking number.
            **changes: The fields to change; omitted fields stay unchanged. Default: none.

        Returns:
            The details of the tracking after the update.

        Raises:
            InvalidInput: An argument is invalid; nothing was sent.
            TrackingNotFound: The account has no such tracking.
            ApiError: The API returned another error.
            ContractBroken: The response cannot be parsed.
            TransportError: No response was received.

        Source: operation updateTracking.
        """
        return self._run(_update(carrier_code, tracking_number, changes))

    def delete(self, carrier_code: str, tracking_number: str) -> None:
        """
        Delete a tracking. Creating it again later costs no quota.

        Args:
            carrier_code: The carrier's `code` in `carriers.list()`.
            tracking_number: The tracking number.

        Raises:
            InvalidInput: An argument is invalid; nothing was sent.
            TrackingNotFound: The account has no such tracking.
            ApiError: The API returned another error.
            ContractBroken: The response cannot be parsed.
            TransportError: No response was received.

        Source: operation deleteTracking.
        """
        self._run(_delete(carrier_code, tracking_number))

    def create_many(self, items: Iterable[CreateItem]) -> BatchReport[CreateItem]:
        """
        Create any number of trackings. Each new one costs one tracking of the quota.

        A failed request does not raise; its error is in the report. Sending stops at an error that
        further items would meet too, such as an invalid key.

        Args:
            items: The trackings to create, as `models.CreateTrackingItem` or as dicts of its
                fields. They are read lazily, as the requests are filled. Items with the same
                carrier and number are sent once.

        Returns:
            One outcome for each item, in input order: created, already existed, adopted (it exists
            and may have been created by an attempt without a response), rejected, invalid, not
            sent, or unknown (no response reported a result).

        Raises:
            InvalidInput: `items` is not an iterable; nothing was sent.
            BatchInterrupted: The iterable raised an error; `report` holds the outcomes so far.

        Source: operation createTrackingBatch.
        """
        return collect(self._run, CREATE, items)

    def iter_create_many(self, items: Iterable[CreateItem]) -> Iterator[Outcome[CreateItem]]:
        """
        Create any number of trackings, and yield each outcome as soon as it is known.

        Each new one costs one tracking of the quota. Outcomes are not kept; memory grows by about
        150 bytes for each distinct item. A failed request does not raise; the outcomes of its items
        hold its error.

        Args:
            items: The trackings to create, as in `create_many()`. They are read lazily, no further
                than the next request needs.

        Yields:
            One outcome for each item, in input order.

        Raises:
            InvalidInput: `items` is not an iterable; nothing was sent.
            BatchInterrupted: The iterable raised an error; `report` is empty, because the outcomes
                so far have been yielded.

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
        List the trackings that match the filters. Nothing is sent until the list is iterated.

        Args:
            page_size: Trackings per request. Default: the API's maximum.
            prefetch: Whether to fetch the next page in a thread while the caller handles the
                current one. The thread ends with the iteration; leaving early waits for the request
                in progress. Default: False, each page is fetched when it is needed.
            **filters: `status`, one or several; `numbers` and `orders`, any number of each;
                `created_after`, `created_before`, `updated_after`, `updated_before`,
                `ordered_after` and `ordered_before`, aware datetimes, both ends included;
                `archived`; and `lang`, the language of the checkpoints. Default: no filter, and the
                client's language.

        Returns:
            An iterable of trackings with `pages()`, `total()` and `first()`; empty if nothing
            matches. Several statuses, or many numbers or orders, need several queries.

        Raises:
            InvalidInput: A filter is invalid; nothing was sent.

        Source: operation listTrackings.
        """
        size, ahead = listing_filters.page_size(page_size), _validation.flag("prefetch", prefetch)
        return TrackingList(
            self._run, listing_filters.queries(filters, self._lang), size, prefetch=ahead
        )

    def update_many(self, items: Iterable[UpdateItem]) -> BatchReport[UpdateItem]:
        """
        Update any number of trackings.

        A failed request does not raise; its error is in the report.

        Args:
            items: The updates, as `models.UpdateTrackingItem` or as dicts with the arguments of
                `update()` except `customer_phone`. They are read lazily. An item equal to the
                previous one for the same tracking is sent once.

        Returns:
            One outcome for each item, in input order: updated, not found, rejected, invalid, not
            sent, or unknown (no response reported a result).

        Raises:
            InvalidInput: `items` is not an iterable; nothing was sent.
            BatchInterrupted: The iterable raised an error; `report` holds the outcomes so far.

        Source: operation updateTrackingBatch.
        """
        return collect(self._run, UPDATE, items)

    def iter_update_many(self, items: Iterable[UpdateItem]) -> Iterator[Outcome[UpdateItem]]:
        """
        Update any number of trackings, and yield each outcome as soon as it is known.

        Outcomes are not kept; memory grows by about 150 bytes for each distinct item. A failed
        request does not raise; the outcomes of its items hold its error.

        Args:
            items: The updates, as in `update_many()`. They are read lazily, no further than the
                next request needs.

        Yields:
            One outcome for each item, in input order.

        Raises:
            InvalidInput: `items` is not an iterable; nothing was sent.
            BatchInterrupted: The iterable raised an error; `report` is empty, because the outcomes
                so far have been yielded.

        Source: operation updateTrackingBatch.
        """
        return stream(self._run, UPDATE, items)

    def delete_many(self, items: Iterable[KeyItem]) -> BatchReport[KeyItem]:
        """
        Delete any number of trackings.

        A failed request does not raise; its error is in the report.

        Args:
            items: The trackings: pairs of carrier code and number, dicts with `carrier_code` and
                `tracking_number`, or objects with these attributes, such as `models.Tracking`. They
                are read lazily; duplicates are sent once.

        Returns:
            One outcome for each item, in input order: deleted, not found, rejected, invalid, not
            sent, or unknown (no response reported a result).

        Raises:
            InvalidInput: `items` is not an iterable; nothing was sent.
            BatchInterrupted: The iterable raised an error; `report` holds the outcomes so far.

        Source: operation deleteTrackingBatch.
        """
        return collect(self._run, DELETE, items)

    def iter_delete_many(self, items: Iterable[KeyItem]) -> Iterator[Outcome[KeyItem]]:
        """
        Delete any number of trackings, and yield each outcome as soon as it is known.

        Outcomes are not kept; memory grows by about 150 bytes for each distinct item. A failed
        request does not raise; the outcomes of its items hold its error.

        Args:
            items: The trackings, as in `delete_many()`. They are read lazily, no further than the
                next request needs.

        Yields:
            One outcome for each item, in input order.

        Raises:
            InvalidInput: `items` is not an iterable; nothing was sent.
            BatchInterrupted: The iterable raised an error; `report` is empty, because the outcomes
                so far have been yielded.

        Source: operation deleteTrackingBatch.
        """
        return stream(self._run, DELETE, items)

    def realtime(
        self, carrier_code: str, tracking_number: str, **options: Unpack[RealtimeQueryOptionsDict]
    ) -> models.RealtimeTracking:
        """
        Query the carrier in real time. The API allows one query per number in two hours.

        Args:
            carrier_code: The carrier's `code` in `carriers.list()`.
            tracking_number: The tracking number.
            **options: Optional fields that some carriers require. Default: none, and the client's
                language.

        Returns:
            The carrier's data, without details that the account stores, such as the title.

        Raises:
            InvalidInput: An argument is invalid; nothing was sent.
            NoResult: The carrier has no data yet.
            ApiError: The API returned another error.
            ContractBroken: The response cannot be parsed.
            TransportError: No response was received.

        Source: operation trackInRealtime.
        """
        return self._run(_realtime(carrier_code, tracking_number, options, self._lang))

    def change_carrier(self, carrier_code: str, tracking_number: str, *, to: str) -> None:
        """
        Change the carrier of a tracking.

        Args:
            carrier_code: Code of the current carrier.
            tracking_number: The tracking number.
            to: Code of the new carrier.

        Raises:
            InvalidInput: An argument is invalid; nothing was sent.
            TrackingNotFound: The account has no such tracking.
            TrackingExists: The number exists already at the new carrier.
            ApiError: The API returned another error.
            ContractBroken: The response cannot be parsed.
            TransportError: No response was received; `in_doubt` is True if the carrier may have
                been changed.

        Source: operations changeCarrier and, after a lost response, getTracking.
        """
        self._run(_change_carrier(carrier_code, tracking_number, to))

    def count_by_status(self, **window: Unpack[TimeWindowDict]) -> models.StatusCounts:
        """
        Count the trackings by status.

        Args:
            **window: `created_after`, `created_before`, `ordered_after` and `ordered_before` limit
                the count to trackings created or ordered in that time. Aware datetimes, both ends
                included. Default: no limit.

        Returns:
            The number of trackings for each status.

        Raises:
            InvalidInput: A time is invalid; nothing was sent.
            ApiError: The API returned an error.
            ContractBroken: The response cannot be parsed.
            TransportError: No response was received.

        Source: operation countTrackings.
        """
        return self._run(_count_by_status(window))

    def stop_updates(self, items: Iterable[KeyItem]) -> BatchReport[KeyItem]:
        """
        Stop the API's updates of any number of trackings, which remain in the account.

        A failed request does not raise; its error is in the report.

        Args:
            items: The trackings, as in `delete_many()`. They are read lazily; duplicates are sent
                once.

        Returns:
            One outcome for each item, in input order: stopped, not found, rejected, invalid, not
            sent, or unknown (no response reported a result).

        Raises:
            InvalidInput: `items` is not an iterable; nothing was sent.
            BatchInterrupted: The iterable raised an error; `report` holds the outcomes so far.

        Source: operation stopTrackingUpdates.
        """
        return collect(self._run, STOP, items)

    def iter_stop_updates(self, items: Iterable[KeyItem]) -> Iterator[Outcome[KeyItem]]:
        """
        Stop the updates of any number of trackings, and yield each outcome as soon as it is known.

        Outcomes are not kept; memory grows by about 150 bytes for each distinct item. A failed
        request does not raise; the outcomes of its items hold its error.

        Args:
            items: The trackings, as in `delete_many()`. They are read lazily, no further than the
                next request needs.

        Yields:
            One outcome for each item, in input order.

        Raises:
            InvalidInput: `items` is not an iterable; nothing was sent.
            BatchInterrupted: The iterable raised an error; `report` is empty, because the outcomes
                so far have been yielded.

        Source: operation stopTrackingUpdates.
        """
        return stream(self._run, STOP, items)


class AsyncTrackingsResource(AsyncResource):
    """The account's trackings: `client.trackings`."""

    async def create(
        self,
        carrier_code: str,
        tracking_number: str,
        **options: Unpack[CreateTrackingRequestOptionsDict],
    ) -> models.CreatedTracking:
        """
        Await `TrackingsResource.create()`.

        Source: operations createTracking and, after a lost response, getTracking.
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
        Return `TrackingsResource.iter_create_many()` as an async iterator; do not await it.

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
        Return `TrackingsResource.list()` as an async iterable; do not await it.

        With `prefetch`, the next page is fetched in a task that ends with the iteration.

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
        Return `TrackingsResource.iter_update_many()` as an async iterator; do not await it.

        Source: operation updateTrackingBatch.
        """
        return stream_async(self._run, UPDATE, items)

    async def delete_many(self, items: Items[KeyItem]) -> BatchReport[KeyItem]:
        """Await `TrackingsResource.delete_many()`. Source: operation deleteTrackingBatch."""
        return await collect_async(self._run, DELETE, items)

    def iter_delete_many(self, items: Items[KeyItem]) -> AsyncIterator[Outcome[KeyItem]]:
        """
        Return `TrackingsResource.iter_delete_many()` as an async iterator; do not await it.

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

        Source: operations changeCarrier and, after a lost response, getTracking.
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
        Return `TrackingsResource.iter_stop_updates()` as an async iterator; do not await it.

        Source: operation stopTrackingUpdates.
        """
        return stream_async(self._run, STOP, items)
