# Generated from openapi.yaml by `nox -s generate`. Do not edit.
"""List trackings."""

from collections.abc import Sequence
from typing import Final

from trackingmore_v2_api import models
from trackingmore_v2_api.runtime import Bounds, Call, Operation, Pagination, RateLimit

OPERATION: Final = Operation(
    id="listTrackings",
    method="GET",
    path="/trackings/get",
    tag="Trackings",
    response=models.TrackingListResponse,
    query_parameters=(
        "page",
        "limit",
        "status",
        "created_at_min",
        "created_at_max",
        "update_time_min",
        "update_time_max",
        "order_created_time_min",
        "order_created_time_max",
        "lang",
        "numbers",
        "orders",
        "archived",
    ),
    bounds=(
        Bounds(name="page", minimum=1, maximum=1000000000, default=1),
        Bounds(name="limit", minimum=1, maximum=2000, default=100),
        Bounds(name="created_at_min", minimum=0, maximum=4102444800),
        Bounds(name="created_at_max", minimum=0, maximum=4102444800),
        Bounds(name="update_time_min", minimum=0, maximum=4102444800),
        Bounds(name="update_time_max", minimum=0, maximum=4102444800),
        Bounds(name="order_created_time_min", minimum=0, maximum=4102444800),
        Bounds(name="order_created_time_max", minimum=0, maximum=4102444800),
        Bounds(name="numbers", max_items=40),
        Bounds(name="orders", max_items=40),
    ),
    rate_limit=RateLimit(requests=1, seconds=1),
    retry="safe",
    pagination=Pagination(page="page", size="limit", items="items", max_size=2000, total="total"),
    success_codes=frozenset({200, 201}),
)


def call(
    *,
    page: int | None = None,
    limit: int | None = None,
    status: models.TrackingStatus | None = None,
    created_at_min: models.UnixSeconds | None = None,
    created_at_max: models.UnixSeconds | None = None,
    update_time_min: models.UnixSeconds | None = None,
    update_time_max: models.UnixSeconds | None = None,
    order_created_time_min: models.UnixSeconds | None = None,
    order_created_time_max: models.UnixSeconds | None = None,
    lang: models.LanguageCode | None = None,
    numbers: Sequence[models.TrackingNumber] | None = None,
    orders: Sequence[models.OrderIdFilter] | None = None,
    archived: str | None = None,
) -> Call[models.TrackingListResponse]:
    """
    List trackings.

    Return the account's trackings in pages. Filters are combined with AND; an empty value (`created_at_min=`) counts as "not
    given". That both ends of a time range are included, and that a range from 0 to now excludes nothing, is inferred; the official
    PHP class always sends such ranges. If nothing matches, the response is 4031 with `data` `[]` (inferred), so the page after the last one is an error.
    The official PHP clients send the same parameters as a JSON body by POST to this path (recorded in the client).

    Rate limit: 1 per second.

    Reference page: `api-track-list-all-track`.

    Args:
        page: Page number, starting at 1.
        limit: Trackings per page.
        status: Only trackings with this status. An unknown status fails with 4033.
        created_at_min: Only trackings created at or after this time. Unix seconds, no default.
        created_at_max: Only trackings created at or before this time. Unix seconds, default now.
        update_time_min: Only trackings last refreshed at or after this time. Unix seconds, no default.
        update_time_max: Only trackings last refreshed at or before this time. Unix seconds, default now.
        order_created_time_min: Only trackings ordered at or after this time. Unix seconds, no default.
        order_created_time_max: Only trackings ordered at or before this time. Unix seconds, default now.
        lang: Language of the checkpoints, if the carrier offers it.
        numbers: Only these tracking numbers. One parameter, comma-separated.
        orders: Only trackings with these order ids. One parameter, comma-separated; an id that contains a comma cannot be queried.
        archived: `true` returns only archived trackings, `false` only the others; any other value returns both.

    Source: operation listTrackings (GET /trackings/get).
    """
    return OPERATION.call(
        query={
            "page": page,
            "limit": limit,
            "status": status,
            "created_at_min": created_at_min,
            "created_at_max": created_at_max,
            "update_time_min": update_time_min,
            "update_time_max": update_time_max,
            "order_created_time_min": order_created_time_min,
            "order_created_time_max": order_created_time_max,
            "lang": lang,
            "numbers": numbers,
            "orders": orders,
            "archived": archived,
        },
    )
