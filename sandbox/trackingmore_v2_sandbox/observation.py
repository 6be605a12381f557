"""
When the provider looks at the carriers, and what it knows since.

The background looks are not work that something has to do: they follow from the clock, so a parcel
read after a year is as up to date as one read every minute.
"""

from dataclasses import dataclass
from typing import Final

from .catalogue import CARRIERS, Carrier
from .scenarios import Journey, Sight, look, plan_journey
from .store import Parcel

_HOUR: Final = 3600
_FIRST_LOOK: Final = 60
"""Seconds after a parcel was registered. Assumed."""

_REFRESH: Final = {"express": 3 * _HOUR, "globalpost": 6 * _HOUR}
_SETTLED: Final = frozenset({"delivered", "expired"})


@dataclass(frozen=True, slots=True)
class Observation:
    """A parcel, as the provider knows it at a moment."""

    parcel: Parcel
    carrier: Carrier
    journey: Journey
    looked_at: int | None
    """When the carrier was last asked; None while pending."""

    sight: Sight

    @property
    def status(self) -> str:
        """The status, be it set by hand or seen."""
        return self.parcel.status or self.sight.status

    @property
    def substatus(self) -> str | None:
        """The detail of the status; a status set by hand has none (assumed)."""
        return None if self.parcel.status else self.sight.substatus

    @property
    def is_refreshed(self) -> bool:
        """Whether the provider still looks at the carrier by itself."""
        return self.parcel.stopped_at is None and self.status not in _SETTLED


def observe(parcel: Parcel, now: int) -> Observation:
    """See a parcel as the provider knows it now."""
    carrier = CARRIERS[parcel.carrier_code]
    journey = plan_journey(
        carrier, parcel.tracking_number, parcel.created_at, parcel.destination_code
    )
    looked_at = _last_look(parcel, carrier, journey, now)
    sight = Sight("pending", None) if looked_at is None else look(journey, looked_at)
    return Observation(parcel, carrier, journey, looked_at, sight)


def _last_look(parcel: Parcel, carrier: Carrier, journey: Journey, now: int) -> int | None:
    background = _last_background_look(parcel, carrier, journey, now)
    looks = [at for at in (background, parcel.looked_at) if at is not None]
    return max(looks, default=None)


def _last_background_look(
    parcel: Parcel, carrier: Carrier, journey: Journey, now: int
) -> int | None:
    horizon = now if parcel.stopped_at is None else min(now, parcel.stopped_at)
    first = parcel.created_at + _FIRST_LOOK
    if horizon < first:
        return None
    interval = _REFRESH[carrier.type]
    # Once a look has found the parcel settled, there is no further one.
    looks_until_settled = max(0, -((first - journey.settles_at) // interval))
    return first + min((horizon - first) // interval, looks_until_settled) * interval
