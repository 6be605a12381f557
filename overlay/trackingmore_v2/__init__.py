"""A typed client for the TrackingMore API, version 2."""

from trackingmore_v2 import models as models, types as types
from trackingmore_v2._async.client import AsyncTrackingMore as AsyncTrackingMore
from trackingmore_v2._async.lists import AsyncTrackingList as AsyncTrackingList
from trackingmore_v2._batch.results import (
    BatchInterrupted as BatchInterrupted,
    BatchRejected as BatchRejected,
    BatchReport as BatchReport,
    ItemResult as ItemResult,
    Outcome as Outcome,
)
from trackingmore_v2._errors import (
    AccessDenied as AccessDenied,
    ApiError as ApiError,
    BatchTooLarge as BatchTooLarge,
    BudgetExceeded as BudgetExceeded,
    CarrierNotDetected as CarrierNotDetected,
    ConfigurationError as ConfigurationError,
    Conflict as Conflict,
    ConnectionFailed as ConnectionFailed,
    ContractBroken as ContractBroken,
    DeadlineExceeded as DeadlineExceeded,
    InvalidCarrier as InvalidCarrier,
    InvalidInput as InvalidInput,
    InvalidKey as InvalidKey,
    InvalidParameters as InvalidParameters,
    InvalidStatus as InvalidStatus,
    InvalidTrackingNumber as InvalidTrackingNumber,
    MethodNotAllowed as MethodNotAllowed,
    NoResult as NoResult,
    NotASandbox as NotASandbox,
    QuotaExhausted as QuotaExhausted,
    RateLimited as RateLimited,
    ResponseTooLarge as ResponseTooLarge,
    RouteNotFound as RouteNotFound,
    ServerFailed as ServerFailed,
    TimedOut as TimedOut,
    TrackingExists as TrackingExists,
    TrackingMoreError as TrackingMoreError,
    TrackingNotFound as TrackingNotFound,
    TransportError as TransportError,
)
from trackingmore_v2._sync.client import TrackingMore as TrackingMore
from trackingmore_v2._sync.lists import TrackingList as TrackingList
from trackingmore_v2._version import __version__ as __version__
from trackingmore_v2.hooks import Hooks as Hooks
from trackingmore_v2.limiters.memory import Limiter as Limiter
from trackingmore_v2.quota import QuotaGuard as QuotaGuard
from trackingmore_v2.serialization import to_dict as to_dict, to_json as to_json
from trackingmore_v2.timelines import (
    air_waybill_timeline as air_waybill_timeline,
    timeline as timeline,
)


def __dir__() -> list[str]:
    return [name for name in globals() if not name.startswith("_")]


for _value in tuple(globals().values()):
    # Tracebacks name the public place of an error, not the module that defines it.
    if isinstance(_value, type) and issubclass(_value, TrackingMoreError):
        _value.__module__ = __name__
