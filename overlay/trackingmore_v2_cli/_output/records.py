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
    account: str
    """The masked key."""

    store: Literal["keyring", "file"]
    base_url: str


RECORDS: Final[Mapping[str, Any]] = {
    "tracking/1": TrackingRecord,
    "account/1": AccountRecord,
    "config/1": ConfigRecord,
    "profile/1": ProfileRecord,
}
"""The types of all records, by the name of their shape."""


def fields_of(shape: str) -> tuple[str, ...]:
    """Return the names of the fields of a record, without that of its shape."""
    return tuple(name for name in RECORDS[shape].__annotations__ if name != "schema")
