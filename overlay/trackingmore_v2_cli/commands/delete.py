"""The command `trackingmore-v2 delete`."""

from typing import Final

from trackingmore_v2_cli._batch import SHAPE, carry_out, missing
from trackingmore_v2_cli._command import command, yes_option
from trackingmore_v2_cli._references import Reference, find_known_pairs, named, takes_references
from trackingmore_v2_cli._session import Session

_EXAMPLES: Final = (
    "trackingmore-v2 delete ups:1Z97X17XYW06605211 --yes",
    "trackingmore-v2 delete --from numbers.txt --yes",
)


@command(shape=SHAPE, examples=_EXAMPLES, name="delete")
@takes_references
@yes_option
def delete(
    session: Session,
    *,
    references: list[Reference],
    yes: bool,
) -> None:
    """
    Delete trackings.

    A deleted tracking can be created again, which costs no quota; its events are lost until then.
    """
    session.confirm(f"delete {named(references)}", yes=yes)
    pairs, unknown = find_known_pairs(session, references)
    carry_out(session, session.client.trackings.delete_many, pairs, missing(unknown))
