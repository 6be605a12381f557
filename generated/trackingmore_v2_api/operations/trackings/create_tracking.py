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

    Errors: 4013 for a missing number, 4014 for an invalid number, 4015 for an invalid carrier or a body that is not JSON, 4016 if
    the pair exists, 4019 or 4021 without quota, 4012 for another invalid body (4016 recorded; the mapping of the other codes is
    inferred). A missing carrier may be detected instead of rejected with 4015 (inferred from the message of 4032, and from clients
    of a sister API). The provider's Chinese table of codes describes 201 as "added once before", so a pair that was created
    before may get 201 (inferred).

    Rate limit: 1 per second.

    Reference page: `api-track-create-a-tracking-item`.

    Args:
        body: The tracking to create.

    Source: operation createTracking (POST /trackings/post).
    """
    return OPERATION.call(
        body=body,
    )
