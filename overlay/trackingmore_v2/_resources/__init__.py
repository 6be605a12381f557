"""
The verbs, by subject, each for both clients.

In every module the private functions say what a verb sends and how its answer reads; the two
classes only differ in waiting.
"""

from trackingmore_v2._resources.account import Account, AsyncAccount
from trackingmore_v2._resources.air_waybills import AirWaybills, AsyncAirWaybills
from trackingmore_v2._resources.carriers import AsyncCarriers, Carriers
from trackingmore_v2._resources.shipping import AsyncShipping, Shipping
from trackingmore_v2._resources.trackings import AsyncTrackings, Trackings

__all__ = [
    "Account",
    "AirWaybills",
    "AsyncAccount",
    "AsyncAirWaybills",
    "AsyncCarriers",
    "AsyncShipping",
    "AsyncTrackings",
    "Carriers",
    "Shipping",
    "Trackings",
]
