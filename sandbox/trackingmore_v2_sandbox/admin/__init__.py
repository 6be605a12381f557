"""
The control of a sandbox: its time, faults, webhooks and accounts, as its owner likes them.

    openapi.json   what can be asked for under `/_sandbox`
    models.py      the same as Python values
    control.py     what happens then
    answers.py     how records are told
    lives.py       the life of a parcel as one line of events
    routes.py      the control over HTTP
    methods.py     the control as methods of `Sandbox`
"""

from trackingmore_v2_sandbox.admin.python_api import AdminApi, ClockMethods, FaultMethods
from trackingmore_v2_sandbox.admin.routes import BASE_PATH, control_routes
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
    "control_routes",
]
