"""Air cargo, by air waybill number."""

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from trackingmore_v2 import _validation
from trackingmore_v2._batch.chunking import cut, merge_waybills
from trackingmore_v2._batch.drivers import gather, gather_async, listed
from trackingmore_v2._batch.inputs import Items
from trackingmore_v2._calls.flow import PreparedCall, prepare
from trackingmore_v2._resources._base import AsyncResource, Resource
from trackingmore_v2_api import models
from trackingmore_v2_api.operations.air_waybills import track_air_waybills

Waybills: TypeAlias = dict[str, models.AirWaybill]


def _track(numbers: str | Iterable[str], lang: str | None) -> Iterator[PreparedCall[Waybills]]:
    given = [numbers] if isinstance(numbers, str) else numbers
    _validation.several("track_number", given)
    language = _validation.language(lang)
    chunks = cut(track_air_waybills.OPERATION, given, _validation.air_waybill_number)
    queries = (models.AirWaybillQuery(track_number=some, lang=language) for some in chunks)
    return (
        prepare(track_air_waybills.call(query), lambda envelope: envelope.data) for query in queries
    )


class AirWaybillsResource(Resource):
    """Air cargo: `client.air_waybills`."""

    def track(self, numbers: str | Iterable[str], lang: str | None = None) -> Waybills:
        """
        Give flights and events of air waybills.

        Args:
            numbers: One number, such as 172-28891936, or any number of them. Each is sent as
                `waybill_numbers.normalize_air_waybill_number()` writes it, and only once.
            lang: Language of the events, two letters. Default: the client's.

        Returns:
            Results by number in its usual form: that of 17228891936 stands under 172-28891936.
            `return_data` is None where nothing is known. All times are local at the station,
            without a zone; `air_waybill_timeline.air_waybill_timeline()` puts them in order.

        Raises:
            InvalidInput: A number or its check digit is wrong; it was not sent.
            BatchInterrupted: The input raised an error.
            ApiError: The API refused.
            ContractBroken: The answer cannot be read.
            TransportError: No answer came.

        What earlier calls had read is in the error's `partial`.

        Source: operation trackAirWaybills.
        """
        return gather(self._run, _track(numbers, self._language(lang)), merge_waybills)


class AsyncAirWaybillsResource(AsyncResource):
    """Air cargo: `client.air_waybills`."""

    async def track(self, numbers: str | Items[str], lang: str | None = None) -> Waybills:
        """Await `AirWaybillsResource.track()`. Source: operation trackAirWaybills."""
        return await gather_async(
            self._run, _track(await listed(numbers), self._language(lang)), merge_waybills
        )
