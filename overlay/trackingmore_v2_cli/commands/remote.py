"""The command `trackingmore-v2 remote`."""

from typing import TYPE_CHECKING, Final

import click

from trackingmore_v2_cli._command import command
from trackingmore_v2_cli._errors import CommandError
from trackingmore_v2_cli._inputs import file_option, read_inputs
from trackingmore_v2_cli._output.columns import Column, Record
from trackingmore_v2_cli._session import Session
from trackingmore_v2_cli._statuses import ExitStatus

if TYPE_CHECKING:
    from trackingmore_v2.models import Place, RemoteArea

COLUMNS: Final = (
    Column("country_code", "code"),
    Column("country"),
    Column("place"),
    Column("company", "remote for"),
)

_EXAMPLES: Final = (
    "trackingmore-v2 remote JP:7621094 'New Zealand:Papaaroha'",
    "trackingmore-v2 remote --company DHL --from places.txt",
)


@command(examples=_EXAMPLES, name="remote")
@click.argument("places", metavar="COUNTRY:PLACE...", nargs=-1)
@file_option
@click.option("--company", metavar="NAME", help="Only this company: DHL, UPS, FedEx or TNT.")
def remote(
    session: Session, *, places: tuple[str, ...], file: str | None, company: str | None
) -> None:
    """
    Check whether addresses are remote for a carrier.

    DHL, UPS, FedEx and TNT charge more for remote areas. The result has one row for each company
    that considers a place remote, and none for other places. It costs no quota.

    COUNTRY is a two-letter code or an English name, and PLACE a postal code, or a town where there
    are no postal codes; - reads them from standard input, one a line.
    """
    wanted = [_parse(text, company) for text in read_inputs(places, file, "places")]
    found = session.client.shipping.remote_areas(wanted)
    none = f"None of {found.submitted:,} places is remote." if found.submitted > 1 else ""
    records = map(_record, found.remote)
    session.out.records("remote_area/1", records, COLUMNS, empty=none or "It is not remote.")


def _parse(text: str, company: str | None) -> "Place":
    from trackingmore_v2.models import Place  # noqa: PLC0415 - slow to import

    country, _, place = (part.strip() for part in text.partition(":"))
    if not (country and place):
        raise CommandError(
            f"{text!r} is not a place; expected COUNTRY:PLACE, such as JP:7621094",
            ExitStatus.USAGE,
        )
    return Place(country=country, postcode=place, company=company)


def _record(area: "RemoteArea") -> Record:
    return {
        "country_code": area.two_code,
        "country": area.far_country,
        "place": area.far_city_postcode,
        "company": area.far_express_company,
    }
