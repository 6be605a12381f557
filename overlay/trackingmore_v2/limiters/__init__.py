"""
Rate limiters.

`Limiter` is for the clients of one process. `trackingmore_v2.limiters.sqlite` has one for the
processes of a host, and `trackingmore_v2.limiters.redis` and `trackingmore_v2.limiters.postgres`
have one each for any number of hosts.
"""

from trackingmore_v2.limiters.memory import Limiter
from trackingmore_v2.limiters.protocol import RateLimiter, Slot

__all__ = [
    "Limiter",
    "RateLimiter",
    "Slot",
]
