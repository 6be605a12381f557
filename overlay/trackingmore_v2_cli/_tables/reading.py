"""
Reading of tables: CSV, JSON Lines, XLSX and Parquet, row by row.

All cells become text. What is wrong with a row or a cell is reported with it; only a file that
cannot be read at all raises an error.
"""

import shutil
import sys
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Final, Literal, Protocol, Self, TypeAlias, get_args

from trackingmore_v2_cli._errors import CommandError
from trackingmore_v2_cli._statuses import ExitStatus
from trackingmore_v2_cli._tables.rows import Row

Format: TypeAlias = Literal["csv", "jsonl", "xlsx", "parquet"]
FORMATS: Final[tuple[Format, ...]] = get_args(Format)

_BY_SUFFIX: Final[dict[str, Format]] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".parquet": "parquet",
}
_BY_START: Final[tuple[tuple[bytes, Format], ...]] = (
    (b"PAR1", "parquet"),
    (b"PK\x03\x04", "xlsx"),
    (b"{", "jsonl"),
)


class _File(Protocol):
    @property
    def columns(self) -> list[str]: ...

    @property
    def unit(self) -> str: ...

    @property
    def delimiter(self) -> str: ...

    def rows(self) -> Iterator[Row]: ...


class Table:
    """
    A table in a file. Its rows can be iterated several times.

    Args:
        file: The file.
        path: Where it is.
        closing: What is closed with the table.
        is_copy: Whether it is a copy of standard input or a pipe.

    Attributes:
        columns: The names of its columns, each once.
        unit: What the numbers of its rows count: "line" of a text file, or "row" of a sheet.
        delimiter: What separates the cells of a CSV file; a comma for other formats.
        path: Where the file is.
        is_copy: Whether it is a copy.
    """

    def __init__(self, file: _File, path: Path, closing: ExitStack, *, is_copy: bool) -> None:
        self.columns: Final = file.columns
        self.unit: Final = file.unit
        self.delimiter: Final = file.delimiter
        self.path: Final = path
        self.is_copy: Final = is_copy
        self._file: Final = file
        self._closing: Final = closing

    def __iter__(self) -> Iterator[Row]:
        return self._file.rows()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: object, _trace: TracebackType | None
    ) -> None:
        self._closing.close()


def open_table(
    path: str,
    *,
    format: Format | None = None,  # noqa: A002 - as the option is called
    delimiter: str | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
) -> Table:
    """
    Open a table, to be used as a context manager.

    Args:
        path: The file, or a pipe; `-` is standard input.
        format: Its format. Default: the one of its suffix or content.
        delimiter: What separates the cells of a CSV file, or `tab`. Default: recognized among
            comma, semicolon, tab and bar.
        encoding: The encoding of a text file. Default: that of its byte order mark, or UTF-8.
        sheet: The sheet of an XLSX file. Default: the first one.

    Raises:
        CommandError: The file cannot be read, or has no columns.
    """
    is_copy = _is_stream(path)
    delimiter = _checked_delimiter(delimiter)
    with ExitStack() as stack, _errors_of(path, encoding):
        place = Path(path)
        if is_copy:
            place = _copy(path, Path(stack.enter_context(TemporaryDirectory())))
        file = _open(place, format or _format_of(place), delimiter, encoding, sheet)
        if not file.columns:
            raise CommandError(f"{path} is empty", ExitStatus.USAGE)
        return Table(file, place, stack.pop_all(), is_copy=is_copy)


@contextmanager
def _errors_of(path: str, encoding: str | None) -> Generator[None]:
    try:
        yield
    except UnicodeError as error:
        message = f"cannot read {path} as {encoding}: {error}; pass another, such as utf-16-le"
        raise CommandError(message, ExitStatus.USAGE) from error
    except OSError as error:
        raise CommandError(f"cannot read {path}: {error.strerror}", ExitStatus.USAGE) from error


def _is_stream(path: str) -> bool:
    """Return whether a file can be read only once, such as a pipe."""
    return path == "-" or (
        Path(path).exists() and not Path(path).is_file() and not Path(path).is_dir()
    )


def _copy(path: str, folder: Path) -> Path:
    """Copy what can be read only once to a file, since tables are read more than once."""
    copy = folder / "standard-input"
    with copy.open("wb") as file:
        if path != "-":
            with Path(path).open("rb") as stream:
                shutil.copyfileobj(stream, file)
        elif sys.stdin is None or sys.stdin.closed:
            raise CommandError("standard input is closed", ExitStatus.USAGE)
        else:
            shutil.copyfileobj(sys.stdin.buffer, file)
    return copy


def _checked_delimiter(given: str | None) -> str | None:
    """Return a delimiter, which may be a name of the tab."""
    delimiter = "\t" if given in {"tab", r"\t"} else given
    if delimiter and (len(delimiter) != 1 or delimiter in '"\r\n'):
        raise CommandError(
            f"the delimiter {given!r} is not one character, such as ';' or tab", ExitStatus.USAGE
        )
    return delimiter


def _format_of(path: Path) -> Format:
    """Return the format of a file, by its suffix or else by its content; CSV otherwise."""
    if path.suffix.lower() in _BY_SUFFIX:
        return _BY_SUFFIX[path.suffix.lower()]
    with path.open("rb") as file:
        start = file.read(64).removeprefix(b"\xef\xbb\xbf").lstrip()
    for mark, kind in _BY_START:
        if start.startswith(mark):
            return kind
    return "csv"


def _open(
    path: Path, kind: Format, delimiter: str | None, encoding: str | None, sheet: str | None
) -> _File:
    match kind:
        case "csv":
            from trackingmore_v2_cli._tables._csv import CsvFile  # noqa: PLC0415 - the one in use

            return CsvFile(path, delimiter, encoding)
        case "jsonl":
            from trackingmore_v2_cli._tables._json_lines import JsonLinesFile  # noqa: PLC0415

            return JsonLinesFile(path, encoding)
        case "xlsx":
            from trackingmore_v2_cli._tables._xlsx import XlsxFile  # noqa: PLC0415

            return XlsxFile(path, sheet)
        case "parquet":
            from trackingmore_v2_cli._tables._parquet import ParquetFile  # noqa: PLC0415

            return ParquetFile(path)
