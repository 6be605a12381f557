# Generated from openapi.yaml by `nox -s generate`. Do not edit.
"""List carriers."""

from typing import Final

from trackingmore_v2_api import models
from trackingmore_v2_api.runtime import Call, Operation, RateLimit

OPERATION: Final = Operation(
    id="listCarriers",
    method="GET",
    path="/carriers",
    tag="Carriers",
    response=models.CarriersResponse,
    header_parameters=("Lang",),
    rate_limit=RateLimit(requests=1, seconds=1),
    retry="safe",
    success_codes=frozenset({200, 201}),
)


def call(
    *,
    lang: models.CarrierLanguage | None = None,
) -> Call[models.CarriersResponse]:
    """
    List carriers.

    Return every carrier that the provider supports: 663 in the middle of 2020, over 1,200 later. A trailing slash in the path is accepted.

    Rate limit: 1 per second.

    Reference page: the carriers list.

    Args:
        lang: Language of the carriers' names.

    Source: operation listCarriers (GET /carriers).
    """
    return OPERATION.call(
        headers={
            "Lang": lang,
        },
    )
