"""The command `trackingmore-v2 waybill`."""

import click

from trackingmore_v2_cli._command import command
from trackingmore_v2_cli._errors import CommandError
from trackingmore_v2_cli._output.air_waybill import SHAPE, AirWaybillDetails
from trackingmore_v2_cli._output.details import print_details
from trackingmore_v2_cli._references import Reference, read_references
from trackingmore_v2_cli._session import Session
from trackingmore_v2_cli._statuses import ExitStatus

_EXAMPLES = (
    "trackingmore-v2 waybill 172-28891936",
    "trackingmore-v2 waybill 17228891936 160-12345675 --json",
)


@command(examples=_EXAMPLES)
@click.argument("numbers", nargs=-1, metavar="NUMBER...")
def waybill(session: Session, *, numbers: tuple[str, ...]) -> None:
    """
    Show an air waybill with its flights.

    A NUMBER has the three digits of the airline, a hyphen or nothing, and seven or eight digits,
    the last of which is a check digit. - reads numbers from standard input, one a line.

    Flights are in route order, with planned and actual times and the delay between them. Events
    are listed newest first. All times are local to their station.

    When the output is not a terminal, it has one line for each event, with number, time, status,
    station and text, separated by tabs. --json has the flights as well.
    """
    wanted = [_number(each) for each in read_references(numbers)]
    found = session.client.air_waybills.track(wanted)
    known = [each for each in found.values() if each.return_data]
    print_details(session.out, map(AirWaybillDetails, known), SHAPE)
    missing = [number for number, each in found.items() if not each.return_data]
    if missing:
        status = ExitStatus.PARTIAL if known else ExitStatus.NOT_FOUND
        raise CommandError(
            f"no data for air waybill {', '.join(missing)}; check the number", status
        )


def _number(reference: Reference) -> str:
    from trackingmore_v2.air_waybill_numbers import (  # noqa: PLC0415 - slow to import
        normalize_air_waybill_number,
    )

    if reference.carrier:
        text = f"{reference.carrier}:{reference.number}"
        raise CommandError(f"an air waybill has no carrier, unlike {text!r}", ExitStatus.USAGE)
    return normalize_air_waybill_number(reference.number)
