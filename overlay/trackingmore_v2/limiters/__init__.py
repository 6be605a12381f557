"""Rate limiters."""

from trackingmore_v2.limiters.memory import Limiter

__all__ = [
    "Limiter",
]
