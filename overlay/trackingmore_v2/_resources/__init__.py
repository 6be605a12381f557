"""
The verbs, by subject, each for both clients.

In every module the private functions say what a verb sends and how its answer reads; the two
classes only differ in waiting.
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
