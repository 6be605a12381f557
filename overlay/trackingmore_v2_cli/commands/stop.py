"""The command `trackingmore-v2 stop`."""

from typing import Final

from trackingmore_v2_cli._batch import SHAPE, carry_out, missing
from trackingmore_v2_cli._command import command, yes_option
from trackingmore_v2_cli._references import Reference, find_known_pairs, named, takes_references
from trackingmore_v2_cli._session import Session

_EXAMPLES: Final = (
    "trackingmore-v2 stop ups:1Z97X17XYW06605211 --yes",
    "trackingmore-v2 stop --from numbers.txt --yes",
)


@command(shape=SHAPE, examples=_EXAMPLES, name="stop")
@takes_references
@yes_option
def stop(
    session: Session,
    *,
    references: list[Reference],
    yes: bool,
) -> None:
    """
    Stop the updates of trackings.

    They remain in the account as they are. The API has no way to start the updates again.
    """
    action = f"stop the updates of {named(references)}; this cannot be undone"
    session.confirm(action, yes=yes)
    pairs, unknown = find_known_pairs(session, references)
    carry_out(session, session.client.trackings.stop_updates, pairs, missing(unknown))
