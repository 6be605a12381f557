"""An import of a table: the first look, the question, the run, and the report."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from trackingmore_v2_cli._errors import CommandError
from trackingmore_v2_cli._importing.carriers import count_unknown, show_unknown
from trackingmore_v2_cli._importing.columns import Columns
from trackingmore_v2_cli._importing.journals import begun, forget
from trackingmore_v2_cli._importing.outages import Outages
from trackingmore_v2_cli._importing.outcomes import Summary, outcomes, summarize
from trackingmore_v2_cli._importing.rejects import write_rejects
from trackingmore_v2_cli._importing.report import (
    CHECK_LABELS,
    REPORT_LABELS,
    check_record,
    report_record,
    show_look,
    show_rejected,
)
from trackingmore_v2_cli._output.progress import Progress
from trackingmore_v2_cli._session import Session
from trackingmore_v2_cli._statuses import ExitStatus
from trackingmore_v2_cli._tables.reading import Table
from trackingmore_v2_cli._words import counted

if TYPE_CHECKING:
    from trackingmore_v2 import TrackingMore
    from trackingmore_v2.importer import ImportReport
    from trackingmore_v2.importer import Progress as ImportProgress


class Job(NamedTuple):
    """An import."""

    file: str
    """The input as the user named it."""

    table: Table
    columns: Columns
    journal: Path
    rejects: Path | None
    """The file for rejected rows, if there are any; None to write none."""

    max_outage: float
    """Seconds after which the import stops if the server fails."""


def check(session: Session, file: str, table: Table, columns: Columns) -> None:
    """Print what an import would do, without sending anything; end with its status."""
    summary = _look(session, table, columns)
    record = check_record(file, columns, summary)
    session.out.record("import_check/1", record, CHECK_LABELS)
    _end(summary)


def start_or_continue(session: Session, job: Job, *, restart: bool, yes: bool) -> None:
    """
    Import a table, print the report, and end with its status.

    Args:
        session: The session.
        job: The import.
        restart: Whether to forget an earlier import of the file.
        yes: Whether the user has confirmed with `--yes`.
    """
    before = begun(job.journal)  # an error if the file is no journal
    if before and not restart:
        _announce(session, job, before)
        pending = before.total - before.done
    else:
        before = None
        pending = _begin(session, job, restart=restart, yes=yes)
    report = _run(session, job, pending)
    _announce_end(session, job, before)
    summary = summarize(outcomes(job.table, job.columns, report.rows()))
    rejects = job.rejects if summary.failed else None
    # A complete file may have been corrected since.
    if rejects and not (before and before.is_complete and rejects.exists()):
        write_rejects(rejects, job.table, outcomes(job.table, job.columns, report.rows()))
    _report(session, job, rejects, summary)
    _end(summary)


def _report(session: Session, job: Job, rejects: Path | None, summary: Summary) -> None:
    """Print the outcome, with labels for what there is."""
    show_rejected(session.out, summary, job.table.unit)
    record = report_record(job.file, job.journal, rejects, summary)
    absent = [name for name in ("unknown", "rejects_file") if not record.get(name)]
    labels = {name: label for name, label in REPORT_LABELS.items() if name not in absent}
    session.out.record("import_report/1", record, labels)
    if rejects:
        session.out.note(f"Correct the rows in {rejects}, and import that file like this one.")


def _look(session: Session, table: Table, columns: Columns) -> Summary:
    """Show how the columns are understood and which rows are wrong."""
    from trackingmore_v2.importer import check_rows  # noqa: PLC0415 - slow to import

    unknown: Counter[str] = Counter()
    with Progress(session.out, "Checking rows") as progress:
        results = count_unknown(check_rows(columns.items(table)), unknown)
        found = outcomes(table, columns, results)
        summary = summarize(progress.follow(found))
    show_look(session.out, columns, summary, table.unit)
    show_unknown(session.out, unknown)
    return summary


def _begin(session: Session, job: Job, *, restart: bool, yes: bool) -> int:
    """Ask before the first run, and return the number of rows to send."""
    summary = _look(session, job.table, job.columns)
    pending = summary.counts["pending"]
    creates = f"create {counted(pending, 'tracking')}, which costs {pending:,} of the quota"
    # The user may be correcting the rows of an earlier import there.
    earlier = job.rejects if job.rejects and job.rejects.exists() else None
    replaces = f"replace {earlier}" if earlier else ""
    if action := ", and ".join(filter(None, (creates if pending else "", replaces))):
        session.confirm(action, yes=yes)
    if restart:
        forget(job.journal)
    if earlier:
        earlier.unlink(missing_ok=True)
    return pending


def _announce(session: Session, job: Job, before: "ImportReport") -> None:
    """Report how far an earlier run has come."""
    if not before.is_complete:
        session.out.note(
            f"Continuing the import of {job.file}: {before.done:,} of {before.total:,} rows "
            "are done."
        )


def _announce_end(session: Session, job: Job, before: "ImportReport | None") -> None:
    """Report that an earlier run has ended, once the input is known to be the same."""
    if before and before.is_complete:
        session.out.note(
            f"The import of {job.file} has ended before; nothing is created again. "
            "--restart imports it anew."
        )


def _run(session: Session, job: Job, pending: int) -> "ImportReport":
    """Create the trackings that are still to be created."""
    from trackingmore_v2 import JournalInUse, JournalMismatch, TrackingMoreError  # noqa: PLC0415 - slow to import
    from trackingmore_v2.importer import run_import  # noqa: PLC0415 - likewise

    items = job.columns.items(job.table)
    try:
        with Progress(session.out, "Creating trackings", pending) as progress:
            return run_import(
                _client(session, job.max_outage),
                items,
                journal=job.journal,
                on_progress=_following(progress, pending),
                max_outage=job.max_outage,
            )
    except KeyboardInterrupt:
        raise CommandError(
            "interrupted; the same command continues the import", ExitStatus.INTERRUPTED
        ) from None
    except JournalMismatch as error:
        reason = error.reason.partition(";")[0]  # without what a program has to do
        raise CommandError(
            f"{job.file} is not the input of the import in {error.journal}: {reason}. If the "
            "file, --map or --carrier has changed, undo that, or pass --restart to begin anew: "
            "trackings that this account has are not created again",
            ExitStatus.USAGE,
        ) from None
    except TrackingMoreError as error:
        if isinstance(error, JournalInUse):
            raise
        session.out.note("The import has stopped; the same command continues it.")
        raise


def _client(session: Session, max_outage: float) -> "TrackingMore":
    """Return the client, which reports an outage when it begins; `--verbose` shows each request."""
    from trackingmore_v2 import Hooks  # noqa: PLC0415 - slow to import

    if session.out.verbose:
        return session.client
    outages = Outages(session.out, max_outage)
    return session.client.with_options(hooks=Hooks(on_response=outages.follow))


def _following(progress: Progress, pending: int) -> "Callable[[ImportProgress], None]":
    """Return a function that advances the progress of the command by that of the importer."""

    def follow(now: "ImportProgress") -> None:
        progress.advance(pending - (now.total - now.done) - progress.count)

    return follow


def _end(summary: Summary) -> None:
    if summary.failed:
        raise click.exceptions.Exit(ExitStatus.PARTIAL)
