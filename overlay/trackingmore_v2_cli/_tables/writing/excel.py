"""XLSX, of which each sheet is streamed through a temporary file."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, BinaryIO, Final
from zipfile import ZIP_DEFLATED, ZipFile

from trackingmore_v2_cli._tables.formulas import is_formula
from trackingmore_v2_cli._tables.writing.columns import Layout, Row

if TYPE_CHECKING:
    from openpyxl import Workbook

MAX_CHARACTERS: Final = 32_767
"""Maximum length of a cell's text in Excel."""

ROWS_OF_SHEET: Final = 1_048_575
"""Maximum number of rows of a sheet in Excel, besides the header."""


def write_excel(
    stream: BinaryIO, rows: Iterable[Row], layout: Layout, rows_of_sheet: int = ROWS_OF_SHEET
) -> None:
    """Write rows as XLSX, in as many sheets as they need."""
    from openpyxl import Workbook  # noqa: PLC0415 - an extra
    from openpyxl.writer.excel import ExcelWriter  # noqa: PLC0415 - likewise

    book = Workbook(write_only=True)
    try:
        sheet = _new_sheet(book, layout)
        for index, row in enumerate(rows):
            if index and index % rows_of_sheet == 0:
                sheet = _new_sheet(book, layout)
            sheet.append([_cell(sheet, value, layout) for value in layout.values(row)])
    finally:
        # After an error too, since open sheets complain when they are deleted.
        for each in book.worksheets:
            each.close()
    # `book.save` would leave the archive open if the disk is full.
    with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
        ExcelWriter(book, archive).save()


def _new_sheet(book: "Workbook", layout: Layout) -> Any:  # noqa: ANN401 - its stubs lack it
    number = len(book.worksheets) + 1
    sheet = book.create_sheet("trackings" if number == 1 else f"trackings {number}")
    # The header stays visible.
    sheet.freeze_panes = "A2"
    sheet.append(layout.names)
    return sheet


def _cell(sheet: Any, value: str | int | None, layout: Layout) -> Any:  # noqa: ANN401 - likewise
    """Return a value, or a cell that keeps a text which openpyxl or Excel takes for more."""
    if not isinstance(value, str):
        return value
    if not (is_formula(value) or value.startswith("#")):
        return value
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 - an extra

    cell = WriteOnlyCell(sheet, value)
    cell.data_type = "s"
    # What an apostrophe before a text means to Excel: it stays a text after it has been edited.
    cell.quotePrefix = not layout.is_raw
    return cell
