"""The resources of a client again, with every response recorded."""

from typing import Any

from msgspec.structs import replace

from trackingmore_v2._async.resources import AsyncResources
from trackingmore_v2._calls.context import Context
from trackingmore_v2._transport.http import AsyncTransport
from trackingmore_v2._transport.response import Response
from trackingmore_v2_api import Call


class AsyncRecorder(AsyncResources):
    """
    The resources of a client, whose calls record their responses: `client.recorder()`.

    Attributes:
        responses: The responses so far, in the order in which they were received: one for each
            attempt, also of calls that were retried or failed. An attempt without a response has
            none, and the cache is not used.
        account: The account that owns the API key.
        air_waybills: Air cargo tracking.
        carriers: Carrier list and carrier detection.
        shipping: Remote areas and transit times.
        trackings: The account's trackings.
    """

    def __init__(self, context: Context, transport: AsyncTransport) -> None:
        self.responses: list[Response] = []
        self._transport = transport
        # A response from the cache would be missing in `responses`.
        super().__init__(replace(context, cache=None), self._record)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {len(self.responses)} responses>"

    async def _record(self, call: Call[Any], time_limit: float | None) -> Response:
        response = await self._transport.send(call, time_limit)
        self.responses.append(response)
        return response
