"""
The records that commands print with `--json`.

Each record is one JSON object whose `schema` names its shape and version. A new field does not
change the version; a removed or changed one does. `schemas/output.json` is generated from here.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, Literal, TypedDict

from trackingmore_v2.rows import TrackingRowDict


class TrackingRecord(TrackingRowDict):
    """A tracking in one line."""

    schema: Literal["tracking/1"]


class AccountRecord(TypedDict):
    """The account of the key."""

    schema: Literal["account/1"]
    account: str
    """The masked key."""

    key_source: str
    server: str | None
    """The server; null for the live API."""

    email: str
    """The masked address."""

    registered_at: datetime | None
    balance: float | str | None
    """The currency is not documented."""

    quota_left: int | None
    """Number of trackings."""


class CountsRecord(TypedDict):
    """Numbers of trackings by status."""

    schema: Literal["counts/1"]
    pending: int
    notfound: int
    transit: int
    pickup: int
    delivered: int
    undelivered: int
    exception: int
    expired: int
    total: int


class CarrierRecord(TypedDict):
    """A carrier of the API."""

    schema: Literal["carrier/1"]
    code: str
    name: str
    name_cn: str | None
    type: str | None
    homepage: str | None
    phone: str | None
    picture: str | None


class DetectionRecord(TypedDict):
    """A carrier that a number may belong to."""

    schema: Literal["detection/1"]
    tracking_number: str
    rank: int
    """1 is the most likely."""

    carrier_code: str
    carrier_name: str


class RemoteAreaRecord(TypedDict):
    """A company that considers a place remote."""

    schema: Literal["remote-area/1"]
    country_code: str | None
    country: str | None
    place: str | None
    """Postal code or town as sent."""

    company: str | None


class TransitTimeRecord(TypedDict):
    """Delivery times of a carrier on a route. The scale of the shares is not documented."""

    schema: Literal["transit-time/1"]
    carrier_code: str | None
    origin: str | None
    destination: str | None
    total: int | str | None
    """Number of parcels in the sample."""

    delivered: int | str | None
    share_0_to_7_days: float | str | None
    share_7_to_15_days: float | str | None
    share_16_to_30_days: float | str | None
    share_31_to_60_days: float | str | None
    share_over_60_days: float | str | None
    average_days: float | str | None


RECORDS: Final[Mapping[str, Any]] = {
    "tracking/1": TrackingRecord,
    "account/1": AccountRecord,
    "counts/1": CountsRecord,
    "carrier/1": CarrierRecord,
    "detection/1": DetectionRecord,
    "remote-area/1": RemoteAreaRecord,
    "transit-time/1": TransitTimeRecord,
}
"""The types of all records, by the name of their shape."""


def fields_of(shape: str) -> tuple[str, ...]:
    """Return the names of the fields of a record, without that of its shape."""
    return tuple(name for name in RECORDS[shape].__annotations__ if name != "schema")
