"""Air cargo, by air waybill number."""

from collections.abc import Iterable

from trackingmore_v2 import _checks
from trackingmore_v2._flow import Verb, verb
from trackingmore_v2_api import models
from trackingmore_v2_api.operations.air_waybills import track_air_waybills

from ._base import AsyncResource, Resource


def _track(numbers: str | Iterable[str], lang: str | None) -> Verb[dict[str, models.AirWaybill]]:
    given = [numbers] if isinstance(numbers, str) else numbers
    checked = _checks.each("track_number", given, _checks.air_waybill_number)
    _checks.size(track_air_waybills.OPERATION, len(checked))
    query = models.AirWaybillQuery(track_number=checked, lang=_checks.language(lang))
    return verb(track_air_waybills.call(query), lambda answer: answer.data)


class AirWaybills(Resource):
    """Air cargo: `client.air_waybills`."""

    def track(
        self, numbers: str | Iterable[str], lang: str | None = None
    ) -> dict[str, models.AirWaybill]:
        """
        Give flights and events of air waybills.

        Args:
            numbers: One number, such as 172-28891936, or several.
            lang: Language of the events, two letters.

        Returns:
            Results by number; `return_data` is None where nothing is known. All times are local at
            the station, without a zone.

        Raises:
            InvalidInput: A number is malformed, or there are none or too many; nothing was sent.
            ApiError: The API refused.
            TransportError: No answer came.

        Source: operation trackAirWaybills.
        """
        return self._run(_track(numbers, lang))


class AsyncAirWaybills(AsyncResource):
    """Air cargo: `client.air_waybills`."""

    async def track(
        self, numbers: str | Iterable[str], lang: str | None = None
    ) -> dict[str, models.AirWaybill]:
        """Await what `AirWaybills.track()` does. Source: operation trackAirWaybills."""
        return await self._run(_track(numbers, lang))
