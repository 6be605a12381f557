"""Airlines, airports, and the distances between airports."""

from functools import cache
from math import acos, cos, radians, sin
from typing import Final

from msgspec import Struct

from trackingmore_v2_sandbox.scenarios.reference_data import read_table

_EARTH_RADIUS: Final = 6371


class AirlineInfo(Struct, frozen=True):
    """An airline that carries cargo."""

    prefix: str
    """First three digits of its air waybill numbers."""

    name: str
    code: str
    """First two characters of its flight numbers."""

    hub: str
    """IATA code of its main airport."""


class Airport(Struct, frozen=True):
    """An airport."""

    code: str
    """Three-letter IATA code."""

    utc_offset: float
    """Standard time offset in hours; daylight saving time is ignored."""

    latitude: float
    longitude: float


AIRLINES: Final = read_table("airlines.json", tuple[AirlineInfo, ...], "prefix")
AIRPORTS: Final = read_table("airports.json", tuple[Airport, ...], "code")


def airline_of(number: str) -> AirlineInfo | None:
    """Return the airline of an air waybill number; None if its prefix is unknown."""
    return AIRLINES.get(number[:3])


@cache
def kilometres(one: str, other: str) -> int:
    """Return the great-circle distance between two airports."""
    first, second = AIRPORTS[one], AIRPORTS[other]
    latitude, other_latitude = radians(first.latitude), radians(second.latitude)
    longitude_difference = radians(first.longitude - second.longitude)
    cosine = sin(latitude) * sin(other_latitude) + cos(latitude) * cos(other_latitude) * cos(
        longitude_difference
    )
    # Rounding can put the cosine of a distance of 0 slightly above 1.
    return round(_EARTH_RADIUS * acos(min(1.0, cosine)))
