"""Parcels that an account follows, found by filters."""

import re
from dataclasses import replace
from typing import Final

from trackingmore_v2_api import models, patterns
from trackingmore_v2_sandbox.api.parsing import SandboxRequest, check_language, read_integer
from trackingmore_v2_sandbox.core import serializers
from trackingmore_v2_sandbox.core.tracking_state import observe
from trackingmore_v2_sandbox.http.envelope import ApiCode, Data, Rejection
from trackingmore_v2_sandbox.store import TrackingFilter

_STATUSES: Final = tuple(str(status.value) for status in models.TrackingStatus)
_ARCHIVED: Final = {"true": True, "false": False}


def page(request: SandboxRequest) -> Data:
    """
    Show one page of the parcels that pass all filters.

    Assumed: the ones added last come first; when there are none, the answer is 4031.
    """
    query = request.query
    number = read_integer(request, "page") or 1
    limit = read_integer(request, "limit") or 1
    check_language(query.get("lang"))
    filters = _filters(request)
    if filters.depend_on_time:
        request.catch_up()
    total = request.store.count(request.account, filters)
    found = request.store.search(request.account, filters, limit=limit, offset=(number - 1) * limit)
    if not found:
        raise Rejection(ApiCode.NO_RESULT)
    return {
        "page": number,
        "limit": limit,
        "total": str(total),
        "count": len(found),
        "items": [serializers.tracking(observe(tracking, request.now)) for tracking in found],
    }


def count_by_status(request: SandboxRequest) -> Data:
    """
    Count the parcels of a window by their status.

    Assumed: where there are none, each count is 0, and nothing is refused.
    """
    window = _window(request)
    request.catch_up()
    counts = request.store.count_by_status(request.account, window)
    return {status: counts.get(status, 0) for status in _STATUSES}


def _filters(request: SandboxRequest) -> TrackingFilter:
    """
    Read all filters.

    Assumed: what has no time of an order, or of a look, lies outside of every such window.
    """
    return replace(
        _window(request),
        numbers=_values(
            request, "numbers", patterns.TRACKING_NUMBER, ApiCode.INVALID_TRACKING_NUMBER
        ),
        orders=_values(request, "orders", patterns.ORDER_ID_FILTER, ApiCode.INVALID_REQUEST),
        archived=_ARCHIVED.get(request.query.get("archived", "")),
        status=_status(request.query.get("status")),
        looked_min=read_integer(request, "update_time_min"),
        looked_max=read_integer(request, "update_time_max"),
        now=request.now,
    )


def _window(request: SandboxRequest) -> TrackingFilter:
    return TrackingFilter(
        created_min=read_integer(request, "created_at_min"),
        created_max=read_integer(request, "created_at_max"),
        ordered_min=read_integer(request, "order_created_time_min"),
        ordered_max=read_integer(request, "order_created_time_max"),
    )


def _status(text: str | None) -> str | None:
    if not text:
        return None
    if text not in _STATUSES:
        raise Rejection(ApiCode.INVALID_STATUS)
    return text


def _values(
    request: SandboxRequest, name: str, pattern: re.Pattern[str], code_when_bad: ApiCode
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
        raise Rejection(ApiCode.INVALID_REQUEST)
    if not all(map(pattern.fullmatch, values)):
        raise Rejection(code_when_bad)
    return values
