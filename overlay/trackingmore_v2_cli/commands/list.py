"""The command `trackingmore-v2 list`."""

from datetime import datetime
from typing import Any, Final

import click

from trackingmore_v2_cli._command import command
from trackingmore_v2_cli._options import STATUS, Decorator
from trackingmore_v2_cli._output.output import Column
from trackingmore_v2_cli._session import Session
from trackingmore_v2_cli._times import TIME_HELP, parse_time_or_age

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


def _each_option(name: str, values: str, *, help: str, **attributes: Any) -> Decorator:  # noqa: A002, ANN401 - click's
    text = f"{help} May be given multiple times."
    return click.option(name, values, multiple=True, help=text, **attributes)


def _time_option(name: str, what: str) -> Decorator:
    return click.option(name, metavar="TIME", callback=parse_time_or_age, help=what)


@command(examples=_EXAMPLES, name="list", epilog=TIME_HELP)
@_each_option("--status", "status", type=STATUS, help="Only this status.")
@_each_option("--number", "numbers", metavar="NUMBER", help="Only this tracking number.")
@_each_option("--order", "orders", metavar="ID", help="Only this order id.")
@_time_option("--created-after", "Created at this time or later.")
@_time_option("--created-before", "Created at this time or earlier.")
@_time_option("--updated-after", "Refreshed by the API at this time or later.")
@_time_option("--updated-before", "Refreshed by the API at this time or earlier.")
@_time_option("--ordered-after", "Ordered at this time or later.")
@_time_option("--ordered-before", "Ordered at this time or earlier.")
@click.option(
    "--archived/--not-archived", default=None, help="Only archived trackings, or only the others."
)
@click.option("--lang", metavar="CODE", help="Language of the events, two letters.")
@click.option("--limit", type=click.IntRange(1), help="Print at most this many. Default: all.")
def list(  # noqa: A001, PLR0913 - the command's name; each argument is an option
    session: Session,
    *,
    status: tuple[str, ...],
    numbers: tuple[str, ...],
    orders: tuple[str, ...],
    created_after: datetime | None,
    created_before: datetime | None,
    updated_after: datetime | None,
    updated_before: datetime | None,
    ordered_after: datetime | None,
    ordered_before: datetime | None,
    archived: bool | None,
    lang: str | None,
    limit: int | None,
) -> None:
    """List the trackings of the account."""
    from itertools import islice  # noqa: PLC0415

    from trackingmore_v2 import to_row  # noqa: PLC0415 - slow to import

    found = session.client.trackings.list(
        page_size=_page_size(limit),
        status=status or None,
        numbers=numbers or None,
        orders=orders or None,
        created_after=created_after,
        created_before=created_before,
        updated_after=updated_after,
        updated_before=updated_before,
        ordered_after=ordered_after,
        ordered_before=ordered_before,
        archived=archived,
        lang=lang,
    )
    rows = map(to_row, islice(found, limit))
    session.out.records("tracking/1", rows, COLUMNS, empty="No trackings match.")


def _page_size(limit: int | None) -> int | None:
    """Return how many trackings to request at a time; None for the maximum."""
    from trackingmore_v2_api.operations.trackings.list_trackings import OPERATION  # noqa: PLC0415 - slow to import

    pagination = OPERATION.pagination
    return limit if limit and pagination and limit <= pagination.max_size else None
