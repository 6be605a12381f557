"""A sandbox that answers like the TrackingMore v2 API, offline."""

from .app import create_app
from .clock import Clock, SettableClock, SystemClock, start_clock
from .faults import InstructionError, SocketNeeded
from .foreground import serve
from .server import API_KEY, Sandbox
from .settings import Settings
from .starting import SandboxError
from .store import SqliteStore, Store, StoreError

__all__ = [
    "API_KEY",
    "Clock",
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
    "create_app",
    "serve",
    "start_clock",
]
