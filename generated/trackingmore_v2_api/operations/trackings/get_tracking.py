# Generated from openapi.yaml by `nox -s generate`. Do not edit.
"""Get a tracking."""

from typing import Final

from trackingmore_v2_api import models
from trackingmore_v2_api.runtime import Call, Operation, RateLimit

OPERATION: Final = Operation(
    id="getTracking",
    method="GET",
    path="/trackings/{carrier_code}/{tracking_number}",
    tag="Trackings",
    response=models.TrackingResponse,
    path_parameters=("carrier_code", "tracking_number"),
    rate_limit=RateLimit(requests=1, seconds=1),
    retry="safe",
    success_codes=frozenset({200, 201}),
)


def call(
    carrier_code: models.CarrierCode,
    tracking_number: models.TrackingNumber,
) -> Call[models.TrackingResponse]:
    """
    Get a tracking.

    Return one tracking with all known data, as of the provider's last query of the carrier.
    If the account does not have the pair, the response is 4017 or 4031 (inferred): 4017 was seen for updates and deletions only,
    and the provider's Chinese table of codes describes 4031 as "not added yet".

    Rate limit: 1 per second.

    Reference page: `api-track-get-a-single-tracking-results`.

    Args:
        carrier_code: The carrier's code, as returned by `listCarriers`.
        tracking_number: The tracking number at that carrier.

    Source: operation getTracking (GET /trackings/{carrier_code}/{tracking_number}).
    """
    return OPERATION.call(
        path={
            "carrier_code": carrier_code,
            "tracking_number": tracking_number,
        },
    )
