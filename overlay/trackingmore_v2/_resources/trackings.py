"""Parcels that the account follows."""

from collections.abc import Callable, Iterable, Sequence
from typing import Literal, TypedDict, Unpack

from trackingmore_v2 import _checks
from trackingmore_v2._errors import InvalidInput
from trackingmore_v2._flow import Verb, verb
from trackingmore_v2_api import models
from trackingmore_v2_api.operations.trackings import (
    change_carrier,
    count_trackings,
    create_tracking,
    create_tracking_batch,
    delete_tracking,
    delete_tracking_batch,
    get_localized_tracking,
    get_tracking,
    list_trackings,
    stop_tracking_updates,
    track_in_realtime,
    update_tracking,
    update_tracking_batch,
)
from trackingmore_v2_api.options import NewTrackingOptions, RealtimeQueryOptions

from ._base import AsyncResource, Resource


class Changes(TypedDict, total=False):
    """What `trackings.update()` may change; what is left out stays as it is."""

    title: str
    logistics_channel: str
    customer_name: str
    customer_email: str
    customer_phone: str
    order_id: str
    destination_code: str
    """Two letters of either case."""

    archived: bool
    status: models.SettableStatus
    """DELIVERED, EXCEPTION, or ORIGINAL, which takes back what was set."""


class Window(TypedDict, total=False):
    """Times in Unix seconds that `trackings.count_by_status()` and `trackings.list()` filter by."""

    created_at_min: int
    created_at_max: int
    order_created_time_min: int
    order_created_time_max: int


class _CheckedWindow(TypedDict):
    created_at_min: int | None
    created_at_max: int | None
    order_created_time_min: int | None
    order_created_time_max: int | None


class Filters(Window, total=False):
    """What `trackings.list()` filters by; all filters must hold at once."""

    page: int
    """From 1, which is the default."""

    limit: int
    """Parcels on one page; the API's default is 100."""

    status: models.TrackingStatus | str
    update_time_min: int
    update_time_max: int
    numbers: Sequence[str]
    orders: Sequence[str]
    archived: bool
    """True for archived parcels only, False for the others only. Default: both."""

    lang: str


def _create(
    carrier_code: str, tracking_number: str, options: NewTrackingOptions
) -> Verb[models.CreatedTracking]:
    new = models.NewTracking(carrier_code=carrier_code, tracking_number=tracking_number, **options)
    return verb(create_tracking.call(_checks.body(new)), lambda answer: answer.data)


def _get(carrier_code: str, tracking_number: str, lang: str | None) -> Verb[models.Tracking]:
    pair = _checks.carrier_code(carrier_code), _checks.tracking_number(tracking_number)
    language = _checks.language(lang)
    call = get_localized_tracking.call(*pair, language) if language else get_tracking.call(*pair)
    return verb(call, lambda answer: answer.data)


def _update(
    carrier_code: str, tracking_number: str, changes: Changes
) -> Verb[models.UpdatedTracking]:
    _checks.known("update", changes, Changes.__optional_keys__)
    pair = _checks.carrier_code(carrier_code), _checks.tracking_number(tracking_number)
    body = models.TrackingChanges(
        title=changes.get("title"),
        logistics_channel=changes.get("logistics_channel"),
        customer_name=changes.get("customer_name"),
        customer_email=changes.get("customer_email"),
        customer_phone=changes.get("customer_phone"),
        order_id=changes.get("order_id"),
        destination_code=changes.get("destination_code"),
        archived=_archived_text(changes.get("archived")),
        status=changes.get("status"),
    )
    return verb(update_tracking.call(*pair, _checks.body(body)), lambda answer: answer.data)


def _delete(carrier_code: str, tracking_number: str) -> Verb[None]:
    pair = _checks.carrier_code(carrier_code), _checks.tracking_number(tracking_number)
    return verb(delete_tracking.call(*pair), lambda _: None)


def _create_many(items: Iterable[models.NewBatchTracking]) -> Verb[models.CreateBatchResult]:
    body = _checks.batch(create_tracking_batch.OPERATION, items, models.NewBatchTracking)
    return verb(create_tracking_batch.call(body), lambda answer: answer.data)


def _update_many(items: Iterable[models.BatchTrackingChanges]) -> Verb[models.UpdateBatchResult]:
    body = _checks.batch(update_tracking_batch.OPERATION, items, models.BatchTrackingChanges)
    return verb(update_tracking_batch.call(body), lambda answer: answer.data)


def _delete_many(items: Iterable[models.TrackingKey]) -> Verb[models.DeleteBatchResult]:
    body = _checks.batch(delete_tracking_batch.OPERATION, items, models.TrackingKey)
    return verb(delete_tracking_batch.call(body), lambda answer: answer.data)


def _stop_updates(items: Iterable[models.TrackingKey]) -> Verb[models.StopUpdatesResult]:
    body = _checks.batch(stop_tracking_updates.OPERATION, items, models.TrackingKey)
    return verb(stop_tracking_updates.call(body), lambda answer: answer.data)


def _list(filters: Filters) -> Verb[models.TrackingPage]:
    _checks.known("list", filters, Filters.__optional_keys__)
    bounds = list_trackings.OPERATION.bounds_of
    page = _checks.whole(filters.get("page"), bounds("page"))
    limit = _checks.whole(filters.get("limit"), bounds("limit"))
    since, until = filters.get("update_time_min"), filters.get("update_time_max")
    call = list_trackings.call(
        page=page,
        limit=limit,
        status=_checks.status(filters.get("status")),
        update_time_min=_checks.whole(since, bounds("update_time_min")),
        update_time_max=_checks.whole(until, bounds("update_time_max")),
        lang=_checks.language(filters.get("lang")),
        numbers=_several(filters, "numbers", _checks.tracking_number),
        orders=_several(filters, "orders", _checks.order_id),
        archived=_archived_text(filters.get("archived")),
        **_window(filters),
    )
    nothing = models.TrackingPage(page=page, limit=limit, total=0, count=0, items=[])
    return verb(call, lambda answer: answer.data, lambda: nothing)


def _realtime(
    carrier_code: str, tracking_number: str, options: RealtimeQueryOptions
) -> Verb[models.RealtimeTracking]:
    query = models.RealtimeQuery(
        carrier_code=carrier_code, tracking_number=tracking_number, **options
    )
    return verb(track_in_realtime.call(_checks.body(query)), lambda answer: answer.data.items[0])


def _change_carrier(carrier_code: str, tracking_number: str, to: str) -> Verb[None]:
    change = models.CarrierChange(
        carrier_code=carrier_code, tracking_number=tracking_number, update_carrier_code=to
    )
    return verb(change_carrier.call(_checks.body(change)), lambda _: None)


def _count_by_status(window: Window) -> Verb[models.StatusCounts]:
    _checks.known("count_by_status", window, Window.__optional_keys__)
    return verb(count_trackings.call(**_window(window)), lambda answer: answer.data)


def _several(
    filters: Filters, name: Literal["numbers", "orders"], check: Callable[[object, int], str]
) -> list[str] | None:
    values = filters.get(name)
    most = list_trackings.OPERATION.bounds_of(name).max_items
    return None if values is None else _checks.each(name, values, check, most)


def _window(window: Window) -> _CheckedWindow:
    def seconds(name: str, value: int | None) -> int | None:
        return _checks.whole(value, count_trackings.OPERATION.bounds_of(name))

    return {
        "created_at_min": seconds("created_at_min", window.get("created_at_min")),
        "created_at_max": seconds("created_at_max", window.get("created_at_max")),
        "order_created_time_min": seconds(
            "order_created_time_min", window.get("order_created_time_min")
        ),
        "order_created_time_max": seconds(
            "order_created_time_max", window.get("order_created_time_max")
        ),
    }


def _archived_text(archived: object) -> models.ArchivedText | None:
    """The API wants a truth value as text."""
    if archived is None:
        return None
    if not isinstance(archived, bool):
        raise InvalidInput("archived", f"must be a bool, not {type(archived).__name__}")
    return models.ArchivedText.TRUE if archived else models.ArchivedText.FALSE


class Trackings(Resource):
    """Parcels that the account follows: `client.trackings`."""

    def create(
        self, carrier_code: str, tracking_number: str, **options: Unpack[NewTrackingOptions]
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
            ApiError: The API refused for another reason.
            TransportError: No answer came; `maybe_sent` tells whether it may exist now.

        Source: operation createTracking.
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
            lang: Language of the checkpoints, two letters, where the carrier offers it.

        Returns:
            The parcel. Checkpoints come newest first, with times local to the carrier.

        Raises:
            InvalidInput: An argument is wrong; nothing was sent.
            TrackingNotFound: The account does not follow it.
            ApiError: The API refused for another reason.
            TransportError: No answer came.

        Source: operations getTracking and, with `lang`, getLocalizedTracking.
        """
        return self._run(_get(carrier_code, tracking_number, lang))

    def update(
        self, carrier_code: str, tracking_number: str, **changes: Unpack[Changes]
    ) -> models.UpdatedTracking:
        """
        Change the details of a parcel, archive it, or set its status by hand.

        Args:
            carrier_code: The carrier.
            tracking_number: The parcel's number at that carrier.
            **changes: What to change; the rest stays as it is.

        Raises:
            InvalidInput: An argument is wrong; nothing was sent.
            TrackingNotFound: The account does not follow it.
            ApiError: The API refused for another reason.
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
            TransportError: No answer came.

        Source: operation deleteTracking.
        """
        self._run(_delete(carrier_code, tracking_number))

    def create_many(self, items: Iterable[models.NewBatchTracking]) -> models.CreateBatchResult:
        """
        Follow several parcels with one call. Each created one costs one tracking of the quota.

        Args:
            items: The parcels, at most as many as the contract lets one call take.

        Returns:
            `trackings` holds the created ones, `errors` the refused ones, as a `BatchRefusal` or as
            text that holds JSON.

        Raises:
            InvalidInput: An item is wrong, or there are none or too many; nothing was sent.
            ApiError: The API refused the whole.
            TransportError: No answer came; `maybe_sent` tells whether they may exist now.

        Source: operation createTrackingBatch.
        """
        return self._run(_create_many(items))

    def list(self, **filters: Unpack[Filters]) -> models.TrackingPage:
        """
        Give one page of parcels.

        Args:
            **filters: Page, page size, and what the parcels must match; times in Unix seconds.

        Returns:
            The page; without items when nothing matches.

        Raises:
            InvalidInput: A filter is wrong; nothing was sent.
            ApiError: The API refused.
            TransportError: No answer came.

        Source: operation listTrackings.
        """
        return self._run(_list(filters))

    def update_many(self, items: Iterable[models.BatchTrackingChanges]) -> models.UpdateBatchResult:
        """
        Change the details of several parcels with one call.

        Args:
            items: Which parcels, and what to change of each.

        Raises:
            InvalidInput: An item is wrong, or there are none or too many; nothing was sent.
            ApiError: The API refused the whole.
            TransportError: No answer came.

        Source: operation updateTrackingBatch.
        """
        return self._run(_update_many(items))

    def delete_many(self, items: Iterable[models.TrackingKey]) -> models.DeleteBatchResult:
        """
        Stop following several parcels with one call.

        Args:
            items: Which parcels.

        Raises:
            InvalidInput: An item is wrong, or there are none or too many; nothing was sent.
            ApiError: The API refused the whole.
            TransportError: No answer came.

        Source: operation deleteTrackingBatch.
        """
        return self._run(_delete_many(items))

    def realtime(
        self, carrier_code: str, tracking_number: str, **options: Unpack[RealtimeQueryOptions]
    ) -> models.RealtimeTracking:
        """
        Ask the carrier now. The API allows this once in two hours for one number.

        Args:
            carrier_code: The carrier.
            tracking_number: The parcel's number at that carrier.
            **options: What some carriers need to know.

        Raises:
            InvalidInput: An argument is wrong; nothing was sent.
            NoResult: The carrier knows nothing yet.
            ApiError: The API refused for another reason.
            TransportError: No answer came.

        Source: operation trackInRealtime.
        """
        return self._run(_realtime(carrier_code, tracking_number, options))

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
            TransportError: No answer came; `maybe_sent` tells whether it may have moved.

        Source: operation changeCarrier.
        """
        self._run(_change_carrier(carrier_code, tracking_number, to))

    def count_by_status(self, **window: Unpack[Window]) -> models.StatusCounts:
        """
        Count the parcels by status.

        Args:
            **window: Only parcels created or ordered in this window, in Unix seconds.

        Raises:
            ApiError: The API refused.
            TransportError: No answer came.

        Source: operation countTrackings.
        """
        return self._run(_count_by_status(window))

    def stop_updates(self, items: Iterable[models.TrackingKey]) -> models.StopUpdatesResult:
        """
        Tell the API not to refresh several parcels any more.

        Args:
            items: Which parcels.

        Raises:
            InvalidInput: An item is wrong, or there are none or too many; nothing was sent.
            ApiError: The API refused the whole.
            TransportError: No answer came.

        Source: operation stopTrackingUpdates.
        """
        return self._run(_stop_updates(items))


class AsyncTrackings(AsyncResource):
    """Parcels that the account follows: `client.trackings`."""

    async def create(
        self, carrier_code: str, tracking_number: str, **options: Unpack[NewTrackingOptions]
    ) -> models.CreatedTracking:
        """Await what `Trackings.create()` does. Source: operation createTracking."""
        return await self._run(_create(carrier_code, tracking_number, options))

    async def get(
        self, carrier_code: str, tracking_number: str, lang: str | None = None
    ) -> models.Tracking:
        """Await what `Trackings.get()` does. Source: operation getTracking."""
        return await self._run(_get(carrier_code, tracking_number, lang))

    async def update(
        self, carrier_code: str, tracking_number: str, **changes: Unpack[Changes]
    ) -> models.UpdatedTracking:
        """Await what `Trackings.update()` does. Source: operation updateTracking."""
        return await self._run(_update(carrier_code, tracking_number, changes))

    async def delete(self, carrier_code: str, tracking_number: str) -> None:
        """Await what `Trackings.delete()` does. Source: operation deleteTracking."""
        await self._run(_delete(carrier_code, tracking_number))

    async def create_many(
        self, items: Iterable[models.NewBatchTracking]
    ) -> models.CreateBatchResult:
        """Await what `Trackings.create_many()` does. Source: operation createTrackingBatch."""
        return await self._run(_create_many(items))

    async def list(self, **filters: Unpack[Filters]) -> models.TrackingPage:
        """Await what `Trackings.list()` does. Source: operation listTrackings."""
        return await self._run(_list(filters))

    async def update_many(
        self, items: Iterable[models.BatchTrackingChanges]
    ) -> models.UpdateBatchResult:
        """Await what `Trackings.update_many()` does. Source: operation updateTrackingBatch."""
        return await self._run(_update_many(items))

    async def delete_many(self, items: Iterable[models.TrackingKey]) -> models.DeleteBatchResult:
        """Await what `Trackings.delete_many()` does. Source: operation deleteTrackingBatch."""
        return await self._run(_delete_many(items))

    async def realtime(
        self, carrier_code: str, tracking_number: str, **options: Unpack[RealtimeQueryOptions]
    ) -> models.RealtimeTracking:
        """Await what `Trackings.realtime()` does. Source: operation trackInRealtime."""
        return await self._run(_realtime(carrier_code, tracking_number, options))

    async def change_carrier(self, carrier_code: str, tracking_number: str, *, to: str) -> None:
        """Await what `Trackings.change_carrier()` does. Source: operation changeCarrier."""
        await self._run(_change_carrier(carrier_code, tracking_number, to))

    async def count_by_status(self, **window: Unpack[Window]) -> models.StatusCounts:
        """Await what `Trackings.count_by_status()` does. Source: operation countTrackings."""
        return await self._run(_count_by_status(window))

    async def stop_updates(self, items: Iterable[models.TrackingKey]) -> models.StopUpdatesResult:
        """Await what `Trackings.stop_updates()` does. Source: operation stopTrackingUpdates."""
        return await self._run(_stop_updates(items))
