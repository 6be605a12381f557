"""State that all calls of a client share."""

from collections.abc import Callable
from random import random

from msgspec import Struct
from msgspec.structs import replace

from trackingmore_v2._calls.cache import Cache
from trackingmore_v2._calls.clock import CallClock
from trackingmore_v2._calls.instrumentation import Observer
from trackingmore_v2._calls.sandbox_check import SandboxCheck
from trackingmore_v2._config import Config
from trackingmore_v2.hooks import Hooks
from trackingmore_v2.limiters.memory import Limiter
from trackingmore_v2.quota import QuotaGuard


class Context(Struct, frozen=True, kw_only=True):
    """State that every call of a client needs: settings, clock, limiter, cache and hooks."""

    config: Config
    observer: Observer
    guard: QuotaGuard | None = None
    cache: Cache | None = None
    limiter: Limiter | None = None
    sandbox_check: SandboxCheck | None = None
    """State of the check that the server is a sandbox; None unless `sandbox_only` is set."""

    clock: CallClock = CallClock()
    jitter: Callable[[], float] = random
    """Source of random numbers from 0 to 1, by which backoff delays are multiplied."""


def build_context(  # noqa: PLR0913 - each is a setting
    config: Config,
    limiter: Limiter | None,
    hooks: Hooks | None,
    guard: QuotaGuard | None,
    *,
    cache_carriers: bool,
    sandbox_only: bool = False,
) -> Context:
    """Build the context of a client; requests to a remote server are rate-limited by default."""
    return Context(
        config=config,
        observer=Observer(hooks or Hooks(), config),
        guard=guard,
        cache=Cache() if cache_carriers else None,
        limiter=limiter or (None if config.is_local else Limiter()),
        sandbox_check=SandboxCheck() if sandbox_only else None,
    )


def changed_context(
    context: Context,
    config: Config,
    limiter: Limiter | None,
    hooks: Hooks | None,
    guard: QuotaGuard | None,
) -> Context:
    """Return a copy of a context with new settings; an argument of `None` changes nothing."""
    return replace(
        context,
        config=config,
        observer=context.observer if hooks is None else Observer(hooks, config),
        guard=context.guard if guard is None else guard,
        limiter=context.limiter if limiter is None else limiter,
    )
