# Generated from openapi.yaml by `nox -s generate`. Do not edit.
"""Detect the carrier."""

from typing import Final

from trackingmore_v2_api import models
from trackingmore_v2_api.runtime import Call, Operation, RateLimit

OPERATION: Final = Operation(
    id="detectCarrier",
    method="POST",
    path="/carriers/detect",
    tag="Carriers",
    response=models.DetectResponse,
    request=models.DetectQuery,
    rate_limit=RateLimit(requests=1, seconds=1),
    retry="safe",
    success_codes=frozenset({200, 201}),
)


def call(
    body: models.DetectQuery,
) -> Call[models.DetectResponse]:
    """
    Detect the carrier.

    Return the likely carriers of a number, best guess first. **Billed**: five calls cost one tracking of the account's quota.
    If no carrier matches, the API returns 4032 (inferred for this operation).

    Rate limit: 1 per second.

    Reference page: carrier detect.

    Args:
        body: The number whose carrier is unknown.

    Source: operation detectCarrier (POST /carriers/detect).
    """
    return OPERATION.call(
        body=body,
    )
