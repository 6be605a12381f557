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
    """What happened, in the words of the carrier."""

    place: str | None
    """Place as the carrier names it."""

    leg: Literal["origin", "destination"]
    """The part of the route that the carrier of the event serves."""

    carrier_code: str | None
    """Carrier of the leg."""


class TrackingDetailsRecord(TrackingRowDict):
    """A tracking with its events, newest first."""

    schema: Literal["tracking_details/1"]
    events: list[EventRecord]  # type: ignore[misc]  # pyright: ignore[reportIncompatibleVariableOverride]  # the events instead of their number
    """Newest first."""


class ChangeRecord(TypedDict):
    """A change of a tracking."""

    schema: Literal["change/1"]
    tracking_number: str
    carrier_code: str
    status: str
    """Status of the event, or of the tracking if no event is the reason."""

    substatus: str | None
    time: datetime | None
    """Local time of the carrier, without a time zone."""

    text: str | None
    """What happened, in the words of the carrier."""

    place: str | None
    """Place as the carrier names it."""

    is_final: bool
    """Whether no further changes of the tracking are expected."""


class FlightRecord(TypedDict):
    """A flight of an air waybill. Times are local to their station, without a time zone."""

    number: str
    """Flight number."""

    from_station: str | None
    """Code of the airport of departure."""

    to_station: str | None
    """Code of the airport of arrival."""

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
    """When it was planned."""

    status: str | None
    """Cargo-IMP status code, such as `DLV`."""

    text: str | None
    """What happened, in words."""

    station: str | None
    """Code of the airport."""

    flight_number: str | None
    pieces: int | None
    weight: str | None


class AirWaybillRecord(TypedDict):
    """An air waybill."""

    schema: Literal["air_waybill/1"]
    number: str
    """Number with a hyphen."""

    airline: str | None
    status: str | None
    """The status as the word that trackings have."""

    origin: str | None
    """Code of the first airport."""

    destination: str | None
    """Code of the last airport."""

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

    key_source: str
    """Where the key comes from."""

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
    """All trackings."""


class CarrierRecord(TypedDict):
    """A carrier of the API."""

    schema: Literal["carrier/1"]
    code: str
    """The code that other commands take."""

    name: str
    name_cn: str | None
    """Name in Chinese."""

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

    schema: Literal["remote_area/1"]
    country_code: str | None
    country: str | None
    place: str | None
    """Postal code or town as sent."""

    company: str | None
    """DHL, UPS, FedEx or TNT."""


class TransitTimeRecord(TypedDict):
    """Delivery times of a carrier on a route. The scale of the shares is not documented."""

    schema: Literal["transit_time/1"]
    carrier_code: str | None
    origin: str | None
    """Two-letter code of the country."""

    destination: str | None
    """Two-letter code of the country."""

    total: int | str | None
    """Number of parcels in the sample."""

    delivered: int | str | None
    """Number of parcels in the sample that were delivered."""

    share_0_to_7_days: float | str | None
    share_7_to_15_days: float | str | None
    share_16_to_30_days: float | str | None
    share_31_to_60_days: float | str | None
    share_over_60_days: float | str | None
    average_days: float | str | None
    """Average in days."""


class ExportRecord(TypedDict):
    """A file that was written."""

    schema: Literal["export/1"]
    path: str
    """The file that was written."""

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


class ImportCheckRecord(TypedDict):
    """What an import would do, as `import --dry-run` finds it."""

    schema: Literal["import_check/1"]
    file: str
    rows: int
    to_create: int
    """Number of trackings to create. Each costs one of the quota."""

    duplicates: int
    """Number of rows that have the carrier and the number of an earlier row."""

    rejected: int
    """Number of rows that are wrong."""

    columns: dict[str, str]
    """The field of each column that has one."""

    ignored_columns: list[str]
    """Names of the columns that are not imported."""


class ImportReportRecord(TypedDict):
    """The outcome of an import, including that of earlier runs."""

    schema: Literal["import_report/1"]
    file: str
    rows: int
    created: int
    """Number of trackings that were created."""

    already_existed: int
    """Number of rows whose trackings the account had before."""

    duplicates: int
    """Number of rows that have the carrier and the number of an earlier row."""

    rejected: int
    """Number of rows that were not accepted."""

    unknown: int
    """Number of rows that were sent, and that no response named."""

    rejects_file: str | None
    """The file of the rejected and unknown rows; null if it was not written."""

    journal: str
    """The file with the state of the import."""


class SandboxClockRecord(TypedDict):
    """The clock of a sandbox's account."""

    schema: Literal["sandbox_clock/1"]
    now: datetime
    """The time of the account, UTC."""

    speed: float
    """Seconds of the clock for each real second; 0 if it is frozen."""

    frozen: bool
    next_change_at: datetime | None
    """When the next status changes; null if none will."""


class SandboxRecord(TypedDict):
    """A sandbox that runs, with one of its accounts."""

    schema: Literal["sandbox/1"]
    url: str
    version: str | None
    process: int | None
    """Id of the process; null if another user or machine runs it."""

    accounts: int
    """Number of accounts."""

    account: str
    """The masked key."""

    email: str
    """The address with which webhooks are signed."""

    now: datetime
    """The time of the account, UTC."""

    speed: float
    """Seconds of the clock for each real second; 0 if it is frozen."""

    frozen: bool
    next_change_at: datetime | None
    """When the next status changes; null if none will."""

    trackings: int
    """Number of trackings of the account."""

    quota_left: int
    """Number of trackings that the account may still create."""

    faults: int
    """Number of planned faults."""

    targets: list[str]
    """URLs to which webhooks are sent."""


class SandboxFaultRecord(TypedDict):
    """A planned fault of a sandbox."""

    schema: Literal["sandbox_fault/1"]
    operation: str
    """Operation of the contract, or `*`."""

    instruction: str
    """What goes wrong, such as `status=503`."""

    plan: str | None
    """Name of the plan; null for that of all requests."""

    probability: float | None
    """Probability with which a fault is injected; null if each is used once."""


class WebhookEventRecord(TypedDict):
    """A webhook that was received. Nothing in it is authenticated but `sent_at`."""

    schema: Literal["webhook_event/1"]
    number: int
    """Its number in this run."""

    received_at: datetime
    status: str | None
    """Status of the tracking; this and the next fields are null if the webhook was rejected."""

    carrier_code: str | None
    tracking_number: str | None
    last_event_text: str | None
    sent_at: datetime | None
    signed_with: str | None
    """The given address with which the time is signed; null: not checked."""

    repetition: Literal["duplicate", "outdated"] | None
    """Whether the event was received before, or a newer one of the tracking was."""

    is_stale: bool | None
    """Whether it was sent more than 300 seconds before or after it was received."""

    error: str | None
    """Why it was rejected."""

    response: int
    """HTTP status of the response."""

    kept_as: str | None
    """The file in which the request is kept."""


class WebhookReplayRecord(TypedDict):
    """A kept webhook that was replayed."""

    schema: Literal["webhook_replay/1"]
    file: str
    status: int | None
    """HTTP status of the response; null: there was none."""

    error: str | None
    """Why there was none."""

    seconds: float
    """Time until the response."""


class WebhookSignatureRecord(TypedDict):
    """The signature of a webhook, the fields of `verifyInfo`."""

    schema: Literal["webhook_signature/1"]
    timeStr: int
    signature: str


class ConfigRecord(TypedDict):
    """A setting in force."""

    schema: Literal["config/1"]
    setting: str
    value: str | None
    """Masked, if it is a key. Null if there is none; `source` says what to do."""

    source: str
    """Where the value comes from."""


class ProfileRecord(TypedDict):
    """A stored key and its server."""

    schema: Literal["profile/1"]
    profile: str
    in_use: bool
    """Whether commands use it without `--profile`."""

    account: str
    """The masked key."""

    store: Literal["keyring", "file"]
    """Where the key is stored."""

    base_url: str
    """The server that the key is sent to."""


RECORDS: Final[Mapping[str, Any]] = {
    "tracking/1": TrackingRecord,
    "tracking_details/1": TrackingDetailsRecord,
    "air_waybill/1": AirWaybillRecord,
    "change/1": ChangeRecord,
    "account/1": AccountRecord,
    "import_check/1": ImportCheckRecord,
    "import_report/1": ImportReportRecord,
    "export/1": ExportRecord,
    "outcome/1": OutcomeRecord,
    "counts/1": CountsRecord,
    "carrier/1": CarrierRecord,
    "detection/1": DetectionRecord,
    "remote_area/1": RemoteAreaRecord,
    "transit_time/1": TransitTimeRecord,
    "sandbox/1": SandboxRecord,
    "sandbox_clock/1": SandboxClockRecord,
    "sandbox_fault/1": SandboxFaultRecord,
    "webhook_event/1": WebhookEventRecord,
    "webhook_replay/1": WebhookReplayRecord,
    "webhook_signature/1": WebhookSignatureRecord,
    "config/1": ConfigRecord,
    "profile/1": ProfileRecord,
}
"""The types of all records, by the name of their shape."""


def fields_of(shape: str) -> tuple[str, ...]:
    """Return the names of the fields of a record, without that of its shape."""
    return tuple(name for name in RECORDS[shape].__annotations__ if name != "schema")
