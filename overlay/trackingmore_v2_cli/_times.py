"""Times that a user gives: ISO 8601, or how long ago."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

import click

TIME_HELP: Final = "Times are in UTC unless they have an offset; 7d means 7 days ago."

_UNITS: Final = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_AGO: Final = re.compile(rf"([0-9]+)([{''.join(_UNITS)}])", re.IGNORECASE)


def parse_time_or_age(
    _context: click.Context, _option: click.Parameter, text: str | None
) -> datetime | None:
    """Parse an ISO 8601 time, in UTC if it has no offset, or how long ago, such as `7d`."""
    if text is None:
        return None
    try:
        return time_of(text, datetime.now(UTC))
    except (ValueError, OverflowError):
        raise click.BadParameter(
            f"{text!r} is no time; expected ISO 8601, such as 2026-03-01 or 2026-03-01T12:00:00Z, "
            "or how long ago, such as 30m, 12h, 7d or 2w"
        ) from None


def time_of(text: str, now: datetime) -> datetime:
    """
    Return the time that a text names.

    Raises:
        ValueError: It names none.
        OverflowError: It is out of range.
    """
    if ago := _AGO.fullmatch(text.strip()):
        count, unit = ago.groups()
        return now - timedelta(**{_UNITS[unit.lower()]: int(count)})
    time = datetime.fromisoformat(text.strip())
    return time if time.tzinfo else time.replace(tzinfo=UTC)
