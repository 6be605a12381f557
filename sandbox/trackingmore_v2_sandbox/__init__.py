"""An offline sandbox server for the TrackingMore v2 API."""

try:
    from trackingmore_v2_sandbox.admin.python_api import ClockMethods, FaultMethods
    from trackingmore_v2_sandbox.core.clock import Clock, SettableClock, SystemClock, start_clock
    from trackingmore_v2_sandbox.core.settings import Settings
    from trackingmore_v2_sandbox.faults.injector import SocketNeeded
    from trackingmore_v2_sandbox.faults.instructions import InstructionError
    from trackingmore_v2_sandbox.scenarios.carrier_list import CarrierList, read_carriers
    from trackingmore_v2_sandbox.server.app import create_app
    from trackingmore_v2_sandbox.server.embedded import API_KEY, Sandbox
    from trackingmore_v2_sandbox.server.run import serve
    from trackingmore_v2_sandbox.server.startup import SandboxError
    from trackingmore_v2_sandbox.store.sql import Store, StoreError
    from trackingmore_v2_sandbox.store.sqlite import SqliteStore
except ModuleNotFoundError as missing:
    package = (missing.name or "a package").partition(".")[0]
    raise ModuleNotFoundError(
        f"{package} is not installed; run: python3 -m pip install 'trackingmore-v2[sandbox]'",
        name=package,
    ) from None

__all__ = [
    "API_KEY",
    "CarrierList",
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
    "create_app",
    "read_carriers",
    "serve",
    "start_clock",
]


def __dir__() -> list[str]:
    return __all__
