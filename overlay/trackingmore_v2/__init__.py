"""A typed client for the TrackingMore API, version 2."""

from trackingmore_v2 import _errors, models, types
from trackingmore_v2._async.changes import AsyncTrackingChanges
from trackingmore_v2._async.client import AsyncTrackingMore
from trackingmore_v2._async.lists import AsyncTrackingList
from trackingmore_v2._batch.lookups import GetOrCreateResult
from trackingmore_v2._batch.results import (
    BatchInterrupted,
    BatchRejected,
    BatchReport,
    ItemResult,
    Outcome,
    TrackingOutcome,
    TrackingReport,
)
from trackingmore_v2._batch.settlement import ChangeCarrierResult, DeleteResult
from trackingmore_v2._errors import *  # noqa: F403 - each of them is public
from trackingmore_v2._sync.changes import TrackingChanges
from trackingmore_v2._sync.client import TrackingMore
from trackingmore_v2._sync.lists import TrackingList
from trackingmore_v2._version import __version__
from trackingmore_v2.hooks import Hooks
from trackingmore_v2.limiters.memory import Limiter
from trackingmore_v2.models import AdoptedTracking
from trackingmore_v2.quota import QuotaGuard
from trackingmore_v2.rows import to_row
from trackingmore_v2.serialization import to_dict, to_json
from trackingmore_v2.timelines import air_waybill_timeline, timeline

__all__ = [
    "AdoptedTracking",
    "AsyncTrackingChanges",
    "AsyncTrackingList",
    "AsyncTrackingMore",
    "BatchInterrupted",
    "BatchRejected",
    "BatchReport",
    "ChangeCarrierResult",
    "DeleteResult",
    "GetOrCreateResult",
    "Hooks",
    "ItemResult",
    "Limiter",
    "Outcome",
    "QuotaGuard",
    "TrackingChanges",
    "TrackingList",
    "TrackingMore",
    "TrackingOutcome",
    "TrackingReport",
    "__version__",
    "air_waybill_timeline",
    "models",
    "timeline",
    "to_dict",
    "to_json",
    "to_row",
    "types",
]
__all__ += _errors.__all__


def __dir__() -> list[str]:
    return sorted(__all__)


for _value in tuple(globals().values()):
    # Tracebacks name the public place of an error, not the module that defines it.
    if isinstance(_value, type) and issubclass(_value, _errors.TrackingMoreError):
        _value.__module__ = __name__
