# Generated from openapi.yaml by `nox -s generate`. Do not edit.
"""Delete a tracking."""

from typing import Final

from trackingmore_v2_api import models
from trackingmore_v2_api.runtime import Call, Operation, RateLimit

OPERATION: Final = Operation(
    id="deleteTracking",
    method="DELETE",
    path="/trackings/{carrier_code}/{tracking_number}",
    tag="Trackings",
    response=models.DeleteTrackingResponse,
    path_parameters=("carrier_code", "tracking_number"),
    rate_limit=RateLimit(requests=1, seconds=1),
    retry="idempotent",
    success_codes=frozenset({200, 201}),
)


def call(
    carrier_code: models.CarrierCode,
    tracking_number: models.TrackingNumber,
) -> Call[models.DeleteTrackingResponse]:
    """
    Delete a tracking.

    Delete a tracking. `data` is the empty array on success too.
    Fails with 4017 if the account does not have the pair.

    Rate limit: 1 per second.

    Reference page: `api-track-delete-a-tracking-item`.

    Args:
        carrier_code: The carrier's code, as returned by `listCarriers`.
        tracking_number: The tracking number at that carrier.

    Source: operation deleteTracking (DELETE /trackings/{carrier_code}/{tracking_number}).
    """
    return OPERATION.call(
        path={
            "carrier_code": carrier_code,
            "tracking_number": tracking_number,
        },
    )
