# Derived from _async/carriers.py by codegen/derive_sync.py; do not edit.
"""Carrier list and carrier detection."""

from typing import TypeAlias

from trackingmore_v2 import _validation
from trackingmore_v2._calls.flow import PreparedCall
from trackingmore_v2._calls.identity import Subject
from trackingmore_v2._sync.resource import Resource
from trackingmore_v2._validation import CarrierLanguageName
from trackingmore_v2_api import models
from trackingmore_v2_api.operations.carriers import detect_carrier, list_carriers

# Aliases, because `list` inside the class is its own method.
Carriers: TypeAlias = list[models.Carrier]
DetectedCarriers: TypeAlias = list[models.DetectedCarrier]


class CarriersResource(Resource):
    """
    Carrier list and carrier detection: `client.carriers`.

    Every method can raise the errors below, besides those in its own docstring.

    Raises:
        ApiError: The API returned an error.
        ContractBroken: The response cannot be parsed.
        TransportError: No response was received.
    """

    def list(self, lang: CarrierLanguageName | str | None = None) -> Carriers:
        """
        Return all carriers that the API supports: 663 in 2020, 1,073 in 2024.

        Args:
            lang: Language of the carrier names: en, cn (Chinese), tw (traditional Chinese), es, ru
                or it. Default: the client's, if it is one of these, else the API's own.

        Returns:
            The carriers. Other methods take a carrier's `code` as `carrier_code`.

        Raises:
            InvalidInput: The language is not supported; nothing was sent.

        Source: operation listCarriers.
        """
        # Names come in fewer languages than checkpoints: the client's may be none of them.
        if lang is None and self._lang in tuple(models.CarrierLanguage):
            lang = self._lang
        call = list_carriers.call(lang=_validation.carrier_language(lang))
        return self._run(PreparedCall(call, lambda envelope: envelope.data, is_cacheable=True))

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
            QuotaExhausted: No trackings are left.
            BudgetExceeded: The quota guard's limit is reached; nothing was sent.

        Source: operation detectCarrier.
        """
        query = models.DetectQuery(
            tracking_number=_validation.tracking_number(tracking_number),
            lang=_validation.language(self._language(lang)),
        )
        return self._run(
            PreparedCall(
                detect_carrier.call(query),
                lambda envelope: envelope.data,
                subject=Subject("", query.tracking_number),
                is_cacheable=True,
            )
        )
