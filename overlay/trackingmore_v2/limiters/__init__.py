"""Rate limiters."""

from trackingmore_v2.limiters.memory import Limiter as Limiter
