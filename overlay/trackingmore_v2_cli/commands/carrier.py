"""The commands `trackingmore-v2 carrier …`."""

from typing import Final

import click

from trackingmore_v2_cli._batch import SHAPE, Ending, one_call, print_endings
from trackingmore_v2_cli._command import command
from trackingmore_v2_cli._errors import CommandError
from trackingmore_v2_cli._references import find_pairs, parse_reference
from trackingmore_v2_cli._session import Session

_EXAMPLES: Final = (
    "trackingmore-v2 carrier change ups:1Z97X17XYW06605211 fedex",
    "trackingmore-v2 carrier change 1Z97X17XYW06605211 fedex --json",
)


@click.group()
def carrier() -> None:
    """Change the carrier of a tracking."""


@command(shape=SHAPE, examples=_EXAMPLES, name="change")
@click.argument("tracking", metavar="[CARRIER:]NUMBER")
@click.argument("new_carrier", metavar="NEW_CARRIER")
def change(session: Session, *, tracking: str, new_carrier: str) -> None:
    """
    Move a tracking to another carrier.

    The present carrier is looked up if it is left out, which costs no quota.
    """
    from trackingmore_v2 import InvalidCarrier  # noqa: PLC0415 - slow to import

    new_carrier = new_carrier.lower()  # as all codes are; people write UPS
    (pair,) = find_pairs(session, [parse_reference(tracking)])
    try:
        with one_call(session, pair):
            result = session.client.trackings.change_carrier(*pair, to=new_carrier)
    except InvalidCarrier as error:
        from trackingmore_v2_cli._carrier_cache import suggest_carrier  # noqa: PLC0415 - for errors only

        raise CommandError(
            f"the API rejected the carrier {new_carrier!r} with code {error.code}; for the codes, "
            f"run: trackingmore-v2 carriers.{suggest_carrier(new_carrier)}"
        ) from None
    print_endings(session, [Ending(new_carrier, pair.number, str(result))])


carrier.add_command(change)
