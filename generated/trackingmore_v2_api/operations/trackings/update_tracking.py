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

    Changes the details of a parcel, archives it, or sets its status by hand. What is absent stays as it is, and so does what is
    null (inferred from the official client, which sends null for everything not given).
    Refused with 4017 when the account does not follow the pair, with 4033 on a status other than 4, 7 and 8 (inferred).

    Reference page: `api-track-update-tracking-item`.

    Args:
        carrier_code: The carrier's code, as `listCarriers` gives it.
        tracking_number: The parcel's number at that carrier.
        body: Which parcels, and what to change of each.

    Source: operation updateTracking (PUT /trackings/{carrier_code}/{tracking_number}).
    """
    return OPERATION.call(
        path={
            "carrier_code": carrier_code,
            "tracking_number": tracking_number,
        },
        body=body,
    )
