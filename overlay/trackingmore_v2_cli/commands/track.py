"""The command `trackingmore-v2 track`."""

from typing import Any, Final

import click

from trackingmore_v2_cli._carrier_details import CarrierDetails, carrier_details_options
from trackingmore_v2_cli._command import command, yes_option
from trackingmore_v2_cli._references import Reference, takes_references
from trackingmore_v2_cli._session import Session
from trackingmore_v2_cli._tracking.tracker import Tracker

_EXAMPLES: Final = (
    "trackingmore-v2 track --no-create 1Z97X17XYW06605211",
    "trackingmore-v2 track ups:1Z97X17XYW06605211 172-28891936 --yes",
    "trackingmore-v2 track mondialrelay:12345678 --postal-code 59650 --yes --json",
)


@command(examples=_EXAMPLES)
@takes_references
@click.option("--no-create", is_flag=True, help="Show only what the account has. Costs nothing.")
@carrier_details_options
@yes_option
def track(
    session: Session,
    *,
    references: list[Reference],
    no_create: bool,
    yes: bool,
    **details: Any,  # noqa: ANN401 - the fields of `CarrierDetails`
) -> None:
    """
    Show where parcels and air waybills are.

    A number is looked up in the account, which costs nothing. One that the account does not have is
    created, which costs one tracking of the quota, and the carrier is queried at once. Where the
    carrier is left out it is detected; five detections cost one tracking. You are asked before.
    - reads numbers from standard input, one a line.

    Three digits, a hyphen and eight digits are an air waybill. Eleven digits without a hyphen are
    one if the check digit is valid, the account has no such parcel and the airline has data.
    CARRIER:NUMBER is always a parcel.

    Events are listed newest first. When the output is not a terminal, it has one line for each
    event, with number, time, status, place and text, separated by tabs.
    """
    Tracker(session, CarrierDetails(**details)).run(references, creates=not no_create, yes=yes)
