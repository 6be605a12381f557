"""Many trackings read by their keys, and the report of those that were read."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, Generic, TypeVar, cast, overload

from msgspec import Struct
from msgspec.structs import replace

from trackingmore_v2._batch.items import CreateItem, KeyItem, key_of
from trackingmore_v2._batch.operations import CREATE, BatchOperation, Sendable
from trackingmore_v2._batch.parsing import UNKNOWN
from trackingmore_v2._batch.results import BatchReport, ItemResult, ItemVerdict, Outcome
from trackingmore_v2._calls.flow import PreparedCall
from trackingmore_v2._errors import TrackingMoreError
from trackingmore_v2_api import models
from trackingmore_v2_api.operations.trackings import list_trackings
from trackingmore_v2_api.runtime import Pagination

ItemT = TypeVar("ItemT")
ItemT_co = TypeVar("ItemT_co", covariant=True)

_PAGE_SIZE: Final = cast("Pagination", list_trackings.OPERATION.pagination).max_size

_EXISTING: Final = (ItemResult.ALREADY_EXISTED, ItemResult.ADOPTED, ItemResult.UNKNOWN)
"""Results of a create after which the account has the tracking, or may have it."""

_CREATED_FIELDS: Final = (
    *("id", "carrier_code", "tracking_number", "status", "created_at", "title", "order_id"),
    *("customer_name", "customer_email", "customer_phone", "comment"),
)
"""Fields that a created tracking and one that is read have in the same form."""


class GetOrCreateResult(Struct, frozen=True):
    """The result of `trackings.get_or_create()`."""

    tracking: models.Tracking
    """The tracking, as it was read."""

    created: bool
    """Whether this call created it; False also if an attempt without a response may have."""


class TrackingOutcome(Struct, Generic[ItemT_co], frozen=True):
    """The outcome of one item of `trackings.get_many()` or `get_or_create_many()`."""

    index: int
    """The item's position in the input, from 0."""

    item: ItemT_co
    """The item as it was passed."""

    result: ItemResult
    """The item's result; of `get_or_create_many()`, the result of its creation."""

    tracking: models.Tracking | None = None
    """The tracking; None if it was not found, or not read because of an error."""

    code: int | None = None
    """The API's meta code if it rejected the item, such as 4032."""

    message: str = ""
    """The API's message if it rejected the item."""

    error: TrackingMoreError | None = None
    """The error of the item itself, or of the call that it belongs to."""

    duplicate_of: int | None = None
    """The index of an earlier item with the same key and result; None if there is none."""

    @property
    def ok(self) -> bool:
        """Whether the outcome has a tracking."""
        return self.tracking is not None

    @property
    def summary(self) -> str:
        """The result in words, with the API's code or the invalid field."""
        return Outcome(self.index, self.item, self.result, self.code, error=self.error).summary

    @property
    def created(self) -> bool:
        """Whether this call created the tracking, which is certain."""
        return self.result is ItemResult.CREATED


class TrackingReport(Sequence[TrackingOutcome[ItemT_co]]):
    """
    The outcomes of all items, in input order.

    Attributes:
        error: The error that stopped the sending before the end of the input; None if all items
            were sent.
    """

    def __init__(
        self, outcomes: Iterable[TrackingOutcome[ItemT_co]], error: TrackingMoreError | None = None
    ) -> None:
        self._outcomes = list(outcomes)
        self.error = error

    @property
    def trackings(self) -> list[models.Tracking]:
        """The trackings of all items, without those of duplicates."""
        found = (outcome for outcome in self if outcome.duplicate_of is None)
        return [outcome.tracking for outcome in found if outcome.tracking is not None]

    @property
    def failed(self) -> list[TrackingOutcome[ItemT_co]]:
        """Items without a tracking: it was not found, or there was an error."""
        return [outcome for outcome in self if not outcome.ok]

    @overload
    def __getitem__(self, index: int) -> TrackingOutcome[ItemT_co]: ...

    @overload
    def __getitem__(self, index: slice) -> list[TrackingOutcome[ItemT_co]]: ...

    def __getitem__(
        self, index: int | slice
    ) -> TrackingOutcome[ItemT_co] | list[TrackingOutcome[ItemT_co]]:
        return self._outcomes[index]

    def __len__(self) -> int:
        return len(self._outcomes)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {len(self)} items, {len(self.failed)} without tracking>"


class Lookup(BatchOperation[KeyItem], frozen=True, kw_only=True):
    """Reading trackings by their keys: one page of the list, filtered by number."""

    @property
    def max_items(self) -> int:
        """The maximum number of keys of one call."""
        return list_trackings.OPERATION.bounds_of("numbers").max_items or 1

    def prepare(self, items: list[Sendable]) -> PreparedCall[list[ItemVerdict]]:
        """Prepare the call that reads trackings."""
        return PreparedCall(
            self.call(items),
            lambda envelope: self._verdicts(items, envelope.data),
            lambda: self._verdicts(items, models.TrackingPage(items=[])),
        )

    def _verdicts(self, keys: list[Sendable], page: models.TrackingPage) -> list[ItemVerdict]:
        """Return the verdict on each key: the page may have its number with other carriers too."""
        found = {
            _identity(verdict.carrier, verdict.number): verdict
            for verdict in self.parse(page)
            if verdict.carrier and verdict.number
        }
        sent = max(len(page.items), page.count or 0)
        # Items that could not be parsed are missing on the page, and others may be on the next one.
        is_complete = sent == len(found) and sent < min(_PAGE_SIZE, page.limit or _PAGE_SIZE)
        missing = ItemVerdict(ItemResult.NOT_FOUND) if is_complete else UNKNOWN
        return [
            replace(
                found.get(_identity(key.carrier_code, key.tracking_number), missing),
                carrier=key.carrier_code,
                number=key.tracking_number,
            )
            for key in keys
        ]


def lookup(lang: str | None) -> Lookup:
    """Return the operation that reads trackings, with checkpoints in a language."""
    return Lookup(
        operation=list_trackings.OPERATION,
        call=lambda keys: list_trackings.call(
            numbers=list(dict.fromkeys(key.tracking_number for key in keys)),
            page=1,
            limit=_PAGE_SIZE,
            lang=lang,
        ),
        kind=models.TrackingKey,
        model_of=key_of,
        parse=_parse_found,
    )


def report_of(read: BatchReport[ItemT]) -> TrackingReport[ItemT]:
    """Return the report of trackings that were read."""
    return TrackingReport((_with_tracking(each, _tracking_of(each)) for each in read), read.error)


def existing_keys(created: BatchReport[CreateItem]) -> Iterator[models.TrackingKey]:
    """Yield the keys of the items whose tracking existed, or may have been created."""
    for outcome in created:
        if outcome.result in _EXISTING:
            sent = CREATE.model_of(outcome.item, outcome.index)
            yield models.TrackingKey(
                carrier_code=sent.carrier_code, tracking_number=sent.tracking_number
            )


def merge_existing(
    created: BatchReport[CreateItem], read: BatchReport[KeyItem]
) -> TrackingReport[CreateItem]:
    """Return the outcomes of a create, with the trackings that were read by `existing_keys()`."""
    existing = iter(read)
    return TrackingReport(
        (
            _existing(outcome, next(existing))
            if outcome.result in _EXISTING
            else _with_tracking(outcome, _as_read(outcome.tracking))
            for outcome in created
        ),
        created.error or read.error,
    )


def _existing(created: Outcome[ItemT], read: Outcome[KeyItem]) -> TrackingOutcome[ItemT]:
    outcome = _with_tracking(created, _tracking_of(read))
    if outcome.tracking and outcome.result is ItemResult.UNKNOWN:
        return replace(outcome, result=ItemResult.ADOPTED, error=None)
    return replace(outcome, error=outcome.error or read.error)


def _with_tracking(
    outcome: Outcome[ItemT], tracking: models.Tracking | None
) -> TrackingOutcome[ItemT]:
    return TrackingOutcome(
        outcome.index,
        outcome.item,
        outcome.result,
        tracking,
        outcome.code,
        outcome.message,
        outcome.error,
        outcome.duplicate_of,
    )


def _as_read(created: models.CreatedTracking | None) -> models.Tracking | None:
    """Return a created tracking as the API returns it until it has queried the carrier."""
    if created is None:
        return None
    return models.Tracking(**{name: getattr(created, name) for name in _CREATED_FIELDS})


def _parse_found(page: models.TrackingPage) -> list[ItemVerdict]:
    return [
        ItemVerdict(
            ItemResult.FOUND, one.carrier_code, one.tracking_number, tracking=cast("Any", one)
        )
        for one in page.items
    ]


def _tracking_of(read: Outcome[Any]) -> models.Tracking | None:
    # The outcome of a lookup has what `_parse_found` has put there.
    return cast("models.Tracking | None", read.tracking)


def _identity(carrier: str, number: str) -> tuple[str, str]:
    return carrier.casefold(), number.casefold()
