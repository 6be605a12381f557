# Derived from _async/trackings.py by codegen/derive_sync.py; do not edit.
"""The account's trackings."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import Any, TypeVar, Unpack, overload

from trackingmore_v2 import _validation
from trackingmore_v2._batch.inputs import Items
from trackingmore_v2._batch.items import (
    CreateItem,
    KeyItem,
    TypedCreateItem,
    TypedKeyItem,
    TypedUpdateItem,
    Unknown,
    UpdateItem,
)
from trackingmore_v2._batch.lookups import (
    GetOrCreateResult,
    existing_keys,
    lookup,
    merge_existing,
    report_of,
)
from trackingmore_v2._batch.operations import CREATE, DELETE, STOP, UPDATE
from trackingmore_v2._batch.overloads import AnyItem, AnyKeyItem, TakesRows
from trackingmore_v2._batch.results import BatchInterrupted, BatchReport, Outcome, TrackingReport
from trackingmore_v2._batch.settlement import (
    ChangeCarrierResult,
    DeleteResult,
    adopt,
    find_changed,
    settle_deleted,
)
from trackingmore_v2._calls.flow import PreparedCall, RetryOutcome
from trackingmore_v2._calls.identity import Subject
from trackingmore_v2._errors import (
    InvalidInput,
    TrackingExists,
    TrackingMoreError,
    TrackingNotFound,
)
from trackingmore_v2._listing import filters as listing_filters
from trackingmore_v2._listing.changes import ChangeCursor
from trackingmore_v2._listing.filters import AnyFiltersDict, FiltersDict, TimeWindowDict
from trackingmore_v2._sync.batches import collect, stream
from trackingmore_v2._sync.changes import TrackingChanges
from trackingmore_v2._sync.lists import TrackingList
from trackingmore_v2._sync.resource import Resource
from trackingmore_v2.models import AdoptedTracking
from trackingmore_v2_api import models
from trackingmore_v2_api.operations import trackings as operations
from trackingmore_v2_api.options import (
    CreateTrackingRequestOptionsDict,
    RealtimeQueryOptionsDict,
    UpdateTrackingRequestOptionsDict,
)

ResultT = TypeVar("ResultT")

_of_creates = TakesRows[Items[TypedCreateItem], Items[AnyItem]]()
_of_updates = TakesRows[Items[TypedUpdateItem], Items[AnyItem]]()
_of_keys = TakesRows[Items[TypedKeyItem], Items[AnyKeyItem]]()


class TrackingsResource(Resource):
    """
    The account's trackings: `client.trackings`.

    Every method can raise the errors below, besides those in its own docstring. The exceptions are
    `list()` and `changes()`, which send nothing, and the methods of many items, which report them
    instead.

    Raises:
        ApiError: The API returned an error.
        ContractBroken: The response cannot be parsed, or is about another tracking.
        TransportError: No response was received.
    """

    def create(
        self,
        carrier_code: str,
        tracking_number: str,
        **options: Unpack[CreateTrackingRequestOptionsDict],
    ) -> models.CreatedTracking:
        """
        Create a tracking. Costs one tracking of the quota.

        If a response is lost or cannot be read, and the retry finds that the tracking exists, it is
        read and compared. If its fields equal those of the call and it is not older, the call
        adopts it; otherwise it raises `TrackingExists`. Another caller's equal create in the same
        seconds cannot be distinguished.

        Args:
            carrier_code: The carrier's `code` in `carriers.list()`.
            tracking_number: At least five letters, digits, hyphens or underscores.
            **options: Optional fields, such as title, customer and order; some carriers require
                more of them. Default: none.

        Returns:
            The new tracking. Its status is `pending` until the API has queried the carrier. It is a
            `models.AdoptedTracking` if an attempt without a response created it.

        Raises:
            InvalidInput: An argument is invalid; nothing was sent.
            TrackingExists: The tracking exists already; `in_doubt` is True if an attempt without a
                response may have created it.
            QuotaExhausted: No trackings are left.
            BudgetExceeded: The quota guard's limit is reached; nothing was sent.
            TransportError: No response was received; `in_doubt` is True if the tracking may have
                been created.

        Source: operations createTracking and, after a lost response, listTrackings.
        """
        new = _new_tracking("create", carrier_code, tracking_number, options)
        return self._run(_create(new))

    def get_or_create(
        self,
        carrier_code: str,
        tracking_number: str,
        **options: Unpack[CreateTrackingRequestOptionsDict],
    ) -> GetOrCreateResult:
        """
        Return a tracking, and create it before if the account does not have it.

        It is created first, so that two callers at the same time cannot both miss it, and then
        read. A new one costs one tracking of the quota. One that exists is not changed.

        Args:
            carrier_code: The carrier's `code` in `carriers.list()`.
            tracking_number: At least five letters, digits, hyphens or underscores.
            **options: Optional fields of a new tracking, as in `create()`. Default: none.

        Returns:
            `tracking`, as `get()` returns it, and whether this call created it: `created`, if a
            response confirms it; `adopted`, if the response was lost, as in `create()`; `in_doubt`,
            if it may have. All are False for a tracking that existed.

        Raises:
            InvalidInput: An argument is invalid; nothing was sent.
            QuotaExhausted: No trackings are left, and the account does not have this one.
            BudgetExceeded: The quota guard's limit is reached; nothing was sent.
            TransportError: No response was received; `in_doubt` is True if the tracking may have
                been created.

        Source: operations createTracking, getTracking and, after a lost response, listTrackings.
        """
        new = _new_tracking("get_or_create", carrier_code, tracking_number, options)
        carrier, made, failure = new.carrier_code, None, None
        try:
            made = self._run(_create(new))
            # The API may correct the carrier.
            carrier = made.carrier_code or carrier
        except TrackingMoreError as error:
            if not (error.in_doubt or isinstance(error, TrackingExists)):
                raise
            failure = error
        try:
            tracking = self.get(carrier, new.tracking_number)
        except TrackingMoreError as error:
            if failure and not isinstance(failure, TrackingExists):
                raise failure from error
            # Only the read failed: the tracking was created, or may have been.
            error.in_doubt = failure is None or failure.in_doubt
            raise
        is_adopted = isinstance(made, AdoptedTracking)
        return GetOrCreateResult(
            tracking,
            created=failure is None and not is_adopted,
            adopted=is_adopted,
            in_doubt=failure is not None and failure.in_doubt,
        )

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

        Source: operations getTracking and, with `lang`, getLocalizedTracking.
        """
        subject = Subject(*_validation.pair(carrier_code, tracking_number))
        language = _validation.language(self._language(lang))
        return self._run(_read(subject, lambda envelope: envelope.data, language))

    def update(
        self,
        carrier_code: str,
        tracking_number: str,
        **changes: Unpack[UpdateTrackingRequestOptionsDict],
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

        Source: operation updateTracking.
        """
        # An unknown option raises `TypeError`, as without `**changes`, not `InvalidInput`.
        _validation.known("update", changes, UpdateTrackingRequestOptionsDict.__optional_keys__)
        pair = _validation.pair(carrier_code, tracking_number)
        try:
            checked = _validation.changes_by_keyword(changes)
        except InvalidInput as error:
            raise _validation.with_pair(error, pair) from None
        call = operations.update_tracking.call(*pair, checked)
        return self._run(PreparedCall(call, lambda envelope: envelope.data, subject=Subject(*pair)))

    def delete(self, carrier_code: str, tracking_number: str) -> DeleteResult:
        """
        Delete a tracking. Creating it again later costs no quota.

        Args:
            carrier_code: The carrier's `code` in `carriers.list()`.
            tracking_number: The tracking number.

        Returns:
            `DELETED`; or `ABSENT`, if a response was lost and the account does not have the
            tracking: the attempt without a response deleted it, or it did not exist.

        Raises:
            InvalidInput: An argument is invalid; nothing was sent.
            TrackingNotFound: The account has no such tracking, and no response was lost.

        Source: operation deleteTracking.
        """
        pair = _validation.pair(carrier_code, tracking_number)
        return self._run(
            PreparedCall(
                operations.delete_tracking.call(*pair),
                lambda _: DeleteResult.DELETED,
                retry_outcome=RetryOutcome(TrackingNotFound, settle_deleted),
                subject=Subject(*pair),
            )
        )

    @_of_creates
    def create_many(
        self, items: Items[CreateItem], *, unknown: Unknown = "reject"
    ) -> BatchReport[CreateItem]:
        """
        Create any number of trackings. Each new one costs one tracking of the quota.

        A failed request does not raise; its error is in the report. Sending stops at an error that
        further items would meet too, such as an invalid key. Items that a retry finds to exist
        after a lost response are read and compared, as in `create()`.

        Args:
            items: The trackings to create, as `models.CreateTrackingItem`, as dicts of its fields,
                or as rows of a CSV file or a data frame, in which blank and NaN cells count as not
                given. They are read lazily, as the requests are filled. Items with the same carrier
                and number are sent once.
            unknown: What to do with unknown fields of rows: "ignore" drops them. Default: "reject",
                the first item raises an error, and a later one is invalid.

        Returns:
            One outcome for each item, in input order: created, already existed (`in_doubt` if an
            attempt without a response may have created it), adopted (such an attempt did, as far as
            can be determined), rejected, invalid, not sent, or unknown (no response reported a
            result).

        Raises:
            InvalidInput: `items` is not an iterable, or the first item has an unknown field;
                nothing was sent.
            BatchInterrupted: The iterable raised an error; `report` holds the outcomes so far.

        Source: operations createTrackingBatch and, after a lost response, listTrackings.
        """
        return collect(self._run, CREATE, items, unknown)

    @_of_creates
    def iter_create_many(
        self, items: Items[CreateItem], *, unknown: Unknown = "reject"
    ) -> Iterator[Outcome[CreateItem]]:
        """
        Create any number of trackings, and yield each outcome as soon as it is known.

        Each new one costs one tracking of the quota. Outcomes are not kept; number, index and
        result of each distinct item are, and the error of each one that failed. A failed request
        does not raise; the outcomes of its items hold its error.

        Args:
            items: The trackings to create, as in `create_many()`. They are read lazily, no further
                than the next request needs.
            unknown: What to do with unknown fields of rows: "ignore" drops them. Default: "reject",
                the first item raises an error, and a later one is invalid.

        Yields:
            One outcome for each item, in input order.

        Raises:
            InvalidInput: `items` is not an iterable, or the first item has an unknown field;
                nothing was sent.
            BatchInterrupted: The iterable raised an error; `report` is empty, because the outcomes
                so far have been yielded.

        Source: operations createTrackingBatch and, after a lost response, listTrackings.
        """
        return stream(self._run, CREATE, items, unknown)

    @_of_creates
    def get_or_create_many(
        self, items: Items[CreateItem], *, unknown: Unknown = "reject"
    ) -> TrackingReport[CreateItem]:
        """
        Return any number of trackings, and create those that the account does not have.

        All are created first, and then those that existed are read, as many at a time as a list
        takes numbers. Each new one costs one tracking of the quota. Those that exist are not
        changed. A failed request does not raise; its error is in the report.

        Args:
            items: The trackings, as in `create_many()`.
            unknown: What to do with unknown fields of rows: "ignore" drops them. Default: "reject",
                the first item raises an error, and a later one is invalid.

        Returns:
            One outcome for each item, in input order, with the result of its creation and the
            tracking: as `get()` returns it if it existed, and pending and without checkpoints if it
            was created. An item that is rejected, invalid or not sent has none; one whose result is
            unknown, since no response reported it, has the tracking if the account has it.

        Raises:
            InvalidInput: `items` is not an iterable, or the first item has an unknown field;
                nothing was sent.
            BatchInterrupted: The iterable raised an error; `report` holds the outcomes of
                `create_many()` so far.

        Source: operations createTrackingBatch and listTrackings.
        """
        created = collect(self._run, CREATE, items, unknown)
        try:
            read = collect(self._run, lookup(self._lang), existing_keys(created))
        except BatchInterrupted as error:
            raise BatchInterrupted(created, len(created)) from error.__cause__
        return merge_existing(created, read)

    def get_many(
        self, items: Items[KeyItem], lang: str | None = None, *, unknown: Unknown = "reject"
    ) -> TrackingReport[KeyItem]:
        """
        Return any number of trackings, as many at a time as a list takes numbers.

        A failed request does not raise; its error is in the report.

        Args:
            items: The trackings, as in `delete_many()`. They are read lazily; duplicates are sent
                once.
            lang: Language of the checkpoints, two letters, if the carrier supports it. Default:
                the client's.
            unknown: What to do with unknown fields of rows: "ignore" drops them. Default: "reject",
                the first item raises an error, and a later one is invalid.

        Returns:
            One outcome for each item, in input order: found, with its tracking as `get()` returns
            it; or not found, rejected, invalid, not sent, or unknown (no complete response).

        Raises:
            InvalidInput: `items` is not an iterable, the first one has an unknown field, or `lang`
                is invalid; nothing was sent.
            BatchInterrupted: The iterable raised an error; `report` holds the outcomes so far.

        Source: operation listTrackings.
        """
        language = _validation.language(self._language(lang))
        return report_of(collect(self._run, lookup(language), items, unknown))

    @overload
    def list(
        self,
        *,
        page_size: int | None = ...,
        prefetch: bool = ...,
        **filters: Unpack[FiltersDict],
    ) -> TrackingList: ...

    @overload
    def list(
        self,
        *,
        page_size: int | datetime | None = ...,
        prefetch: bool | datetime = ...,
        **filters: Unpack[AnyFiltersDict],
    ) -> TrackingList: ...

    def list(  # type: ignore[misc]  # pyright: ignore[reportInconsistentOverload]  # the second is for `**times` alone
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
            prefetch: Whether to fetch the next page in the background while the caller handles the
                current one. The fetch ends with the iteration. Default: False, each page is fetched
                when it is needed.
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

    def changes(
        self,
        since: datetime | str | None = None,
        *,
        page_size: int | None = None,
        lang: str | None = None,
    ) -> TrackingChanges:
        """
        Return the trackings that the API has refreshed since a time or an earlier call.

        Nothing is sent until the result is iterated.

        Args:
            since: The `cursor` of an earlier result, or an aware datetime. Default: None, all
                trackings that were ever refreshed.
            page_size: Trackings per request. Default: the API's maximum.
            lang: Language of the checkpoints, two letters, if the carrier supports it; the same
                as before, since another one makes another state. Default: the client's.

        Returns:
            An iterable of trackings, each state once, whose `cursor` is a text to save.

        Raises:
            InvalidInput: An argument is invalid; nothing was sent.

        Source: operation listTrackings.
        """
        size = listing_filters.page_size(page_size)
        language = _validation.language(self._language(lang))
        return TrackingChanges(self._run, ChangeCursor(since), size, language)

    @_of_updates
    def update_many(
        self, items: Items[UpdateItem], *, unknown: Unknown = "reject"
    ) -> BatchReport[UpdateItem]:
        """
        Update any number of trackings.

        A failed request does not raise; its error is in the report.

        Args:
            items: The updates, as `models.UpdateTrackingItem`, or as dicts or rows with the
                arguments of `update()` except `customer_phone`; in a row, blank and NaN cells count
                as not given. They are read lazily. An item equal to the previous one for the same
                tracking is sent once.
            unknown: What to do with unknown fields of rows: "ignore" drops them. Default: "reject",
                the first item raises an error, and a later one is invalid.

        Returns:
            One outcome for each item, in input order: updated, not found, rejected, invalid, not
            sent, or unknown (no response reported a result).

        Raises:
            InvalidInput: `items` is not an iterable, or the first item has an unknown field;
                nothing was sent.
            BatchInterrupted: The iterable raised an error; `report` holds the outcomes so far.

        Source: operation updateTrackingBatch.
        """
        return collect(self._run, UPDATE, items, unknown)

    @_of_updates
    def iter_update_many(
        self, items: Items[UpdateItem], *, unknown: Unknown = "reject"
    ) -> Iterator[Outcome[UpdateItem]]:
        """
        Update any number of trackings, and yield each outcome as soon as it is known.

        Outcomes are not kept; number, index and result of each distinct item are. A failed request
        does not raise; the outcomes of its items hold its error.

        Args:
            items: The updates, as in `update_many()`. They are read lazily, no further than the
                next request needs.
            unknown: What to do with unknown fields of rows: "ignore" drops them. Default: "reject",
                the first item raises an error, and a later one is invalid.

        Yields:
            One outcome for each item, in input order.

        Raises:
            InvalidInput: `items` is not an iterable, or the first item has an unknown field;
                nothing was sent.
            BatchInterrupted: The iterable raised an error; `report` is empty, because the outcomes
                so far have been yielded.

        Source: operation updateTrackingBatch.
        """
        return stream(self._run, UPDATE, items, unknown)

    @_of_keys
    def delete_many(
        self, items: Items[KeyItem], *, unknown: Unknown = "reject"
    ) -> BatchReport[KeyItem]:
        """
        Delete any number of trackings.

        A failed request does not raise; its error is in the report.

        Args:
            items: The trackings: pairs of carrier code and number, dicts with `carrier_code` and
                `tracking_number`, or objects with these attributes, such as `models.Tracking`. They
                are read lazily; duplicates are sent once. Of a `trackings.list()`, the keys are
                read to the end before the first is sent.
            unknown: What to do with unknown fields of rows: "ignore" drops them. Default: "reject",
                the first item raises an error, and a later one is invalid.

        Returns:
            One outcome for each item, in input order: deleted, absent (not found after a lost
            response, which may have deleted it), not found, rejected, invalid, not sent, or unknown
            (no response reported a result).

        Raises:
            InvalidInput: `items` is not an iterable, or the first item has an unknown field;
                nothing was sent.
            BatchInterrupted: The iterable raised an error; `report` holds the outcomes so far.

        Source: operation deleteTrackingBatch.
        """
        return collect(self._run, DELETE, items, unknown)

    @_of_keys
    def iter_delete_many(
        self, items: Items[KeyItem], *, unknown: Unknown = "reject"
    ) -> Iterator[Outcome[KeyItem]]:
        """
        Delete any number of trackings, and yield each outcome as soon as it is known.

        Outcomes are not kept; number, index and result of each distinct item are. A failed request
        does not raise; the outcomes of its items hold its error.

        Args:
            items: The trackings, as in `delete_many()`. They are read lazily, no further than the
                next request needs, except the keys of a `trackings.list()`.
            unknown: What to do with unknown fields of rows: "ignore" drops them. Default: "reject",
                the first item raises an error, and a later one is invalid.

        Yields:
            One outcome for each item, in input order.

        Raises:
            InvalidInput: `items` is not an iterable, or the first item has an unknown field;
                nothing was sent.
            BatchInterrupted: The iterable raised an error; `report` is empty, because the outcomes
                so far have been yielded.

        Source: operation deleteTrackingBatch.
        """
        return stream(self._run, DELETE, items, unknown)

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
            QuotaExhausted: No trackings are left, and the account does not have this one.

        Source: operation trackInRealtime.
        """
        _validation.known("realtime", options, RealtimeQueryOptionsDict.__optional_keys__)
        if self._lang is not None:
            options = {"lang": self._lang, **options}
        query = models.RealtimeQuery(
            carrier_code=carrier_code, tracking_number=tracking_number, **options
        )
        checked = _validation.model(models.RealtimeQuery, query)
        return self._run(
            PreparedCall(
                operations.track_in_realtime.call(checked),
                # One item by contract; without any, the `IndexError` becomes a `ContractBroken`.
                lambda envelope: envelope.data.items[0],
                subject=Subject(checked.carrier_code, checked.tracking_number),
            )
        )

    def change_carrier(
        self, carrier_code: str, tracking_number: str, *, to: str
    ) -> ChangeCarrierResult:
        """
        Change the carrier of a tracking.

        Args:
            carrier_code: Code of the current carrier.
            tracking_number: The tracking number.
            to: Code of the new carrier.

        Returns:
            `CHANGED`; or `FOUND`, if a response was lost and the account has the tracking with the
            new carrier and not with the old one: the attempt without a response changed it, or it
            was so before.

        Raises:
            InvalidInput: An argument is invalid; nothing was sent.
            TrackingNotFound: The account has no such tracking.
            TrackingExists: The number exists already at the new carrier.
            TransportError: No response was received; `in_doubt` is True if the carrier may have
                been changed.

        Source: operations changeCarrier and, after a lost response, getTracking.
        """
        change = models.CarrierChange(
            carrier_code=carrier_code, tracking_number=tracking_number, update_carrier_code=to
        )
        checked = _validation.model(models.CarrierChange, change)
        # After a lost response, "not found" under the old carrier alone does not prove the change.
        target = Subject(checked.update_carrier_code, checked.tracking_number)
        settle = partial(find_changed, _read(target, lambda _: None))
        return self._run(
            PreparedCall(
                operations.change_carrier.call(checked),
                lambda _: ChangeCarrierResult.CHANGED,
                retry_outcome=RetryOutcome(TrackingNotFound, settle),
                subject=Subject(checked.carrier_code, checked.tracking_number),
            )
        )

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

        Source: operation countTrackings.
        """
        _validation.known("count_by_status", window, TimeWindowDict.__optional_keys__)
        call = operations.count_trackings.call(**listing_filters.span(window))
        return self._run(PreparedCall(call, lambda envelope: envelope.data))

    @_of_keys
    def stop_updates(
        self, items: Items[KeyItem], *, unknown: Unknown = "reject"
    ) -> BatchReport[KeyItem]:
        """
        Stop the API's updates of any number of trackings, which remain in the account.

        A failed request does not raise; its error is in the report.

        Args:
            items: The trackings, as in `delete_many()`. They are read lazily; duplicates are sent
                once. Of a `trackings.list()`, the keys are read to the end before the first is
                sent.
            unknown: What to do with unknown fields of rows: "ignore" drops them. Default: "reject",
                the first item raises an error, and a later one is invalid.

        Returns:
            One outcome for each item, in input order: stopped, not found, rejected, invalid, not
            sent, or unknown (no response reported a result).

        Raises:
            InvalidInput: `items` is not an iterable, or the first item has an unknown field;
                nothing was sent.
            BatchInterrupted: The iterable raised an error; `report` holds the outcomes so far.

        Source: operation stopTrackingUpdates.
        """
        return collect(self._run, STOP, items, unknown)

    @_of_keys
    def iter_stop_updates(
        self, items: Items[KeyItem], *, unknown: Unknown = "reject"
    ) -> Iterator[Outcome[KeyItem]]:
        """
        Stop the updates of any number of trackings, and yield each outcome as soon as it is known.

        Outcomes are not kept; number, index and result of each distinct item are. A failed request
        does not raise; the outcomes of its items hold its error.

        Args:
            items: The trackings, as in `delete_many()`. They are read lazily, no further than the
                next request needs, except the keys of a `trackings.list()`.
            unknown: What to do with unknown fields of rows: "ignore" drops them. Default: "reject",
                the first item raises an error, and a later one is invalid.

        Yields:
            One outcome for each item, in input order.

        Raises:
            InvalidInput: `items` is not an iterable, or the first item has an unknown field;
                nothing was sent.
            BatchInterrupted: The iterable raised an error; `report` is empty, because the outcomes
                so far have been yielded.

        Source: operation stopTrackingUpdates.
        """
        return stream(self._run, STOP, items, unknown)


def _read(
    subject: Subject, read: Callable[[models.TrackingResponse], ResultT], lang: str | None = None
) -> PreparedCall[ResultT]:
    """Return the call that reads one tracking."""
    pair = subject.carrier, subject.number
    # The language is a segment of the path, which makes it an operation of its own.
    call = (
        operations.get_localized_tracking.call(*pair, lang)
        if lang
        else operations.get_tracking.call(*pair)
    )
    # The API's code for an unknown pair is not certain: 4017 or 4031.
    return PreparedCall(call, read, subject=subject, no_result=TrackingNotFound)


def _new_tracking(
    method: str, carrier_code: str, tracking_number: str, options: CreateTrackingRequestOptionsDict
) -> models.CreateTrackingRequest:
    _validation.known(method, options, CreateTrackingRequestOptionsDict.__optional_keys__)
    fields: dict[str, Any] = {**options}
    # A model, since text is converted in dicts only, the rows of batches.
    request = models.CreateTrackingRequest(
        carrier_code=carrier_code, tracking_number=tracking_number, **fields
    )
    return _validation.model(models.CreateTrackingRequest, request)


def _create(new: models.CreateTrackingRequest) -> PreparedCall[models.CreatedTracking]:
    """Return the call that creates a tracking, and adopts one that a lost attempt created."""
    return PreparedCall(
        operations.create_tracking.call(new),
        lambda envelope: envelope.data,
        retry_outcome=RetryOutcome(TrackingExists, partial(adopt, new)),
        subject=Subject(new.carrier_code, new.tracking_number),
    )
