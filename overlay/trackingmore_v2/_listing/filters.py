"""What lists and counts filter by, and the queries that the filters become, without I/O."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import product
from typing import Final, Protocol, TypeAlias, TypedDict, cast

from msgspec.structs import replace

from trackingmore_v2 import _validation
from trackingmore_v2._errors import InvalidInput
from trackingmore_v2_api import Call, models
from trackingmore_v2_api.operations.trackings import list_trackings
from trackingmore_v2_api.runtime import Pagination

Status: TypeAlias = models.TrackingStatus | str


class TimeWindowDict(TypedDict, total=False):
    """
    Spans of time, as aware datetimes of any zone.

    Both ends are included. The API counts whole seconds.

    Source: operations listTrackings and countTrackings.
    """

    created_after: datetime | None
    """Only parcels created then or later."""

    created_before: datetime | None
    """Only parcels created then or earlier."""

    ordered_after: datetime | None
    """Only parcels ordered then or later."""

    ordered_before: datetime | None
    """Only parcels ordered then or earlier."""


class FiltersDict(TimeWindowDict, total=False):
    """
    What `trackings.list()` filters by: all filters must hold at once; None is no filter.

    Source: operation listTrackings.
    """

    updated_after: datetime | None
    """Only parcels that the provider refreshed then or later."""

    updated_before: datetime | None
    """Only parcels that the provider refreshed then or earlier."""

    status: Status | Iterable[Status] | None
    """One status, or several, of which one must hold."""

    numbers: Iterable[str] | None
    """Tracking numbers, any count."""

    orders: Iterable[str] | None
    """Your own order ids, any count, without commas."""

    archived: bool | None
    """True for archived parcels only, False for the others only. Default: both."""

    lang: str | None
    """Language of the checkpoints, two letters, where the carrier offers it."""


class Query(Protocol):
    """A search as the API takes it: all is said but the page."""

    def __call__(self, *, page: int, limit: int) -> Call[models.TrackingListResponse]:
        """Ask for one page of so many parcels."""
        ...


class SpanDict(TypedDict):
    """The window as both operations name it, in Unix seconds."""

    created_at_min: int | None
    created_at_max: int | None
    order_created_time_min: int | None
    order_created_time_max: int | None


_OPERATION: Final = list_trackings.OPERATION
_PAGING: Final = cast("Pagination", _OPERATION.pagination)
_TIME: Final = _OPERATION.bounds_of("created_at_min")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND: Final = timedelta(seconds=1)


def queries(filters: FiltersDict, default_lang: str | None = None) -> list[Query]:
    """
    Say what to ask for, and in what order.

    The API takes one status, and only so many numbers and orders, at a time. As a parcel has one of
    each, no two queries find the same one.
    """
    _validation.known("list", filters, FiltersDict.__optional_keys__)
    updated = _seconds("updated", filters.get("updated_after"), filters.get("updated_before"))
    query = partial(
        list_trackings.call,
        update_time_min=updated[0],
        update_time_max=updated[1],
        lang=_validation.language(filters.get("lang", default_lang)),
        archived=_validation.archived(filters.get("archived")),
        **span(filters),
    )
    return [
        partial(query, status=status, numbers=numbers, orders=orders)
        for status, numbers, orders in product(
            _statuses(filters.get("status")),
            _cut("numbers", filters.get("numbers"), _validation.tracking_number),
            _cut("orders", filters.get("orders"), _validation.order_id),
        )
    ]


def span(window: TimeWindowDict) -> SpanDict:
    """Put a window in the API's words."""
    created = _seconds("created", window.get("created_after"), window.get("created_before"))
    ordered = _seconds("ordered", window.get("ordered_after"), window.get("ordered_before"))
    return {
        "created_at_min": created[0],
        "created_at_max": created[1],
        "order_created_time_min": ordered[0],
        "order_created_time_max": ordered[1],
    }


def page_size(given: object) -> int:
    """Check how many parcels a page shall hold; as many as can be, unless said otherwise."""
    bounds = replace(_OPERATION.bounds_of("limit"), name="page_size", maximum=_PAGING.max_size)
    return _validation.whole(given, bounds) or _PAGING.max_size


def _seconds(name: str, after: object, before: object) -> tuple[int | None, int | None]:
    """Give Unix seconds that include no moment outside."""
    since = _elapsed(f"{name}_after", after)
    deadline = _elapsed(f"{name}_before", before)
    if since is not None and deadline is not None and since > deadline:
        raise InvalidInput(f"{name}_after", f"must not be later than {name}_before")
    return (
        _moment(f"{name}_after", None if since is None else -(-since // _SECOND)),
        _moment(f"{name}_before", None if deadline is None else deadline // _SECOND),
    )


def _elapsed(field: str, value: object) -> timedelta | None:
    """Give the exact time since the epoch; two datetimes of one zone compare by wall clock."""
    if value is None:
        return None
    if not isinstance(value, datetime):
        raise InvalidInput(field, f"must be a datetime, not {type(value).__name__}")
    if value.utcoffset() is None:
        raise InvalidInput(field, "must have a time zone, such as datetime.now(UTC) has")
    return value - _EPOCH


def _moment(field: str, seconds: int | None) -> int | None:
    return _validation.whole(seconds, replace(_TIME, name=field))


def _statuses(given: object) -> list[models.TrackingStatus] | list[None]:
    if given is None:
        return [None]
    if isinstance(given, str):
        return [_validation.status(given)]
    return list(dict.fromkeys(_validation.each("status", given, _validation.status)))


def _cut(
    name: str, given: object, check: Callable[[object, int], str]
) -> list[list[str]] | list[None]:
    """Cut values into lists that one call takes, each value once."""
    if given is None:
        return [None]
    values = list(dict.fromkeys(_validation.each(name, given, check)))
    limit = _OPERATION.bounds_of(name).max_items or len(values)
    return [values[start : start + limit] for start in range(0, len(values), limit)]
