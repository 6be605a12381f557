"""The command `trackingmore-v2 watch`."""

from datetime import timedelta
from pathlib import Path
from typing import Final

import click

from trackingmore_v2_cli._command import command
from trackingmore_v2_cli._errors import CommandError
from trackingmore_v2_cli._options import OwnFile
from trackingmore_v2_cli._references import read_references, reference_options
from trackingmore_v2_cli._session import Session
from trackingmore_v2_cli._statuses import ExitStatus
from trackingmore_v2_cli._times import Duration
from trackingmore_v2_cli._tracking.recognition import is_air_waybill

_EXAMPLES: Final = (
    "trackingmore-v2 watch --for 2h",
    "trackingmore-v2 watch ups:1Z97X17XYW06605211 --every 30m",
    "trackingmore-v2 watch --json --for 1d --state parcels.json",
)
_SHORTEST: Final = timedelta(seconds=1)
"""The API allows one request a second."""


def _interval(_context: click.Context, _option: click.Parameter, every: timedelta) -> timedelta:
    if every < _SHORTEST:
        raise click.BadParameter("the API allows one request a second; expected at least 1s")
    return every


@command(examples=_EXAMPLES)
@reference_options
@click.option(
    "--every",
    type=Duration(),
    default="15m",
    show_default=True,
    callback=_interval,
    help="Time between two rounds. The API itself queries carriers every 3 to 6 hours.",
)
@click.option("--for", "limit", type=Duration(), help="End after this time, such as 2h.")
@click.option(
    "--state",
    type=OwnFile(),
    metavar="FILE",
    help="File of what was reported. Default: one in your state folder.",
)
def watch(  # noqa: PLR0913 - each is an option
    session: Session,
    *,
    arguments: tuple[str, ...],
    carrier: str | None,
    file: str | None,
    every: timedelta,
    limit: timedelta | None,
    state: Path | None,
) -> None:
    """
    Report changes of parcels as they happen.

    Without numbers, all trackings of the account are watched that are not delivered or otherwise
    final, and those created meanwhile. Watching costs no quota. - reads numbers from standard
    input, one a line.

    A tracking that is watched for the first time is reported with its newest event, and from then
    on each change once. What was reported is kept in a file, so that the same command continues
    after an interruption and reports nothing twice.

    It ends with status 0 when all are final, with 124 after --for, and with 130 on Ctrl-C. Failed
    connections, server errors and rate limits do not end it. --for 0s makes one round.

    On a terminal, a table shows all that are watched. Elsewhere there is a line for each change,
    with number, time, status, place and text, separated by tabs.
    """
    from trackingmore_v2_cli._watching import run, watcher  # noqa: PLC0415 - imports the client

    references = read_references(arguments, carrier, file) if arguments or file else []
    for each in filter(is_air_waybill, references):
        raise CommandError(
            f"{each.number} is an air waybill; run: trackingmore-v2 waybill {each.number}",
            ExitStatus.USAGE,
        )
    stored = run.open_state(session, references, state)
    rounds = watcher.Watcher(
        run.source_of(session, references, stored),
        stored,
        every=every.total_seconds(),
        limit=None if limit is None else limit.total_seconds(),
    )
    (run.show_changes if session.out.is_terminal else run.print_changes)(session, rounds)
    raise click.exceptions.Exit(rounds.status)
