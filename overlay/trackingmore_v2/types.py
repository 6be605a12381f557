"""The types in the signatures of the client, for annotations."""

from trackingmore_v2._async.account import AsyncAccountResource
from trackingmore_v2._async.air_waybills import AsyncAirWaybillsResource
from trackingmore_v2._async.carriers import AsyncCarriersResource
from trackingmore_v2._async.recorder import AsyncRecorder
from trackingmore_v2._async.shipping import AsyncShippingResource
from trackingmore_v2._async.trackings import AsyncTrackingsResource
from trackingmore_v2._batch import items
from trackingmore_v2._batch.inputs import AsyncItems, Items
from trackingmore_v2._batch.items import *  # noqa: F403 - each of them is public
from trackingmore_v2._errors import PartialResult
from trackingmore_v2._listing.filters import FiltersDict, TimeWindowDict
from trackingmore_v2._sync.account import AccountResource
from trackingmore_v2._sync.air_waybills import AirWaybillsResource
from trackingmore_v2._sync.carriers import CarriersResource
from trackingmore_v2._sync.recorder import Recorder
from trackingmore_v2._sync.shipping import ShippingResource
from trackingmore_v2._sync.trackings import TrackingsResource
from trackingmore_v2._transport.response import Response
from trackingmore_v2.rows import TrackingRowDict
from trackingmore_v2_api import Call, options
from trackingmore_v2_api.options import *  # noqa: F403 - each of them is public

__all__ = [
    "AccountResource",
    "AirWaybillsResource",
    "AsyncAccountResource",
    "AsyncAirWaybillsResource",
    "AsyncCarriersResource",
    "AsyncItems",
    "AsyncRecorder",
    "AsyncShippingResource",
    "AsyncTrackingsResource",
    "Call",
    "CarriersResource",
    "FiltersDict",
    "Items",
    "PartialResult",
    "Recorder",
    "Response",
    "ShippingResource",
    "TimeWindowDict",
    "TrackingRowDict",
    "TrackingsResource",
]
__all__ += items.__all__
__all__ += options.__all__
