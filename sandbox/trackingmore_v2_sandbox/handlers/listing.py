"""Parcels that an account follows, found by filters."""

import re
from typing import Final

from trackingmore_v2_api import models, patterns
from trackingmore_v2_sandbox import answers
from trackingmore_v2_sandbox.envelope import Code, Data, Refusal
from trackingmore_v2_sandbox.observation import Observation, observe
from trackingmore_v2_sandbox.requests import SandboxRequest, check_language, read_integer
from trackingmore_v2_sandbox.store import Filters

_STATUSES: Final = tuple(str(status.value) for status in models.TrackingStatus)
_ARCHIVED: Final = {"true": True, "false": False}


def page(request: SandboxRequest) -> Data:
    """
    Show one page of the parcels that pass all filters.

    Assumed: the ones added last come first.
    """
    query = request.query
    number = read_integer(request, "page") or 1
    limit = read_integer(request, "limit") or 1
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
    filters = _window(request)
    counts = dict.fromkeys(_STATUSES, 0)
    for parcel in request.store.search(request.account, filters):
        counts[observe(parcel, request.now).status] += 1
    return counts


def _search(request: SandboxRequest, *, limit: int, offset: int) -> tuple[int, list[Observation]]:
    """Give the number of all hits, and those of the page."""
    query, now = request.query, request.now
    filters = _filters(request)
    status = _status(query.get("status"))
    looked_min = read_integer(request, "update_time_min")
    looked_max = read_integer(request, "update_time_max")
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


def _filters(request: SandboxRequest) -> Filters:
    window = _window(request)
    return Filters(
        created_min=window.created_min,
        created_max=window.created_max,
        ordered_min=window.ordered_min,
        ordered_max=window.ordered_max,
        numbers=_values(request, "numbers", patterns.TRACKING_NUMBER, Code.INVALID_TRACKING_NUMBER),
        orders=_values(request, "orders", patterns.ORDER_ID_FILTER, Code.INVALID_REQUEST),
        archived=_ARCHIVED.get(request.query.get("archived", "")),
    )


def _window(request: SandboxRequest) -> Filters:
    return Filters(
        created_min=read_integer(request, "created_at_min"),
        created_max=read_integer(request, "created_at_max"),
        ordered_min=read_integer(request, "order_created_time_min"),
        ordered_max=read_integer(request, "order_created_time_max"),
    )


def _status(text: str | None) -> str | None:
    if not text:
        return None
    if text not in _STATUSES:
        raise Refusal(Code.INVALID_STATUS)
    return text


def _values(
    request: SandboxRequest, name: str, pattern: re.Pattern[str], code_when_bad: Code
) -> tuple[str, ...]:
    """
    Read values separated by commas.

    Assumed: too many of them are an unreadable request, as the code 202 speaks of batches.
    """
    text = request.query.get(name)
    if not text:
        return ()
    values = tuple(text.split(","))
    most = request.operation.bounds_of(name).max_items
    if most is not None and len(values) > most:
        raise Refusal(Code.INVALID_REQUEST)
    if not all(map(pattern.fullmatch, values)):
        raise Refusal(code_when_bad)
    return values
