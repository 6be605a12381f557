# Generated from openapi.yaml by `nox -s generate`. Do not edit.
"""Get the account."""

from typing import Final

from trackingmore_v2_api import models
from trackingmore_v2_api.runtime import Call, Operation, RateLimit

OPERATION: Final = Operation(
    id="getAccount",
    method="GET",
    path="/trackings/getuserinfo",
    tag="Account",
    response=models.AccountResponse,
    rate_limit=RateLimit(requests=1, seconds=1),
    retry="safe",
    success_codes=frozenset({200, 201}),
)


def call() -> Call[models.AccountResponse]:
    """
    Get the account.

    Return the account of the API key, and how many trackings are left.

    Rate limit: 1 per second.

    Reference page: `api-get-user-info`.

    Source: operation getAccount (GET /trackings/getuserinfo).
    """
    return OPERATION.call()
