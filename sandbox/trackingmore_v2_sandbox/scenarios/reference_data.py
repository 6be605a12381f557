"""What the sandbox knows of the world: carriers and countries."""

from collections.abc import Mapping
from importlib.resources import files
from types import MappingProxyType
from typing import Final, Literal, TypeVar

import msgspec
from msgspec import Struct

T = TypeVar("T")


class CarrierInfo(Struct, frozen=True):
    """A carrier, as the API lists it, and its home."""

    name: str
    code: str
    phone: str
    homepage: str
    type: Literal["express", "globalpost"]
    picture: str
    country: str
    """Two-letter code; the API does not tell it."""

    @property
    def is_express(self) -> bool:
        """Whether this is a courier rather than a postal service."""
        return self.type == "express"


class Country(Struct, frozen=True):
    """A country, as far as parcels travel through it."""

    code: str
    name: str
    utc_offset: float
    """Hours; summer time is left out."""

    post: str
    """Code of the postal service that delivers there."""

    ems: str
    """Code of the service that takes postal express there."""

    cities: tuple[str, ...]


def read_data(name: str, form: type[T]) -> T:
    """Read one of the package's data files."""
    content = files(__package__ or "").joinpath("data", name).read_bytes()
    return msgspec.json.decode(content, type=form)


CARRIERS: Final[Mapping[str, CarrierInfo]] = MappingProxyType(
    {carrier.code: carrier for carrier in read_data("carriers.json", tuple[CarrierInfo, ...])}
)
COUNTRIES: Final[Mapping[str, Country]] = MappingProxyType(
    {country.code: country for country in read_data("countries.json", tuple[Country, ...])}
)
_COUNTRIES_BY_NAME: Final = {country.name.casefold(): country for country in COUNTRIES.values()}


def find_country(name_or_code: str) -> Country | None:
    """Find a country by its English name or its two-letter code, in any case."""
    by_code = COUNTRIES.get(name_or_code.upper())
    return by_code or _COUNTRIES_BY_NAME.get(name_or_code.casefold())
