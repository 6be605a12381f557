"""Storage of the sandbox's state; other packages use only the interface `Store`."""

from trackingmore_v2_sandbox.store.factory import is_shared, open_store, without_password
from trackingmore_v2_sandbox.store.interface import Store, StoreError
from trackingmore_v2_sandbox.store.models import (
    AccountRecord,
    Corruption,
    DeliveryRecord,
    FaultPlanRecord,
    Standing,
    TrackingFilter,
    TrackingRecord,
    WebhookTarget,
)
from trackingmore_v2_sandbox.store.sqlite import SqliteStore

__all__ = [
    "AccountRecord",
    "Corruption",
    "DeliveryRecord",
    "FaultPlanRecord",
    "SqliteStore",
    "Standing",
    "Store",
    "StoreError",
    "TrackingFilter",
    "TrackingRecord",
    "WebhookTarget",
    "is_shared",
    "open_store",
    "without_password",
]
