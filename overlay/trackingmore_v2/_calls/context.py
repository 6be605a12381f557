"""State that all calls of a client share."""

from collections.abc import Callable
from random import random
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from trackingmore_v2._calls.cache import Cache
from trackingmore_v2._calls.clock import CallClock
from trackingmore_v2._calls.instrumentation import Observer
from trackingmore_v2._calls.retry_quota import RetryQuota
from trackingmore_v2._config import Config, checked_flag, checked_option
from trackingmore_v2.hooks import Hooks
from trackingmore_v2.limiters.memory import Limiter
from trackingmore_v2.limiters.protocol import RateLimiter
from trackingmore_v2.quota import QuotaGuard


class Context(Struct, frozen=True, kw_only=True):
    """State that every call of a client needs: settings, clock, limiter, quotas, cache, hooks."""

    config: Config
    observer: Observer
    guard: QuotaGuard | None = None
    cache: Cache | None = None
    limiter: RateLimiter | None = None
    retry_quota: RetryQuota = field(default_factory=RetryQuota)

    clock: CallClock = CallClock()
    jitter: Callable[[], float] = random
    """Source of random numbers from 0 to 1, by which backoff delays are multiplied."""


def build_context(config: Config, *, cache_carriers: object, **shared: Any) -> Context:  # noqa: ANN401 - as in `changed_context()`
    """
    Build the state of a new client from its arguments.

    Raises:
        ConfigurationError: An argument is of a wrong type.
    """
    default = Context(
        config=config,
        observer=Observer(Hooks(), config),
        cache=Cache() if checked_flag("cache_carriers", cache_carriers) else None,
        limiter=default_limiter(config),
    )
    return changed_context(default, config, **shared)


def changed_context(
    old: Context,
    config: Config,
    *,
    hooks: Hooks | None,
    limiter: RateLimiter | None,
    guard: QuotaGuard | None,
) -> Context:
    """
    Return a copy of the state with new values; an argument of `None` changes nothing.

    Raises:
        ConfigurationError: An argument is of a wrong type.
    """
    hooks = checked_option("hooks", hooks, Hooks)
    return replace(
        old,
        config=config,
        observer=Observer(hooks or old.observer.hooks, config),
        guard=checked_option("quota_guard", guard, QuotaGuard) or old.guard,
        limiter=checked_option("limiter", limiter, RateLimiter) or old.limiter,
    )


def default_limiter(config: Config) -> Limiter | None:
    """Return a limiter with the contract's rates; None for a sandbox."""
    # The documented rates are the live API's; tests against a sandbox would only wait.
    return None if config.is_local or config.sandbox_only else Limiter()
