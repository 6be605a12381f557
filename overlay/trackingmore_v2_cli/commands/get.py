"""The command `trackingmore-v2 get`."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from trackingmore_v2_cli._command import command
from trackingmore_v2_cli._errors import CommandError
from trackingmore_v2_cli._options import lang_option
from trackingmore_v2_cli._output.details import print_details
from trackingmore_v2_cli._output.following import following
from trackingmore_v2_cli._output.tracking import TrackingDetails
from trackingmore_v2_cli._references import Reference, takes_references
from trackingmore_v2_cli._session import Session
from trackingmore_v2_cli._statuses import ExitStatus

if TYPE_CHECKING:
    from trackingmore_v2.models import Tracking

_EXAMPLES: Final = (
    "trackingmore-v2 get 1Z97X17XYW06605211",
    "trackingmore-v2 get ups:1Z97X17XYW06605211 --lang en --json",
    "trackingmore-v2 get --from numbers.txt",
)


@command(examples=_EXAMPLES, name="get")
@takes_references
@lang_option
def get(session: Session, *, references: list[Reference], lang: str | None) -> None:
    """
    Show trackings of the account with their events.

    A number without a carrier shows the trackings of all carriers that have it. They are as of the
    API's last refresh, up to six hours ago, and cost no quota.
    """
    numbers = [each.number for each in references]
    with following(session.out, "Reading trackings", len(numbers)) as follow:
        trackings = follow(session.client.trackings.list(numbers=numbers, lang=lang))
        found = select(references, trackings)
    selected = [tracking for each in references for tracking in found[each]]
    absent = [each for each in references if not found[each]]
    if selected or session.out.json:
        print_details(session.out, map(TrackingDetails, selected))
    if absent:
        names = ", ".join(map(str, absent))
        status = ExitStatus.PARTIAL if selected else ExitStatus.NOT_FOUND
        raise CommandError(
            f"the account does not have {names}; for those it has, run: trackingmore-v2 list",
            status,
        )


def select(
    references: Sequence[Reference], trackings: Iterable["Tracking"]
) -> dict[Reference, list["Tracking"]]:
    """Return the trackings that each reference names, which the API may write in another case."""
    by_number: dict[str, list[Tracking]] = {}
    for tracking in trackings:
        by_number.setdefault(tracking.tracking_number.upper(), []).append(tracking)
    return {
        each: [
            tracking
            for tracking in by_number.get(each.number.upper(), ())
            if each.carrier in (None, tracking.carrier_code)
        ]
        for each in references
    }
