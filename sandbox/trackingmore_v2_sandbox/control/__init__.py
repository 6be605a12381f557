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

from .control import Control
from .methods import ClockMethods, Controlled, FaultMethods
from .models import InvalidInput, Seed, SeedParcel, Unknown
from .routes import BASE_PATH, control_routes

__all__ = [
    "BASE_PATH",
    "ClockMethods",
    "Control",
    "Controlled",
    "FaultMethods",
    "InvalidInput",
    "Seed",
    "SeedParcel",
    "Unknown",
    "control_routes",
]
