# Derived from _async/resources.py by codegen/derive_sync.py; do not edit.
"""All resources of a client."""

from collections.abc import Callable
from typing import Any, TypeVar

from trackingmore_v2._calls.context import Context
from trackingmore_v2._calls.flow import PreparedCall, run
from trackingmore_v2._calls.runner import drive
from trackingmore_v2._sync.account import AccountResource
from trackingmore_v2._sync.air_waybills import AirWaybillsResource
from trackingmore_v2._sync.carriers import CarriersResource
from trackingmore_v2._sync.shipping import ShippingResource
from trackingmore_v2._sync.trackings import TrackingsResource
from trackingmore_v2._transport.response import Response
from trackingmore_v2_api import Call

ResultT = TypeVar("ResultT")


class Resources:
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
        self, context: Context, send: Callable[[Call[Any], float | None], Response]
    ) -> None:
        self._context = context
        self._send = send
        lang = context.config.lang
        self.account = AccountResource(self._run, lang)
        self.air_waybills = AirWaybillsResource(self._run, lang)
        self.carriers = CarriersResource(self._run, lang)
        self.shipping = ShippingResource(self._run, lang)
        self.trackings = TrackingsResource(self._run, lang)

    def _run(self, prepared: PreparedCall[ResultT], /) -> ResultT:
        return drive(run(prepared, self._context), self._send, self._context.clock)
