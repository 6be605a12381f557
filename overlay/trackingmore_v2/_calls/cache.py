"""Cache for responses that cost quota or rarely change."""

from collections.abc import Hashable
from typing import Any, Final

from trackingmore_v2._forks import ForkSafeLock
from trackingmore_v2._transport.response import Response
from trackingmore_v2_api import Call

MAX_ENTRIES: Final = 1_000


class Cache:
    """
    A bounded first-in, first-out cache of responses, shared between threads and tasks.

    It holds the raw responses: each hit is parsed anew, so no caller shares mutable objects with
    another one.
    """

    def __init__(self) -> None:
        self._responses: dict[Hashable, Response] = {}
        self._lock = ForkSafeLock()

    def get(self, call: Call[Any]) -> Response | None:
        """Return the stored response to an equal call, or None."""
        # Without the lock: a lookup in a dict is atomic.
        return self._responses.get(_key(call))

    def put(self, call: Call[Any], response: Response) -> None:
        """Store a response, and evict the oldest entry if there are too many."""
        with self._lock:
            self._responses[_key(call)] = response
            if len(self._responses) > MAX_ENTRIES:
                # A dict iterates in insertion order.
                del self._responses[next(iter(self._responses))]


def _key(call: Call[Any]) -> Hashable:
    # Includes the language, so clients with different ones can share a cache.
    return call.operation.id, call.path, call.query, call.headers, call.body
