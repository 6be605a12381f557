"""Times and durations that a user gives, as types of parameters."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

import click

TIME_HELP: Final = "Times are in UTC unless they have an offset; 7d means 7 days ago."

_UNITS: Final = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes", "s": "seconds"}
_PART: Final = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,6})?)([wdhms])", re.IGNORECASE)
_DURATION: Final = re.compile(rf"(?:{_PART.pattern})+", re.IGNORECASE)


class Duration(click.ParamType[timedelta]):
    """A duration, such as `3h`, `2d` or `1d12h`."""

    name = "duration"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> timedelta:
        """Return the duration."""
        if isinstance(value, timedelta):
            return value
        try:
            return duration_of(str(value))
        except (ValueError, OverflowError):
            self.fail(f"{value!r} is no duration, such as 90s, 30m, 3h, 2d or 1d12h", param, ctx)


class Time(click.ParamType[datetime]):
    """A time in ISO 8601, in UTC if it has no offset, or how long ago, such as `7d`."""

    name = "time"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Return the time."""
        if isinstance(value, datetime):
            return value
        try:
            return time_of(str(value), datetime.now(UTC))
        except (ValueError, OverflowError):
            self.fail(
                f"{value!r} is no time; expected ISO 8601, such as 2026-03-01 or "
                "2026-03-01T12:00:00Z, or how long ago, such as 30m, 12h, 7d or 2w",
                param,
                ctx,
            )


def duration_of(text: str) -> timedelta:
    """
    Return the duration that a text names.

    Raises:
        ValueError: It names none.
        OverflowError: It is too long.
    """
    if not _DURATION.fullmatch(text.strip()):
        raise ValueError(text)
    parts = (
        timedelta(**{_UNITS[unit.lower()]: float(count)}) for count, unit in _PART.findall(text)
    )
    return sum(parts, timedelta())


def time_of(text: str, now: datetime) -> datetime:
    """
    Return the time that a text names.

    Raises:
        ValueError: It names none.
        OverflowError: It is out of range.
    """
    text = text.strip()
    if _DURATION.fullmatch(text):
        return now - duration_of(text)
    time = datetime.fromisoformat(text)
    return time if time.tzinfo else time.replace(tzinfo=UTC)
