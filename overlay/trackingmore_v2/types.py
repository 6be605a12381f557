"""The types in the signatures of the client, for annotations."""

from trackingmore_v2._async.account import AsyncAccountResource as AsyncAccountResource
from trackingmore_v2._async.air_waybills import AsyncAirWaybillsResource as AsyncAirWaybillsResource
from trackingmore_v2._async.carriers import AsyncCarriersResource as AsyncCarriersResource
from trackingmore_v2._async.recorder import AsyncRecorder as AsyncRecorder
from trackingmore_v2._async.shipping import AsyncShippingResource as AsyncShippingResource
from trackingmore_v2._async.trackings import AsyncTrackingsResource as AsyncTrackingsResource
from trackingmore_v2._batch.inputs import AsyncItems as AsyncItems, Items as Items
from trackingmore_v2._batch.items import (
    CreateItem as CreateItem,
    Keyed as Keyed,
    KeyItem as KeyItem,
    PlaceItem as PlaceItem,
    RouteItem as RouteItem,
    UpdateItem as UpdateItem,
)
from trackingmore_v2._errors import PartialResult as PartialResult
from trackingmore_v2._listing.filters import (
    FiltersDict as FiltersDict,
    TimeWindowDict as TimeWindowDict,
)
from trackingmore_v2._sync.account import AccountResource as AccountResource
from trackingmore_v2._sync.air_waybills import AirWaybillsResource as AirWaybillsResource
from trackingmore_v2._sync.carriers import CarriersResource as CarriersResource
from trackingmore_v2._sync.recorder import Recorder as Recorder
from trackingmore_v2._sync.shipping import ShippingResource as ShippingResource
from trackingmore_v2._sync.trackings import TrackingsResource as TrackingsResource
from trackingmore_v2._transport.response import Response as Response
from trackingmore_v2_api import Call as Call
from trackingmore_v2_api.options import (
    CreateTrackingItemDict as CreateTrackingItemDict,
    CreateTrackingRequestOptionsDict as CreateTrackingRequestOptionsDict,
    PlaceDict as PlaceDict,
    RealtimeQueryOptionsDict as RealtimeQueryOptionsDict,
    RouteDict as RouteDict,
    TrackingKeyDict as TrackingKeyDict,
    UpdateTrackingItemDict as UpdateTrackingItemDict,
    UpdateTrackingRequestOptionsDict as UpdateTrackingRequestOptionsDict,
)
