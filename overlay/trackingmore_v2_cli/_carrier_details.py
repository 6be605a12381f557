"""Details of a parcel that some carriers require, as options of a command."""

from collections.abc import Callable
from datetime import datetime
from functools import reduce
from typing import Any, Final, NamedTuple

import click

from trackingmore_v2_cli._errors import CommandError
from trackingmore_v2_cli._options import not_blank
from trackingmore_v2_cli._statuses import ExitStatus

_NAMES: Final = {
    "postal_code": "the postal code of the destination",
    "ship_date": "the day of shipping",
    "account_number": "your account number at the carrier",
    "country": "the destination country",
}
REQUIRED: Final = {
    "deutsche-post": ("ship_date",),
    "mondialrelay": ("postal_code",),
    "postnl-3s": ("postal_code", "country"),
}
"""The details that the contract names for a carrier. Other carriers may require some too."""


class CarrierDetails(NamedTuple):
    """Values of the options; None for those not given."""

    postal_code: str | None = None
    ship_date: datetime | None = None
    account_number: str | None = None
    country: str | None = None

    def for_create(self) -> dict[str, Any]:
        """Return the arguments of `trackings.create()`."""
        return _given(tracking_destination_country=self.country, **self._shared())

    def for_realtime(self) -> dict[str, Any]:
        """Return the arguments of `trackings.realtime()`, which `create_many()` has as fields."""
        return _given(special_number_destination=self.country, **self._shared())

    def _shared(self) -> dict[str, str | None]:
        return {
            "tracking_postal_code": self.postal_code,
            "tracking_ship_date": f"{self.ship_date:%Y%m%d}" if self.ship_date else None,
            "tracking_account_number": self.account_number,
        }


def carrier_details_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options to a command; their values are the fields of `CarrierDetails`."""
    return reduce(lambda decorated, option: option(decorated), reversed(_OPTIONS), function)


def missing_details(carrier: str, details: CarrierDetails) -> str | None:
    """Return what a carrier needs and which option gives it; None if nothing is missing."""
    names = [name for name in REQUIRED.get(carrier, ()) if not getattr(details, name)]
    if not names:
        return None
    needed = " and ".join(_NAMES[name] for name in names)
    return f"{carrier} needs {needed}; pass {' and '.join(map(_option, names))}"


def require_details(carrier: str, details: CarrierDetails) -> None:
    """
    Check that the details that a carrier requires are given.

    Raises:
        CommandError: One is missing.
    """
    missing = missing_details(carrier, details)
    if missing:
        raise CommandError(missing, ExitStatus.USAGE)


def advice(carrier: str, details: CarrierDetails) -> str:
    """Return why a carrier may have no data for a number, and what to do."""
    missing = missing_details(carrier, details)
    if missing:
        return missing
    others = [_option(name) for name in _NAMES if not getattr(details, name)]
    if not others:
        return f"{carrier} has no data; check the number and the carrier"
    return (
        f"{carrier} has no data; check the number, and whether the carrier wants one of: "
        f"{', '.join(others)}"
    )


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _given(**values: str | None) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}


_OPTIONS: Final = (
    click.option(
        "--postal-code",
        metavar="TEXT",
        callback=not_blank,
        help="Postal code of the destination (tracking_postal_code). Some carriers need it.",
    ),
    click.option(
        "--ship-date",
        type=click.DateTime(["%Y-%m-%d", "%Y%m%d"]),
        metavar="DATE",
        help="Day of shipping, such as 2026-03-01 (tracking_ship_date). Some carriers need it.",
    ),
    click.option(
        "--account-number",
        metavar="TEXT",
        callback=not_blank,
        help="Account number at the carrier (tracking_account_number). Some carriers need it.",
    ),
    click.option(
        "--country",
        metavar="CODE",
        callback=not_blank,
        help="Destination country (tracking_destination_country). Some carriers need it.",
    ),
)
