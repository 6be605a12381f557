"""What an account is, in as few words as possible: a dictionary of parcels, and the time."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from trackingmore_v2 import models

HOUR: Final = 3600
LIVES: Final = {
    "SANDBOX-PENDING-2H-TRANSIT-1D-DELIVERED": ((0, "pending"), (2, "transit"), (26, "delivered")),
    "SANDBOX-TRANSIT-3H-EXCEPTION": ((0, "transit"), (3, "exception")),
}
"""What the numbers say, by hours since the registration."""

BY_HAND: Final = {
    models.SettableStatus.DELIVERED: "delivered",
    models.SettableStatus.EXCEPTION: "exception",
    models.SettableStatus.ORIGINAL: None,
}


class Pair(NamedTuple):
    """What a parcel is known by."""

    carrier_code: str
    tracking_number: str


@dataclass
class Parcel:
    """What was told about a parcel, and done to it."""

    pair: Pair
    created_at: int
    details: dict[str, Any]
    by_hand: str | None = None
    stopped_at: int | None = None
    looked_at: int = 0
    """When it was looked at on demand."""

    def status(self, now: int) -> str:
        """Return what is seen at a moment: what the last look showed, or what was set by hand."""
        look = max(now if self.stopped_at is None else self.stopped_at, self.looked_at)
        return self.by_hand or self.life(look)

    def life(self, moment: int) -> str:
        """Return what is true at a moment."""
        age = (moment - self.created_at) // HOUR
        return [status for since, status in LIVES[self.pair.tracking_number] if since <= age][-1]

    def change(self, changes: dict[str, Any]) -> None:
        """Change details; an empty text clears one."""
        if "status" in changes:
            self.by_hand = BY_HAND[changes["status"]]
        self.details |= {name: changes[name] for name in changes if name != "status"}

    def told(self, now: int) -> dict[str, Any]:
        """Return what is to be read of it."""
        texts = {name: self.details.get(name) or None for name in TEXTS}
        return {
            **self.pair._asdict(),
            **texts,
            "archived": self.details.get("archived", False),
            "status": self.status(now),
        }


TEXTS: Final = ("title", "order_id", "customer_name", "comment")


@dataclass
class Account:
    """The parcels of an account, the ones added first first, and what was paid for."""

    now: int
    parcels: dict[Pair, Parcel] = field(default_factory=dict)
    paid: set[Pair] = field(default_factory=set)
    """Pairs that cost nothing any more."""

    used: int = 0

    def add(self, pair: Pair, details: dict[str, Any]) -> None:
        """Follow a parcel that is not followed."""
        self.parcels[pair] = Parcel(pair, self.now, dict(details))
        self.used += pair not in self.paid
        self.paid.add(pair)

    def move(self, pair: Pair, to: Pair) -> None:
        """Return a parcel another carrier, which was never asked on demand; that is free."""
        moved = self.parcels[pair]
        moved.pair, moved.looked_at = to, 0
        self.parcels = {parcel.pair: parcel for parcel in self.parcels.values()}
        self.paid.add(to)

    def stop(self, pair: Pair) -> None:
        """Refresh a parcel no more."""
        parcel = self.parcels[pair]
        parcel.stopped_at = self.now if parcel.stopped_at is None else parcel.stopped_at

    def found(self, **wanted: Any) -> list[dict[str, Any]]:
        """Return the parcels that are to be listed, the ones added last first."""
        return [told for told in self._told() if all(told[name] in wanted[name] for name in wanted)]

    def counts(self) -> Counter[str]:
        """Count by status."""
        return Counter(told["status"] for told in self._told())

    def _told(self) -> Iterator[dict[str, Any]]:
        return (parcel.told(self.now) for parcel in reversed(self.parcels.values()))
