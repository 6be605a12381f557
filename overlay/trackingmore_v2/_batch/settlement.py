"""
What a retry means if an attempt without a response may have been carried out.

A create that finds its tracking, a delete that does not, and a change of carrier that finds the new
one: each reads what it has to, and then returns what is certain.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final, cast

from msgspec.structs import replace

from trackingmore_v2 import _validation
from trackingmore_v2._batch.parsing import error_of_item, match
from trackingmore_v2._batch.results import ItemResult, ItemVerdict
from trackingmore_v2._calls.adoption import adopted, find_own
from trackingmore_v2._calls.flow import Flow, PreparedCall, Retried
from trackingmore_v2._calls.identity import check_numbers
from trackingmore_v2._errors import ApiError, TrackingMoreError
from trackingmore_v2.models import AdoptedTracking
from trackingmore_v2_api import Call, models
from trackingmore_v2_api.operations.trackings import list_trackings
from trackingmore_v2_api.runtime import Pagination

PAGE_SIZE: Final = cast("Pagination", list_trackings.OPERATION.pagination).max_size
"""Maximum number of trackings on one page of a list."""


class DeleteResult(StrEnum):
    """The result of `trackings.delete()`."""

    DELETED = "deleted"
    """The tracking was deleted."""

    ABSENT = "absent"
    """
    The account does not have the tracking. Either an attempt without a response deleted it, or it
    did not exist before.
    """


class ChangeCarrierResult(StrEnum):
    """The result of `trackings.change_carrier()`."""

    CHANGED = "changed"
    """The carrier was changed."""

    FOUND = "found"
    """
    The account has the number with the new carrier, and not with the old one. Either an attempt
    without a response changed it, or it was so before.
    """


def adopt(new: models.CreateTrackingRequest, retried: Retried[ApiError]) -> Flow[AdoptedTracking]:
    """
    Return the tracking that a create met, if an earlier attempt of the call created it.

    Raises:
        TrackingExists: It existed before, or that cannot be determined; `in_doubt` is set.
    """
    try:
        found = yield from retried.run(read_numbers([new.tracking_number]))
    except TrackingMoreError as unread:
        raise retried.outcome from unread
    own = find_own([new], found, retried.earliest)[0]
    if own is None:
        raise retried.outcome
    retried.report_adoption(1)
    return adopted(own)


def adopt_items(
    items: list[models.CreateTrackingItem], retried: Retried[list[ItemVerdict]]
) -> Flow[list[ItemVerdict]]:
    """Return the verdicts on the items of a create, after reading the trackings that exist."""
    pairs = list(map(_validation.pair_of, items))
    verdicts = match(pairs, retried.outcome)
    exist = [
        position
        for position, verdict in enumerate(verdicts)
        if verdict.result is ItemResult.ALREADY_EXISTED
    ]
    if not exist:
        return verdicts
    found, unread = list[models.Tracking](), None
    try:
        found = yield from retried.run(read_numbers([pairs[each][1] for each in exist]))
    except TrackingMoreError as error:
        unread = error
    # All items, since a tracking with the carrier of one item cannot be another one's.
    own = find_own(items, found, retried.earliest)
    for each in exist:
        verdicts[each] = _settled(verdicts[each], own[each], retried, unread)
    if count := sum(own[each] is not None for each in exist):
        retried.report_adoption(count)
    return [
        replace(verdict, carrier=carrier, number=number)
        for verdict, (carrier, number) in zip(verdicts, pairs, strict=True)
    ]


def settle_deleted_items(
    _items: list[models.TrackingKey], retried: Retried[list[ItemVerdict]]
) -> Flow[list[ItemVerdict]]:
    """Return the verdicts on the items of a delete."""
    yield from ()
    return [
        replace(one, result=ItemResult.ABSENT) if one.result is ItemResult.NOT_FOUND else one
        for one in retried.outcome
    ]


def settle_deleted(_retried: Retried[ApiError]) -> Flow[DeleteResult]:
    """Return the result of a delete that did not find its tracking."""
    yield from ()
    return DeleteResult.ABSENT


def find_changed(
    target: PreparedCall[object], retried: Retried[ApiError]
) -> Flow[ChangeCarrierResult]:
    """
    Return the result of a change of carrier that did not find its tracking.

    Args:
        target: The call that reads the tracking of the new carrier.
        retried: The change.

    Raises:
        TrackingNotFound: The new carrier's tracking does not exist, or could not be read.
    """
    try:
        yield from retried.run(target)
    except TrackingMoreError as unread:
        raise retried.outcome from unread
    return ChangeCarrierResult.FOUND


def list_numbers(
    numbers: Iterable[str], lang: str | None = None
) -> Call[models.TrackingListResponse]:
    """Return the call that lists the trackings with given numbers, of any carrier."""
    distinct = list(dict.fromkeys(numbers))
    return list_trackings.call(numbers=distinct, page=1, limit=PAGE_SIZE, lang=lang)


def read_numbers(numbers: list[str]) -> PreparedCall[list[models.Tracking]]:
    """Prepare the call that reads the trackings with given numbers, of any carrier."""

    def read(envelope: models.TrackingListResponse) -> list[models.Tracking]:
        check_numbers(envelope.data, *numbers)
        return envelope.data.items

    return PreparedCall(list_numbers(numbers), read, list)


def _settled(
    verdict: ItemVerdict,
    own: models.Tracking | None,
    retried: Retried[list[ItemVerdict]],
    unread: TrackingMoreError | None,
) -> ItemVerdict:
    """Return the verdict on an item that exists, with the tracking or with an error."""
    if own:
        return ItemVerdict(ItemResult.ADOPTED, tracking=adopted(own))
    error = error_of_item(verdict, retried.call)
    error.in_doubt, error.__cause__ = True, unread
    return replace(verdict, error=error)
