"""Files of tables, such as CSV, whose rows name trackings."""

from typing import Final

from trackingmore_v2_cli._errors import CommandError
from trackingmore_v2_cli._statuses import ExitStatus

NUMBER: Final = "tracking_number"
CARRIER: Final = "carrier_code"
"""The columns that name a tracking; that of the carrier may be missing or blank."""

_SUFFIXES: Final = (".csv", ".tsv", ".jsonl", ".ndjson", ".xlsx", ".parquet")


def is_table(file: str | None) -> bool:
    """Return whether a file is a table, by its suffix."""
    return file is not None and file.lower().endswith(_SUFFIXES)


def read_rows(file: str) -> list[dict[str, str]]:
    """
    Return the rows of a table, whose blank cells are left out.

    Raises:
        CommandError: The file has no column for the number, or a row cannot be used.
    """
    from trackingmore_v2_cli._tables.reading import open_table  # noqa: PLC0415 - for tables only

    with open_table(file) as table:
        if NUMBER not in table.columns:
            columns = ", ".join(table.columns)
            raise CommandError(
                f"{file} has no column {NUMBER}; its columns are: {columns}", ExitStatus.USAGE
            )
        for row in table:
            problems = (f"{name} {problem}" for name, problem in row.damaged.items())
            if problem := row.problem or next(problems, ""):
                place = f"{file}, {table.unit} {row.number}"
                raise CommandError(f"{place}: {problem}; nothing was sent", ExitStatus.USAGE)
        return [{name: cell for name, cell in row.cells.items() if cell.strip()} for row in table]
