"""Lines of text files in any encoding, whatever bytes they have."""

import codecs
from collections import deque
from pathlib import Path
from typing import Final, Self, TextIO

from trackingmore_v2_cli._errors import CommandError
from trackingmore_v2_cli._statuses import ExitStatus
from trackingmore_v2_cli._tables.rows import UNDECODABLE

MAX_LINE: Final = 2**20
"""Maximum number of characters of a line; the rest of a longer one is not kept."""

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LINE_ENDS: Final = ("\n", "\r")


def _mark_undecodable(error: UnicodeError) -> tuple[str, int]:
    if isinstance(error, UnicodeDecodeError):
        return UNDECODABLE, error.end
    raise error


_ERRORS: Final = "trackingmore-v2.mark"
codecs.register_error(_ERRORS, _mark_undecodable)


class TooManyLines(Exception):
    """A record has more lines than allowed."""


class Lines:
    """
    The lines of a file, of which those of the current record can be read again.

    Args:
        file: The file.
        max_lines: Maximum number of lines of a record.

    Attributes:
        number: Number of the latest line, from 1.
        record: The lines since the record began.
    """

    def __init__(self, file: TextIO, max_lines: int) -> None:
        self._max_lines: Final = max_lines
        self._file: Final = file
        self._again: Final[deque[str]] = deque()
        self.number = 0
        self.record: list[str] = []

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else self._read()
        if not line:
            raise StopIteration
        if not self.number:
            line = line.removeprefix("\ufeff")
        self.record.append(line)
        self.number += 1
        if len(self.record) > self._max_lines:
            raise TooManyLines
        return line

    def begin(self) -> int:
        """Begin a record, and return the number of its first line."""
        self.record.clear()
        return self.number + 1

    def take_back(self) -> None:
        """Take back all lines of the record but the first."""
        self._again.extendleft(reversed(self.record[1:]))
        self.number -= len(self.record) - 1

    @property
    def is_cut(self) -> bool:
        """Whether a line of the record is longer than allowed."""
        return any(len(line) >= MAX_LINE for line in self.record)

    def _read(self) -> str:
        line = rest = self._file.readline(MAX_LINE)
        while len(rest) >= MAX_LINE and not rest.endswith(_LINE_ENDS):
            rest = self._file.readline(MAX_LINE)
        return line


def open_text(path: Path, encoding: str | None) -> TextIO:
    """
    Open a text file. Undecodable bytes become `UNDECODABLE`, and line ends stay as they are.

    Args:
        path: The file.
        encoding: Its encoding, unless it has a byte order mark. Default: UTF-8.

    Raises:
        CommandError: There is no such encoding.
    """
    # The file of rejected rows has a mark, and is imported with the options of the first file.
    chosen = _marked_encoding(path) or encoding or "utf-8"
    try:
        " ".encode(chosen)
    except LookupError:
        raise CommandError(
            f"unknown encoding {chosen!r}; pass one such as cp1252 or utf-16", ExitStatus.USAGE
        ) from None
    return path.open(encoding=chosen, errors=_ERRORS, newline="")


def _marked_encoding(path: Path) -> str | None:
    with path.open("rb") as file:
        start = file.read(4)
    return next((name for mark, name in _MARKS if start.startswith(mark)), None)
