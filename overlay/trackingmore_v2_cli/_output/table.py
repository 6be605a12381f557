"""Tables on a terminal, no wider than it is; as blocks where it is too narrow for the columns."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from rich import box
from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

from trackingmore_v2_cli._output.output import Column, Record, header_of, styled
from trackingmore_v2_cli._output.text import cell

if TYPE_CHECKING:
    from rich.console import Console

_MIN_WIDTH: Final = 12
"""Number of characters to which text may be cut."""

_GAP: Final = 3
"""Number of characters between two columns."""


def print_table(console: "Console", columns: Sequence[Column], records: Iterable[Record]) -> int:
    """Print a table, or a block for each record if it is too wide; return the number of records."""
    rows = [[record[column.field] for column in columns] for record in records]
    if not rows:
        return 0
    headers = [column.header or header_of(column.field) for column in columns]
    texts = [[cell(value) for value in row] for row in rows]
    widths, least = _widths(headers, texts, rows)
    fitted = fit(widths, least, console.width - _GAP * (len(columns) - 1))
    if fitted is None:
        console.print(_blocks(headers, texts))
    else:
        numbers = [
            column.is_number or any(_is_number(row[position]) for row in rows)
            for position, column in enumerate(columns)
        ]
        console.print(_table(headers, numbers, texts, fitted))
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
    fitted, excess = list(widths), sum(widths) - available
    for position in reversed(range(len(widths))):
        cut = min(max(excess, 0), widths[position] - least[position])
        fitted[position] -= cut
        excess -= cut
    return None if excess > 0 else fitted


def _widths(
    headers: Sequence[str], texts: Sequence[Sequence[str]], rows: Sequence[Sequence[object]]
) -> tuple[list[int], list[int]]:
    """Return the widths that the columns need, and those that they need at least."""
    widths, least = list[int](), list[int]()
    for position, header in enumerate(headers):
        needed = max(cell_len(row[position]) for row in texts)
        # A part of a time or a count would be wrong, and the first column names the record.
        is_text = position > 0 and any(isinstance(row[position], str | list) for row in rows)
        widths.append(max(needed, cell_len(header)))
        word = max(map(cell_len, header.split()), default=0)
        least.append(max(word, min(needed, _MIN_WIDTH) if is_text else needed))
    return widths, least


def _table(
    headers: Sequence[str],
    numbers: Sequence[bool],
    texts: Sequence[Sequence[str]],
    widths: Sequence[int],
) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for header, is_number, width in zip(headers, numbers, widths, strict=True):
        table.add_column(Text(header), justify="right" if is_number else "left", width=width)
    for row in texts:
        table.add_row(*map(_in_one_line, row))
    return table


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _in_one_line(text: str) -> Text:
    shown: Text = styled(text)
    shown.no_wrap, shown.overflow = True, "ellipsis"
    return shown


def _blocks(headers: Sequence[str], texts: Sequence[Sequence[str]]) -> Table:
    """Return the records one below the other, each value on a line of its own."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for position, row in enumerate(texts):
        if position:
            grid.add_row()
        for header, text in zip(headers, row, strict=True):
            grid.add_row(Text(header, "bold"), styled(text))
    return grid
