"""Air cargo tracking by air waybill number."""

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
    requested = [numbers] if isinstance(numbers, str) else numbers
    _validation.several("track_number", requested)
    language = _validation.language(lang)
    chunks = cut(track_air_waybills.OPERATION, requested, _validation.air_waybill_number)
    queries = (models.AirWaybillQuery(track_number=chunk, lang=language) for chunk in chunks)
    return (
        prepare(track_air_waybills.call(query), lambda envelope: envelope.data) for query in queries
    )


class AirWaybillsResource(Resource):
    """Air cargo tracking: `client.air_waybills`."""

    def track(self, numbers: str | Iterable[str], lang: str | None = None) -> Waybills:
        """
        Return the flights and events of air waybills.

        Args:
            numbers: One number, such as 172-28891936, or an iterable of any length. Numbers are
                normalized with `air_waybill_numbers.normalize_air_waybill_number()`; duplicates are
                sent once.
            lang: Language of the events, two letters. Default: the client's.

        Returns:
            Air waybills by normalized number: 17228891936 is found under 172-28891936.
            `return_data` is `None` if the API has no data. Times are local to the station, without
            a time zone; `timelines.air_waybill_timeline()` puts flights and events in order.

        Raises:
            InvalidInput: A number or its check digit is invalid; the number was not sent.
            BatchInterrupted: The iterable raised an error.
            ApiError: The API returned an error.
            ContractBroken: The response cannot be parsed.
            TransportError: No response was received.

        When an error is raised, its `partial` holds the results of the requests before it.

        Source: operation trackAirWaybills.
        """
        return gather(self._run, _track(numbers, self._language(lang)), merge_waybills)


class AsyncAirWaybillsResource(AsyncResource):
    """Air cargo tracking: `client.air_waybills`."""

    async def track(self, numbers: str | Items[str], lang: str | None = None) -> Waybills:
        """Await `AirWaybillsResource.track()`. Source: operation trackAirWaybills."""
        return await gather_async(
            self._run, _track(await listed(numbers), self._language(lang)), merge_waybills
        )
