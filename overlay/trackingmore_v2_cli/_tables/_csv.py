"""CSV with any delimiter. A malformed row costs no other row."""

import csv
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple, TextIO

from trackingmore_v2_cli._errors import CommandError
from trackingmore_v2_cli._statuses import ExitStatus
from trackingmore_v2_cli._tables.formulas import unguard
from trackingmore_v2_cli._tables.rows import Row, columns_of, damage_of, damaged, row_of, unreadable
from trackingmore_v2_cli._tables.text_files import MAX_LINE, Lines, TooManyLines, open_text

_DELIMITERS: Final = (",", ";", "\t", "|")
_SAMPLED: Final = 10
"""Number of records by which the delimiter is recognized."""

_MAX_LINES: Final = 200
"""Maximum number of lines of a record. One with more has a quotation mark that is not closed."""

_SHOWN: Final = 1000
"""Number of characters of a malformed line that are kept."""


class Record(NamedTuple):
    """A record of a CSV file."""

    number: int
    """Its first line."""

    cells: list[str]
    text: str
    """Its first line as it stands there."""

    problem: str = ""
    """Why it cannot be parsed."""


class CsvFile:
    """
    A CSV file.

    Args:
        path: The file.
        delimiter: What separates its cells. Default: the one that its first lines have.
        encoding: Its encoding. Default: that of its byte order mark, or UTF-8.

    Attributes:
        columns: The names of its columns.
        unit: What row numbers count.
    """

    def __init__(self, path: Path, delimiter: str | None, encoding: str | None) -> None:
        self.unit: Final = "line"
        self._path: Final = path
        self._encoding: Final = encoding
        self.delimiter: Final = delimiter or self._sniff()
        header = next(self._records(self.delimiter), None)
        problem = header.problem or damage_of("".join(header.cells)) if header else ""
        if problem:
            raise CommandError(f"{path}: the header {problem}", ExitStatus.USAGE)
        self.columns: Final = columns_of(header.cells) if header else []

    def rows(self) -> Iterator[Row]:
        """Yield the rows that are not blank."""
        for number, cells, text, problem in islice(self._records(self.delimiter), 1, None):
            if problem:
                yield unreadable(number, self.columns, text, problem)
                continue
            row = row_of(number, self.columns, list(map(unguard, cells)))
            damage = damage_of("".join(cells))
            yield damaged(row, damage) if damage else row

    def _records(self, delimiter: str) -> Iterator[Record]:
        with open_text(self._path, self._encoding) as file:
            for record in records(file, delimiter):
                if record.problem or any(map(str.strip, record.cells)):
                    yield record

    def _sniff(self) -> str:
        """Return the delimiter with which most records have the columns of the header."""

        def fitness(delimiter: str) -> tuple[int, int]:
            sample = list(islice(self._records(delimiter), _SAMPLED))
            header = sample[0] if sample else Record(1, [], "")
            columns = len(header.cells) or header.text.count(delimiter) + 1
            alike = sum(len(each.cells) == columns for each in sample)
            return (alike if columns > 1 else 0), columns

        return max(_DELIMITERS, key=fitness)


def records(file: TextIO, delimiter: str) -> Iterator[Record]:
    """Yield the records of a CSV file; after a malformed one, its second line begins the next."""
    lines = Lines(file, _MAX_LINES)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        number, problem, cells = lines.begin(), "", list[str]()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (csv.Error, TooManyLines) as error:
            problem = _reason(error, lines)
        if lines.is_cut:
            problem = f"has more than {MAX_LINE:,} characters"
        yield Record(number, cells, lines.record[0][:_SHOWN].rstrip("\r\n"), problem)
        if problem:
            lines.take_back()


def _reason(error: Exception, lines: Lines) -> str:
    """Return why a record cannot be parsed."""
    if len(lines.record) > 1 or "unexpected end" in str(error):
        return "has a quotation mark that is not closed"
    if "field larger" in str(error):
        return f"has a cell of more than {csv.field_size_limit():,} characters"
    return "has a quotation mark inside a quoted cell; write it twice"
