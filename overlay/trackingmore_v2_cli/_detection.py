"""Carriers of tracking numbers that the user gave without one."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from trackingmore_v2_cli._session import Session

CALLS_FOR_ONE: Final = 5
"""Number of detections that cost one tracking of the quota."""


def detect_carriers(session: "Session", numbers: Iterable[str]) -> dict[str, str | None]:
    """
    Return the likeliest carrier of each number; None if none is detected.

    Five calls cost one tracking of the quota, so ask the user before.

    Args:
        session: The session.
        numbers: The numbers.
    """
    return {number: _detect(session, number) for number in numbers}


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
