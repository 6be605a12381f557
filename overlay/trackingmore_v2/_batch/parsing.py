"""How answers to batches read: each verdict by the item's name, then matched to what was sent."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import Final, TypeAlias, cast

import msgspec
from msgspec.structs import replace

from trackingmore_v2._batch.results import ItemResult, ItemVerdict
from trackingmore_v2._errors import (
    API_ERRORS,
    ApiError,
    CarrierNotDetected,
    Conflict,
    InvalidCarrier,
    InvalidParameters,
    InvalidStatus,
    InvalidTrackingNumber,
    NoResult,
    TrackingExists,
    TrackingMoreError,
    TrackingNotFound,
)
from trackingmore_v2_api import META_CODES, models
from trackingmore_v2_api.salvage import UNREADABLE, Irreparable, salvage

Pair: TypeAlias = tuple[str, str]
"""Carrier and number."""

UNKNOWN: Final = ItemVerdict(ItemResult.UNKNOWN)

_RESULTS: Final[Mapping[type[ApiError], ItemResult]] = {
    TrackingExists: ItemResult.ALREADY_EXISTED,
    TrackingNotFound: ItemResult.NOT_FOUND,
}
_named: Final = attrgetter("carrier", "number")
_RETRY_OUTCOMES: Final = {
    ItemResult.ALREADY_EXISTED: ItemResult.ADOPTED,
    ItemResult.NOT_FOUND: ItemResult.DELETED,
}
_ABOUT_THE_ITEMS: Final = (
    CarrierNotDetected,
    Conflict,
    InvalidCarrier,
    InvalidParameters,
    InvalidStatus,
    InvalidTrackingNumber,
    NoResult,
    TrackingExists,
    TrackingNotFound,
)
"""Refusals of a whole call that say nothing about a call with other items."""


def of_created(result: models.CreateBatchResult) -> list[ItemVerdict]:
    """Read the answer of `createTrackingBatch`."""
    created = [
        ItemVerdict(ItemResult.CREATED, new.carrier_code, new.tracking_number, tracking=new)
        for new in result.trackings
    ]
    return [*created, *_rejections(result.errors)]


def of_updated(result: models.UpdateBatchResult) -> list[ItemVerdict]:
    """Read the answer of `updateTrackingBatch`."""
    return [*_done(result.trackings, ItemResult.UPDATED), *_rejections(result.errors)]


def of_deleted(result: models.DeleteBatchResult) -> list[ItemVerdict]:
    """Read the answer of `deleteTrackingBatch`, where a refusal may stand among the deleted."""
    deleted = [
        ItemVerdict(ItemResult.DELETED, meta.carrier_code, meta.tracking_number)
        if _is_success(meta.code)
        else _rejection(meta)
        for meta in (item.meta for item in result.trackings)
    ]
    return [*deleted, *_rejections(result.errors)]


def of_stopped(result: models.StopUpdatesResult) -> list[ItemVerdict]:
    """Read the answer of `stopTrackingUpdates`."""
    return [*_done(result.trackings, ItemResult.STOPPED), *_rejections(result.errors)]


def of_retry_outcome(said: list[ItemVerdict]) -> list[ItemVerdict]:
    """Read the answer to a repeat, when an attempt before it may have been carried out."""
    return [replace(one, result=_RETRY_OUTCOMES.get(one.result, one.result)) for one in said]


def match(sent: list[Pair], said: Sequence[ItemVerdict]) -> list[ItemVerdict]:
    """
    Give each sent item its verdict, whatever the answer omits, repeats, renames or reorders.

    A verdict belongs to the item that it names. A number alone is enough where the carrier is
    missing or was corrected, and only one item is left that it can mean; so are refusals that name
    nobody, where they all say the same and are as many as the items that are left. The rest is
    unknown: a guess could pass off a parcel that was never created as one that was.
    """
    if list(map(_named, said)) == sent:
        return list(said)
    # What comes first counts: of a parcel that is told created and refused, that it was created.
    named: dict[tuple[str | None, str | None], ItemVerdict] = {
        (one.carrier, one.number): one for one in reversed(said)
    }
    found = [named.get(pair) for pair in sent]
    left = [place for place, verdict in enumerate(found) if verdict is None]
    if left:
        strangers = _strangers(sent, said)
        _match_numbers(sent, left, strangers, found)
        _match_nameless(left, strangers, found)
    return [verdict or UNKNOWN for verdict in found]


def of_failure(error: TrackingMoreError) -> ItemVerdict:
    """Give the verdict on every item of a call that failed as a whole."""
    if isinstance(error, ApiError):
        result = ItemResult.UNKNOWN if error.in_doubt else ItemResult.REJECTED
        return ItemVerdict(result, code=error.code, message=error.message, error=error)
    return ItemVerdict(ItemResult.UNKNOWN if error.in_doubt else ItemResult.NOT_SENT, error=error)


def is_fatal_for_batch(error: TrackingMoreError) -> bool:
    """Whether a call with other items would meet the same, for all we know."""
    return not isinstance(error, _ABOUT_THE_ITEMS)


def _done(items: Iterable[models.BatchItem], result: ItemResult) -> Iterator[ItemVerdict]:
    return (ItemVerdict(result, item.carrier_code, item.tracking_number) for item in items)


def _rejections(errors: Iterable[models.BatchItemError | str] | None) -> Iterator[ItemVerdict]:
    return (
        _rejection(_unwrapped(entry) if isinstance(entry, str) else entry) for entry in errors or ()
    )


def _rejection(summary: models.BatchItemError | models.DeletedItemMeta) -> ItemVerdict:
    result = _RESULTS.get(API_ERRORS.get(summary.code or 0, ApiError), ItemResult.REJECTED)
    return ItemVerdict(
        result, summary.carrier_code, summary.tracking_number, summary.code, summary.message or ""
    )


def _is_success(code: int | None) -> bool:
    known = META_CODES.get(code or 0)
    return code is None or (known is not None and known.exception is None)


def _unwrapped(text: str) -> models.BatchItemError:
    """Read a refusal from text that holds a whole envelope; other text is its message."""
    try:
        envelope = msgspec.json.decode(text, type=dict[str, object])
        summary = dict(envelope)
        for part in ("data", "meta"):
            inner = envelope.get(part)
            summary |= cast("dict[str, object]", inner) if isinstance(inner, dict) else {}
        return salvage(msgspec.json.encode(summary), models.BatchItemError, [])
    except (*UNREADABLE, Irreparable):
        return models.BatchItemError(message=text)


def _strangers(sent: Iterable[Pair], said: Iterable[ItemVerdict]) -> list[ItemVerdict]:
    """Give the verdicts that name none of the sent pairs."""
    pairs: set[tuple[str | None, str | None]] = set(sent)
    return [one for one in said if (one.carrier, one.number) not in pairs]


def _match_numbers(
    sent: Sequence[Pair],
    left: list[int],
    strangers: list[ItemVerdict],
    found: list[ItemVerdict | None],
) -> None:
    """Match by the number alone, in either case."""
    numbers = Counter(sent[place][1].upper() for place in left)
    named = {one.number.upper(): one for one in reversed(strangers) if one.number}
    for place in left:
        number = sent[place][1].upper()
        if numbers[number] == 1:
            found[place] = named.get(number)


def _match_nameless(
    left: list[int], strangers: list[ItemVerdict], found: list[ItemVerdict | None]
) -> None:
    """Match the verdicts without a number, if they leave no choice."""
    places = [place for place in left if found[place] is None]
    nameless = [one for one in strangers if not one.number]
    same = {(one.result, one.code) for one in nameless}
    if len(places) == len(nameless) and len(same) == 1:
        for place, verdict in zip(places, nameless, strict=True):
            found[place] = verdict
