# Generated from openapi.yaml by `nox -s generate`. Do not edit.
"""Update a tracking."""

from typing import Final

from trackingmore_v2_api import models
from trackingmore_v2_api.runtime import Call, Operation, RateLimit

OPERATION: Final = Operation(
    id="updateTracking",
    method="PUT",
    path="/trackings/{carrier_code}/{tracking_number}",
    tag="Trackings",
    response=models.UpdateTrackingResponse,
    request=models.UpdateTrackingRequest,
    path_parameters=("carrier_code", "tracking_number"),
    rate_limit=RateLimit(requests=1, seconds=1),
    retry="idempotent",
    success_codes=frozenset({200, 201}),
)


def call(
    carrier_code: models.CarrierCode,
    tracking_number: models.TrackingNumber,
    body: models.UpdateTrackingRequest,
) -> Call[models.UpdateTrackingResponse]:
    """
    Update a tracking.

    Change the details of a tracking, archive it, or set its status manually. Absent fields are not changed, and neither are
    null fields (inferred from the official client, which sends null for every field not given).
    Fails with 4017 if the account does not have the pair, and with 4033 for a status other than 4, 7 and 8 (inferred).
    That a request without a body is accepted, and changes nothing, is inferred from a client of 2017 to 2019 that never sent one.

    Rate limit: 1 per second.

    Reference page: `api-track-update-tracking-item`.

    Args:
        carrier_code: The carrier's code, as returned by `listCarriers`.
        tracking_number: The tracking number at that carrier.
        body: The fields to change.

    Source: operation updateTracking (PUT /trackings/{carrier_code}/{tracking_number}).
    """
    return OPERATION.call(
        path={
            "carrier_code": carrier_code,
            "tracking_number": tracking_number,
        },
        body=body,
    )
