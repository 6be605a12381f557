"""A sandbox that answers like the TrackingMore v2 API, offline."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .app import create_app
    from .clock import Clock, SettableClock, SystemClock, start_clock
    from .control import ClockMethods, FaultMethods
    from .faults import InstructionError, SocketNeeded
    from .foreground import serve
    from .pytest_plugin.receiver import WebhookReceiver
    from .pytest_plugin.tenant import Tenant
    from .server import API_KEY, Sandbox
    from .settings import Settings
    from .starting import SandboxError
    from .store import SqliteStore, Store, StoreError
else:
    # pytest imports this package in every run, for its plugin; a run without a sandbox stays light.
    _MODULES = {
        "API_KEY": ".server",
        "Clock": ".clock",
        "ClockMethods": ".control",
        "FaultMethods": ".control",
        "InstructionError": ".faults",
        "Sandbox": ".server",
        "SandboxError": ".starting",
        "SettableClock": ".clock",
        "Settings": ".settings",
        "SocketNeeded": ".faults",
        "SqliteStore": ".store",
        "Store": ".store",
        "StoreError": ".store",
        "SystemClock": ".clock",
        "Tenant": ".pytest_plugin.tenant",
        "WebhookReceiver": ".pytest_plugin.receiver",
        "create_app": ".app",
        "serve": ".foreground",
        "start_clock": ".clock",
    }

    def __getattr__(name: str) -> object:
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        found = getattr(import_module(_MODULES[name], __name__), name)
        globals()[name] = found
        return found


__all__ = [
    "API_KEY",
    "Clock",
    "ClockMethods",
    "FaultMethods",
    "InstructionError",
    "Sandbox",
    "SandboxError",
    "SettableClock",
    "Settings",
    "SocketNeeded",
    "SqliteStore",
    "Store",
    "StoreError",
    "SystemClock",
    "Tenant",
    "WebhookReceiver",
    "create_app",
    "serve",
    "start_clock",
]
