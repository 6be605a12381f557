# Generated from openapi.yaml by `nox -s generate`. Do not edit.
"""Change the carrier."""

from typing import Final

from trackingmore_v2_api import models
from trackingmore_v2_api.runtime import Call, Operation, RateLimit

OPERATION: Final = Operation(
    id="changeCarrier",
    method="POST",
    path="/trackings/update",
    tag="Trackings",
    response=models.ChangeCarrierResponse,
    request=models.CarrierChange,
    rate_limit=RateLimit(requests=1, seconds=1),
    retry="move",
    success_codes=frozenset({200, 201}),
)


def call(
    body: models.CarrierChange,
) -> Call[models.ChangeCarrierResponse]:
    """
    Change the carrier.

    Move a tracking to another carrier. Because the `id` is derived from the pair, it changes too (inferred).
    Errors: 4017 if the old pair is unknown, 4015 if the new carrier is invalid, 4016 if the new pair exists (all inferred).

    Rate limit: 1 per second.

    Reference page: `api-track-update-carrier`.

    Args:
        body: The tracking to move, and its new carrier.

    Source: operation changeCarrier (POST /trackings/update).
    """
    return OPERATION.call(
        body=body,
    )
