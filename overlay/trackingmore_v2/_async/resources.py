"""All resources of a client."""

from trackingmore_v2._async.account import AsyncAccountResource
from trackingmore_v2._async.air_waybills import AsyncAirWaybillsResource
from trackingmore_v2._async.carriers import AsyncCarriersResource
from trackingmore_v2._async.shipping import AsyncShippingResource
from trackingmore_v2._async.trackings import AsyncTrackingsResource
from trackingmore_v2._calls.runner import AsyncRunner


class AsyncResources:
    """
    The resources of a client, over one runner.

    Args:
        run: Runs a prepared call.
        lang: Language of responses for methods called without `lang`. Default: the API's own.

    Attributes:
        account: The account that owns the API key.
        air_waybills: Air cargo tracking.
        carriers: Carrier list and carrier detection.
        shipping: Remote areas and transit times.
        trackings: The account's trackings.
    """

    def __init__(self, run: AsyncRunner, lang: str | None = None) -> None:
        self.account = AsyncAccountResource(run, lang)
        self.air_waybills = AsyncAirWaybillsResource(run, lang)
        self.carriers = AsyncCarriersResource(run, lang)
        self.shipping = AsyncShippingResource(run, lang)
        self.trackings = AsyncTrackingsResource(run, lang)
