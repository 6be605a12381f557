"""The command `trackingmore-v2 update`."""

from collections.abc import Sequence
from typing import Any, Final

import click

from trackingmore_v2_cli._batch import Ending, carry_out, missing, print_endings
from trackingmore_v2_cli._command import command
from trackingmore_v2_cli._details import UPDATE_DETAILS, detail_options, given
from trackingmore_v2_cli._references import (
    Reference,
    find_known_pairs,
    find_pairs,
    takes_references,
)
from trackingmore_v2_cli._session import Session

_EXAMPLES: Final = (
    "trackingmore-v2 update ups:1Z97X17XYW06605211 --title 'Teapot, blue'",
    "trackingmore-v2 update ups:1Z97X17XYW06605211 --status delivered",
    "trackingmore-v2 update --from numbers.txt --customer-name Sandy",
)


@command(examples=_EXAMPLES, name="update")
@takes_references
@detail_options(UPDATE_DETAILS)
@click.option(
    "--status",
    type=click.Choice(["delivered", "exception", "original"], case_sensitive=False),
    help="Set the status by hand, or take that back.",
)
def update(session: Session, *, references: list[Reference], **details: str | None) -> None:
    """
    Change details of trackings.

    All trackings get the same details; those that are not given stay as they are.
    """
    changes = given(details)
    if not changes:
        raise click.UsageError("nothing to change; pass options such as --title")
    if "customer_phone" in changes:
        _update_one(session, references, changes)
        return
    pairs, unknown = find_known_pairs(session, references)
    items = [
        {"carrier_code": pair.carrier, "tracking_number": pair.number, **changes} for pair in pairs
    ]
    carry_out(session, session.client.trackings.update_many, items, missing(unknown))


def _update_one(session: Session, references: Sequence[Reference], changes: dict[str, Any]) -> None:
    """Update a tracking by a call of its own, since a batch does not take a telephone number."""
    if len(references) > 1:
        raise click.UsageError("--customer-phone changes one tracking at a time")
    (pair,) = find_pairs(session, references)
    session.client.trackings.update(*pair, **changes)
    print_endings(session, [Ending(*pair, "updated")])
