"""What the account has, and air waybills. Looking these up costs no quota."""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from trackingmore_v2_cli._references import Reference
from trackingmore_v2_cli._tracking.recognition import (
    is_air_waybill,
    may_be_air_waybill,
    normalize,
)

if TYPE_CHECKING:
    from trackingmore_v2 import TrackingMore
    from trackingmore_v2.models import AirWaybill, Tracking


class Found(NamedTuple):
    """What was found, by the references of the user."""

    trackings: Mapping[Reference, "list[Tracking]"]
    """Several, if the account has a number with several carriers."""

    air_waybills: Mapping[Reference, "AirWaybill"]
    """Those with data, and all whose numbers can be nothing else."""


def look_up(client: "TrackingMore", references: Iterable[Reference]) -> Found:
    """
    Return trackings of the account, and air waybills.

    A number that may be either is an air waybill if the account does not have it, and the airline
    has data.
    """
    references = list(references)
    certain = {each: normalize(each.number) for each in references if is_air_waybill(each)}
    trackings = _of_account(client, [each for each in references if each not in certain])
    others = [each for each in references if each not in trackings]
    possible = {each: normalize(each.number) for each in others if may_be_air_waybill(each)}
    air_waybills = _of_airlines(client, certain | possible)
    kept = {
        each: waybill
        for each, waybill in air_waybills.items()
        if waybill.return_data or each in certain
    }
    return Found(trackings, kept)


def _of_account(
    client: "TrackingMore", references: list[Reference]
) -> dict[Reference, "list[Tracking]"]:
    if not references:
        return {}
    numbers = {each.number for each in references}
    naming = references_naming(references)
    found: dict[Reference, list[Tracking]] = {}
    for tracking in client.trackings.list(numbers=sorted(numbers)):
        for each in naming(tracking):
            found.setdefault(each, []).append(tracking)
    return found


def _of_airlines(
    client: "TrackingMore", numbers: Mapping[Reference, str]
) -> dict[Reference, "AirWaybill"]:
    if not numbers:
        return {}
    found = client.air_waybills.track(numbers.values())
    return {each: found[number] for each, number in numbers.items()}


def references_naming(
    references: Iterable[Reference],
) -> Callable[["Tracking"], list[Reference]]:
    """Return a function that returns those that name a tracking, in either case of letters."""
    by_number: dict[str, list[Reference]] = {}
    for each in references:
        by_number.setdefault(each.number.upper(), []).append(each)

    def naming(tracking: "Tracking") -> list[Reference]:
        found = by_number.get(tracking.tracking_number.upper(), [])
        return [each for each in found if each.carrier in (None, tracking.carrier_code)]

    return naming
