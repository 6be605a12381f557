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

    Registers one parcel and spends one tracking of the account's quota. The parcel is `pending` until the carrier was first
    asked. A pair that was deleted may be created again without a new charge. Explicit nulls count as "not given".

    Refused with 4013 without number, 4014 on a bad number, 4015 on a bad or missing carrier, 4016 when the pair exists,
    4019 or 4021 without quota, 4012 on an unreadable body (4016 recorded; which code answers which fault is inferred).

    Reference page: `api-track-create-a-tracking-item`.

    Args:
        body: A parcel to follow.

    Source: operation createTracking (POST /trackings/post).
    """
    return OPERATION.call(
        body=body,
    )
