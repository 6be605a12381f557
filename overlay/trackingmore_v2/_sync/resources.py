# Derived from _async/resources.py by codegen/derive_sync.py; do not edit.
"""All resources of a client."""

from trackingmore_v2._calls.runner import Runner
from trackingmore_v2._sync.account import AccountResource
from trackingmore_v2._sync.air_waybills import AirWaybillsResource
from trackingmore_v2._sync.carriers import CarriersResource
from trackingmore_v2._sync.shipping import ShippingResource
from trackingmore_v2._sync.trackings import TrackingsResource


class Resources:
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

    def __init__(self, run: Runner, lang: str | None = None) -> None:
        self.account = AccountResource(run, lang)
        self.air_waybills = AirWaybillsResource(run, lang)
        self.carriers = CarriersResource(run, lang)
        self.shipping = ShippingResource(run, lang)
        self.trackings = TrackingsResource(run, lang)
