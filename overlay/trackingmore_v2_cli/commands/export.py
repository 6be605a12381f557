"""The command `trackingmore-v2 export`."""

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from trackingmore_v2_cli._command import command
from trackingmore_v2_cli._errors import CommandError
from trackingmore_v2_cli._filters import filter_options, filters_of
from trackingmore_v2_cli._options import OwnFile
from trackingmore_v2_cli._output.output import Output
from trackingmore_v2_cli._output.text import clean
from trackingmore_v2_cli._questions import can_ask, says_yes
from trackingmore_v2_cli._session import Session
from trackingmore_v2_cli._statuses import ExitStatus
from trackingmore_v2_cli._tables.writing.formats import (
    FORMATS,
    Format,
    changes,
    format_of,
    texts_of,
    write,
)
from trackingmore_v2_cli._tables.writing.sqlite import KEY
from trackingmore_v2_cli._times import TIME_HELP
from trackingmore_v2_cli._words import counted

if TYPE_CHECKING:
    from trackingmore_v2 import TrackingChanges, TrackingList
    from trackingmore_v2.types import FiltersDict
    from trackingmore_v2_cli._output.progress import Progress
    from trackingmore_v2_cli._tables.writing.columns import Layout
    from trackingmore_v2_cli._tables.writing.texts import Texts

_EXAMPLES: Final = (
    "trackingmore-v2 export trackings.csv",
    "trackingmore-v2 export delivered.xlsx --status delivered --updated-since 7d",
    "trackingmore-v2 export - --format jsonl --fields tracking_number,status",
    "trackingmore-v2 export trackings.sqlite3 --state export.state",
)


@command(examples=_EXAMPLES, epilog=TIME_HELP)
@click.argument("file")
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    help="Format of the file. Default: by its suffix.",
)
@click.option("--force", is_flag=True, help="Replace a file that exists, without a question.")
@click.option("--raw", is_flag=True, help="Leave text that a spreadsheet may evaluate as it is.")
@click.option("--bom", is_flag=True, help="Begin CSV with a byte order mark, for Excel.")
@click.option(
    "--state",
    type=OwnFile(),
    help="Export what was refreshed since the run that wrote this file, or ever if there is none.",
)
@filter_options
def export(  # noqa: PLR0913 - each is an option
    session: Session,
    *,
    file: str,
    form: Format | None,
    force: bool,
    raw: bool,
    bom: bool,
    state: Path | None,
    **filters: Any,  # noqa: ANN401 - those of lists
) -> None:
    """
    Write trackings to a file.

    The suffix of FILE selects the format: .csv, .jsonl, .xlsx, .parquet, or .sqlite3. FILE - is
    standard output, as CSV or, with --format jsonl, as JSON Lines. There is one row for each
    tracking, and the columns and their types are always the same; --fields selects some.

    A file appears when it is complete. One that exists is replaced after a question, or with
    --force. In SQLite, trackings that the table `trackings` has already are updated, and with
    --force the table is replaced.

    Times are text in ISO 8601, such as 2026-03-01T12:00:00Z, and typed in Parquet. Those of events
    are local and have no zone. Numbers and ids are text. Text that a spreadsheet may evaluate as a
    formula begins with an apostrophe in CSV, which import removes; in XLSX it is marked as text.
    More rows than a sheet of XLSX takes are in further sheets.

    With --state, each run exports what the provider has refreshed since the last one: SQLite is
    updated, and other formats get a new file with only the changes. A new tracking is exported
    once it has been refreshed. After an interruption the next run exports the same again.
    """
    from trackingmore_v2 import to_row  # noqa: PLC0415 - slow to import
    from trackingmore_v2_cli._export_state import save_cursor  # noqa: PLC0415 - likewise

    form = _checked_format(session, file, form, bom=bom)
    if state and force and form == "sqlite":
        raise click.UsageError("--state excludes --force for SQLite, which would lose rows.")
    on_terminal = file == "-" and session.out.is_terminal
    texts = texts_of(form, on_terminal=on_terminal)
    layout = _layout(session, form, texts, raw=raw, bom=bom)
    changed = _changes(session, file, state, filters_of(filters)) if state else None
    _confirm_target(file, form, force=force)
    if state and form == "sqlite":
        _require_earlier_rows(file, state)
    found = changed or session.client.trackings.list(**filters_of(filters))
    with _progress(session, file, found) as done:
        write(file, form, map(to_row, done.follow(found)), layout, replace=force)
    if state and changed:
        # Last, so that after a crash changes come twice rather than never.
        save_cursor(state, _account(session), changed.cursor)
    _report_texts(session, "a terminal" if on_terminal else form, texts)
    _report(session, file, form, done.count)


def _checked_format(session: Session, file: str, name: Format | None, *, bom: bool) -> Format:
    form = format_of(file, name)
    if bom and form != "csv":
        raise click.UsageError("--bom is for CSV.")
    if file == "-" and session.out.json:
        raise click.UsageError("--json describes the file that was written; - excludes it.")
    return form


def _layout(session: Session, form: Format, texts: "Texts", *, raw: bool, bom: bool) -> "Layout":
    from trackingmore_v2_cli._tables.writing.columns import Layout, columns_of  # noqa: PLC0415

    session.out.check_fields("tracking/1")
    names = session.out.fields
    if names and form == "sqlite":
        names = (KEY, *names)
    return Layout(columns_of(names), texts, is_raw=raw, has_mark=bom)


def _confirm_target(file: str, form: Format, *, force: bool) -> None:
    """Ask before a file is replaced."""
    path = Path(file)
    if file == "-":
        return
    if path.exists() and not path.is_file():
        raise CommandError(f"{path} is not a file; pass another name, or -", ExitStatus.USAGE)
    if not path.parent.is_dir():
        raise CommandError(f"there is no folder {path.parent}; create it first", ExitStatus.USAGE)
    if not path.exists() or force or changes(file, form):
        return
    if not can_ask():
        raise CommandError(f"{path} exists; pass --force to replace it", ExitStatus.USAGE)
    if not says_yes(f"{clean(file)} exists. Replace it?"):
        raise CommandError("stopped; nothing was written", ExitStatus.REJECTED)


def _require_earlier_rows(file: str, state: Path) -> None:
    """Check that a database which only gets the changes has what was exported before."""
    if state.exists() and not Path(file).exists():
        raise CommandError(
            f"{file} is missing, to which {state} belongs; restore it, or delete {state} to export "
            "everything",
            ExitStatus.USAGE,
        )


def _changes(session: Session, file: str, state: Path, filters: "FiltersDict") -> "TrackingChanges":
    from trackingmore_v2_cli._export_state import load_cursor  # noqa: PLC0415 - slow to import

    if file == "-":
        raise click.UsageError("--state needs a file instead of -.")
    if state.resolve() == Path(file).resolve():
        raise click.UsageError("--state is the file of the export; pass another one.")
    if filters.keys() - {"lang"}:
        raise click.UsageError("--state excludes filters, except --lang.")
    if not state.parent.is_dir():
        raise CommandError(f"there is no folder {state.parent}; create it first", ExitStatus.USAGE)
    cursor = load_cursor(state, _account(session))
    return session.client.trackings.changes(cursor, lang=filters.get("lang"))


def _account(session: Session) -> str:
    """Return the account as the state names it; a sandbox may have one of the same key."""
    return f"{session.credentials.account} at {session.credentials.server}"


def _progress(session: Session, file: str, found: "TrackingList | TrackingChanges") -> "Progress":
    from trackingmore_v2_cli._output.progress import Progress  # noqa: PLC0415 - for this command

    # The rows of standard output, or of the program that reads them, may be on the same terminal.
    out = Output(quiet=True) if file == "-" else session.out
    return Progress(out, "Exporting trackings", None if out.quiet else _total(found))


def _total(found: "TrackingList | TrackingChanges") -> int | None:
    """Return how many trackings there will be; None if that is unknown."""
    from trackingmore_v2 import ContractBroken, TrackingList  # noqa: PLC0415 - slow to import

    with suppress(ContractBroken):
        return found.total() if isinstance(found, TrackingList) else None
    return None


def _report_texts(session: Session, target: str, texts: "Texts") -> None:
    if texts.replaced:
        session.out.note(
            f"Characters that {target} cannot hold were replaced by U+FFFD: "
            f"{texts.replaced:,} texts"
        )
    if texts.shortened:
        session.out.note(f"Texts too long for a cell were cut: {texts.shortened:,}")


def _report(session: Session, file: str, form: Format, rows: int) -> None:
    place = "standard output" if file == "-" else file
    session.out.note(f"Wrote {counted(rows, 'tracking')} to {place}.")
    if session.out.json:
        # Without `--fields`, which selected those of the file.
        Output(session.out.json).record("export/1", {"path": file, "format": form, "rows": rows})
