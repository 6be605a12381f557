"""Carrier list and carrier detection."""

from typing import TypeAlias

from trackingmore_v2 import _validation
from trackingmore_v2._calls.flow import PreparedCall
from trackingmore_v2._errors import InvalidInput
from trackingmore_v2_api import models
from trackingmore_v2_api.operations.carriers import detect_carrier, list_carriers

# Aliases, because `list` inside the resource classes is their own method.
Carriers: TypeAlias = list[models.Carrier]
DetectedCarriers: TypeAlias = list[models.DetectedCarrier]


def list_all(lang: str | None, default: str | None) -> PreparedCall[Carriers]:
    # Carrier names come in fewer languages than checkpoints, so the client's may not be supported.
    if lang is None and default in tuple(models.CarrierLanguage):
        lang = default
    call = list_carriers.call(lang=_carrier_language(lang))
    return PreparedCall(call, lambda envelope: envelope.data, is_cacheable=True)


def detect(tracking_number: str, lang: str | None) -> PreparedCall[DetectedCarriers]:
    query = models.DetectQuery(
        tracking_number=_validation.tracking_number(tracking_number),
        lang=_validation.language(lang),
    )
    return PreparedCall(
        detect_carrier.call(query), lambda envelope: envelope.data, is_cacheable=True
    )


def _carrier_language(lang: str | None) -> models.CarrierLanguage | None:
    if lang is None:
        return None
    try:
        return models.CarrierLanguage(lang)
    except ValueError:
        known = ", ".join(models.CarrierLanguage)
        raise InvalidInput("lang", f"must be one of {known}, not {lang!r}") from None
