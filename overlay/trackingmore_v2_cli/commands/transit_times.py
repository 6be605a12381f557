"""The command `trackingmore-v2 transit-times`."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

import click

from trackingmore_v2_cli._command import command
from trackingmore_v2_cli._errors import CommandError
from trackingmore_v2_cli._inputs import file_option, read_inputs
from trackingmore_v2_cli._output.columns import Column, Record
from trackingmore_v2_cli._session import Session
from trackingmore_v2_cli._statuses import ExitStatus

if TYPE_CHECKING:
    from trackingmore_v2.models import Route, TransitTime

COLUMNS: Final = (
    Column("carrier_code", "carrier"),
    Column("origin", "from"),
    Column("destination", "to"),
    Column("total", "parcels", is_number=True),
    Column("share_0_to_7_days", "0-7", is_number=True),
    Column("share_7_to_15_days", "7-15", is_number=True),
    Column("share_16_to_30_days", "16-30", is_number=True),
    Column("share_31_to_60_days", "31-60", is_number=True),
    Column("share_over_60_days", "61+", is_number=True),
    Column("average_days", "average", is_number=True),
)

_EXAMPLES: Final = (
    "trackingmore-v2 transit-times dhl:CN:US ups:CN:US",
    "trackingmore-v2 transit-times --carrier dhl CN:US CN:DE --json",
    "trackingmore-v2 transit-times --from routes.txt",
)


@command(examples=_EXAMPLES, name="transit-times")
@click.argument("routes", metavar="[CARRIER:]FROM:TO...", nargs=-1)
@file_option
@click.option("--carrier", metavar="CODE", help="Carrier of routes without one.")
def transit_times(
    session: Session, *, routes: tuple[str, ...], file: str | None, carrier: str | None
) -> None:
    """
    Show the transit times of routes.

    The columns 0-7 to 61+ are the shares of parcels by days in transit, the average is in days. The
    API does not document the scale of the shares. It costs no quota.

    CARRIER is a carrier's code; FROM and TO are two-letter codes of countries. - reads routes from
    standard input, one a line.
    """
    wanted = [_parse(text, carrier) for text in read_inputs(routes, file, "routes")]
    found = session.client.shipping.transit_times(wanted)
    records = map(_record, found)
    session.out.records("transit-time/1", records, COLUMNS, empty="The API has no figures.")
    if found:
        _note_missing(session, wanted, found)


def _parse(text: str, carrier: str | None) -> "Route":
    from trackingmore_v2.models import Route  # noqa: PLC0415 - slow to import

    parts = [*([carrier] if carrier else []), *map(str.strip, text.split(":"))][-3:]
    match parts:
        case [code, origin, destination] if all(parts) and text.count(":") <= 2:  # noqa: PLR2004 - two colons
            return Route(carrier_code=code, original=origin, destination=destination)
        case _:
            raise CommandError(
                f"{text!r} is not a route; expected CARRIER:FROM:TO, such as dhl:CN:US",
                ExitStatus.USAGE,
            )


def _note_missing(
    session: Session, wanted: "Iterable[Route]", found: "Iterable[TransitTime]"
) -> None:
    """Name the routes that the API omits."""
    have = {_name(each).casefold() for each in found}
    missing = dict.fromkeys(map(_name, wanted))
    for name in missing:
        if name.casefold() not in have:
            session.out.note(f"The API has no figures for {name}.")


def _name(route: "Route | TransitTime") -> str:
    return f"{route.carrier_code}:{route.original}:{route.destination}"


def _record(time: "TransitTime") -> Record:
    return {
        "carrier_code": time.carrier_code,
        "origin": time.original,
        "destination": time.destination,
        "total": time.total,
        "delivered": time.delivered,
        "share_0_to_7_days": time.range1,
        "share_7_to_15_days": time.range3,
        "share_16_to_30_days": time.range4,
        "share_31_to_60_days": time.range5,
        "share_over_60_days": time.range6,
        "average_days": time.average,
    }
