"""The command `trackingmore-v2 archive`."""

from typing import Final

import click

from trackingmore_v2_cli._batch import SHAPE, carry_out, missing
from trackingmore_v2_cli._command import command
from trackingmore_v2_cli._references import Reference, find_known_pairs, takes_references
from trackingmore_v2_cli._session import Session

_EXAMPLES: Final = (
    "trackingmore-v2 archive ups:1Z97X17XYW06605211",
    "trackingmore-v2 archive --from numbers.txt",
    "trackingmore-v2 archive --undo ups:1Z97X17XYW06605211",
)


@command(shape=SHAPE, examples=_EXAMPLES, name="archive")
@takes_references
@click.option("--undo", is_flag=True, help="Take them back from the archive.")
def archive(
    session: Session,
    *,
    references: list[Reference],
    undo: bool,
) -> None:
    """Archive trackings, or take them back."""
    pairs, unknown = find_known_pairs(session, references)
    items = [
        {"carrier_code": pair.carrier, "tracking_number": pair.number, "archived": not undo}
        for pair in pairs
    ]
    carry_out(
        session,
        session.client.trackings.update_many,
        items,
        missing(unknown),
        done="restored" if undo else "archived",
    )
