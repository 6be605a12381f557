"""The file of rejected rows, which can be corrected and imported again."""

import csv
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from trackingmore_v2_cli._files import replacing
from trackingmore_v2_cli._importing.columns import REJECT_COLUMNS
from trackingmore_v2_cli._importing.outcomes import FAILED, Outcome
from trackingmore_v2_cli._tables.formulas import guard
from trackingmore_v2_cli._tables.reading import Table

_ENCODING: Final = "utf-8-sig"
"""With a byte order mark, for the spreadsheets in which people correct the file."""


def default_path(source: str) -> Path:
    """Return the path of the file: beside the input, or in this folder if that is read-only."""
    path = Path(source) if Path(source).is_file() else Path("import.csv")
    # `orders.csv` and `orders.xlsx` have files of their own.
    name = f"{path.stem if path.suffix == '.csv' else path.name}.rejects.csv"
    return path.with_name(name) if os.access(path.parent, os.W_OK) else Path(name)


def write_rejects(path: Path, table: Table, found: Iterable[Outcome]) -> None:
    """
    Write the rejected rows: why, their code and line, and then their cells.

    The file appears when it is complete.

    Args:
        path: The file. One that exists is replaced.
        table: The table.
        found: Its rows and what became of them.
    """
    columns = [each for each in table.columns if each not in REJECT_COLUMNS]
    with replacing(path) as partial, partial.open("w", encoding=_ENCODING, newline="") as file:
        writer = csv.writer(file, delimiter=table.delimiter)
        writer.writerow([*REJECT_COLUMNS, *map(guard, columns)])
        for row, result, reason, code in found:
            if result in FAILED:
                cells = (*(row.cells[column] for column in columns), *row.extra)
                writer.writerow([guard(reason), code, row.number, *map(guard, cells)])
        file.flush()
