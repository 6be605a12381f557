"""CSV and JSON Lines, in UTF-8."""

import csv
from collections.abc import Iterable
from typing import BinaryIO, Final

from trackingmore_v2_cli._output.text import escape
from trackingmore_v2_cli._tables.formulas import guard
from trackingmore_v2_cli._tables.writing.columns import Layout, Row

_MARK: Final = "\ufeff"


class _Utf8:
    """A binary stream as `csv` needs it. Unlike a `TextIOWrapper` it never closes the stream."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write a text."""
        return self._stream.write(text.encode())


def write_csv(stream: BinaryIO, rows: Iterable[Row], layout: Layout) -> None:
    """Write rows as CSV: RFC 4180, with a header; None is an empty cell."""
    file = _Utf8(stream)
    if layout.has_mark:
        file.write(_MARK)
    writer = csv.writer(file)
    writer.writerow(layout.names)
    for row in rows:
        writer.writerow([_cell(value, layout) for value in layout.values(row)])


def write_json_lines(stream: BinaryIO, rows: Iterable[Row], layout: Layout) -> None:
    """Write rows as JSON Lines: an object of all columns for each."""
    from msgspec import json  # noqa: PLC0415 - slow to import

    for row in rows:
        values = zip(layout.names, layout.values(row), strict=True)
        stream.write(escape(json.encode(dict(values))) + b"\n")


def _cell(value: str | int | None, layout: Layout) -> str | int | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return guard(value) if isinstance(value, str) and not layout.is_raw else value
