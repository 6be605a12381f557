"""Rows of tables: cells are text, and what is wrong with a row stands beside them."""

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from trackingmore_v2_cli._output.text import clean

_NONE: Final[Mapping[str, str]] = MappingProxyType({})

UNDECODABLE: Final = "\udcff"
"""What stands for bytes that are no text in the encoding of the file. No valid text has it."""

_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_UNPRINTABLE: Final = re.compile("[\0\ud800-\udfff]")

EXACT_DIGITS: Final = 15
"""Number of digits that spreadsheets and floats keep."""

MAX_EXACT: Final = 10.0**EXACT_DIGITS
"""Numbers from here on may have lost digits."""


class Row(NamedTuple):
    """A row of a table."""

    number: int
    """Its line in a text file, or its row in a sheet; from 1."""

    cells: dict[str, str]
    """The cells by column."""

    problem: str = ""
    """Why the row cannot be used, such as "has more cells than the header"; empty if it can be."""

    damaged: Mapping[str, str] = _NONE
    """What is wrong with single cells, by column."""

    extra: tuple[str, ...] = ()
    """The cells beyond the header."""


def row_of(number: int, columns: list[str], values: list[str]) -> Row:
    """Return a row of cells in the order of the columns; missing ones are empty."""
    missing = len(columns) - len(values)
    extra = tuple(values[len(columns) :])
    problem = "has more cells than the header" if any(map(str.strip, extra)) else ""
    cells = dict(zip(columns, values + [""] * missing, strict=False))
    return Row(number, cells, problem, extra=extra if problem else ())


def damage_of(text: str) -> str:
    """Return what is wrong with the characters of a row or cell; empty if nothing is."""
    if _SURROGATE.search(text):
        return (
            "has bytes that are no text in this encoding; pass the right one, "
            "such as --encoding cp1252"
        )
    return "has a NUL character" if "\0" in text else ""


def damaged(row: Row, problem: str) -> Row:
    """Return a row that cannot be used, with cells that can be printed."""
    cells = {name: printable(cell) for name, cell in row.cells.items()}
    return row._replace(cells=cells, problem=problem, extra=tuple(map(printable, row.extra)))


def unreadable(number: int, columns: list[str], text: str, problem: str) -> Row:
    """Return a row without cells, whose text stands in the first column."""
    return Row(number, {**dict.fromkeys(columns, ""), columns[0]: printable(text)}, problem)


def columns_of(header: Iterable[str]) -> list[str]:
    """Return names of columns: those of a header, each once, and its blank ones numbered."""
    given = [clean(printable(name)) for name in header]
    while given and not given[-1]:  # what spreadsheets write for empty columns
        given.pop()
    names: dict[str, None] = {}
    for position, name in enumerate(given, 1):
        repeated = f"{name or 'column'} ({position})"
        names[repeated if not name or name in names else name] = None
    return list(names)


def printable(text: str) -> str:
    """Return a text without NUL characters and surrogates, which no file can store."""
    return _UNPRINTABLE.sub("\ufffd", text)
