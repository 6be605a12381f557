"""Filters of lists and counts, and their conversion to API queries."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import product
from typing import Any, Final, Literal, Protocol, TypeAlias, TypedDict, cast

from msgspec.structs import replace

from trackingmore_v2 import _validation
from trackingmore_v2._errors import InvalidInput
from trackingmore_v2_api import Call, models
from trackingmore_v2_api.operations.trackings import list_trackings
from trackingmore_v2_api.runtime import Pagination

StatusName: TypeAlias = Literal[
    "pending",
    "notfound",
    "transit",
    "pickup",
    "delivered",
    "undelivered",
    "exception",
    "expired",
]
"""The statuses in the contract, for completion in editors."""

Status: TypeAlias = models.TrackingStatus | StatusName | str


class TimeWindowDict(TypedDict, total=False):
    """
    Time filters, as aware datetimes in any time zone.

    Both ends are included. The API's resolution is one second.

    Source: operations listTrackings and countTrackings.
    """

    created_after: datetime | None
    """Only trackings created at this time or later. Default: no limit."""

    created_before: datetime | None
    """Only trackings created at this time or earlier. Default: no limit."""

    ordered_after: datetime | None
    """Only trackings ordered at this time or later. Default: no limit."""

    ordered_before: datetime | None
    """Only trackings ordered at this time or earlier. Default: no limit."""


class TimesDict(TimeWindowDict, total=False):
    """
    Time filters of `trackings.list()`.

    Source: operation listTrackings.
    """

    updated_after: datetime | None
    """Only trackings refreshed by the provider at this time or later. Default: no limit."""

    updated_before: datetime | None
    """Only trackings refreshed by the provider at this time or earlier. Default: no limit."""


class FiltersDict(TimesDict, total=False):
    """
    Filters of `trackings.list()`. A tracking must match all of them; None is no filter.

    Source: operation listTrackings.
    """

    status: Status | Iterable[Status] | None
    """One status, or several of which any may match. Default: any status."""

    numbers: Iterable[str] | None
    """Any number of tracking numbers. Default: all trackings."""

    orders: Iterable[str] | None
    """Any number of your own order ids, without commas. Default: all trackings."""

    archived: bool | None
    """True for archived trackings only, False for the others only. Default: both."""

    lang: str | None
    """Language of checkpoints, two letters, if the carrier supports it. Default: the client's."""


class AnyFiltersDict(TimesDict, total=False):
    """
    `FiltersDict` for type checkers, which take `**times` for values of every filter not given.

    Source: operation listTrackings.
    """

    status: Status | Iterable[Status] | datetime | None
    numbers: Iterable[str] | datetime | None
    orders: Iterable[str] | datetime | None
    archived: bool | datetime | None
    lang: str | datetime | None


class Query(Protocol):
    """A list query with all parameters but the page."""

    def __call__(self, *, page: int, limit: int) -> Call[models.TrackingListResponse]:
        """Return the request for one page of at most `limit` trackings."""
        ...


_OPERATION: Final = list_trackings.OPERATION
_PAGING: Final = cast("Pagination", _OPERATION.pagination)
_TIME: Final = _OPERATION.bounds_of("created_at_min")
LATEST: Final = _TIME.maximum
"""The latest time that a filter may have, in Unix seconds."""

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
SECOND: Final = timedelta(seconds=1)


def queries(filters: FiltersDict, default_lang: str | None = None) -> list[Query]:
    """
    Return the queries that the filters need, in the order in which to send them.

    A query takes one status and a limited number of tracking numbers and orders. A tracking has one
    of each, so no two queries return the same tracking.
    """
    _validation.known("list", filters, FiltersDict.__optional_keys__)
    query = partial(
        list_trackings.call,
        lang=_validation.language(filters.get("lang", default_lang)),
        archived=_validation.archived(filters.get("archived")),
        **_seconds("update_time", "updated", filters),
        **span(filters),
    )
    return [
        partial(query, status=status, numbers=numbers, orders=orders)
        for status, numbers, orders in product(
            _statuses(filters.get("status")),
            _chunked("numbers", filters.get("numbers"), _validation.tracking_number),
            _chunked("orders", filters.get("orders"), _validation.order_id),
        )
    ]


def span(window: TimeWindowDict) -> dict[str, Any]:
    """Return the query parameters of a time window."""
    created = _seconds("created_at", "created", window)
    return created | _seconds("order_created_time", "ordered", window)


def first_second(field: str, value: object) -> int | None:
    """Return the first whole second at or after a time, in Unix seconds; None stays None."""
    time = _since_epoch(field, value)
    # Integer arithmetic, since `timestamp()` is a float; the double minus rounds up.
    return _bounded(field, None if time is None else -(-time // SECOND))


def page_size(size: object) -> int:
    """Validate a page size in trackings; None means the API's maximum."""
    bounds = replace(_OPERATION.bounds_of("limit"), name="page_size", maximum=_PAGING.max_size)
    return _validation.whole(size, bounds) or _PAGING.max_size


def _seconds(parameter: str, name: str, window: TimeWindowDict) -> dict[str, Any]:
    """Return both ends in Unix seconds, rounded inwards so that no time outside matches."""
    start = _since_epoch(f"{name}_after", window.get(f"{name}_after"))
    end = _since_epoch(f"{name}_before", window.get(f"{name}_before"))
    if start is not None and end is not None and start > end:
        raise InvalidInput(f"{name}_after", f"must not be later than {name}_before")
    return {
        f"{parameter}_min": first_second(f"{name}_after", window.get(f"{name}_after")),
        f"{parameter}_max": _bounded(f"{name}_before", None if end is None else end // SECOND),
    }


def _bounded(field: str, seconds: int | None) -> int | None:
    return _validation.whole(seconds, replace(_TIME, name=field))


def _since_epoch(field: str, value: object) -> timedelta | None:
    """Return the exact time since the epoch."""
    if value is None:
        return None
    if not isinstance(value, datetime):
        raise InvalidInput(field, f"must be a datetime, not {type(value).__name__}")
    if value.utcoffset() is None:
        raise InvalidInput(field, "must have a time zone, for example datetime.now(UTC)")
    # Subtracting UTC is exact; comparing two datetimes of one zone would compare wall clocks.
    return value - EPOCH


def _statuses(status: object) -> list[models.TrackingStatus] | list[None]:
    if status is None:
        return [None]
    if isinstance(status, str):
        return [_validation.status(status)]
    # Each status is a query of its own, so a duplicate would cost requests.
    return list(dict.fromkeys(_validation.each("status", status, _validation.status)))


def _chunked(
    name: str, values: object, check: Callable[[object, int], str]
) -> list[list[str]] | list[None]:
    """Split values, without duplicates, into lists of the maximum size of one query."""
    if values is None:
        return [None]
    unique = list(dict.fromkeys(_validation.each(name, values, check)))
    limit = _OPERATION.bounds_of(name).max_items or len(unique)
    return [unique[start : start + limit] for start in range(0, len(unique), limit)]
