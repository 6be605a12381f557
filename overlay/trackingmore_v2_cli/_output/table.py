"""Tables on a terminal, no wider than it is; as blocks where it is too narrow for the columns."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from rich import box
from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

from trackingmore_v2_cli._output.columns import Column, Record, header_of, styled
from trackingmore_v2_cli._output.text import cell

if TYPE_CHECKING:
    from rich.console import Console

_MIN_WIDTH: Final = 10
"""Number of characters to which text may be cut."""

_PADDINGS: Final = {3: (0, 1, 0, 1), 2: (0, 1, 0, 0)}
"""Paddings of cells, by the number of characters between two columns; the better one first."""


class _Cells(NamedTuple):
    """A column as it is printed."""

    header: str
    texts: list[str]
    is_number: bool
    width: int
    """The width that it needs for its texts."""

    least: int
    """The width that it needs at least."""


def print_table(console: "Console", columns: Sequence[Column], records: Iterable[Record]) -> int:
    """Print a table, or a block for each record if it is too wide; return the number of records."""
    rows = list(records)
    if not rows:
        return 0
    cells = [
        _cells(column, [row[column.field] for row in rows], is_first=not position)
        for position, column in enumerate(columns)
    ]
    console.print(_table(cells, console.width) or _blocks(cells))
    return len(rows)


def fit(widths: Sequence[int], least: Sequence[int], available: int) -> list[int] | None:
    """
    Return the widths of columns that together are not wider than a line.

    The last columns shrink first, since the first one names the record.

    Args:
        widths: The width that each column needs for its texts.
        least: The width that each needs at least.
        available: The width of the line.

    Returns:
        The widths; None if the line is too short even for the least ones.
    """
    fitted, excess = list(widths), max(sum(widths) - available, 0)
    for position in reversed(range(len(widths))):
        cut = min(excess, widths[position] - least[position])
        fitted[position] -= cut
        excess -= cut
    return None if excess else fitted


def _cells(column: Column, values: Sequence[object], *, is_first: bool) -> _Cells:
    header = column.header or header_of(column.field)
    texts = [cell(value) for value in values]
    width = max(map(cell_len, texts))
    # A part of a time or a count would be wrong, and the first column names the record.
    has_text = any(isinstance(value, str | list) for value in values)
    may_be_cut = has_text and not (is_first or column.is_whole)
    return _Cells(
        header,
        texts,
        column.is_number or any(map(_is_number, values)),
        max(width, cell_len(header)),
        max(
            min(width, _MIN_WIDTH) if may_be_cut else width,
            max(map(cell_len, header.split()), default=0),
        ),
    )


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _table(cells: Sequence[_Cells], available: int) -> Table | None:
    """Return the table; None if it would be too wide."""
    needed, least = [each.width for each in cells], [each.least for each in cells]
    for gap, padding in _PADDINGS.items():
        if widths := fit(needed, least, available - gap * (len(cells) - 1)):
            table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=padding)
            for each, width in zip(cells, widths, strict=True):
                table.add_column(
                    Text(each.header), justify="right" if each.is_number else "left", width=width
                )
            for row in zip(*(each.texts for each in cells), strict=True):
                table.add_row(*map(_in_one_line, row))
            return table
    return None


def _in_one_line(text: str) -> Text:
    shown: Text = styled(text)
    shown.no_wrap, shown.overflow = True, "ellipsis"
    return shown


def _blocks(cells: Sequence[_Cells]) -> Table:
    """Return the records one below the other, each value on a line of its own."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for position in range(len(cells[0].texts)):
        if position:
            grid.add_row()
        for each in cells:
            grid.add_row(Text(each.header, "bold"), styled(each.texts[position]))
    return grid
