"""Budget for the calls that cost quota."""

from typing import Any, Final, Literal, TypeAlias

import msgspec

from trackingmore_v2._config import checked_integer
from trackingmore_v2._errors import BudgetExceeded
from trackingmore_v2._forks import ForkSafeLock
from trackingmore_v2_api import Call
from trackingmore_v2_api.operations.carriers import detect_carrier

_Kind: TypeAlias = Literal["creates", "detects"]

_ITEMS: Final = msgspec.json.Decoder(list[msgspec.Raw])


class QuotaGuard:
    """
    A budget of created trackings and carrier detections.

    A call that would exceed it raises `BudgetExceeded` before it is sent. Clients, threads and
    tasks may share one guard.

        guard = QuotaGuard(max_creates=1_000, max_detects=0)
        client = TrackingMore(quota_guard=guard)

    Each item of a batch counts, and a batch is sent as a whole or not at all. A call that certainly
    cost nothing is refunded: it was not sent, or the API rejected it as a whole. An item that the
    API rejected within a batch still counts, so the guard may stop early but never late.
    `trackings.realtime` does not count, although the API may register an unknown tracking.

    Args:
        max_creates: Maximum number of created trackings. Default: no limit.
        max_detects: Maximum number of calls of `carriers.detect`; five of them cost as much as one
            tracking. Default: no limit.

    Raises:
        ConfigurationError: A maximum is not an integer of at least 0.
    """

    def __init__(self, *, max_creates: int | None = None, max_detects: int | None = None) -> None:
        self._limits: Final[dict[_Kind, int | None]] = {
            "creates": _checked("max_creates", max_creates),
            "detects": _checked("max_detects", max_detects),
        }
        self._used: Final[dict[_Kind, int]] = {"creates": 0, "detects": 0}
        self._lock: Final = ForkSafeLock()

    @property
    def creates(self) -> int:
        """Number of trackings created so far."""
        return self._used["creates"]

    @property
    def detects(self) -> int:
        """Number of carrier detections so far."""
        return self._used["detects"]

    def spend(self, call: Call[Any]) -> None:
        """
        Count a call that is about to be sent.

        Args:
            call: The call.

        Raises:
            BudgetExceeded: The call costs more than is left; nothing was counted.
        """
        kind = _kind(call)
        if kind is None:
            return
        cost, limit = _cost(call), self._limits[kind]
        with self._lock:
            # Compared and counted under one lock, or two threads could both take what is left.
            used = self._used[kind]
            if limit is not None and used + cost > limit:
                raise BudgetExceeded(call.operation.id, kind, cost, max(0, limit - used))
            self._used[kind] = used + cost

    def give_back(self, call: Call[Any]) -> None:
        """
        Refund a call that certainly cost nothing.

        Args:
            call: The call.
        """
        kind = _kind(call)
        if kind is not None:
            with self._lock:
                self._used[kind] -= _cost(call)

    def __repr__(self) -> str:
        return f"QuotaGuard(creates={self.creates}, detects={self.detects})"


def _checked(name: str, maximum: object) -> int | None:
    return None if maximum is None else checked_integer(name, maximum)


def _kind(call: Call[Any]) -> _Kind | None:
    if call.operation.retry == "create":
        return "creates"
    return "detects" if call.operation is detect_carrier.OPERATION else None


def _cost(call: Call[Any]) -> int:
    if call.operation.batch is None or call.body is None:
        return 1
    return len(_ITEMS.decode(call.body))
