"""The command `trackingmore-v2 create`."""

from collections.abc import Iterable
from typing import Any, Final

import click

from trackingmore_v2_cli._batch import SHAPE, Ending, carry_out
from trackingmore_v2_cli._command import command, yes_option
from trackingmore_v2_cli._details import CREATE_DETAILS, detail_options, given
from trackingmore_v2_cli._detection import CALLS_FOR_ONE, detect_carriers
from trackingmore_v2_cli._references import Reference, takes_references
from trackingmore_v2_cli._session import Session
from trackingmore_v2_cli._statuses import ExitStatus
from trackingmore_v2_cli._words import counted

_EXAMPLES: Final = (
    "trackingmore-v2 create ups:1Z97X17XYW06605211 --title Teapot --order-id '#1001' --yes",
    "trackingmore-v2 create --carrier ups 1Z97X17XYW06605211 1Z97X17XYW06605219 --yes",
    "trackingmore-v2 create --from numbers.txt --yes --json",
)


@command(shape=SHAPE, examples=_EXAMPLES, name="create")
@takes_references
@detail_options(CREATE_DETAILS)
@click.option(
    "--keep-carrier", is_flag=True, help="Keep the given carrier, which the API corrects otherwise."
)
@yes_option
def create(
    session: Session,
    *,
    references: list[Reference],
    keep_carrier: bool,
    yes: bool,
    **details: str | None,
) -> None:
    """
    Create trackings. Each costs one of the quota.

    The carriers of numbers without one are detected, which costs one of the quota for five of
    them. Details apply to all trackings; to give each its own, run: trackingmore-v2 import. A
    tracking that exists already is not changed, and costs nothing.
    """
    session.confirm(_action(references), yes=yes)
    unknown = [each.number for each in references if not each.carrier]
    detected = detect_carriers(session, unknown)
    fields = _fields(given(details), keep_carrier=keep_carrier)
    items = [
        {"carrier_code": code, "tracking_number": each.number, **fields}
        for each in references
        if (code := each.carrier or detected[each.number])
    ]
    undetected = [number for number, code in detected.items() if code is None]
    carry_out(session, session.client.trackings.create_many, items, _undetected(undetected))


def _action(references: list[Reference]) -> str:
    """Return what is asked, with the cost."""
    count, unknown = len(references), sum(not each.carrier for each in references)
    cost = count + -(-unknown // CALLS_FOR_ONE)
    detection = f"detect the carrier of {counted(unknown, 'number')} and " if unknown else ""
    return (
        f"{detection}create {counted(count, 'tracking')}, which costs up to {cost:,} of the quota"
    )


def _fields(details: dict[str, str], *, keep_carrier: bool) -> dict[str, Any]:
    """Return the details as `create_many` takes them."""
    fields: dict[str, Any] = {**details}
    # The API's two ways to create trackings have different names for it.
    if country := fields.pop("tracking_destination_country", None):
        fields["special_number_destination"] = country
    return fields | ({"auto_correct": 1} if keep_carrier else {})


def _undetected(numbers: Iterable[str]) -> list[Ending]:
    message = "No carrier was detected. Pass it, as CARRIER:NUMBER."
    return [
        Ending(None, number, "rejected", message=message, status=ExitStatus.NOT_FOUND)
        for number in numbers
    ]
