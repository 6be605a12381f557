# Generated from openapi.yaml by `nox -s generate`. Do not edit.
"""Create a tracking."""

from typing import Final

from trackingmore_v2_api import models
from trackingmore_v2_api.runtime import Call, Operation, RateLimit

OPERATION: Final = Operation(
    id="createTracking",
    method="POST",
    path="/trackings/post",
    tag="Trackings",
    response=models.CreateTrackingResponse,
    request=models.CreateTrackingRequest,
    rate_limit=RateLimit(requests=1, seconds=1),
    retry="create",
    success_codes=frozenset({200, 201}),
)


def call(
    body: models.CreateTrackingRequest,
) -> Call[models.CreateTrackingResponse]:
    """
    Create a tracking.

    Create one tracking, charged as one tracking of the account's quota. It is `pending` until the carrier has been queried for
    the first time. A deleted pair can be created again without a new charge. Explicit nulls count as "not given".

    Errors: 4013 for a missing number, 4014 for an invalid number, 4015 for a missing or invalid carrier, 4016 if the pair exists,
    4019 or 4021 without quota, 4012 for an unreadable body (4016 recorded; the mapping of the other codes is inferred).

    Rate limit: 1 per second.

    Reference page: `api-track-create-a-tracking-item`.

    Args:
        body: The tracking to create.

    Source: operation createTracking (POST /trackings/post).
    """
    return OPERATION.call(
        body=body,
    )
