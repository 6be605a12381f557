"""Where the sandbox keeps its state: `Store` is all that the rest of it knows."""

from trackingmore_v2_sandbox.store.factory import is_shared, open_store, without_password
from trackingmore_v2_sandbox.store.interface import Store, StoreError
from trackingmore_v2_sandbox.store.models import (
    Account,
    Corruption,
    Delivery,
    FaultPlan,
    Filters,
    Parcel,
    Standing,
    WebhookTarget,
)
from trackingmore_v2_sandbox.store.sqlite import SqliteStore

__all__ = [
    "Account",
    "Corruption",
    "Delivery",
    "FaultPlan",
    "Filters",
    "Parcel",
    "SqliteStore",
    "Standing",
    "Store",
    "StoreError",
    "WebhookTarget",
    "is_shared",
    "open_store",
    "without_password",
]
