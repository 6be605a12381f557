"""Who carries, and whose number this might be."""

from typing import TypeAlias

from trackingmore_v2 import _validation
from trackingmore_v2._calls.flow import PreparedCall, prepare
from trackingmore_v2._errors import InvalidInput
from trackingmore_v2._resources._base import AsyncResource, Resource
from trackingmore_v2_api import models
from trackingmore_v2_api.operations.carriers import detect_carrier, list_carriers

# Inside the classes `list` is a verb.
AllCarriers: TypeAlias = list[models.Carrier]
Guesses: TypeAlias = list[models.DetectedCarrier]


def _list(lang: str | None, default: str | None) -> PreparedCall[AllCarriers]:
    if lang is None and default in tuple(models.CarrierLanguage):
        lang = default
    call = list_carriers.call(lang=_carrier_language(lang))
    return prepare(call, lambda envelope: envelope.data, is_cacheable=True)


def _detect(tracking_number: str, lang: str | None) -> PreparedCall[Guesses]:
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
    """Who carries, and whose number this might be: `client.carriers`."""

    def list(self, lang: str | None = None) -> AllCarriers:
        """
        Give every carrier that the API knows, some 700.

        Args:
            lang: Language of the names: en, cn (Chinese), tw (traditional Chinese), es, ru or it.
                Default: the client's, if it is one of these.

        Returns:
            Carriers; `code` is what other verbs take as `carrier_code`.

        Raises:
            InvalidInput: No such language; nothing was sent.
            ApiError: The API refused.
            ContractBroken: The answer cannot be read.
            TransportError: No answer came.

        Source: operation listCarriers.
        """
        return self._run(_list(lang, self._lang))

    def detect(self, tracking_number: str, lang: str | None = None) -> Guesses:
        """
        Guess whose number this is, the best guess first. Five calls cost one tracking of the quota.

        Args:
            tracking_number: At least five letters, digits, hyphens or underscores.
            lang: Language of the names, two letters. Default: the client's.

        Returns:
            Guesses with `name` and `code`.

        Raises:
            InvalidInput: The number or the language is malformed; nothing was sent.
            CarrierNotDetected: No carrier fits.
            BudgetExceeded: The quota guard allows no more; nothing was sent.
            ApiError: The API refused.
            ContractBroken: The answer cannot be read.
            TransportError: No answer came.

        Source: operation detectCarrier.
        """
        return self._run(_detect(tracking_number, self._language(lang)))


class AsyncCarriersResource(AsyncResource):
    """Who carries, and whose number this might be: `client.carriers`."""

    async def list(self, lang: str | None = None) -> AllCarriers:
        """Await `CarriersResource.list()`. Source: operation listCarriers."""
        return await self._run(_list(lang, self._lang))

    async def detect(self, tracking_number: str, lang: str | None = None) -> Guesses:
        """Await `CarriersResource.detect()`. Source: operation detectCarrier."""
        return await self._run(_detect(tracking_number, self._language(lang)))
