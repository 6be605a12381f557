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


class EventRecord(TypedDict):
    """An event of a tracking."""

    time: datetime | None
    """Local time of the carrier, without a time zone; null if it cannot be parsed."""

    status: str | None
    substatus: str | None
    text: str | None
    place: str | None
    leg: Literal["origin", "destination"]
    carrier_code: str | None
    """Carrier of the leg."""


class TrackingDetailsRecord(TrackingRowDict):
    """A tracking with its events, newest first."""

    schema: Literal["tracking_details/1"]
    events: list[EventRecord]  # type: ignore[misc]  # pyright: ignore[reportIncompatibleVariableOverride]  # the events instead of their number


class FlightRecord(TypedDict):
    """A flight of an air waybill. Times are local to their station, without a time zone."""

    number: str
    from_station: str | None
    to_station: str | None
    planned_departure: datetime | None
    actual_departure: datetime | None
    departure_delay_minutes: int | None
    """Negative if early."""

    planned_arrival: datetime | None
    actual_arrival: datetime | None
    arrival_delay_minutes: int | None
    """Negative if early."""


class AirWaybillEventRecord(TypedDict):
    """An event of an air waybill. Times are local to the station, without a time zone."""

    time: datetime | None
    planned_time: datetime | None
    status: str | None
    """Cargo-IMP status code, such as `DLV`."""

    text: str | None
    station: str | None
    flight_number: str | None
    pieces: int | None
    weight: str | None


class AirWaybillRecord(TypedDict):
    """An air waybill."""

    schema: Literal["air_waybill/1"]
    number: str
    airline: str | None
    status: str | None
    """The status as the word that trackings have."""

    origin: str | None
    destination: str | None
    pieces: int | None
    weight: str | None
    weight_kg: float | None
    is_delivered: bool
    delivered_at: datetime | None
    flights: list[FlightRecord]
    """In route order."""

    events: list[AirWaybillEventRecord]
    """Newest first."""


class AccountRecord(TypedDict):
    """The account of the key."""

    schema: Literal["account/1"]
    account: str
    """The masked key."""

    quota_left: int | None


class ExportRecord(TypedDict):
    """A file that was written."""

    schema: Literal["export/1"]
    path: str
    format: Literal["csv", "jsonl", "xlsx", "parquet", "sqlite"]
    rows: int
    """Number of trackings that were written."""


class OutcomeRecord(TypedDict):
    """What became of one tracking of a command that changes trackings."""

    schema: Literal["outcome/1"]
    carrier_code: str | None
    """None if it was not given, and not found."""

    tracking_number: str
    result: str
    """
    One of `created`, `already_existed`, `adopted`, `updated`, `archived`, `restored`, `deleted`,
    `absent`, `stopped`, `changed`, `found`, `not_found`, `rejected`, `invalid`, `not_sent` and
    `unknown`. The client's `ItemResult` and `ChangeCarrierResult` describe them.
    """

    code: int | None
    """The API's code if it rejected the tracking, such as 4016."""

    message: str
    """Why it failed; empty if it did not."""

    in_doubt: bool
    """Whether it may have been carried out although no response says so."""


RECORDS: Final[Mapping[str, Any]] = {
    "tracking/1": TrackingRecord,
    "tracking_details/1": TrackingDetailsRecord,
    "air_waybill/1": AirWaybillRecord,
    "account/1": AccountRecord,
    "export/1": ExportRecord,
    "outcome/1": OutcomeRecord,
}
"""The types of all records, by the name of their shape."""


def fields_of(shape: str) -> tuple[str, ...]:
    """Return the names of the fields of a record, without that of its shape."""
    return tuple(name for name in RECORDS[shape].__annotations__ if name != "schema")
