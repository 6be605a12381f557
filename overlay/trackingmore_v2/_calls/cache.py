"""Answers that may be kept, since they cost something and change seldom."""

from collections.abc import Hashable
from threading import Lock
from typing import Any, Final

from trackingmore_v2._transport.response import Response
from trackingmore_v2_api import Call

MAX_KEPT: Final = 1_000


class Cache:
    """
    Keeps the newest answers, as they came, so that nobody can change what another one gets.

    One lock guards it; threads and tasks may share it.
    """

    def __init__(self) -> None:
        self._kept: dict[Hashable, Response] = {}
        self._lock = Lock()

    def find(self, call: Call[Any]) -> Response | None:
        """Give the answer to the same call, if it was kept."""
        return self._kept.get(_question(call))

    def keep(self, call: Call[Any], response: Response) -> None:
        """Keep an answer, and let go of the oldest when there are too many."""
        with self._lock:
            self._kept[_question(call)] = response
            if len(self._kept) > MAX_KEPT:
                del self._kept[next(iter(self._kept))]


def _question(call: Call[Any]) -> Hashable:
    return call.operation.id, call.path, call.query, call.headers, call.body
