"""Reference data: carriers and countries."""

from collections.abc import Mapping
from importlib.resources import files
from typing import Final, Literal, TypeVar

import msgspec
from msgspec import Struct

T = TypeVar("T")


class CarrierInfo(Struct, frozen=True, gc=False):
    """A carrier as the API lists it, with its home country."""

    name: str
    code: str
    phone: str
    homepage: str
    type: Literal["express", "globalpost"]
    picture: str
    country: str
    """Two-letter code of the home country, which the API does not return."""

    @property
    def is_express(self) -> bool:
        """Whether the carrier is a courier instead of a postal service."""
        return self.type == "express"


class Country(Struct, frozen=True, gc=False):
    """A country, with the data that journeys need."""

    code: str
    """Two-letter code."""

    name: str
    utc_offset: float
    """Standard time offset in hours; daylight saving time is ignored."""

    post: str
    """Code of the national postal service."""

    ems: str
    """Code of the national postal express service."""

    cities: tuple[str, ...]
    """Names of cities; the first one is the hub."""


def read_data(name: str, form: type[T]) -> T:
    """Return the content of a JSON file in the package's `data` folder, as the given type."""
    content = files(__package__ or "").joinpath("data", name).read_bytes()
    return msgspec.json.decode(content, type=form)


def read_table(name: str, form: type[tuple[T, ...]], key: str) -> Mapping[str, T]:
    """Return the rows of a JSON file in the package's `data` folder, by their field `key`."""
    return {getattr(row, key): row for row in read_data(name, form)}


CARRIERS: Final = read_table("carriers.json", tuple[CarrierInfo, ...], "code")
COUNTRIES: Final = read_table("countries.json", tuple[Country, ...], "code")
_COUNTRIES_BY_NAME: Final = {country.name.casefold(): country for country in COUNTRIES.values()}


def find_carrier(code: str) -> CarrierInfo:
    """
    Return the carrier with a code.

    Assumed: a carrier that the package does not know is a courier of China, where most carriers of
    the API are from.
    """
    icon = f"//cdn.trackingmore.com/images/icons/express/{code}.png"
    return CARRIERS.get(code) or CarrierInfo(code, code, "", "", "express", icon, "CN")


def find_country(name_or_code: str) -> Country | None:
    """Return the country with an English name or two-letter code, in any case; None if unknown."""
    # No name of a country is the code of another.
    by_code = COUNTRIES.get(name_or_code.upper())
    return by_code or _COUNTRIES_BY_NAME.get(name_or_code.casefold())
