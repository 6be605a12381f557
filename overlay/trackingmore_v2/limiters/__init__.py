"""Rate limiters: how many requests a second clients send that share one."""

from trackingmore_v2.limiters.memory import Limiter

__all__ = ["Limiter"]
