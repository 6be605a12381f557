"""Tracking list with filters and paging, and counts by status."""

import re
from typing import Final

from msgspec.structs import replace

from trackingmore_v2_api import ApiCode, models, patterns
from trackingmore_v2_sandbox.api.parsing import SandboxRequest, check_language, read_integer
from trackingmore_v2_sandbox.core import serializers
from trackingmore_v2_sandbox.core.tracking_state import observe
from trackingmore_v2_sandbox.http.envelope import Data, Rejection
from trackingmore_v2_sandbox.store.models import TrackingFilter

_STATUSES: Final = tuple(str(status.value) for status in models.TrackingStatus)
_ARCHIVED: Final = {"true": True, "false": False}


def page(request: SandboxRequest) -> Data:
    """
    Return one page of the trackings that match all filters.

    Assumed: the newest tracking comes first, and an empty page is rejected with 4031.
    """
    query = request.query
    number = read_integer(request, "page") or 1
    limit = read_integer(request, "limit") or 1
    check_language(query.get("lang"))
    filters = _filters(request)
    # Catching up writes to the store, so it is skipped when the filters cannot see a difference.
    if filters.depends_on_time:
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
    Return the number of trackings in a time window, by status.

    Assumed: an empty window is not rejected; each count is 0.
    """
    # Counts go by the stored status, so all due changes have to be stored first.
    window = _window(request)
    request.catch_up()
    counts = request.store.count_by_status(request.account, window)
    return {status: counts.get(status, 0) for status in _STATUSES}


def _filters(request: SandboxRequest) -> TrackingFilter:
    """
    Parse all filters.

    Assumed: 0 and now, which official clients always send, exclude nothing; at either end, since 0
    is empty in PHP. A tracking without an order time or an update time is in each such window that
    has no beginning, as if the time were 0, which the API returns for a missing order time.
    """
    return replace(
        _window(request),
        numbers=_values(
            request, "numbers", patterns.TRACKING_NUMBER, ApiCode.INVALID_TRACKING_NUMBER
        ),
        orders=_values(request, "orders", patterns.ORDER_ID_FILTER, ApiCode.INVALID_REQUEST),
        archived=_ARCHIVED.get(request.query.get("archived", "")),
        status=_status(request.query.get("status")),
        polled_min=_since(request, "update_time_min"),
        polled_max=_until(request, "update_time_max"),
        now=request.now,
    )


def _window(request: SandboxRequest) -> TrackingFilter:
    """Parse the windows of creation and order. Assumed: both ends are included."""
    return TrackingFilter(
        created_min=_since(request, "created_at_min"),
        created_max=_until(request, "created_at_max"),
        ordered_min=_since(request, "order_created_time_min"),
        ordered_max=_until(request, "order_created_time_max"),
    )


def _since(request: SandboxRequest, name: str) -> int | None:
    # No time is before 0, so 0 is no limit.
    return read_integer(request, name) or None


def _until(request: SandboxRequest, name: str) -> int | None:
    # The documented default is now, and orders of a later time are listed by default.
    value = read_integer(request, name)
    return None if value in (0, request.now) else value


def _status(text: str | None) -> str | None:
    if not text:
        return None
    if text not in _STATUSES:
        raise Rejection(ApiCode.INVALID_STATUS)
    return text


def _values(
    request: SandboxRequest, name: str, pattern: re.Pattern[str], code_if_invalid: ApiCode
) -> tuple[str, ...]:
    """
    Parse comma-separated values.

    Assumed: too many values are rejected with 4012, since code 202 is about batches.
    """
    text = request.query.get(name)
    if not text:
        return ()
    values = tuple(text.split(","))
    limit = request.operation.bounds_of(name).max_items
    if limit is not None and len(values) > limit:
        raise Rejection(ApiCode.INVALID_REQUEST)
    if not all(map(pattern.fullmatch, values)):
        raise Rejection(code_if_invalid)
    return values
