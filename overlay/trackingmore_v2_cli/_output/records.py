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

    quota_left: int | None


class SandboxClockRecord(TypedDict):
    """The clock of a sandbox's account."""

    schema: Literal["sandbox_clock/1"]
    now: datetime
    speed: float
    frozen: bool
    next_change_at: datetime | None


class SandboxRecord(TypedDict):
    """A sandbox that runs, with one of its accounts."""

    schema: Literal["sandbox/1"]
    url: str
    version: str | None
    process: int | None
    accounts: int
    account: str
    """The masked key."""

    email: str
    """The address with which webhooks are signed."""

    now: datetime
    speed: float
    frozen: bool
    next_change_at: datetime | None
    trackings: int
    quota_left: int
    faults: int
    targets: list[str]


class SandboxFaultRecord(TypedDict):
    """A planned fault of a sandbox."""

    schema: Literal["sandbox_fault/1"]
    operation: str
    instruction: str
    plan: str | None
    probability: float | None


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


class WebhookSignatureRecord(TypedDict):
    """The signature of a webhook, the fields of `verifyInfo`."""

    schema: Literal["webhook_signature/1"]
    timeStr: int
    signature: str


RECORDS: Final[Mapping[str, Any]] = {
    "tracking/1": TrackingRecord,
    "account/1": AccountRecord,
    "sandbox/1": SandboxRecord,
    "sandbox_clock/1": SandboxClockRecord,
    "sandbox_fault/1": SandboxFaultRecord,
    "webhook_event/1": WebhookEventRecord,
    "webhook_replay/1": WebhookReplayRecord,
    "webhook_signature/1": WebhookSignatureRecord,
}
"""The types of all records, by the name of their shape."""


def fields_of(shape: str) -> tuple[str, ...]:
    """Return the names of the fields of a record, without that of its shape."""
    return tuple(name for name in RECORDS[shape].__annotations__ if name != "schema")
