"""The first look at an import, and its report."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from trackingmore_v2_cli._importing.columns import Columns
from trackingmore_v2_cli._importing.outcomes import REJECTED, UNKNOWN, Outcome, Summary
from trackingmore_v2_cli._output.output import Output
from trackingmore_v2_cli._output.records import ImportCheckRecord, ImportReportRecord
from trackingmore_v2_cli._output.text import clean, glyph
from trackingmore_v2_cli._words import counted

CHECK_LABELS: Final = {
    "rows": "rows",
    "to_create": "to create, and cost in trackings",
    "duplicates": "duplicates of earlier rows",
    "rejected": "wrong",
}
REPORT_LABELS: Final = {
    "rows": "rows",
    "created": "created",
    "already_existed": "existed already",
    "duplicates": "duplicates of earlier rows",
    "rejected": "rejected",
    "unknown": "outcome unknown",
    "rejects_file": "rejected rows are in",
}


def show_look(out: Output, columns: Columns, summary: Summary, unit: str) -> None:
    """Show how the columns are understood, the first rows that are wrong, and the numbers."""
    if out.quiet:
        return
    arrow = glyph("→", "->", sys.stderr)
    _show(out, [(column, f"{arrow} {field}") for column, field in columns.fields.items()])
    if columns.ignored:
        out.note(f"Ignored columns: {', '.join(columns.ignored)}")
    counts = summary.counts
    _show_rows(out, summary.wrong, unit, counts[REJECTED])
    out.note(
        f"{counted(summary.total, 'row')}: {counts['pending']:,} to create, "
        f"{counted(counts['duplicate'], 'duplicate')}, "
        f"{counts[REJECTED]:,} wrong"
    )


def show_rejected(out: Output, summary: Summary, unit: str) -> None:
    """Show the first rows that the API rejected, after the import."""
    if summary.rejected and not out.quiet:
        out.note("Rejected by the API:")
        _show_rows(out, summary.rejected, unit)


def _show_rows(out: Output, rows: Sequence[Outcome], unit: str, total: int = 0) -> None:
    """Print rows with their reasons, and how many more of a total there are."""
    _show(out, [(f"{unit} {each.row.number}:", each.reason) for each in rows])
    more = total - len(rows)
    if more > 0:
        out.note(f"and {counted(more, 'more wrong row')}")


def _show(out: Output, pairs: Sequence[tuple[str, str]]) -> None:
    """Print pairs: aligned and wrapped at words on a terminal, and elsewhere one a line."""
    if not sys.stderr.isatty():
        for pair in pairs:
            out.note(" ".join(pair))
        return
    from rich.table import Table  # noqa: PLC0415 - slow to import
    from rich.text import Text  # noqa: PLC0415

    table = Table.grid(padding=(0, 1))
    for pair in pairs:
        table.add_row(*(Text(clean(each)) for each in pair))
    out.messages.print(table)


def check_record(file: str, columns: Columns, summary: Summary) -> ImportCheckRecord:
    """Return the record of a dry run."""
    counts = summary.counts
    return {
        "schema": "import_check/1",
        "file": file,
        "rows": summary.total,
        "to_create": counts["pending"],
        "duplicates": counts["duplicate"],
        "rejected": counts[REJECTED],
        "columns": columns.fields,
        "ignored_columns": columns.ignored,
    }


def report_record(
    file: str, journal: Path, rejects: Path | None, summary: Summary
) -> ImportReportRecord:
    """Return the record of an import that has ended."""
    counts = summary.counts
    return {
        "schema": "import_report/1",
        "file": file,
        "rows": summary.total,
        "created": counts["created"],
        "already_existed": counts["already_existed"],
        "duplicates": counts["duplicate"],
        "rejected": counts[REJECTED],
        "unknown": counts[UNKNOWN],
        "rejects_file": str(rejects) if rejects else None,
        "journal": str(journal),
    }
