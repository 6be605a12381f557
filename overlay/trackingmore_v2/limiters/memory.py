"""
Pacing: how many requests a second are sent, by everybody who shares a limiter.

    limiter = Limiter()
    first = TrackingMore(limiter=limiter)
    second = TrackingMore(limiter=limiter)

A client of the live API has one of its own unless it is given one; a client of a server on this
machine, such as the sandbox, has none. The limiter lives in this process: workers in other
processes that use the same key know nothing of it.
"""

from threading import Lock
from typing import Any, Final

from trackingmore_v2._config import checked_positive
from trackingmore_v2_api import Operation


class Limiter:
    """
    Gives each request its turn, evenly spaced, operation by operation as the API counts them.

    Threads and tasks may share it. When the API answers that there were too many requests, nothing
    is sent by anybody who shares it until the pause that the API wants is over.

    Args:
        per_second: Requests a second of each operation, where your plan allows another number.
            Default: what the contract documents, mostly one.

    Raises:
        ConfigurationError: That is no finite number greater than 0.
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
        Take the next free turn of an operation.

        Args:
            operation: What is to be called.
            earliest: When it could be sent at the earliest; moments are seconds of any clock that
                all who share the limiter read.
            latest: When it would be too late, in the same seconds. Default: never.

        Returns:
            The moment to send it; None when that would be too late, and no turn was taken.
        """
        with self._lock:
            turn = max(earliest, self._free_at.get(operation.id, earliest), self._blocked_until)
            if latest is not None and turn > latest:
                return None
            self._free_at[operation.id] = turn + self._interval(operation)
            return turn

    def pause(self, deadline: float) -> None:
        """
        Let nothing be sent until a moment.

        Args:
            deadline: That moment, in the seconds that `reserve()` counts in.
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
