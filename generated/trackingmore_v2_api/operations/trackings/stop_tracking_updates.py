# Generated from openapi.yaml by `nox -s generate`. Do not edit.
"""Stop updating trackings."""

from collections.abc import Sequence
from typing import Final

from trackingmore_v2_api import models
from trackingmore_v2_api.runtime import BatchLimits, Call, Operation, RateLimit

OPERATION: Final = Operation(
    id="stopTrackingUpdates",
    method="POST",
    path="/trackings/notupdate",
    tag="Trackings",
    response=models.StopUpdatesResponse,
    request=list[models.TrackingKey],
    rate_limit=RateLimit(requests=1, seconds=1),
    retry="idempotent",
    batch=BatchLimits(max_items=200, over_limit_code=4020),
    success_codes=frozenset({200, 201}),
)


def call(
    body: Sequence[models.TrackingKey],
) -> Call[models.StopUpdatesResponse]:
    """
    Stop updating trackings.

    Stop refreshing several trackings; their `track_update` becomes false (inferred).

    Rate limit: 1 per second. Batch limit: 200 items; more are rejected with 4020 (inferred).

    Reference page: `api-track-batch-not-update`.

    Args:
        body: The trackings to stop updating.

    Source: operation stopTrackingUpdates (POST /trackings/notupdate).
    """
    return OPERATION.call(
        body=body,
    )
