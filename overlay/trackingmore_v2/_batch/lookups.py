"""Many trackings read by their keys, and the report of those that were read."""

from collections.abc import Iterator
from typing import Any, Final, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from trackingmore_v2 import _validation
from trackingmore_v2._batch.items import KeyItem, key_of
from trackingmore_v2._batch.operations import BatchOperation, Sendable
from trackingmore_v2._batch.parsing import UNKNOWN, parse_found
from trackingmore_v2._batch.results import (
    BatchReport,
    ItemResult,
    ItemVerdict,
    Outcome,
    TrackingOutcome,
    TrackingReport,
)
from trackingmore_v2._batch.settlement import PAGE_SIZE, list_numbers
from trackingmore_v2._calls.flow import PreparedCall
from trackingmore_v2._calls.identity import comparable
from trackingmore_v2_api import models
from trackingmore_v2_api.operations.trackings import list_trackings

ItemT = TypeVar("ItemT")
ItemT_co = TypeVar("ItemT_co", covariant=True)

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
    """Whether this call created it, which a response confirms."""

    adopted: bool = False
    """Whether an attempt without a response created it, as far as can be determined."""

    in_doubt: bool = False
    """Whether an attempt without a response may have created it."""


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
        found = {_identity(one.carrier, one.number): one for one in self.parse(page)}
        sent = max(len(page.items), page.count or 0)
        # Items that could not be parsed are missing on the page, and others may be on the next one.
        is_complete = sent == len(found) and sent < min(PAGE_SIZE, page.limit or PAGE_SIZE)
        missing = ItemVerdict(ItemResult.NOT_FOUND) if is_complete else UNKNOWN
        pairs = [(key.carrier_code, key.tracking_number) for key in keys]
        return [
            replace(found.get(_identity(*pair), missing), carrier=pair[0], number=pair[1])
            for pair in pairs
        ]


def lookup(lang: str | None) -> Lookup:
    """Return the operation that reads trackings, with checkpoints in a language."""
    return Lookup(
        operation=list_trackings.OPERATION,
        call=lambda keys: list_numbers((key.tracking_number for key in keys), lang),
        kind=models.TrackingKey,
        model_of=key_of,
        parse=parse_found,
    )


def report_of(read: BatchReport[ItemT]) -> TrackingReport[ItemT]:
    """Return the report of trackings that were read."""
    return TrackingReport((_with_tracking(each, each.tracking) for each in read), read.error)


def existing_keys(created: BatchReport[Any]) -> Iterator[tuple[str, str]]:
    """Yield the keys of the items whose tracking existed, or may have been created."""
    existing = (outcome for outcome in created if outcome.result in _EXISTING)
    # The API may have corrected the carrier of an adopted tracking.
    return (_validation.pair_of(outcome.tracking or outcome.item) for outcome in existing)


def merge_existing(created: BatchReport[ItemT], read: BatchReport[Any]) -> TrackingReport[ItemT]:
    """Return the outcomes of a create, with the trackings that were read by `existing_keys()`."""
    existing = iter(read)
    outcomes = (
        _existing(outcome, next(existing))
        if outcome.result in _EXISTING
        else _with_tracking(outcome, _as_read(outcome.tracking))
        for outcome in created
    )
    return TrackingReport(outcomes, created.error or read.error)


def _existing(created: Outcome[ItemT], read: Outcome[Any]) -> TrackingOutcome[ItemT]:
    # An unknown result remains: whether this call created the tracking is unknown.
    return replace(_with_tracking(created, read.tracking), error=created.error or read.error)


def _with_tracking(outcome: Outcome[ItemT], tracking: Any) -> TrackingOutcome[ItemT]:  # noqa: ANN401 - the outcome of a lookup has what it read
    fields = {name: getattr(outcome, name) for name in outcome.__struct_fields__}
    return TrackingOutcome(**{**fields, "tracking": tracking})


def _as_read(created: models.CreatedTracking | None) -> models.Tracking | None:
    """Return a created tracking as the API returns it until it has queried the carrier."""
    if created is None:
        return None
    return models.Tracking(**{name: getattr(created, name) for name in _CREATED_FIELDS})


def _identity(carrier: str | None, number: str | None) -> tuple[str, str]:
    return comparable(carrier or ""), comparable(number or "")
