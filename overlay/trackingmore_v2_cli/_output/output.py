"""Results as JSON, as tables on a terminal, or as tab-separated values elsewhere."""

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final, Literal, TextIO, TypeAlias

from trackingmore_v2_cli._errors import CommandError
from trackingmore_v2_cli._output.columns import Column, Record, header_of, styled
from trackingmore_v2_cli._output.text import cell, clean, escape, glyph
from trackingmore_v2_cli._statuses import ExitStatus

if TYPE_CHECKING:
    from rich.console import Console

JsonMode: TypeAlias = Literal["lines", "array"]


class Output:
    """
    The output of one command.

    Args:
        json: How records are printed as JSON; None for tables and text.
        fields: The fields of records to print, in their order; empty for the default ones.
        quiet: Whether messages on standard error are left out, except errors.
        verbose: Whether requests are shown.
    """

    def __init__(
        self,
        json: JsonMode | None = None,
        fields: Sequence[str] = (),
        *,
        quiet: bool = False,
        verbose: bool = False,
    ) -> None:
        self.json: Final = json
        self.fields: Final = tuple(fields)
        self.quiet: Final = quiet
        self.verbose: Final = verbose

    @property
    def is_terminal(self) -> bool:
        """Whether results are read by a person: on a terminal, and not as JSON."""
        return self.json is None and sys.stdout.isatty()

    @property
    def console(self) -> "Console":
        """A console of rich on standard output. Pass it texts, never markup."""
        return _console(sys.stdout)

    @property
    def messages(self) -> "Console":
        """A console of rich on standard error, for progress on a terminal."""
        return _console(sys.stderr)

    def records(
        self, shape: str, records: Iterable[Record], columns: Sequence[Column], *, empty: str
    ) -> int:
        """
        Print records: one line each, or one array, or a table.

        Args:
            shape: Name of their shape, such as `tracking/1`.
            records: The records. They are printed as they come, except in a table.
            columns: The columns of the table, unless `--fields` selects others.
            empty: Message for no records; empty for none.

        Returns:
            How many records there were.
        """
        self.check_fields(shape)
        if self.fields:
            by_field = {column.field: column for column in columns}
            columns = [by_field.get(name, Column(name)) for name in self.fields]
        printed = {None: self._table, "lines": self._json_lines, "array": self._json_array}
        count = printed[self.json](shape, records, columns)
        if not count and empty:
            self.note(empty)
        return count

    def record(self, shape: str, record: Record, labels: Mapping[str, str] | None = None) -> None:
        """
        Print one record: a JSON object, or a line for each field. It is never in an array.

        Args:
            shape: Name of its shape.
            record: The record.
            labels: The fields to print, with their names. Default: all.
        """
        self.check_fields(shape)
        if self.json:
            _write(self._encoded(shape, record) + b"\n")
            return
        names = dict.fromkeys(self.fields) or labels or dict.fromkeys(record)
        rows = [(label or header_of(name), cell(record[name])) for name, label in names.items()]
        if not self.is_terminal:
            for row in rows:
                _print("\t".join(row))
            return
        from rich.table import Table  # noqa: PLC0415 - slow to import
        from rich.text import Text  # noqa: PLC0415

        table = Table.grid(padding=(0, 2))
        for label, value in rows:
            table.add_row(Text(label, "bold"), styled(value))
        self.console.print(table)

    def check_fields(self, shape: str) -> None:
        """
        Check that a record has the fields of `--fields`.

        Args:
            shape: Name of its shape.

        Raises:
            CommandError: It does not have one of them.
        """
        if not self.fields:
            return
        from trackingmore_v2_cli._output.records import fields_of  # noqa: PLC0415 - imports the client

        known = fields_of(shape)
        unknown = [name for name in self.fields if name not in known]
        if unknown:
            raise CommandError(
                f"unknown field {unknown[0]!r} in --fields; the fields are: {', '.join(known)}",
                ExitStatus.USAGE,
            )

    def _json_lines(self, shape: str, records: Iterable[Record], _columns: object) -> int:
        count = 0
        for count, record in enumerate(records, 1):  # noqa: B007 - used below
            _write(self._encoded(shape, record) + b"\n")
        return count

    def _json_array(self, shape: str, records: Iterable[Record], _columns: object) -> int:
        count = 0
        for count, record in enumerate(records, 1):
            _write((b"[" if count == 1 else b",\n") + self._encoded(shape, record))
        _write(b"]\n" if count else b"[]\n")
        return count

    def _encoded(self, shape: str, record: Record) -> bytes:
        from msgspec import json  # noqa: PLC0415 - for JSON only

        if self.fields:
            return escape(json.encode({name: record[name] for name in self.fields}))
        return escape(json.encode({"schema": shape, **record}))

    def _table(self, _shape: str, records: Iterable[Record], columns: Sequence[Column]) -> int:
        if not self.is_terminal:
            count = 0
            for count, record in enumerate(records, 1):  # noqa: B007 - used below
                _print("\t".join(cell(record[column.field]) for column in columns))
            return count
        from trackingmore_v2_cli._output.table import print_table  # noqa: PLC0415 - imports rich

        return print_table(self.console, columns, records)

    def text(self, text: str) -> None:
        """Print a line of text, made safe, to standard output."""
        _print(clean(text))

    def document(self, content: bytes) -> None:
        """Print a JSON text that is no record, such as a body for another program."""
        _write(content + b"\n")

    def note(self, message: str) -> None:
        """Print a message to standard error, unless `--quiet` is set."""
        if not self.quiet:
            _print(clean(message), sys.stderr)

    def glyph(self, preferred: str, ascii_only: str) -> str:
        """Return a symbol, or its replacement where standard output cannot print it."""
        return glyph(preferred, ascii_only, sys.stdout)


def _print(line: str, file: TextIO | None = None) -> None:
    (file or sys.stdout).write(f"{line}\n")


def _write(content: bytes) -> None:
    """Write JSON, which is in UTF-8 whatever the encoding of the terminal."""
    sys.stdout.flush()
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def _console(file: TextIO) -> "Console":
    from rich.console import Console  # noqa: PLC0415 - slow to import

    # `COLUMNS` counts everywhere, as in click; rich ignores it on Windows.
    width = os.environ.get("COLUMNS", "")
    return Console(
        file=file,
        width=int(width) if width.isdecimal() and int(width) else None,
        markup=False,
        highlight=False,
        emoji=False,
    )
