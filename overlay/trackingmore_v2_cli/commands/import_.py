"""The command `trackingmore-v2 import`."""

from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import click

from trackingmore_v2_cli._command import command, yes_option
from trackingmore_v2_cli._errors import CommandError
from trackingmore_v2_cli._options import OwnFile
from trackingmore_v2_cli._session import Session
from trackingmore_v2_cli._statuses import ExitStatus
from trackingmore_v2_cli._tables.reading import FORMATS, Format, open_table
from trackingmore_v2_cli._times import Duration

_EXAMPLES: Final = (
    "trackingmore-v2 import orders.csv --dry-run",
    "trackingmore-v2 import orders.csv",
    "trackingmore-v2 import orders.xlsx --map 'Parcel=tracking_number' --carrier ups",
    "trackingmore-v2 import orders.rejects.csv --yes --json",
)


@command(examples=_EXAMPLES, name="import")
@click.argument("file")
@click.option("--dry-run", is_flag=True, help="Check everything, and send nothing.")
@click.option(
    "--map",
    "maps",
    multiple=True,
    metavar="COLUMN=FIELD",
    help="Field of a column, by name or number, such as 'Ref=order_id'; COLUMN= ignores it. "
    "A field that does not exist lists those that do. May be given multiple times.",
)
@click.option("--carrier", metavar="CODE", help="Carrier of the rows without one.")
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    help="Format of the file. Default: by its suffix or content.",
)
@click.option("--delimiter", help="Character between the cells of a CSV file. Default: recognized.")
@click.option(
    "--encoding",
    help="Encoding of a text file without a byte order mark, such as cp1252. Default: UTF-8.",
)
@click.option("--sheet", metavar="NAME", help="Sheet of an XLSX file. Default: the first one.")
@click.option(
    "--rejects",
    type=OwnFile(),
    metavar="FILE",
    help="File for the rejected rows. Default: NAME.rejects.csv.",
)
@click.option(
    "--journal",
    type=OwnFile(),
    metavar="FILE",
    help="File for the state of the import. Default: one in your state folder.",
)
@click.option(
    "--max-outage",
    type=Duration(),
    default="1m",
    show_default=True,
    help="Stop when the server has failed for so long.",
)
@click.option("--restart", is_flag=True, help="Forget an earlier import of this file.")
@yes_option
def import_(  # noqa: PLR0913 - each is an option
    session: Session,
    *,
    file: str,
    dry_run: bool,
    maps: tuple[str, ...],
    carrier: str | None,
    rejects: Path | None,
    journal: Path | None,
    max_outage: timedelta,
    restart: bool,
    yes: bool,
    form: Format | None,
    **reading: Any,  # noqa: ANN401 - options of reading
) -> None:
    """
    Create the trackings of a file.

    FILE is CSV, JSON Lines, XLSX or Parquet; - reads standard input. Columns are understood by
    their names, such as tracking_number, "Tracking No", carrier or "Order ID"; others are ignored.
    A first look shows how they are understood, which rows are wrong, and what the import costs.

    An import that was interrupted is continued by the same command; no row is created twice. Its
    state is in a journal, by which a finished import is recognized, too.

    Rejected rows are written to NAME.rejects.csv with their reasons: correct them, and import
    that file.
    """
    from trackingmore_v2_cli._importing import flow  # noqa: PLC0415 - slow to import
    from trackingmore_v2_cli._importing.columns import understand  # noqa: PLC0415 - likewise
    from trackingmore_v2_cli._importing.journals import default_journal  # noqa: PLC0415 - likewise
    from trackingmore_v2_cli._importing.rejects import default_path  # noqa: PLC0415 - likewise

    with open_table(file, format=form, **reading) as table, TemporaryDirectory() as folder:
        columns = understand(table.columns, maps, carrier)
        if dry_run:
            flow.check(session, file, table, columns)
            return
        if session.credentials.is_sandbox:  # A trial leaves the files of the real import alone.
            journal = journal or Path(folder, "import.sqlite3")
        else:
            journal = journal or default_journal(file, table, session.credentials)
            rejects = rejects or default_path(file)
        _check_paths(file, journal, rejects)
        job = flow.Job(file, table, columns, journal, rejects, max_outage.total_seconds())
        flow.start_or_continue(session, job, restart=restart, yes=yes)


def _check_paths(file: str, journal: Path, rejects: Path | None) -> None:
    """Check that the files can be written, before anything is sent."""
    if rejects and journal.resolve() == rejects.resolve():
        raise CommandError("--rejects is the journal; pass another file", ExitStatus.USAGE)
    paths = {"--journal": journal, **({"--rejects": rejects} if rejects else {})}
    for name, path in paths.items():
        if path.resolve() == Path(file).resolve():
            raise CommandError(f"{name} is the input; pass another file", ExitStatus.USAGE)
        if not path.parent.is_dir():
            raise CommandError(
                f"{name}: there is no folder {path.parent}; create it first", ExitStatus.USAGE
            )
