"""
Parsers for responses to batches.

Each `parse_*` function returns the verdicts of one operation's response; `match()` assigns them to
the items that were sent.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from http import HTTPStatus
from operator import attrgetter
from typing import Any, Final, TypeAlias, cast

import msgspec

from trackingmore_v2 import _errors
from trackingmore_v2._batch.results import ItemResult, ItemVerdict
from trackingmore_v2._calls.identity import comparable
from trackingmore_v2_api import META_CODES, ApiRejected, Call, ResponseMeta, models
from trackingmore_v2_api.salvage import UNREADABLE, Irreparable, salvage

Pair: TypeAlias = tuple[str, str]
"""Carrier code and tracking number."""

UNKNOWN: Final = ItemVerdict(ItemResult.UNKNOWN)

_RESULTS: Final[Mapping[type[_errors.ApiError], ItemResult]] = {
    _errors.TrackingExists: ItemResult.ALREADY_EXISTED,
    _errors.TrackingNotFound: ItemResult.NOT_FOUND,
}
_pair_of: Final = attrgetter("carrier", "number")
_ERRORS_OF_ITEMS: Final = (
    _errors.CarrierNotDetected,
    _errors.Conflict,
    _errors.InvalidCarrier,
    _errors.InvalidParameters,
    _errors.InvalidStatus,
    _errors.InvalidTrackingNumber,
    _errors.NoResult,
    _errors.TrackingExists,
    _errors.TrackingNotFound,
)
"""Errors of a whole call that depend on its items, so that a call with other items may succeed."""


def parse_created(result: models.CreateBatchResult) -> list[ItemVerdict]:
    """Return the verdicts in the response of `createTrackingBatch`."""
    created = [
        ItemVerdict(ItemResult.CREATED, new.carrier_code, new.tracking_number, tracking=new)
        for new in result.trackings
    ]
    return [*created, *_rejections(result.errors)]


def parse_updated(result: models.UpdateBatchResult) -> list[ItemVerdict]:
    """Return the verdicts in the response of `updateTrackingBatch`."""
    return [*_successes(result.trackings, ItemResult.UPDATED), *_rejections(result.errors)]


def parse_deleted(result: models.DeleteBatchResult) -> list[ItemVerdict]:
    """
    Return the verdicts in the response of `deleteTrackingBatch`.

    Its list of deleted items may contain rejected ones, which only their code distinguishes.
    """
    deleted = [
        ItemVerdict(ItemResult.DELETED, meta.carrier_code, meta.tracking_number)
        if _is_success(meta.code)
        else _rejection(meta)
        for meta in (item.meta for item in result.trackings)
    ]
    return [*deleted, *_rejections(result.errors)]


def parse_stopped(result: models.StopUpdatesResult) -> list[ItemVerdict]:
    """Return the verdicts in the response of `stopTrackingUpdates`."""
    return [*_successes(result.trackings, ItemResult.STOPPED), *_rejections(result.errors)]


def parse_found(page: models.TrackingPage) -> list[ItemVerdict]:
    """Return the verdicts on a page of `listTrackings`, without items that were not parsed."""
    return [
        ItemVerdict(ItemResult.FOUND, one.carrier_code, one.tracking_number, tracking=one)
        for one in page.items
        if one.carrier_code and one.tracking_number
    ]


def match(sent: list[Pair], verdicts: Sequence[ItemVerdict]) -> list[ItemVerdict]:
    """
    Return one verdict for each item that was sent, in the order of the items.

    Verdicts may be missing, duplicated, reordered, or name an item incorrectly. They are matched in
    this order:

    1. by carrier and number;
    2. by the number alone, in any case, if only one of the remaining items has it;
    3. verdicts without a number, if they are all equal and as many as the remaining items.

    All other items are UNKNOWN. A guess could report a tracking as created that does not exist.
    """
    if list(map(_pair_of, verdicts)) == sent:
        return list(verdicts)
    # Reversed, so that the first verdict on an item wins: successes come before rejections.
    by_pair: dict[tuple[str | None, str | None], ItemVerdict] = {
        (one.carrier, one.number): one for one in reversed(verdicts)
    }
    matched = [by_pair.get(pair) for pair in sent]
    remaining = [position for position, verdict in enumerate(matched) if verdict is None]
    if remaining:
        unmatched = _unmatched(sent, verdicts)
        _match_by_number(sent, remaining, unmatched, matched)
        _match_without_number(remaining, unmatched, matched)
    return [verdict or UNKNOWN for verdict in matched]


def verdict_of_failure(error: _errors.TrackingMoreError) -> ItemVerdict:
    """Return the verdict on every item of a call that failed as a whole."""
    if isinstance(error, _errors.ApiError):
        result = ItemResult.UNKNOWN if error.in_doubt else ItemResult.REJECTED
        return ItemVerdict(result, code=error.code, message=error.message, error=error)
    return ItemVerdict(ItemResult.UNKNOWN if error.in_doubt else ItemResult.NOT_SENT, error=error)


def is_fatal_for_batch(error: _errors.TrackingMoreError) -> bool:
    """Return whether a call with other items is expected to fail in the same way."""
    return not isinstance(error, (*_ERRORS_OF_ITEMS, _errors.ContractBroken))


def quota_error(
    verdicts: Sequence[ItemVerdict], call: Call[Any]
) -> _errors.TrackingMoreError | None:
    """Return the error of a call if the API rejected each of its items for lack of quota."""
    for verdict in verdicts:
        if _errors.API_ERRORS.get(verdict.code or 0) is not _errors.QuotaExhausted:
            return None
    return error_of_item(verdicts[0], call)


def error_of_item(verdict: ItemVerdict, call: Call[Any]) -> _errors.ApiError:
    """Return the error of an item that the API rejected with a known code."""
    code = verdict.code or 0
    meta = ResponseMeta(code, META_CODES[code].type, verdict.message)
    return _errors.api_error(ApiRejected(call.operation.id, HTTPStatus.OK, {}, b"", meta), call)


def _successes(items: Iterable[models.BatchItem], result: ItemResult) -> Iterator[ItemVerdict]:
    return (ItemVerdict(result, item.carrier_code, item.tracking_number) for item in items)


def _rejections(errors: Iterable[models.BatchItemError | str] | None) -> Iterator[ItemVerdict]:
    return (
        _rejection(_parse_error(entry) if isinstance(entry, str) else entry)
        for entry in errors or ()
    )


def _rejection(error: models.BatchItemError | models.DeletedItemMeta) -> ItemVerdict:
    result = _RESULTS.get(
        _errors.API_ERRORS.get(error.code or 0, _errors.ApiError), ItemResult.REJECTED
    )
    return ItemVerdict(
        result, error.carrier_code, error.tracking_number, error.code, error.message or ""
    )


def _is_success(code: int | None) -> bool:
    known = META_CODES.get(code or 0)
    # The documentation shows only the number of a deleted item, so its code may be missing.
    return code is None or (known is not None and known.exception is None)


def _parse_error(text: str) -> models.BatchItemError:
    """Parse an error that is a string: a JSON envelope, or else the message itself."""
    # The API of a sister brand, with the same paths and shapes, returns such strings.
    try:
        envelope = msgspec.json.decode(text, type=dict[str, object])
        fields = dict(envelope)
        for part in ("data", "meta"):
            inner = envelope.get(part)
            fields |= cast("dict[str, object]", inner) if isinstance(inner, dict) else {}
        return salvage(msgspec.json.encode(fields), models.BatchItemError, [])
    except (*UNREADABLE, Irreparable):
        return models.BatchItemError(message=text)


def _unmatched(sent: Iterable[Pair], verdicts: Iterable[ItemVerdict]) -> list[ItemVerdict]:
    pairs: set[tuple[str | None, str | None]] = set(sent)
    return [one for one in verdicts if (one.carrier, one.number) not in pairs]


def _match_by_number(
    sent: Sequence[Pair],
    remaining: list[int],
    unmatched: list[ItemVerdict],
    matched: list[ItemVerdict | None],
) -> None:
    # The carrier may differ from the one sent, since the API may correct it.
    numbers = Counter(comparable(sent[position][1]) for position in remaining)
    by_number = {comparable(one.number): one for one in reversed(unmatched) if one.number}
    for position in remaining:
        number = comparable(sent[position][1])
        if numbers[number] == 1:
            matched[position] = by_number.get(number)


def _match_without_number(
    remaining: list[int], unmatched: list[ItemVerdict], matched: list[ItemVerdict | None]
) -> None:
    positions = [position for position in remaining if matched[position] is None]
    without_number = [one for one in unmatched if not one.number]
    # Only if all are equal, since their order does not have to be that of the items.
    kinds = {(one.result, one.code) for one in without_number}
    if len(positions) == len(without_number) and len(kinds) == 1:
        for position, verdict in zip(positions, without_number, strict=True):
            matched[position] = verdict
