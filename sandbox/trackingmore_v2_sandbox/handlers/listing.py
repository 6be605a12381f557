"""Parcels that an account follows, found by filters."""

import re
from collections.abc import Mapping
from typing import Final

from trackingmore_v2_api import models, patterns
from trackingmore_v2_sandbox import answers
from trackingmore_v2_sandbox.envelope import Code, Data, Refusal
from trackingmore_v2_sandbox.observation import Observation, observe
from trackingmore_v2_sandbox.requests import SandboxRequest, check_language, read_integer
from trackingmore_v2_sandbox.store import Filters

MAX_PAGE: Final = 1_000_000_000
MAX_FILTER_VALUES: Final = 40
MAX_SECONDS: Final = 4_102_444_800
"""Bounds of the contract; a test compares."""

_DEFAULT_LIMIT: Final = 100
_STATUSES: Final = tuple(str(status.value) for status in models.TrackingStatus)
_ARCHIVED: Final = {"true": True, "false": False}


def page(request: SandboxRequest) -> Data:
    """
    Show one page of the parcels that pass all filters.

    Assumed: the ones added last come first.
    """
    query = request.query
    number = read_integer(query.get("page"), 1, MAX_PAGE) or 1
    limit = read_integer(query.get("limit"), 1, _max_limit(request)) or _DEFAULT_LIMIT
    check_language(query.get("lang"))
    total, found = _search(request, limit=limit, offset=(number - 1) * limit)
    if not found:
        raise Refusal(Code.NO_RESULT)
    return {
        "page": number,
        "limit": limit,
        "total": str(total),
        "count": len(found),
        "items": [answers.tracking(each) for each in found],
    }


def count_by_status(request: SandboxRequest) -> Data:
    """Count the parcels of a window by their status."""
    filters = _window(request.query)
    counts = dict.fromkeys(_STATUSES, 0)
    for parcel in request.store.search(request.account, filters):
        counts[observe(parcel, request.now).status] += 1
    return counts


def _max_limit(request: SandboxRequest) -> int:
    pagination = request.operation.pagination
    return pagination.max_size if pagination else _DEFAULT_LIMIT


def _search(request: SandboxRequest, *, limit: int, offset: int) -> tuple[int, list[Observation]]:
    """Give the number of all hits, and those of the page."""
    query, now = request.query, request.now
    filters = _filters(query)
    status = _status(query.get("status"))
    looked_min = _seconds(query, "update_time_min")
    looked_max = _seconds(query, "update_time_max")
    if status is None and looked_min is None and looked_max is None:
        parcels = request.store.search(request.account, filters, limit=limit, offset=offset)
        return request.store.count(request.account, filters), [observe(p, now) for p in parcels]
    # Status and last look follow from the time, so no query can know them.
    everything = (observe(p, now) for p in request.store.search(request.account, filters))
    hits = [
        seen
        for seen in everything
        if status in (None, seen.status) and _is_within(seen.looked_at, looked_min, looked_max)
    ]
    return len(hits), hits[offset : offset + limit]


def _is_within(moment: int | None, minimum: int | None, maximum: int | None) -> bool:
    if minimum is None and maximum is None:
        return True
    if moment is None:
        return False
    return (minimum is None or minimum <= moment) and (maximum is None or moment <= maximum)


def _filters(query: Mapping[str, str]) -> Filters:
    window = _window(query)
    return Filters(
        created_min=window.created_min,
        created_max=window.created_max,
        ordered_min=window.ordered_min,
        ordered_max=window.ordered_max,
        numbers=_values(
            query.get("numbers"), patterns.TRACKING_NUMBER, Code.INVALID_TRACKING_NUMBER
        ),
        orders=_values(query.get("orders"), patterns.ORDER_ID_FILTER, Code.INVALID_REQUEST),
        archived=_ARCHIVED.get(query.get("archived", "")),
    )


def _window(query: Mapping[str, str]) -> Filters:
    return Filters(
        created_min=_seconds(query, "created_at_min"),
        created_max=_seconds(query, "created_at_max"),
        ordered_min=_seconds(query, "order_created_time_min"),
        ordered_max=_seconds(query, "order_created_time_max"),
    )


def _seconds(query: Mapping[str, str], name: str) -> int | None:
    return read_integer(query.get(name), 0, MAX_SECONDS)


def _status(text: str | None) -> str | None:
    if not text:
        return None
    if text not in _STATUSES:
        raise Refusal(Code.INVALID_STATUS)
    return text


def _values(text: str | None, pattern: re.Pattern[str], code_when_bad: Code) -> tuple[str, ...]:
    """
    Read values separated by commas.

    Assumed: too many of them are an unreadable request, as the code 202 speaks of batches.
    """
    if not text:
        return ()
    values = tuple(text.split(","))
    if len(values) > MAX_FILTER_VALUES:
        raise Refusal(Code.INVALID_REQUEST)
    if not all(map(pattern.fullmatch, values)):
        raise Refusal(code_when_bad)
    return values
