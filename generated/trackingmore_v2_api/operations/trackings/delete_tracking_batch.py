# Generated from openapi.yaml by `nox -s generate`. Do not edit.
"""Delete several trackings."""

from collections.abc import Sequence
from typing import Final

from trackingmore_v2_api import models
from trackingmore_v2_api.runtime import BatchLimits, Call, Operation, RateLimit

OPERATION: Final = Operation(
    id="deleteTrackingBatch",
    method="POST",
    path="/trackings/delete",
    tag="Trackings",
    response=models.DeleteBatchResponse,
    request=list[models.TrackingKey],
    rate_limit=RateLimit(requests=1, seconds=1),
    retry="idempotent",
    batch=BatchLimits(max_items=200, over_limit_code=4020),
    success_codes=frozenset({200, 201}),
)


def call(
    body: Sequence[models.TrackingKey],
) -> Call[models.DeleteBatchResponse]:
    """
    Delete several trackings.

    Delete several trackings in one request. Each element of the response is wrapped in its own `meta` object.

    Rate limit: 1 per second. Batch limit: 200 items; more are rejected with 4020 (inferred).

    Reference page: `api-track-delete-multiple-tracking-item`.

    Args:
        body: The trackings to delete.

    Source: operation deleteTrackingBatch (POST /trackings/delete).
    """
    return OPERATION.call(
        body=body,
    )
