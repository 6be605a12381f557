"""JSON Lines: one object a line, whose values become text."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple, cast

from trackingmore_v2_cli._errors import CommandError
from trackingmore_v2_cli._statuses import ExitStatus
from trackingmore_v2_cli._tables.rows import Row, columns_of, damage_of, damaged, unreadable
from trackingmore_v2_cli._tables.text_files import MAX_LINE, Lines, open_text

_MAX_COLUMNS: Final = 1000
_SHOWN: Final = 1000
"""Number of characters of a malformed line that are kept."""


class Line(NamedTuple):
    """A line, and the object in it."""

    number: int
    text: str
    found: dict[str, object]
    problem: str = ""
    """Why it has no object."""


class JsonLinesFile:
    """
    A file with one JSON object a line.

    Args:
        path: The file.
        encoding: Its encoding. Default: that of its byte order mark, or UTF-8.

    Attributes:
        columns: The names that the objects have.
        unit: What row numbers count.
        delimiter: A comma, for files that are made from it.
    """

    def __init__(self, path: Path, encoding: str | None) -> None:
        self.unit: Final = "line"
        self.delimiter: Final = ","
        self._path: Final = path
        self._encoding: Final = encoding
        names: dict[str, None] = {}
        for line in self._lines():
            names |= dict.fromkeys(line.found)
            if len(names) > _MAX_COLUMNS:
                raise CommandError(f"{path}: more than {_MAX_COLUMNS} fields", ExitStatus.USAGE)
        self._names: Final = list(names)
        self.columns: Final = columns_of(names) or ["line"]

    def rows(self) -> Iterator[Row]:
        """Yield the rows that are not blank."""
        for number, text, found, problem in self._lines():
            if problem:
                yield unreadable(number, self.columns, text[:_SHOWN].rstrip(), problem)
                continue
            cells = [_text(found.get(name)) for name in self._names]
            if not any(cells):
                continue
            row = Row(number, dict(zip(self.columns, cells, strict=False)))
            damage = damage_of("".join(cells))
            yield damaged(row, damage) if damage else row

    def _lines(self) -> Iterator[Line]:
        with open_text(self._path, self._encoding) as file:
            lines = Lines(file, max_lines=1)
            while True:
                lines.begin()
                text = next(lines, None)
                if text is None:
                    return
                if text.strip():
                    yield _parsed(lines.number, text)


def _parsed(number: int, text: str) -> Line:
    if len(text) >= MAX_LINE:
        return Line(number, text, {}, f"has more than {MAX_LINE:,} characters")
    try:
        found = _decoder.decode(text.strip())
    except json.JSONDecodeError as error:
        return Line(number, text, {}, f"is not JSON: {error.msg} at character {error.pos + 1}")
    except RecursionError:
        return Line(number, text, {}, "is not JSON: too deeply nested")
    if not isinstance(found, dict):
        return Line(number, text, {}, "is not a JSON object; expected one for each line")
    return Line(number, text, cast("dict[str, object]", found))


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


# Numbers stay as they are written: converted ones may lose digits.
_decoder: Final = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str)
