"""What happens to a parcel, and what a look at its carrier shows of it."""

from bisect import bisect_right
from operator import attrgetter
from typing import Final

from msgspec import Struct

from trackingmore_v2_sandbox.scenarios.reference_data import CarrierInfo, Country

HOUR: Final = 3600
DAY: Final = 24 * HOUR
_DAYS_TO_EXPIRY: Final = {"express": 30, "globalpost": 60}


class JourneyCheckpoint(Struct, frozen=True, kw_only=True):
    """One piece of news from a carrier."""

    at: int
    """Unix seconds."""

    country: Country
    city: str
    text: str
    status: str
    substatus: str | None
    milestone: str | None
    in_destination: bool

    @property
    def local(self) -> int:
        """The time on the wall where it happened, counted like Unix seconds."""
        return self.at + round(self.country.utc_offset * HOUR)


class State(Struct, frozen=True):
    """Where a parcel stands from a moment on."""

    at: int
    """Unix seconds."""

    status: str
    substatus: str | None


class Journey(Struct, frozen=True, kw_only=True):
    """Everything that ever happens to a parcel, known from the start."""

    origin: Country
    destination: Country
    destination_carrier: str | None
    """Code of the carrier that takes over abroad."""

    checkpoints: tuple[JourneyCheckpoint, ...]
    """Oldest first."""

    states: tuple[State, ...]
    """Oldest first; before the first one nothing is known."""

    expires_at: int
    settles_at: int
    """From when on nothing can change any more."""

    looks: tuple[int, ...] | None = None
    """
    When the provider certainly looks by itself, oldest first, and not before the first one; None
    leaves it to its rounds.
    """


class CarrierReport(Struct, frozen=True):
    """What a look at the carrier shows."""

    status: str
    substatus: str | None
    checkpoints: tuple[JourneyCheckpoint, ...] = ()
    """Oldest first."""


_NOTHING_YET: Final = State(0, "notfound", "notfound002")
_moment: Final = attrgetter("at")


def look(journey: Journey, at: int) -> CarrierReport:
    """See what a carrier shows of a parcel at a moment."""
    passed = bisect_right(journey.states, at, key=_moment)
    state = journey.states[passed - 1] if passed else _NOTHING_YET
    known = bisect_right(journey.checkpoints, at, key=_moment)
    return CarrierReport(state.status, state.substatus, journey.checkpoints[:known])


def expiry(carrier: CarrierInfo, created_at: int) -> int:
    """
    Tell when a parcel without an end expires.

    Assumed: the days count from its registration.
    """
    return created_at + _DAYS_TO_EXPIRY[carrier.type] * DAY
