"""The command `trackingmore-v2 list`."""

from datetime import datetime
from typing import Final

import click

from trackingmore_v2_cli._command import command
from trackingmore_v2_cli._options import STATUS, parse_time
from trackingmore_v2_cli._output.output import Column
from trackingmore_v2_cli._session import Session

COLUMNS: Final = (
    Column("tracking_number", "number"),
    Column("carrier_code", "carrier"),
    Column("status"),
    Column("last_event_at", "last event"),
    Column("last_event_text", "what"),
)

_EXAMPLES: Final = (
    "trackingmore-v2 list",
    "trackingmore-v2 list --status transit --status pickup",
    "trackingmore-v2 list --json --fields tracking_number,status,last_event_at",
)


@command(examples=_EXAMPLES, name="list")
@click.option(
    "--status", type=STATUS, multiple=True, help="Only this status. May be given multiple times."
)
@click.option("--created-after", metavar="TIME", callback=parse_time, help="Created since then.")
@click.option("--limit", type=click.IntRange(1), help="Print at most this many. Default: all.")
def list(  # noqa: A001 - the command's name
    session: Session, *, status: tuple[str, ...], created_after: datetime | None, limit: int | None
) -> None:
    """List the trackings of the account."""
    from itertools import islice  # noqa: PLC0415

    from trackingmore_v2 import to_row  # noqa: PLC0415 - slow to import

    found = session.client.trackings.list(status=status or None, created_after=created_after)
    rows = map(to_row, islice(found, limit))
    session.out.records("tracking/1", rows, COLUMNS, empty="No trackings match.")
