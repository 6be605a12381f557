"""The slots of one operation of one account, by any clock. Nothing here does I/O."""

from heapq import heappop, heappush
from typing import Any, Final

from msgspec import Struct, field

from trackingmore_v2_api import Operation

MARGIN: Final = 0.04
"""Share by which slots are further apart than the limit requires."""

TOLERANCE: Final = 0.03
"""
Seconds by which a slot may be used late.

That is less than the margin of a second, so that the requests of no second exceed the limit,
although some milliseconds pass until a request is sent.
"""


class Schedule(Struct):
    """The slots that are still free."""

    free_at: float
    """All slots from this time on are free."""

    released: list[float] = field(default_factory=list[float])
    """Free slots before that time, as a heap."""

    def reserve(
        self, now: float, interval: float, blocked_until: float, latest: float | None
    ) -> float | None:
        """Reserve the next free slot, and return its time; None if it is later than `latest`."""
        earliest = max(now, blocked_until)
        while self.released and self.released[0] < earliest:
            heappop(self.released)
        slot = self.released[0] if self.released else max(earliest, self.free_at)
        if latest is not None and slot > latest:
            return None
        if self.released:
            heappop(self.released)
        else:
            self.free_at = slot + interval
        return slot

    def release(self, slot: float) -> None:
        """Add a reserved slot to the free ones."""
        heappush(self.released, slot)


def is_usable(slot: float, now: float, blocked_until: float, tolerance: float) -> bool:
    """Return whether a slot that was waited for may be used now."""
    # Callers that were stopped would otherwise all send at once when they continue.
    return slot >= max(blocked_until, now - tolerance)


def interval_of(operation: Operation[Any], per_second: float | None) -> float:
    """Return the seconds between two slots: by a rate, or else by the contract's rate limit."""
    if per_second is not None:
        return (1 + MARGIN) / per_second
    limit = operation.rate_limit
    return (1 + MARGIN) * limit.seconds / limit.requests if limit else 0.0
