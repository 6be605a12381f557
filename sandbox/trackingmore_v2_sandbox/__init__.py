"""A sandbox that answers like the TrackingMore v2 API, offline."""

from .app import create_app
from .clock import Clock, SettableClock, SystemClock
from .server import API_KEY, Sandbox, SandboxError, serve
from .settings import Settings
from .store import SqliteStore, Store, StoreError

__all__ = [
    "API_KEY",
    "Clock",
    "Sandbox",
    "SandboxError",
    "SettableClock",
    "Settings",
    "SqliteStore",
    "Store",
    "StoreError",
    "SystemClock",
    "create_app",
    "serve",
]
