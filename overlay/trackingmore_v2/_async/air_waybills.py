"""Air cargo tracking by air waybill number."""

from trackingmore_v2._async.batches import gather_async
from trackingmore_v2._async.resource import AsyncResource
from trackingmore_v2._batch.chunking import merge_waybills
from trackingmore_v2._batch.inputs import AsyncItems, listed_async
from trackingmore_v2._requests import air_waybills


class AsyncAirWaybillsResource(AsyncResource):
    """Air cargo tracking: `client.air_waybills`."""

    async def track(
        self, numbers: str | AsyncItems[str], lang: str | None = None
    ) -> air_waybills.Waybills:
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
        return await gather_async(
            self._run,
            air_waybills.track(await listed_async(numbers), self._language(lang)),
            merge_waybills,
        )
