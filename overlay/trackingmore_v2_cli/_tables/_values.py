"""Typed values of sheets and Parquet files as text."""

from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal

from trackingmore_v2_cli._tables.rows import MAX_EXACT, Row, damage_of, damaged, row_of

_IS_CUT = "is a number of more than 15 digits, whose last ones are lost; store the column as text"


def typed_row(number: int, columns: list[str], values: Iterable[object]) -> Row | None:
    """
    Return a row whose cells are the text of values; None if all are empty.

    Args:
        number: The number of the row.
        columns: The columns.
        values: The values, in their order.
    """
    values = list(values)
    cells = list(map(text_of, values))
    if not any(cells):
        return None
    row = row_of(number, columns, cells)
    if problem := damage_of("".join(cells)):
        return damaged(row, problem)
    cut = {name: _IS_CUT for name, value in zip(columns, values, strict=False) if is_cut(value)}
    return row._replace(damaged=cut) if cut else row


def is_cut(value: object) -> bool:
    """Return whether a number may have lost digits: spreadsheets and floats keep 15."""
    return isinstance(value, float) and MAX_EXACT <= abs(value) < float("inf")


def text_of(value: object) -> str:
    """Return a value as text: whole numbers without a fraction, and times in ISO 8601."""
    if value is None or value != value:  # noqa: PLR0124 - NaN is an empty cell in data frames
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float | Decimal):
        return f"{value:.0f}" if value % 1 == 0 else str(value)
    if isinstance(value, datetime):
        has_time = value.time() != time() or value.tzinfo
        return value.isoformat() if has_time else value.date().isoformat()
    if isinstance(value, bytes):
        return value.decode(errors="surrogateescape")
    return value.isoformat() if isinstance(value, date | time) else str(value)
