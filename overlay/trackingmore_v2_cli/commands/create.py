"""The command `trackingmore-v2 create`."""

from collections.abc import Iterable
from typing import Any, Final

import click

from trackingmore_v2_cli._batch import SHAPE, Ending, carry_out, print_endings
from trackingmore_v2_cli._carrier_details import CarrierDetails, carrier_details_options
from trackingmore_v2_cli._command import command, yes_option
from trackingmore_v2_cli._details import CREATE_DETAILS, detail_options
from trackingmore_v2_cli._detection import check_numbers, creation_text, detect_carriers
from trackingmore_v2_cli._reference_tables import is_table
from trackingmore_v2_cli._references import Reference, read_references, reference_options
from trackingmore_v2_cli._session import Session
from trackingmore_v2_cli._statuses import ExitStatus

_EXAMPLES: Final = (
    "trackingmore-v2 create ups:1Z97X17XYW06605211 --title Teapot --order-id '#1001' --yes",
    "trackingmore-v2 create --carrier ups 1Z97X17XYW06605211 1Z97X17XYW06605219 --yes",
    "trackingmore-v2 create --from numbers.txt --yes --json",
)


@command(shape=SHAPE, examples=_EXAMPLES, name="create")
@reference_options
@detail_options(CREATE_DETAILS)
@carrier_details_options
@click.option(
    "--keep-carrier", is_flag=True, help="Keep the given carrier, which the API corrects otherwise."
)
@yes_option
def create(  # noqa: PLR0913 - each is an option
    session: Session,
    *,
    arguments: tuple[str, ...],
    carrier: str | None,
    file: str | None,
    keep_carrier: bool,
    yes: bool,
    **details: Any,  # noqa: ANN401 - values of the options of details
) -> None:
    """
    Create trackings. Each costs one of the quota.

    The carriers of numbers without one are detected, which costs one of the quota for five of
    them. Details apply to all trackings; to give each its own, run: trackingmore-v2 import. A
    tracking that exists already is not changed, and costs nothing.
    """
    if is_table(file):
        # Its columns may be details, which would be lost.
        raise click.UsageError(f"for a table, run: trackingmore-v2 import {file}.")
    references = read_references(arguments, carrier, file)
    unknown = [each.number for each in references if not each.carrier]
    check_numbers(unknown)
    session.confirm(creation_text(references), yes=yes)
    try:
        detected = detect_carriers(session, unknown)
    except BaseException:
        print_endings(session, _not_sent(references), is_interrupted=True)
        raise
    fields = {
        **{name: value for name in CREATE_DETAILS if (value := details[name])},
        **CarrierDetails(*map(details.get, CarrierDetails._fields)).for_realtime(),
        **({"auto_correct": 1} if keep_carrier else {}),
    }
    items = [
        {"carrier_code": code, "tracking_number": each.number, **fields}
        for each in references
        if (code := each.carrier or detected[each.number])
    ]
    undetected = [number for number, code in detected.items() if code is None]
    carry_out(session, session.client.trackings.create_many, items, _undetected(undetected))


def _not_sent(references: Iterable[Reference]) -> list[Ending]:
    message = "The detection of carriers failed or was interrupted."
    return [Ending(*each, "not_sent", message=message) for each in references]


def _undetected(numbers: Iterable[str]) -> list[Ending]:
    message = "No carrier was detected. Pass it, as CARRIER:NUMBER."
    return [
        Ending(None, number, "rejected", message=message, status=ExitStatus.NOT_FOUND)
        for number in numbers
    ]
