# Generated from openapi.yaml by `nox -s generate`. Do not edit.
"""Get transit times."""

from collections.abc import Sequence
from typing import Final

from trackingmore_v2_api import models
from trackingmore_v2_api.runtime import BatchLimits, Call, Operation, RateLimit

OPERATION: Final = Operation(
    id="getTransitTimes",
    method="POST",
    path="/trackings/costtime",
    tag="Shipping",
    response=models.TransitTimesResponse,
    request=list[models.Route],
    rate_limit=RateLimit(requests=1, seconds=1),
    retry="safe",
    batch=BatchLimits(max_items=200, over_limit_code=4020),
    success_codes=frozenset({200, 201}),
)


def call(
    body: Sequence[models.Route],
) -> Call[models.TransitTimesResponse]:
    """
    Get transit times.

    Return delivery-time statistics of carriers on routes between two countries, as shares of parcels by number of days. No source
    states the scale of the shares (fractions, percentages or strings).

    Rate limit: 1 per second. Batch limit: 200 items; more are rejected with 4020 (inferred).

    Reference page: `api-get-costtime-items`.

    Args:
        body: The routes.

    Source: operation getTransitTimes (POST /trackings/costtime).
    """
    return OPERATION.call(
        body=body,
    )
