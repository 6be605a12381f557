"""Carriers of tracking numbers that the user gave without one."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from trackingmore_v2_cli._errors import CommandError
from trackingmore_v2_cli._output.following import following
from trackingmore_v2_cli._statuses import ExitStatus

if TYPE_CHECKING:
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


def detect_carriers(session: "Session", numbers: Sequence[str]) -> dict[str, str | None]:
    """
    Return the likeliest carrier of each number; None if none is detected.

    Five calls cost one tracking of the quota, so ask the user before.

    Args:
        session: The session.
        numbers: The numbers.
    """
    with following(session.out, "Detecting carriers", len(numbers)) as follow:
        return {number: _detect(session, number) for number in follow(numbers)}


def _detect(session: "Session", number: str) -> str | None:
    from trackingmore_v2 import CarrierNotDetected  # noqa: PLC0415 - slow to import

    try:
        found = [each.code for each in session.client.carriers.detect(number)]
    except CarrierNotDetected:
        found = []
    if not found:
        return None
    others = f" Others may be: {', '.join(found[1:])}." if found[1:] else ""
    session.out.note(f"{number} is of the carrier {found[0]}, as its form shows.{others}")
    return found[0]
