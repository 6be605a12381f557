"""A parcel's journey, and the carrier's report on it at a given time."""

from bisect import bisect_right
from operator import attrgetter
from typing import Final

from msgspec import Struct

from trackingmore_v2_sandbox.scenarios.reference_data import CarrierInfo, Country

HOUR: Final = 3600
DAY: Final = 24 * HOUR
_DAYS_TO_EXPIRY: Final = {"express": 30, "globalpost": 60}


class JourneyCheckpoint(Struct, frozen=True, kw_only=True, gc=False):
    """A checkpoint that a carrier reports."""

    at: int
    """Time, Unix seconds."""

    country: Country
    city: str
    text: str
    status: str
    substatus: str | None
    milestone: str | None
    in_destination: bool

    @property
    def local(self) -> int:
        """Local time of the checkpoint: Unix seconds plus the country's UTC offset."""
        return self.at + round(self.country.utc_offset * HOUR)


class State(Struct, frozen=True, gc=False):
    """A parcel's status from a given time on."""

    at: int
    """Time, Unix seconds."""

    status: str
    substatus: str | None


class Journey(Struct, frozen=True, kw_only=True, gc=False):
    """All checkpoints and states of a parcel, past and future. Times are Unix seconds."""

    origin: Country
    destination: Country
    destination_carrier: str | None
    """Code of the carrier in the destination country; None without a second leg."""

    checkpoints: tuple[JourneyCheckpoint, ...]
    """Checkpoints, oldest first."""

    states: tuple[State, ...]
    """States, oldest first; before the first one the carrier has no information."""

    expires_at: int
    """When a generated journey without a final status expires."""

    settles_at: int
    """When the last change happens."""

    poll_times: tuple[int, ...] | None = None
    """
    Times at which the provider polls the carrier in addition to its regular schedule, oldest first.

    The schedule starts at the first of them. Default: None, only the regular schedule.
    """


class CarrierReport(Struct, frozen=True, gc=False):
    """The response of a carrier to a status query."""

    status: str
    substatus: str | None
    checkpoints: tuple[JourneyCheckpoint, ...] = ()
    """Checkpoints, oldest first."""


_NO_INFORMATION: Final = State(0, "notfound", "notfound002")
_time_of: Final = attrgetter("at")


def report_at(journey: Journey, at: int) -> CarrierReport:
    """Return the carrier's report on a parcel at a given time, in Unix seconds."""
    # A state counts from its own second on.
    passed = bisect_right(journey.states, at, key=_time_of)
    state = journey.states[passed - 1] if passed else _NO_INFORMATION
    known = bisect_right(journey.checkpoints, at, key=_time_of)
    return CarrierReport(state.status, state.substatus, journey.checkpoints[:known])


def expiry(carrier: CarrierInfo, created_at: int) -> int:
    """
    Return when a parcel without a final status expires, in Unix seconds.

    Assumed: the days count from the creation of the tracking.
    """
    return created_at + _DAYS_TO_EXPIRY[carrier.type] * DAY
