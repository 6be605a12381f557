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

    Registers up to 40 parcels at once. The answer lists the created ones, and the refused ones with a code each; the call
    itself succeeds with 201, also when items were refused. More than 40 items are refused whole, with code 202.
    What an all-refused batch answers is unknown: 201 with `added` 0 is inferred, and 4012 on an empty array.

    Reference page: `api-track-create-multiple-track`.

    Args:
        body: The parcels to follow.

    Source: operation createTrackingBatch (POST /trackings/batch).
    """
    return OPERATION.call(
        body=body,
    )
