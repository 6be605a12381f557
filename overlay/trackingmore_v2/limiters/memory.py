"""
Rate limiter for the clients of one process.

    limiter = Limiter()
    first = TrackingMore(limiter=limiter)
    second = TrackingMore(limiter=limiter)

A client of the live API has a limiter of its own by default; a client of a server on this machine,
such as the sandbox, has none. A limiter is not shared between processes: workers in other processes
that use the same key are not limited by it.
"""

from threading import Lock
from typing import Any, Final

from trackingmore_v2._config import checked_positive
from trackingmore_v2_api import Operation


class Limiter:
    """
    A rate limiter that spaces the requests of each operation evenly.

    The API counts requests per operation, and so does the limiter. Threads and tasks may share one.
    After a rate-limit response, no client that shares the limiter sends anything until the delay
    that the API requests is over.

    Args:
        per_second: Maximum number of requests per second for each operation. Default: the limit in
            the contract, one request per second for most operations.

    Raises:
        ConfigurationError: `per_second` is not a finite number greater than 0.
    """

    def __init__(self, per_second: float | None = None) -> None:
        self._per_second = (
            None if per_second is None else checked_positive("per_second", per_second)
        )
        self._free_at: Final[dict[str, float]] = {}
        """By operation: when the next request may be sent."""

        self._blocked_until = 0.0
        self._lock: Final = Lock()

    def reserve(
        self, operation: Operation[Any], earliest: float, latest: float | None = None
    ) -> float | None:
        """
        Reserve the next free slot of an operation.

        Args:
            operation: The operation to be called.
            earliest: The earliest time of the slot, in seconds of any clock that all users of the
                limiter share.
            latest: The latest time of the slot, in seconds of the same clock. Default: no limit.

        Returns:
            The time of the slot; None if it would be later than `latest`, and nothing is reserved.
        """
        with self._lock:
            slot = max(earliest, self._free_at.get(operation.id, earliest), self._blocked_until)
            if latest is not None and slot > latest:
                return None
            # Reserved before the wait, so that callers that wait together get different slots.
            self._free_at[operation.id] = slot + self._interval(operation)
            return slot

    def block_until(self, deadline: float) -> None:
        """
        Reserve no slot before a given time, for any operation.

        Args:
            deadline: The time, in seconds of the clock that `reserve()` uses. An earlier time than
                that of a previous call has no effect.
        """
        with self._lock:
            self._blocked_until = max(self._blocked_until, deadline)

    def __repr__(self) -> str:
        return f"Limiter(per_second={self._per_second!r})"

    def _interval(self, operation: Operation[Any]) -> float:
        if self._per_second is not None:
            return 1 / self._per_second
        limit = operation.rate_limit
        return limit.seconds / limit.requests if limit else 0.0
