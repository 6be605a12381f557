"""One run of `watch`: its source, its state, and how changes are printed."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec import structs

from trackingmore_v2_cli._output.columns import Column, Record
from trackingmore_v2_cli._watching.sources import AccountTrackings, NamedTrackings, Source
from trackingmore_v2_cli._watching.state_file import StateFile, default_path
from trackingmore_v2_cli._watching.watcher import Observer, Watcher

if TYPE_CHECKING:
    from trackingmore_v2_cli._references import Reference
    from trackingmore_v2_cli._session import Session
    from trackingmore_v2_cli._watching.state import Change

COLUMNS: Final = (
    Column("tracking_number", "number"),
    Column("time"),
    Column("status"),
    Column("place"),
    Column("text"),
)


def open_state(
    session: "Session", references: Sequence["Reference"], path: Path | None
) -> StateFile:
    """Return the state of the same trackings. That of a sandbox of this command is not stored."""
    account = session.credentials.fingerprint
    if path is None and not session.credentials.is_sandbox:
        path = default_path(account, map(str, references))
    return StateFile(path, account)


def source_of(session: "Session", references: Sequence["Reference"], file: StateFile) -> Source:
    """Return the source of the trackings that the user named, or of all."""
    if references:
        return NamedTrackings(session.client, references)
    return AccountTrackings(session.client, file.state)


def print_changes(session: "Session", watcher: Watcher) -> None:
    """Print a line or a record for each change."""
    with closing(watcher.changes(Observer())) as changes:
        session.out.records("change/1", _records(changes), COLUMNS, empty="")


def show_changes(session: "Session", watcher: Watcher) -> None:
    """Show a live table, and above it a line for each change."""
    from rich.live import Live  # noqa: PLC0415 - for terminals only

    from trackingmore_v2_cli._watching.live import LiveTable, change_text  # noqa: PLC0415

    console, glyph = session.out.console, session.out.glyph
    # Messages appear above the table; what replaces standard output has no encoding, which
    # `glyph` needs.
    live = Live(
        console=console,
        auto_refresh=False,
        redirect_stdout=False,
        redirect_stderr=sys.stderr.isatty(),
    )
    table = LiveTable(live, glyph)
    with live, closing(watcher.changes(table)) as changes:
        for change in changes:
            console.print(change_text(change, glyph))
        table.show("All are final." if not watcher.status else "The time is over.")


def _records(changes: "Iterator[Change]") -> Iterator[Record]:
    for change in changes:
        yield structs.asdict(change)
        # It has been printed. The reader of a pipe must have it before it counts as reported.
        sys.stdout.flush()
