"""A budget for the calls that cost quota."""

from threading import Lock
from typing import Any, Final, Literal, TypeAlias

import msgspec

from trackingmore_v2._errors import (
    BudgetExceeded,
    NotASandbox,
    TrackingMoreError,
    TransportError,
    is_rejection,
)
from trackingmore_v2_api import Call

_Kind: TypeAlias = Literal["creates", "detects"]

_ITEMS: Final = msgspec.json.Decoder(list[msgspec.Raw])


class QuotaGuard:
    """
    Counts the trackings created and the carriers detected, and refuses what is over the budget.

    What is refused is not sent. One guard may be shared by several clients, threads and tasks.

        guard = QuotaGuard(max_creates=1_000, max_detects=0)
        client = TrackingMore(quota_guard=guard)

    A batch counts each of its items; it is sent whole or not at all. What certainly cost nothing is
    given back: a call that was not sent, or that the API refused as a whole. An item that the API
    refused within a batch still counts, so the guard may stop early but never late.
    `trackings.realtime` does not count, though the API may register a parcel that it did not know.

    Args:
        max_creates: Trackings that may be created. Default: any number.
        max_detects: Calls of `carriers.detect` that may be made; five cost as much as one tracking.
            Default: any number.
    """

    def __init__(self, *, max_creates: int | None = None, max_detects: int | None = None) -> None:
        self._limits: Final[dict[_Kind, int | None]] = {
            "creates": max_creates,
            "detects": max_detects,
        }
        self._used: Final[dict[_Kind, int]] = {"creates": 0, "detects": 0}
        self._lock: Final = Lock()

    @property
    def creates(self) -> int:
        """Trackings created so far."""
        return self._used["creates"]

    @property
    def detects(self) -> int:
        """Carriers detected so far."""
        return self._used["detects"]

    def spend(self, call: Call[Any]) -> None:
        """
        Count a call that is about to be sent.

        Args:
            call: The call.

        Raises:
            BudgetExceeded: It costs more than is left; nothing was counted.
        """
        kind = _kind(call)
        if kind is None:
            return
        cost, limit = _cost(call), self._limits[kind]
        with self._lock:
            used = self._used[kind]
            if limit is not None and used + cost > limit:
                raise BudgetExceeded(call.operation.id, kind, cost, max(0, limit - used))
            self._used[kind] = used + cost

    def give_back(self, call: Call[Any], error: TrackingMoreError) -> None:
        """
        Take back what a failed call was counted for, if it certainly cost nothing.

        Args:
            call: The call.
            error: How it failed.
        """
        kind = _kind(call)
        unsent = isinstance(error, TransportError | NotASandbox) and not error.in_doubt
        if kind is not None and (unsent or is_rejection(error)):
            with self._lock:
                self._used[kind] -= _cost(call)

    def __repr__(self) -> str:
        return f"QuotaGuard(creates={self.creates}, detects={self.detects})"


def _kind(call: Call[Any]) -> _Kind | None:
    if call.operation.retry == "create":
        return "creates"
    return "detects" if call.operation.id == "detectCarrier" else None


def _cost(call: Call[Any]) -> int:
    if call.operation.batch is None or call.body is None:
        return 1
    return len(_ITEMS.decode(call.body))
