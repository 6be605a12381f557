"""
The admin API of a sandbox: clocks, faults, webhooks, accounts, request log, and snapshots.

    openapi.json     contract of the HTTP API under `/_sandbox`
    schemas.py       the same inputs and outputs as msgspec structs
    service.py       implementation of the operations, used by both interfaces
    serializers.py   conversion of stored records to the schemas
    timeline.py      past and future events of a tracking
    snapshots.py     snapshot, restore, reset, and seed of an account
    routes.py        HTTP interface
    python_api.py    Python interface: methods of `Sandbox`
"""

from trackingmore_v2_sandbox.admin.python_api import AdminApi, ClockMethods, FaultMethods
from trackingmore_v2_sandbox.admin.routes import BASE_PATH, admin_routes
from trackingmore_v2_sandbox.admin.schemas import (
    InvalidAdminInput,
    Seed,
    SeedTrackingInput,
    UnknownResource,
)
from trackingmore_v2_sandbox.admin.service import AdminService

__all__ = [
    "BASE_PATH",
    "AdminApi",
    "AdminService",
    "ClockMethods",
    "FaultMethods",
    "InvalidAdminInput",
    "Seed",
    "SeedTrackingInput",
    "UnknownResource",
    "admin_routes",
]
