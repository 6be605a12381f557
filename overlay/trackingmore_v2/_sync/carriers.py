# Derived from _async/carriers.py by codegen/derive_sync.py; do not edit.
"""Carrier list and carrier detection."""

from trackingmore_v2._requests import carriers
from trackingmore_v2._sync.resource import Resource


class CarriersResource(Resource):
    """Carrier list and carrier detection: `client.carriers`."""

    def list(self, lang: str | None = None) -> carriers.Carriers:
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
        return self._run(carriers.list_all(lang, self._lang))

    def detect(self, tracking_number: str, lang: str | None = None) -> carriers.DetectedCarriers:
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
        return self._run(carriers.detect(tracking_number, self._language(lang)))
