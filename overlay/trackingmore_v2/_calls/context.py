"""State that all calls of a client share."""

from collections.abc import Callable
from random import random

from msgspec import Struct

from trackingmore_v2._calls.cache import Cache
from trackingmore_v2._calls.clock import CallClock
from trackingmore_v2._calls.instrumentation import Observer
from trackingmore_v2._config import Config
from trackingmore_v2.limiters.memory import Limiter
from trackingmore_v2.quota import QuotaGuard


class Context(Struct, frozen=True, kw_only=True):
    """State that every call of a client needs: settings, clock, limiter, cache and hooks."""

    config: Config
    observer: Observer
    guard: QuotaGuard | None = None
    cache: Cache | None = None
    limiter: Limiter | None = None

    clock: CallClock = CallClock()
    jitter: Callable[[], float] = random
    """Source of random numbers from 0 to 1, by which backoff delays are multiplied."""


def default_limiter(config: Config) -> Limiter | None:
    """Return a limiter with the contract's rates; None for a server on this machine."""
    # The documented rates are the live API's; tests against a sandbox would only wait.
    return None if config.is_local else Limiter()
