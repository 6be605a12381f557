"""Carrier list and carrier detection."""

from typing import TypeAlias

from trackingmore_v2 import _validation
from trackingmore_v2._calls.flow import PreparedCall, prepare
from trackingmore_v2._errors import InvalidInput
from trackingmore_v2._resources._base import AsyncResource, Resource
from trackingmore_v2_api import models
from trackingmore_v2_api.operations.carriers import detect_carrier, list_carriers

# Aliases, because `list` inside the resource classes is their own method.
Carriers: TypeAlias = list[models.Carrier]
DetectedCarriers: TypeAlias = list[models.DetectedCarrier]


def _list(lang: str | None, default: str | None) -> PreparedCall[Carriers]:
    # Carrier names come in fewer languages than checkpoints, so the client's may not be supported.
    if lang is None and default in tuple(models.CarrierLanguage):
        lang = default
    call = list_carriers.call(lang=_carrier_language(lang))
    return prepare(call, lambda envelope: envelope.data, is_cacheable=True)


def _detect(tracking_number: str, lang: str | None) -> PreparedCall[DetectedCarriers]:
    query = models.DetectQuery(
        tracking_number=_validation.tracking_number(tracking_number),
        lang=_validation.language(lang),
    )
    return prepare(detect_carrier.call(query), lambda envelope: envelope.data, is_cacheable=True)


def _carrier_language(lang: str | None) -> models.CarrierLanguage | None:
    if lang is None:
        return None
    try:
        return models.CarrierLanguage(lang)
    except ValueError:
        known = ", ".join(models.CarrierLanguage)
        raise InvalidInput("lang", f"must be one of {known}, not {lang!r}") from None


class CarriersResource(Resource):
    """Carrier list and carrier detection: `client.carriers`."""

    def list(self, lang: str | None = None) -> Carriers:
        """
        Return all carriers that the API supports, about 700.

        Args:
            lang: Language of the carrier names: en, cn (Chinese), tw (traditional Chinese), es, ru
                or it. Default: the client's, if it is one of these, else the API's own.

        Returns:
            The carriers. Other methods take a carrier's `code` as `carrier_code`.

        Raises:
            InvalidInput: The language is not supported; nothing was sent.
            ApiError: The API returned an error.
            ContractBroken: The response cannot be parsed.
            TransportError: No response was received.

        Source: operation listCarriers.
        """
        return self._run(_list(lang, self._lang))

    def detect(self, tracking_number: str, lang: str | None = None) -> DetectedCarriers:
        """
        Return the likely carriers of a tracking number. Five calls cost one tracking of the quota.

        Args:
            tracking_number: At least five letters, digits, hyphens or underscores.
            lang: Language of the carrier names, two letters. Default: the client's.

        Returns:
            Candidates with `name` and `code`, most likely first.

        Raises:
            InvalidInput: The number or the language is invalid; nothing was sent.
            CarrierNotDetected: No carrier matches the number.
            BudgetExceeded: The quota guard's limit is reached; nothing was sent.
            ApiError: The API returned an error.
            ContractBroken: The response cannot be parsed.
            TransportError: No response was received.

        Source: operation detectCarrier.
        """
        return self._run(_detect(tracking_number, self._language(lang)))


class AsyncCarriersResource(AsyncResource):
    """Carrier list and carrier detection: `client.carriers`."""

    async def list(self, lang: str | None = None) -> Carriers:
        """Await `CarriersResource.list()`. Source: operation listCarriers."""
        return await self._run(_list(lang, self._lang))

    async def detect(self, tracking_number: str, lang: str | None = None) -> DetectedCarriers:
        """Await `CarriersResource.detect()`. Source: operation detectCarrier."""
        return await self._run(_detect(tracking_number, self._language(lang)))
