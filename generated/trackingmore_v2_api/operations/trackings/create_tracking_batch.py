# Generated from openapi.yaml by `nox -s generate`. Do not edit.
"""Create several trackings."""

from collections.abc import Sequence
from typing import Final

from trackingmore_v2_api import models
from trackingmore_v2_api.runtime import BatchLimits, Call, Operation, RateLimit

OPERATION: Final = Operation(
    id="createTrackingBatch",
    method="POST",
    path="/trackings/batch",
    tag="Trackings",
    response=models.CreateBatchResponse,
    request=list[models.CreateTrackingItem],
    rate_limit=RateLimit(requests=1, seconds=1),
    retry="create",
    batch=BatchLimits(max_items=40, over_limit_code=202),
    success_codes=frozenset({200, 201}),
)


def call(
    body: Sequence[models.CreateTrackingItem],
) -> Call[models.CreateBatchResponse]:
    """
    Create several trackings.

    Create up to 40 trackings in one request, each charged as one tracking of the account's quota. The response lists the created items, and the rejected items with a code each; the
    request itself succeeds with 201 even if items were rejected. A request with more than 40 items is rejected as a whole, with code 202.
    The response to a batch whose items are all rejected is unknown: 201 with `added` 0 is inferred, and 4012 for an empty array.

    Rate limit: 1 per second. Batch limit: 40 items; more are rejected with 202.

    Reference page: `api-track-create-multiple-track`.

    Args:
        body: The trackings to create.

    Source: operation createTrackingBatch (POST /trackings/batch).
    """
    return OPERATION.call(
        body=body,
    )
