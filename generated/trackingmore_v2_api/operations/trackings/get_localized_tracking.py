# Generated from openapi.yaml by `nox -s generate`. Do not edit.
"""Get a tracking in a language."""

from typing import Final

from trackingmore_v2_api import models
from trackingmore_v2_api.runtime import Call, Operation, RateLimit

OPERATION: Final = Operation(
    id="getLocalizedTracking",
    method="GET",
    path="/trackings/{carrier_code}/{tracking_number}/{lang}",
    tag="Trackings",
    response=models.TrackingResponse,
    path_parameters=("carrier_code", "tracking_number", "lang"),
    rate_limit=RateLimit(requests=1, seconds=1),
    retry="safe",
    success_codes=frozenset({200, 201}),
)


def call(
    carrier_code: models.CarrierCode,
    tracking_number: models.TrackingNumber,
    lang: models.LanguageCode,
) -> Call[models.TrackingResponse]:
    """
    Get a tracking in a language.

    Like `getTracking`, with checkpoints in the given language if the carrier's own site offers it; otherwise they are in English
    or Chinese. The official PHP client sends an empty language as `/trackings/{carrier_code}/{tracking_number}/`; that this is
    the same as no language is inferred. A pair that the account does not have gets the response that `getTracking` describes.

    Rate limit: 1 per second.

    Reference page: `api-track-get-a-single-tracking-results`.

    Args:
        carrier_code: The carrier's code, as returned by `listCarriers`.
        tracking_number: The tracking number at that carrier.
        lang: Language of the checkpoints, if the carrier offers it.

    Source: operation getLocalizedTracking (GET /trackings/{carrier_code}/{tracking_number}/{lang}).
    """
    return OPERATION.call(
        path={
            "carrier_code": carrier_code,
            "tracking_number": tracking_number,
            "lang": lang,
        },
    )
