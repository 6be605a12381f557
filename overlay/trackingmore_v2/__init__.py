"""A typed client for the TrackingMore API, version 2."""

from trackingmore_v2 import models, types
from trackingmore_v2._async.client import AsyncTrackingMore
from trackingmore_v2._async.lists import AsyncTrackingList
from trackingmore_v2._batch.items import (
    CreateItem,
    Keyed,
    KeyItem,
    PlaceItem,
    RouteItem,
    UpdateItem,
)
from trackingmore_v2._batch.results import (
    BatchInterrupted,
    BatchRejected,
    BatchReport,
    ItemResult,
    Outcome,
)
from trackingmore_v2._errors import (
    AccessDenied,
    ApiError,
    BatchTooLarge,
    BudgetExceeded,
    CarrierNotDetected,
    ConfigurationError,
    Conflict,
    ConnectionFailed,
    ContractBroken,
    DeadlineExceeded,
    InvalidCarrier,
    InvalidInput,
    InvalidKey,
    InvalidParameters,
    InvalidStatus,
    InvalidTrackingNumber,
    MethodNotAllowed,
    NoResult,
    NotASandbox,
    QuotaExhausted,
    RateLimited,
    ResponseTooLarge,
    RouteNotFound,
    ServerFailed,
    TimedOut,
    TrackingExists,
    TrackingMoreError,
    TrackingNotFound,
    TransportError,
)
from trackingmore_v2._sync.client import TrackingMore
from trackingmore_v2._sync.lists import TrackingList
from trackingmore_v2._transport.response import RawResponse
from trackingmore_v2._version import __version__
from trackingmore_v2.hooks import Hooks
from trackingmore_v2.limiters.memory import Limiter
from trackingmore_v2.quota import QuotaGuard
from trackingmore_v2.serialization import to_dict, to_json
from trackingmore_v2.timelines import air_waybill_timeline, timeline
from trackingmore_v2_api.options import (
    CreateTrackingItemDict,
    PlaceDict,
    RouteDict,
    TrackingKeyDict,
    UpdateTrackingItemDict,
)

__all__ = [
    "AccessDenied",
    "ApiError",
    "AsyncTrackingList",
    "AsyncTrackingMore",
    "BatchInterrupted",
    "BatchRejected",
    "BatchReport",
    "BatchTooLarge",
    "BudgetExceeded",
    "CarrierNotDetected",
    "ConfigurationError",
    "Conflict",
    "ConnectionFailed",
    "ContractBroken",
    "CreateItem",
    "CreateTrackingItemDict",
    "DeadlineExceeded",
    "Hooks",
    "InvalidCarrier",
    "InvalidInput",
    "InvalidKey",
    "InvalidParameters",
    "InvalidStatus",
    "InvalidTrackingNumber",
    "ItemResult",
    "KeyItem",
    "Keyed",
    "Limiter",
    "MethodNotAllowed",
    "NoResult",
    "NotASandbox",
    "Outcome",
    "PlaceDict",
    "PlaceItem",
    "QuotaExhausted",
    "QuotaGuard",
    "RateLimited",
    "RawResponse",
    "ResponseTooLarge",
    "RouteDict",
    "RouteItem",
    "RouteNotFound",
    "ServerFailed",
    "TimedOut",
    "TrackingExists",
    "TrackingKeyDict",
    "TrackingList",
    "TrackingMore",
    "TrackingMoreError",
    "TrackingNotFound",
    "TransportError",
    "UpdateItem",
    "UpdateTrackingItemDict",
    "__version__",
    "air_waybill_timeline",
    "models",
    "timeline",
    "to_dict",
    "to_json",
    "types",
]


def __dir__() -> list[str]:
    return __all__


for _value in tuple(globals().values()):
    # Tracebacks name the public place of an error, not the module that defines it.
    if isinstance(_value, type) and issubclass(_value, TrackingMoreError):
        _value.__module__ = __name__
