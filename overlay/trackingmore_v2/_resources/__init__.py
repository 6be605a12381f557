"""
The API's methods by subject, each as a sync and an async resource.

In each module, private functions build the request and parse the response; the sync and the async
class only run them.
"""

from trackingmore_v2._resources.account import AccountResource, AsyncAccountResource
from trackingmore_v2._resources.air_waybills import AirWaybillsResource, AsyncAirWaybillsResource
from trackingmore_v2._resources.carriers import AsyncCarriersResource, CarriersResource
from trackingmore_v2._resources.shipping import AsyncShippingResource, ShippingResource
from trackingmore_v2._resources.trackings import AsyncTrackingsResource, TrackingsResource

__all__ = [
    "AccountResource",
    "AirWaybillsResource",
    "AsyncAccountResource",
    "AsyncAirWaybillsResource",
    "AsyncCarriersResource",
    "AsyncShippingResource",
    "AsyncTrackingsResource",
    "CarriersResource",
    "ShippingResource",
    "TrackingsResource",
]
