"""Air cargo tracking by air waybill number."""

from trackingmore_v2 import _validation
from trackingmore_v2._async.batches import gather_async
from trackingmore_v2._async.resource import AsyncResource
from trackingmore_v2._batch.inputs import AsyncItems
from trackingmore_v2._batch.queries import BatchQuery, merge_waybills
from trackingmore_v2._calls.flow import PreparedCall
from trackingmore_v2._calls.identity import check_waybills
from trackingmore_v2_api import models
from trackingmore_v2_api.operations.air_waybills import track_air_waybills


class AsyncAirWaybillsResource(AsyncResource):
    """
    Air cargo tracking: `client.air_waybills`.

    Every method can raise the errors below, besides those in its own docstring.

    Raises:
        ApiError: The API returned an error.
        ContractBroken: The response cannot be parsed, or is about another air waybill.
        TransportError: No response was received.
    """

    async def track(
        self, numbers: str | AsyncItems[str], lang: str | None = None
    ) -> dict[str, models.AirWaybill]:
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

        When an error is raised, its `partial` holds the results of the requests before it.

        Source: operation trackAirWaybills.
        """
        language = _validation.language(self._language(lang))
        query = BatchQuery(
            operation=track_air_waybills.OPERATION,
            check=_validation.air_waybill_number,
            prepare=lambda numbers: _prepare(numbers, language),
            name="track_number",
        )
        items = [numbers] if isinstance(numbers, str) else numbers
        return await gather_async(self._run, query, items, merge_waybills)


def _prepare(numbers: list[str], lang: str | None) -> PreparedCall[dict[str, models.AirWaybill]]:
    query = models.AirWaybillQuery(track_number=numbers, lang=lang)
    return PreparedCall(
        track_air_waybills.call(query), lambda envelope: check_waybills(envelope.data, numbers)
    )
