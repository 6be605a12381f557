# Generated from openapi.yaml by `nox -s generate`. Do not edit.
"""Check remote areas."""

from collections.abc import Sequence
from typing import Final

from trackingmore_v2_api import models
from trackingmore_v2_api.runtime import BatchLimits, Call, Operation, RateLimit

OPERATION: Final = Operation(
    id="checkRemoteAreas",
    method="POST",
    path="/trackings/remote",
    tag="Shipping",
    response=models.RemoteAreasResponse,
    request=list[models.Place],
    rate_limit=RateLimit(requests=1, seconds=1),
    retry="safe",
    batch=BatchLimits(max_items=200, over_limit_code=4020),
    success_codes=frozenset({200, 201}),
)


def call(
    body: Sequence[models.Place],
) -> Call[models.RemoteAreasResponse]:
    """
    Check remote areas.

    Return which of the given places are remote areas, where carriers charge extra. Only DHL, UPS, FedEx and TNT are supported.
    The response has one entry for each company that considers a place remote, so it may have more entries than the request.

    Rate limit: 1 per second. Batch limit: 200 items; more are rejected with 4020 (inferred).

    Reference page: `api-get-remote-item`.

    Args:
        body: The places to check.

    Source: operation checkRemoteAreas (POST /trackings/remote).
    """
    return OPERATION.call(
        body=body,
    )
