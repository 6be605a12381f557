"""Carriers of tracking numbers that the user gave without one."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from trackingmore_v2_cli._errors import CommandError
from trackingmore_v2_cli._output.following import following
from trackingmore_v2_cli._statuses import ExitStatus
from trackingmore_v2_cli._words import counted

if TYPE_CHECKING:
    from trackingmore_v2.models import DetectedCarrier
    from trackingmore_v2_cli._references import Reference
    from trackingmore_v2_cli._session import Session

CALLS_FOR_ONE: Final = 5
"""Number of detections that cost one tracking of the quota."""


def check_numbers(numbers: Sequence[str]) -> None:
    """
    Check the form of numbers, so that no detection is paid for before one of them fails.

    Raises:
        CommandError: One cannot be a tracking number.
    """
    from trackingmore_v2_api.patterns import ALLOWED, TRACKING_NUMBER  # noqa: PLC0415 - slow to import

    for number in numbers:
        if not TRACKING_NUMBER.fullmatch(number):
            raise CommandError(
                f"{number!r} is no tracking number; expected {ALLOWED[TRACKING_NUMBER]}. "
                "Nothing was sent",
                ExitStatus.USAGE,
            )


def creation_text(references: Sequence["Reference"]) -> str:
    """Return what the creation of trackings does and costs, as a question names it."""
    count, unknown = len(references), sum(not each.carrier for each in references)
    text = f"create {counted(count, 'tracking')}, which costs"
    if not unknown:
        return f"{text} up to {count:,} of the quota"
    cost = count + -(-unknown // CALLS_FOR_ONE)
    return (
        f"detect the carrier of {counted(unknown, 'number')} and {text} up to {cost:,} of the quota"
    )


def detect_carriers(session: "Session", numbers: Sequence[str]) -> dict[str, str | None]:
    """
    Return the likeliest carrier of each number; None if none is detected.

    Five calls cost one tracking of the quota, so ask the user before.

    Args:
        session: The session.
        numbers: The numbers.
    """
    with following(session.out, "Detecting carriers", len(numbers)) as follow:
        return {number: detect_carrier(session, number) for number in follow(numbers)}


def detect_carrier(session: "Session", number: str) -> str | None:
    """Return the likeliest carrier of a number, and report it; None if none is detected."""
    from trackingmore_v2 import CarrierNotDetected  # noqa: PLC0415 - slow to import

    try:
        found = session.client.carriers.detect(number)
    except CarrierNotDetected:
        return None
    if not found:
        return None
    session.out.note(_detection_text(number, found))
    return found[0].code


def _detection_text(number: str, detected: Sequence["DetectedCarrier"]) -> str:
    """Return which carrier is taken, and how to choose another."""
    first, *others = detected
    text = f"{number}: carrier {first.code} ({first.name}) detected"
    if not others:
        return f"{text}."
    names = ", ".join(each.code for each in others)
    return f"{text}, or {names}. To choose another: {others[0].code}:{number}"
