# Generated from openapi.yaml by `nox -s generate`. Do not edit.
"""Track air waybills."""

from typing import Final

from trackingmore_v2_api import models
from trackingmore_v2_api.runtime import BatchLimits, Call, Operation, RateLimit

OPERATION: Final = Operation(
    id="trackAirWaybills",
    method="POST",
    path="/trackings/aircargo",
    tag="AirWaybills",
    response=models.AirWaybillsResponse,
    request=models.AirWaybillQuery,
    rate_limit=RateLimit(requests=1, seconds=1),
    retry="safe",
    batch=BatchLimits(max_items=40, over_limit_code=4020),
    success_codes=frozenset({200, 201}),
)


def call(
    body: models.AirWaybillQuery,
) -> Call[models.AirWaybillsResponse]:
    """
    Track air waybills.

    Return flights and events of air waybills. `data` is a map from air waybill number to result, so duplicate numbers share
    one entry. The maximum number per request is unknown; 40, the smallest limit of any other operation, is inferred. The message of
    4020 states 200, the limit of other operations.

    Rate limit: 1 per second. Batch limit: 40 items; more are rejected with 4020 (inferred).

    Reference page: `api-get-aircargo-items`.

    Args:
        body: The air waybill numbers.

    Source: operation trackAirWaybills (POST /trackings/aircargo).
    """
    return OPERATION.call(
        body=body,
    )
