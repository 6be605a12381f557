# Generated from openapi.yaml by `nox -s generate`. Do not edit.
"""Count trackings by status."""

from typing import Final

from trackingmore_v2_api import models
from trackingmore_v2_api.runtime import Bounds, Call, Operation, RateLimit

OPERATION: Final = Operation(
    id="countTrackings",
    method="GET",
    path="/trackings/getstatusnumber",
    tag="Trackings",
    response=models.StatusCountsResponse,
    query_parameters=(
        "created_at_min",
        "created_at_max",
        "order_created_time_min",
        "order_created_time_max",
    ),
    bounds=(
        Bounds(name="created_at_min", minimum=0, maximum=4102444800),
        Bounds(name="created_at_max", minimum=0, maximum=4102444800),
        Bounds(name="order_created_time_min", minimum=0, maximum=4102444800),
        Bounds(name="order_created_time_max", minimum=0, maximum=4102444800),
    ),
    rate_limit=RateLimit(requests=1, seconds=1),
    retry="safe",
    success_codes=frozenset({200, 201}),
)


def call(
    *,
    created_at_min: models.UnixSeconds | None = None,
    created_at_max: models.UnixSeconds | None = None,
    order_created_time_min: models.UnixSeconds | None = None,
    order_created_time_max: models.UnixSeconds | None = None,
) -> Call[models.StatusCountsResponse]:
    """
    Count trackings by status.

    Count the account's trackings by status, optionally only those created or ordered within a time range.
    The official PHP class sends the same parameters as a JSON body by POST to this path (recorded in the client).

    Rate limit: 1 per second.

    Reference page: `api-get-status-number`; the names of the eight counts are those of the official types, because no
    page that describes the response is known.

    Args:
        created_at_min: Only trackings created at or after this time. Unix seconds, no default.
        created_at_max: Only trackings created at or before this time. Unix seconds, default now.
        order_created_time_min: Only trackings ordered at or after this time. Unix seconds, no default.
        order_created_time_max: Only trackings ordered at or before this time. Unix seconds, default now.

    Source: operation countTrackings (GET /trackings/getstatusnumber).
    """
    return OPERATION.call(
        query={
            "created_at_min": created_at_min,
            "created_at_max": created_at_max,
            "order_created_time_min": order_created_time_min,
            "order_created_time_max": order_created_time_max,
        },
    )
