"""The types in the signatures of the client, for annotations."""

from trackingmore_v2._async.account import AsyncAccountResource
from trackingmore_v2._async.air_waybills import AsyncAirWaybillsResource
from trackingmore_v2._async.carriers import AsyncCarriersResource
from trackingmore_v2._async.raw import AsyncRaw
from trackingmore_v2._async.shipping import AsyncShippingResource
from trackingmore_v2._async.trackings import AsyncTrackingsResource
from trackingmore_v2._batch.inputs import AsyncItems, Items
from trackingmore_v2._batch.items import (
    CreateItem,
    Keyed,
    KeyItem,
    PlaceItem,
    RouteItem,
    UpdateItem,
)
from trackingmore_v2._errors import PartialResult
from trackingmore_v2._listing.filters import FiltersDict, TimeWindowDict
from trackingmore_v2._sync.account import AccountResource
from trackingmore_v2._sync.air_waybills import AirWaybillsResource
from trackingmore_v2._sync.carriers import CarriersResource
from trackingmore_v2._sync.raw import Raw
from trackingmore_v2._sync.shipping import ShippingResource
from trackingmore_v2._sync.trackings import TrackingsResource
from trackingmore_v2._transport.response import RawResponse, Response
from trackingmore_v2_api import Call
from trackingmore_v2_api.options import (
    CreateTrackingItemDict,
    CreateTrackingRequestOptionsDict,
    PlaceDict,
    RealtimeQueryOptionsDict,
    RouteDict,
    TrackingKeyDict,
    UpdateTrackingItemDict,
    UpdateTrackingRequestOptionsDict,
)

__all__ = [
    "AccountResource",
    "AirWaybillsResource",
    "AsyncAccountResource",
    "AsyncAirWaybillsResource",
    "AsyncCarriersResource",
    "AsyncItems",
    "AsyncRaw",
    "AsyncShippingResource",
    "AsyncTrackingsResource",
    "Call",
    "CarriersResource",
    "CreateItem",
    "CreateTrackingItemDict",
    "CreateTrackingRequestOptionsDict",
    "FiltersDict",
    "Items",
    "KeyItem",
    "Keyed",
    "PartialResult",
    "PlaceDict",
    "PlaceItem",
    "Raw",
    "RawResponse",
    "RealtimeQueryOptionsDict",
    "Response",
    "RouteDict",
    "RouteItem",
    "ShippingResource",
    "TimeWindowDict",
    "TrackingKeyDict",
    "TrackingsResource",
    "UpdateItem",
    "UpdateTrackingItemDict",
    "UpdateTrackingRequestOptionsDict",
]
