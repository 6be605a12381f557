"""Which column of a table holds which field of a tracking."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Final, NamedTuple

from trackingmore_v2_cli._errors import CommandError
from trackingmore_v2_cli._reference_tables import CARRIER, NUMBER
from trackingmore_v2_cli._statuses import ExitStatus
from trackingmore_v2_cli._tables.rows import Row

_SYNONYMS: Final[Mapping[str, str]] = {
    NUMBER: "tracking, tracking no, tracking nr, tracking id, tracking code, number, waybill, "
    "waybill number, air waybill, awb, consignment number, shipment number, parcel number",
    CARRIER: "carrier, courier, courier code, shipping carrier",
    "destination_code": "destination country code, country code",
    "title": "product, product name, item",
    "logistics_channel": "channel",
    "customer_name": "customer, recipient, recipient name",
    "customer_email": "email, email address, customer mail, recipient email",
    "customer_phone": "phone, phone number, telephone, mobile, recipient phone",
    "order_id": "order, order number, order no",
    "order_create_time": "order date, order time, ordered at",
    "tracking_ship_date": "ship date, shipping date, shipped at, shipped on",
    "tracking_postal_code": "postal code, postcode, zip, zip code",
    "tracking_account_number": "account, account number",
    "lang": "language",
    "comment": "comments, note, notes, remark, remarks",
}
"""Names of columns that are understood besides those of the API."""

_IDENTIFIERS: Final = (
    *(NUMBER, CARRIER, "order_id", "customer_phone"),
    *("tracking_postal_code", "tracking_account_number"),
)
"""Fields whose digits a spreadsheet may have spoiled."""

_SCIENTIFIC: Final = re.compile(r"\d([.,]\d+)?E\+\d+", re.ASCII | re.IGNORECASE)
_SHEET_ERROR: Final = re.compile(r"#(N/A|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!)")
REJECT_COLUMNS: Final = ("reject_reason", "reject_code", "reject_line")
"""Columns that files of rejected rows have besides those of the input."""


class Columns(NamedTuple):
    """How the columns of a table are understood."""

    fields: dict[str, str]
    """The field of each column that has one."""

    ignored: list[str]
    """The other columns."""

    carrier: str | None = None
    """The carrier of rows without one."""

    def problem_of(self, row: Row) -> str:
        """Return why a row cannot be sent, as far as the table shows it; empty otherwise."""
        if row.problem:
            return row.problem
        for column, field in self.fields.items():
            if problem := row.damaged.get(column) or _damage(field, row.cells[column]):
                return f"column {column!r} {problem}"
        return ""

    def item_of(self, row: Row) -> dict[str, str]:
        """Return a row as fields of a tracking."""
        item = {field: row.cells[column] for column, field in self.fields.items()}
        code = item.get(CARRIER, "").strip() or self.carrier or ""
        item[CARRIER] = code.lower()  # as all codes are; people write UPS
        return item

    def items(self, rows: Iterable[Row]) -> Iterator[dict[str, str]]:
        """Yield the rows that can be sent."""
        return (self.item_of(row) for row in rows if not self.problem_of(row))


def understand(
    columns: Sequence[str], maps: Sequence[str] = (), carrier: str | None = None
) -> Columns:
    """
    Find out which column holds which field.

    Args:
        columns: The names of the columns.
        maps: `COLUMN=FIELD` for single columns; with an empty field, the column is ignored.
            Default: none.
        carrier: The carrier of rows without one. Default: None.

    Raises:
        CommandError: A column, a field, the column of the number or the carrier is missing.
    """
    chosen = dict(_mapping(each, columns) for each in maps)
    found = {column: field for column, field in chosen.items() if field}
    _require_unique(found)
    # The API's names first, so that a column of another name cannot take their field.
    for field_of in (_named, _meant):
        for column in columns:
            field = field_of(column)
            if field and column not in {*chosen, *REJECT_COLUMNS} and field not in found.values():
                found[column] = field
    fields = {column: found[column] for column in columns if column in found}
    _require_fields(fields, columns, carrier)
    ignored = [each for each in columns if each not in fields and each not in REJECT_COLUMNS]
    return Columns(fields, ignored, carrier)


def _mapping(text: str, columns: Sequence[str]) -> tuple[str, str]:
    name, equals, field = text.rpartition("=")
    if not equals:
        raise CommandError(f"--map {text!r} is not COLUMN=FIELD", ExitStatus.USAGE)
    if field and field not in _fields():
        raise CommandError(
            f"--map {text}: {field!r} is not a field{_near(field, _fields())}; "
            f"the fields are {', '.join(_fields())}",
            ExitStatus.USAGE,
        )
    return _column(name, columns), field


def _column(name: str, columns: Sequence[str]) -> str:
    """Return the column of a name in any spelling, or of a number from 1."""
    same = [each for each in columns if each == name] or [
        each for each in columns if _plain(each) == _plain(name)
    ]
    if len(same) == 1:
        return same[0]
    if name.isdecimal() and 0 < int(name) <= len(columns):
        return columns[int(name) - 1]
    raise CommandError(
        f"--map: there is no column {name!r}{_near(name, columns)}; "
        f"the columns are {', '.join(map(repr, columns))}",
        ExitStatus.USAGE,
    )


def _require_unique(found: Mapping[str, str]) -> None:
    for field in found.values():
        if list(found.values()).count(field) > 1:
            raise CommandError(f"--map: two columns for {field}; pass one", ExitStatus.USAGE)


def _require_fields(fields: Mapping[str, str], columns: Sequence[str], carrier: str | None) -> None:
    shown = ", ".join(map(repr, columns))
    if NUMBER not in fields.values():
        raise CommandError(
            f"no column is understood as the tracking number; pass --map COLUMN={NUMBER}; "
            f"the columns are {shown}",
            ExitStatus.USAGE,
        )
    if not carrier and CARRIER not in fields.values():
        raise CommandError(
            f"no column is understood as the carrier; pass --map COLUMN={CARRIER}, or "
            "--carrier CODE if all rows have the same one (trackingmore-v2 detect NUMBER finds "
            f"it); the columns are {shown}",
            ExitStatus.USAGE,
        )


def _damage(field: str, text: str) -> str:
    if field not in _IDENTIFIERS:
        return ""
    if _SCIENTIFIC.fullmatch(text.strip()):
        return f"is {text.strip()}, whose digits a spreadsheet has lost; store the column as text"
    if _SHEET_ERROR.fullmatch(text.strip()):
        return f"is the error {text.strip()} of a spreadsheet"
    return ""


def _named(column: str) -> str | None:
    return column if column in _fields() else None


def _meant(column: str) -> str | None:
    return _by_name().get(_plain(column))


def _near(name: str, names: Iterable[str]) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 - for errors only

    near = get_close_matches(name, list(names), n=1)
    return f" (did you mean {near[0]!r}?)" if near else ""


def _plain(name: str) -> str:
    """Return a name without case, spaces and hyphens."""
    return "".join(filter(str.isalnum, name.casefold()))


@cache
def _fields() -> tuple[str, ...]:
    from trackingmore_v2.types import CreateTrackingItemDict  # noqa: PLC0415 - slow to import

    return tuple(CreateTrackingItemDict.__annotations__)


@cache
def _by_name() -> Mapping[str, str]:
    """Return the field of each name that is understood, without case, spaces and hyphens."""
    synonyms = {
        _plain(name): field for field, names in _SYNONYMS.items() for name in names.split(",")
    }
    return synonyms | {_plain(field): field for field in _fields()}
