"""A model of an account: a dictionary of trackings, and the time."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from trackingmore_v2 import models

HOUR: Final = 3600
JOURNEYS: Final = {
    "SANDBOX-PENDING-2H-TRANSIT-1D-DELIVERED": ((0, "pending"), (2, "transit"), (26, "delivered")),
    "SANDBOX-TRANSIT-3H-EXCEPTION": ((0, "transit"), (3, "exception")),
}
"""Statuses of tracking numbers, with hours since the creation."""

SET_STATUSES: Final = {
    models.SettableStatus.DELIVERED: "delivered",
    models.SettableStatus.EXCEPTION: "exception",
    models.SettableStatus.ORIGINAL: None,
}
TEXTS: Final = ("title", "order_id", "customer_name", "comment")


class Pair(NamedTuple):
    """The identity of a tracking."""

    carrier_code: str
    tracking_number: str


@dataclass
class ModelTracking:
    """A tracking, as created and updated."""

    pair: Pair
    created_at: int
    details: dict[str, Any]
    set_status: str | None = None
    stopped_at: int | None = None
    polled_at: int = 0
    """When a realtime request polled the carrier."""

    def status(self, now: int) -> str:
        """Return the visible status: that of the last poll, or the one that was set."""
        last_poll = max(now if self.stopped_at is None else self.stopped_at, self.polled_at)
        return self.set_status or self.carrier_status(last_poll)

    def carrier_status(self, moment: int) -> str:
        """Return the status that the carrier reports at a moment."""
        age = (moment - self.created_at) // HOUR
        journey = JOURNEYS[self.pair.tracking_number]
        return [status for since, status in journey if since <= age][-1]

    def update(self, changes: dict[str, Any]) -> None:
        """Update details; an empty text clears one."""
        if "status" in changes:
            self.set_status = SET_STATUSES[changes["status"]]
        self.details |= {name: changes[name] for name in changes if name != "status"}

    def view(self, now: int) -> dict[str, Any]:
        """Return what a response contains of it."""
        return {
            **self.pair._asdict(),
            **{name: self.details.get(name) or None for name in TEXTS},
            "archived": self.details.get("archived", False),
            "status": self.status(now),
        }


@dataclass
class ModelAccount:
    """The trackings of an account in the order of their creation, and the used quota."""

    now: int
    trackings: dict[Pair, ModelTracking] = field(default_factory=dict)
    charged: set[Pair] = field(default_factory=set)
    """Pairs that cost nothing when they are created the next time."""

    used: int = 0

    def add(self, pair: Pair, details: dict[str, Any]) -> None:
        """Create a tracking."""
        self.trackings[pair] = ModelTracking(pair, self.now, dict(details))
        self.used += pair not in self.charged
        self.charged.add(pair)

    def move(self, pair: Pair, to: Pair) -> None:
        """Change the carrier of a tracking, which is free, and forget its realtime polls."""
        moved = self.trackings[pair]
        moved.pair, moved.polled_at = to, 0
        self.trackings = {tracking.pair: tracking for tracking in self.trackings.values()}
        self.charged.add(to)

    def stop(self, pair: Pair) -> None:
        """Stop updates of a tracking."""
        tracking = self.trackings[pair]
        tracking.stopped_at = self.now if tracking.stopped_at is None else tracking.stopped_at

    def views(self) -> Iterator[dict[str, Any]]:
        """Yield the trackings, the last created first."""
        return (tracking.view(self.now) for tracking in reversed(self.trackings.values()))

    def find(self, **wanted: Any) -> list[dict[str, Any]]:
        """Return the trackings that pass filters."""
        return [it for it in self.views() if all(it[name] in wanted[name] for name in wanted)]

    def counts(self) -> Counter[str]:
        """Return the number of trackings of each status."""
        return Counter(view["status"] for view in self.views())
