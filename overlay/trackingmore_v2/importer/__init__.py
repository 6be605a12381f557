"""
Imports of any size that can be stopped at any moment, and go on where they were.

    from trackingmore_v2.importer import run_import

    report = run_import(client, rows, journal="import.sqlite3")

A journal, in an SQLite file or a PostgreSQL database, holds the rows and their states. The journal
of `trackingmore_v2.importer.postgres` needs the extra `postgres`.
"""

from trackingmore_v2.importer._check import check_rows
from trackingmore_v2.importer._journal import Journal
from trackingmore_v2.importer._rows import RowState
from trackingmore_v2.importer._run import (
    AnyJournal,
    read_report,
    resume,
    resume_async,
    run_import,
    run_import_async,
)
from trackingmore_v2.importer.report import ImportReport, ImportRowDict, Progress
from trackingmore_v2.importer.sqlite import SqliteJournal

__all__ = [
    "AnyJournal",
    "ImportReport",
    "ImportRowDict",
    "Journal",
    "Progress",
    "RowState",
    "SqliteJournal",
    "check_rows",
    "read_report",
    "resume",
    "resume_async",
    "run_import",
    "run_import_async",
]
