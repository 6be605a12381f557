# Generated from openapi.yaml by `nox -s generate`. Do not edit.
"""Track in real time."""

from typing import Final

from trackingmore_v2_api import models
from trackingmore_v2_api.runtime import Call, Operation, RateLimit

OPERATION: Final = Operation(
    id="trackInRealtime",
    method="POST",
    path="/trackings/realtime",
    tag="Trackings",
    response=models.RealtimeResponse,
    request=models.RealtimeQuery,
    rate_limit=RateLimit(requests=3, seconds=1),
    retry="safe",
    success_codes=frozenset({200, 201}),
)


def call(
    body: models.RealtimeQuery,
) -> Call[models.RealtimeResponse]:
    """
    Track in real time.

    Query the carrier immediately and wait for its response. The same number may be queried once in two hours. A number that the
    account does not have is registered by the call (inferred from clients). Without any result the API returns 4031.

    Rate limit: 3 per second.

    Reference page: `api-track-get-realtime-tracking-results`.

    Args:
        body: The tracking to query.

    Source: operation trackInRealtime (POST /trackings/realtime).
    """
    return OPERATION.call(
        body=body,
    )
