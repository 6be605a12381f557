"""The first look at an import, and its report."""

from pathlib import Path
from typing import Final

from trackingmore_v2_cli._importing.columns import Columns
from trackingmore_v2_cli._importing.outcomes import REJECTED, Summary
from trackingmore_v2_cli._output.output import Output
from trackingmore_v2_cli._output.records import ImportCheckRecord, ImportReportRecord

EXAMPLES: Final = 5
"""Number of rejected rows that the first look shows."""

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
    "rejects_file": "rejected rows are in",
}


def show_columns(out: Output, columns: Columns) -> None:
    """Show how the columns are understood."""
    for column, field in columns.fields.items():
        out.note(f"{column} {out.glyph('→', '->')} {field}")
    if columns.ignored:
        out.note(f"Ignored columns: {', '.join(columns.ignored)}")


def show_examples(out: Output, summary: Summary, unit: str) -> None:
    """Show the first rows that are rejected, and why."""
    for row, _, reason, _ in summary.examples:
        out.note(f"{unit} {row.number}: {reason}")
    more = summary.counts[REJECTED] - len(summary.examples)
    if more > 0:
        out.note(f"and {more:,} more wrong {'row' if more == 1 else 'rows'}")


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
        "rejects_file": str(rejects) if rejects else None,
        "journal": str(journal),
    }
