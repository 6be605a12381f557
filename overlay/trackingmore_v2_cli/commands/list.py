"""The command `trackingmore-v2 list`."""

from typing import Any, Final

import click

from trackingmore_v2_cli._command import command
from trackingmore_v2_cli._filters import filter_options, filters_of
from trackingmore_v2_cli._output.columns import Column
from trackingmore_v2_cli._session import Session
from trackingmore_v2_cli._times import TIME_HELP

COLUMNS: Final = (
    Column("tracking_number", "number"),
    Column("carrier_code", "carrier"),
    Column("status"),
    Column("last_event_at", "last event"),
    Column("last_event_text", "what"),
)

_EXAMPLES: Final = (
    "trackingmore-v2 list",
    "trackingmore-v2 list --status transit --status pickup --updated-after 7d",
    "trackingmore-v2 list --order '#1001' --fields tracking_number,status,days_in_transit",
    "trackingmore-v2 list --json --not-archived --limit 100",
)


@command(examples=_EXAMPLES, name="list", epilog=TIME_HELP)
@filter_options
@click.option(
    "--limit",
    type=click.IntRange(1),
    metavar="NUMBER",
    help="Print at most this many. Default: all.",
)
def list(session: Session, *, limit: int | None, **filters: Any) -> None:  # noqa: A001, ANN401 - the command's name; values of options
    """List the trackings of the account."""
    from itertools import islice  # noqa: PLC0415

    from trackingmore_v2 import to_row  # noqa: PLC0415 - slow to import

    found = session.client.trackings.list(page_size=_page_size(limit), **filters_of(filters))
    rows = map(to_row, islice(found, limit))
    session.out.records("tracking/1", rows, COLUMNS, empty="No trackings match.")


def _page_size(limit: int | None) -> int | None:
    """Return how many trackings to request at a time; None for the maximum."""
    from trackingmore_v2_api.operations.trackings.list_trackings import OPERATION  # noqa: PLC0415 - slow to import

    pagination = OPERATION.pagination
    return limit if limit and pagination and limit <= pagination.max_size else None
