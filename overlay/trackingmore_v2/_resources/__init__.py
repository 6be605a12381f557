"""
The verbs, by subject, each for both clients.

In every module the private functions say what a verb sends and how its answer reads; the two
classes only differ in waiting.
"""

from .account import Account, AsyncAccount
from .air_waybills import AirWaybills, AsyncAirWaybills
from .carriers import AsyncCarriers, Carriers
from .shipping import AsyncShipping, Shipping
from .trackings import AsyncTrackings, Trackings

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
