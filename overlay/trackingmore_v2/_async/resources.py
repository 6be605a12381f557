"""All resources of a client."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from trackingmore_v2._async.account import AsyncAccountResource
from trackingmore_v2._async.air_waybills import AsyncAirWaybillsResource
from trackingmore_v2._async.carriers import AsyncCarriersResource
from trackingmore_v2._async.shipping import AsyncShippingResource
from trackingmore_v2._async.trackings import AsyncTrackingsResource
from trackingmore_v2._calls.context import Context
from trackingmore_v2._calls.flow import PreparedCall, run
from trackingmore_v2._calls.runner import drive_async
from trackingmore_v2._transport.response import Response
from trackingmore_v2_api import Call

ResultT = TypeVar("ResultT")


class AsyncResources:
    """
    The resources of a client, over one transport.

    Args:
        context: State that all calls share.
        send: Sends a call once, within a number of seconds or None.

    Attributes:
        account: The account that owns the API key.
        air_waybills: Air cargo tracking.
        carriers: Carrier list and carrier detection.
        shipping: Remote areas and transit times.
        trackings: The account's trackings.
    """

    def __init__(
        self, context: Context, send: Callable[[Call[Any], float | None], Awaitable[Response]]
    ) -> None:
        self._context = context
        self._send = send
        lang = context.config.lang
        self.account = AsyncAccountResource(self._run, lang)
        self.air_waybills = AsyncAirWaybillsResource(self._run, lang)
        self.carriers = AsyncCarriersResource(self._run, lang)
        self.shipping = AsyncShippingResource(self._run, lang)
        self.trackings = AsyncTrackingsResource(self._run, lang)

    async def _run(self, prepared: PreparedCall[ResultT], /) -> ResultT:
        return await drive_async(run(prepared, self._context), self._send, self._context.clock)
