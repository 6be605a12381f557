"""The formats of files, and which one a file has."""

import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import nullcontext
from importlib import import_module
from pathlib import Path
from typing import BinaryIO, Final, Literal, TypeAlias, cast, get_args

from trackingmore_v2_cli._errors import CommandError, MissingExtra
from trackingmore_v2_cli._files import replacing
from trackingmore_v2_cli._statuses import ExitStatus
from trackingmore_v2_cli._tables.writing import texts
from trackingmore_v2_cli._tables.writing.columns import Layout, Row
from trackingmore_v2_cli._tables.writing.excel import MAX_CHARACTERS, write_excel
from trackingmore_v2_cli._tables.writing.parquet import write_parquet
from trackingmore_v2_cli._tables.writing.sqlite import write_sqlite
from trackingmore_v2_cli._tables.writing.text import write_csv, write_json_lines

Format: TypeAlias = Literal["csv", "jsonl", "xlsx", "parquet", "sqlite"]

FORMATS: Final[tuple[Format, ...]] = get_args(Format)
STREAMED: Final = frozenset({"csv", "jsonl"})
"""The formats that standard output takes."""

_SUFFIXES: Final[Mapping[str, Format]] = {
    ".csv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".xlsx": "xlsx",
    ".parquet": "parquet",
    ".sqlite3": "sqlite",
    ".sqlite": "sqlite",
    ".db": "sqlite",
}
_EXTRAS: Final[Mapping[Format, tuple[str, str]]] = {
    "xlsx": ("openpyxl", "excel"),
    "parquet": ("pyarrow", "parquet"),
}
"""The packages that formats need, and the extras that install them."""

_WRITERS: Final[Mapping[Format, Callable[[BinaryIO, Iterable[Row], Layout], None]]] = {
    "csv": write_csv,
    "jsonl": write_json_lines,
    "xlsx": write_excel,
    "parquet": write_parquet,
}


def format_of(file: str, name: str | None = None) -> Format:
    """
    Return the format of a file: the one that is named, or that of its suffix.

    Args:
        file: The file, or `-` for standard output, which is CSV unless another one is named.
        name: Name of the format. Default: None.

    Raises:
        CommandError: The suffix is unknown, the format needs a package that is not installed, or
            standard output cannot take it.
    """
    suffix = ".csv" if file == "-" else Path(file).suffix.lower()
    found = cast("Format | None", name or _SUFFIXES.get(suffix))
    if found is None:
        raise CommandError(
            f"{file} has no suffix of a format; use one of "
            f"{', '.join(_SUFFIXES)}, or pass --format",
            ExitStatus.USAGE,
        )
    if file == "-" and found not in STREAMED:
        raise CommandError(f"{found} needs a file; name one instead of -", ExitStatus.USAGE)
    _require(found)
    return found


def texts_of(form: Format, *, on_terminal: bool = False) -> texts.Texts:
    """Return how a format holds text, in a file or on a terminal."""
    if form == "csv":
        return texts.Texts(texts.CONTROLS if on_terminal else texts.NUL_TOO)
    if form == "xlsx":
        return texts.Texts(texts.NOT_IN_XML, MAX_CHARACTERS)
    return texts.Texts()


def write(file: str, form: Format, rows: Iterable[Row], layout: Layout, *, replace: bool) -> None:
    """
    Write rows to a file or to standard output.

    Args:
        file: The file, or `-`. It is replaced when all rows are written.
        form: Its format. A database that exists is not replaced, but changed.
        rows: The rows.
        layout: The columns, and how they are written.
        replace: Whether the earlier rows of a database are deleted.
    """
    if file == "-":
        sys.stdout.flush()
        _WRITERS[form](sys.stdout.buffer, rows, layout)
        sys.stdout.buffer.flush()
        return
    target = Path(file)
    with nullcontext(target) if changes(file, form) else replacing(target) as path:
        if form == "sqlite":
            write_sqlite(path, rows, layout, replace=replace)
            return
        with path.open("wb") as stream:
            _WRITERS[form](stream, rows, layout)


def changes(file: str, form: Format) -> bool:
    """Return whether a file is a database that exists, which is changed and not replaced."""
    return form == "sqlite" and Path(file).exists()


def _require(form: Format) -> None:
    """Import the package of a format, before anything is sent."""
    if form not in _EXTRAS:
        return
    package, extra = _EXTRAS[form]
    try:
        import_module(package)
    except ModuleNotFoundError as missing:
        raise MissingExtra(missing, extra) from None
