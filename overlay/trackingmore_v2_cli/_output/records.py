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


class ExportRecord(TypedDict):
    """A file that was written."""

    schema: Literal["export/1"]
    path: str
    format: Literal["csv", "jsonl", "xlsx", "parquet", "sqlite"]
    rows: int
    """Number of trackings that were written."""


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


class ImportReportRecord(TypedDict):
    """The outcome of an import, including that of earlier runs."""

    schema: Literal["import_report/1"]
    file: str
    rows: int
    created: int
    already_existed: int
    """Number of rows whose trackings the account had before."""

    duplicates: int
    rejected: int
    rejects_file: str | None
    """The file of the rejected rows; null if there are none."""

    journal: str
    """The file with the state of the import."""


RECORDS: Final[Mapping[str, Any]] = {
    "tracking/1": TrackingRecord,
    "account/1": AccountRecord,
    "import_check/1": ImportCheckRecord,
    "import_report/1": ImportReportRecord,
    "export/1": ExportRecord,
}
"""The types of all records, by the name of their shape."""


def fields_of(shape: str) -> tuple[str, ...]:
    """Return the names of the fields of a record, without that of its shape."""
    return tuple(name for name in RECORDS[shape].__annotations__ if name != "schema")
