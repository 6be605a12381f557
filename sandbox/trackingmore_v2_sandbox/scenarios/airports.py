"""Airlines, airports, and how far these lie apart."""

from collections.abc import Mapping
from functools import cache
from math import acos, cos, radians, sin
from types import MappingProxyType
from typing import Final

from msgspec import Struct

from trackingmore_v2_sandbox.scenarios.reference_data import read_data

_EARTH_RADIUS: Final = 6371


class AirlineInfo(Struct, frozen=True):
    """An airline that carries cargo."""

    prefix: str
    """Three digits that its air waybill numbers begin with."""

    name: str
    code: str
    """Two characters that its flight numbers begin with."""

    hub: str
    """Its main airport."""


class Airport(Struct, frozen=True):
    """An airport."""

    code: str
    """The three letters of IATA."""

    utc_offset: float
    """Hours; summer time is left out."""

    latitude: float
    longitude: float


AIRLINES: Final[Mapping[str, AirlineInfo]] = MappingProxyType(
    {airline.prefix: airline for airline in read_data("airlines.json", tuple[AirlineInfo, ...])}
)
"""By prefix."""

AIRPORTS: Final[Mapping[str, Airport]] = MappingProxyType(
    {airport.code: airport for airport in read_data("airports.json", tuple[Airport, ...])}
)


def airline_of(number: str) -> AirlineInfo | None:
    """Find the airline that an air waybill number names."""
    return AIRLINES.get(number[:3])


@cache
def kilometres(one: str, other: str) -> int:
    """Measure the great circle between two airports."""
    here, there = AIRPORTS[one], AIRPORTS[other]
    north, south = radians(here.latitude), radians(there.latitude)
    apart = radians(here.longitude - there.longitude)
    cosine = sin(north) * sin(south) + cos(north) * cos(south) * cos(apart)
    return round(_EARTH_RADIUS * acos(min(1.0, cosine)))
