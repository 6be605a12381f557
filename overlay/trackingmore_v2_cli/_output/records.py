"""
The records that commands print with `--json`.

Each record is one JSON object whose `schema` names its shape and version. A new field does not
change the version; a removed or changed one does. `schemas/output.json` is generated from here.
"""

from collections.abc import Mapping
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


class OutcomeRecord(TypedDict):
    """What became of one tracking of a command that changes trackings."""

    schema: Literal["outcome/1"]
    carrier_code: str | None
    """None if it was not given, and not found."""

    tracking_number: str
    result: str
    """
    One of `created`, `updated`, `deleted`, `absent`, `stopped`, `already_existed`, `adopted`,
    `not_found`, `rejected`, `invalid`, `not_sent` and `unknown`, see `ItemResult` of the client; or
    of a change of carrier `changed` and `found`, see `ChangeCarrierResult`.
    """

    code: int | None
    """The API's code if it rejected the tracking, such as 4016."""

    message: str
    """Why it failed; empty if it did not."""

    in_doubt: bool
    """Whether it may have been carried out although no response says so."""


RECORDS: Final[Mapping[str, Any]] = {
    "tracking/1": TrackingRecord,
    "account/1": AccountRecord,
    "outcome/1": OutcomeRecord,
}
"""The types of all records, by the name of their shape."""


def fields_of(shape: str) -> tuple[str, ...]:
    """Return the names of the fields of a record, without that of its shape."""
    return tuple(name for name in RECORDS[shape].__annotations__ if name != "schema")
