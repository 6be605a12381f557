"""Sheets of XLSX files."""

import warnings
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zipfile import ZipFile

from trackingmore_v2_cli._errors import CommandError, MissingExtra
from trackingmore_v2_cli._statuses import ExitStatus
from trackingmore_v2_cli._tables._values import text_of, typed_row
from trackingmore_v2_cli._tables.rows import EXACT_DIGITS, MAX_EXACT, Row, columns_of

if TYPE_CHECKING:
    from openpyxl import Workbook

_PART_SIZE: Final = 2**26
"""Bytes to which any part of a file may be decompressed."""

_PART_RATIO: Final = 200
"""Ratio of a part's size to its compressed size. Sheets of equal rows have about 20."""


class XlsxFile:
    """
    A sheet of an XLSX file.

    Args:
        path: The file.
        sheet: The name of the sheet. Default: the first one.

    Attributes:
        columns: The names of its columns, from its first row that is not empty.
        unit: What row numbers count.
        delimiter: A comma, for files that are made from it.
    """

    def __init__(self, path: Path, sheet: str | None) -> None:
        self.unit: Final = "row"
        self.delimiter: Final = ","
        self._path: Final = path
        self._sheet: Final = sheet
        _, header = next(self._numbered(), (0, ()))
        self.columns: Final = columns_of(map(text_of, header))

    def rows(self) -> Iterator[Row]:
        """Yield the rows that are not blank."""
        for number, values in islice(self._numbered(), 1, None):
            row = typed_row(number, self.columns, map(_given, values))
            if row:
                yield row

    def _numbered(self) -> Iterator[tuple[int, tuple[Any, ...]]]:
        """Yield the values of each row that has any, with its number."""
        try:
            with closing(self._open()) as workbook:
                worksheet: Any = workbook[self._sheet_of(workbook)]
                worksheet.reset_dimensions()  # some programs write wrong ones
                for number, values in enumerate(worksheet.iter_rows(values_only=True), 1):
                    if any(value is not None for value in values):
                        yield number, values
        except (CommandError, GeneratorExit):
            raise
        except Exception as error:
            raise CommandError(
                f"{self._path} cannot be read as XLSX: {error}", ExitStatus.USAGE
            ) from error

    def _open(self) -> "Workbook":
        try:
            from openpyxl import load_workbook  # noqa: PLC0415 - an extra, slow to import
        except ModuleNotFoundError as missing:
            raise MissingExtra(missing, "excel") from None
        self._reject_bomb()
        # About styles and extensions, which a table does not have.
        warnings.filterwarnings("ignore", module="openpyxl")
        return load_workbook(self._path, read_only=True, data_only=True)

    def _reject_bomb(self) -> None:
        """Reject a small file that would fill the memory."""
        with ZipFile(self._path) as archive:
            for part in archive.infolist():
                if part.file_size > max(_PART_SIZE, _PART_RATIO * part.compress_size):
                    raise CommandError(
                        f"{self._path} is rejected: {part.filename} in it is compressed from "
                        f"{part.file_size:,} to {part.compress_size:,} bytes, as in no spreadsheet",
                        ExitStatus.USAGE,
                    )

    def _sheet_of(self, workbook: "Workbook") -> str:
        names = [each.title for each in workbook.worksheets]
        if self._sheet is not None and self._sheet not in names:
            found = ", ".join(map(repr, names))
            raise CommandError(
                f"{self._path} has no sheet {self._sheet!r}; its sheets are {found}",
                ExitStatus.USAGE,
            )
        return self._sheet or names[0]


def _given(value: object) -> object:
    """Return a value, as a float if it is a number that Excel has cut."""
    if isinstance(value, int) and abs(value) >= MAX_EXACT:
        is_exact = str(value).rstrip("0")[EXACT_DIGITS:]  # another program than Excel wrote it
        return value if is_exact else float(value)
    return value
