"""Remote areas and transit times, independent of any tracking."""

from hashlib import sha256
from typing import Final

from trackingmore_v2_api import models
from trackingmore_v2_sandbox.api.parsing import SandboxRequest, body_items, convert, read_carrier
from trackingmore_v2_sandbox.core.settings import Settings
from trackingmore_v2_sandbox.http.envelope import Data
from trackingmore_v2_sandbox.scenarios.reference_data import find_country

_COMPANIES: Final = ("dhl", "ups", "fedex", "tnt")
_DOCUMENTED_AREAS: Final = {
    ("JP", "7621094"): ("ups", "tnt"),
    ("NZ", "papaaroha"): ("dhl",),
}
_DOCUMENTED_ROUTES: Final = {("dhl", "CN", "US"): (100, 80, (50, 30, 15, 5, 0), 8)}
_MIDDLES: Final = (4, 11, 23, 45, 75)
"""Midpoint of each transit time range, in days."""


def check_remote_areas(request: SandboxRequest) -> Data:
    """
    Return which places are remote areas.

    Assumed: which places are remote, except the documented two, and that the rest is in `other`.
    """
    items = body_items(request)
    remote: list[dict[str, object]] = []
    other: list[dict[str, object]] = []
    for fields in items:
        place = convert(fields, models.Place)
        hits = _remote_areas(place)
        remote.extend(hits)
        if not hits:
            other.append({"country": place.country, "postcode": place.postcode})
    return {"submitted": len(items), "other": other, "remote": remote}


def _remote_areas(place: models.Place) -> list[dict[str, object]]:
    country = find_country(place.country)
    if country is None:
        return []
    return [
        {
            "far_express_company": company,
            "two_code": country.code,
            "far_country": country.name,
            "far_city_postcode": place.postcode,
        }
        for company in _companies(country.code, place.postcode.casefold())
        # Without a company in the request, every company matches.
        if company == (place.company or company).casefold()
    ]


def _companies(country: str, postcode: str) -> tuple[str, ...]:
    documented = _DOCUMENTED_AREAS.get((country, postcode))
    if documented:
        return documented
    seed = _seed(country, postcode)
    # One place in four is remote, for a non-empty subset of the companies.
    if seed[0] % 4:
        return ()
    return tuple(company for bit, company in enumerate(_COMPANIES) if (seed[1] % 15 + 1) >> bit & 1)


def get_transit_times(request: SandboxRequest) -> Data:
    """
    Return transit time statistics of routes, as fractions of the delivered trackings.

    Assumed: all figures.
    """
    return [_transit_time(fields, request.settings) for fields in body_items(request)]


def _transit_time(fields: dict[str, object], settings: Settings) -> dict[str, object]:
    carrier = read_carrier(fields.get("carrier_code"), settings)
    route = convert(fields, models.Route)
    known = _DOCUMENTED_ROUTES.get((carrier.code, route.original, route.destination))
    total, delivered, shares, average = known or _figures(
        _seed(carrier.code, route.original.upper(), route.destination.upper())
    )
    return {
        "carrier_code": carrier.code,
        "original": route.original,
        "destination": route.destination,
        "total": total,
        "delivered": delivered,
        **{
            f"range{number}": share / 100 if share else 0
            for number, share in zip((1, 3, 4, 5, 6), shares, strict=True)
        },
        "average": average,
    }


def _figures(seed: bytes) -> tuple[int, int, tuple[int, ...], int]:
    """Return made-up statistics: total, delivered, percentages by range, average days."""
    total = 50 + seed[0]
    delivered = total * (80 + seed[1] % 20) // 100
    first, second, third = 30 + seed[2] % 40, seed[3] % 20, seed[4] % 7
    shares = (first, 100 - first - second - third, second, third, 0)
    average = sum(share * days for share, days in zip(shares, _MIDDLES, strict=True)) // 100
    return total, delivered, shares, average


def _seed(*parts: str) -> bytes:
    return sha256("/".join(parts).encode()).digest()
