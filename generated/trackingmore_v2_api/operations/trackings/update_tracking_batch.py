# Generated from openapi.yaml by `nox -s generate`. Do not edit.
"""Update several trackings."""

from collections.abc import Sequence
from typing import Final

from trackingmore_v2_api import models
from trackingmore_v2_api.runtime import BatchLimits, Call, Operation, RateLimit

OPERATION: Final = Operation(
    id="updateTrackingBatch",
    method="POST",
    path="/trackings/updatemore",
    tag="Trackings",
    response=models.UpdateBatchResponse,
    request=list[models.UpdateTrackingItem],
    rate_limit=RateLimit(requests=1, seconds=1),
    retry="idempotent",
    batch=BatchLimits(max_items=200, over_limit_code=4020),
    success_codes=frozenset({200, 201}),
)


def call(
    body: Sequence[models.UpdateTrackingItem],
) -> Call[models.UpdateBatchResponse]:
    """
    Update several trackings.

    Change the details of several trackings in one request. No source shows the response; its shape is inferred from
    `deleteTrackingBatch` and `stopTrackingUpdates`.

    Rate limit: 1 per second. Batch limit: 200 items; more are rejected with 4020 (inferred).

    Reference page: `api-track-updatemore-tracking-item`.

    Args:
        body: The trackings to update, each with the fields to change.

    Source: operation updateTrackingBatch (POST /trackings/updatemore).
    """
    return OPERATION.call(
        body=body,
    )
