"""Durations that a user gives, such as `3h`, `2d` or `1d12h`."""

import re
from datetime import timedelta
from typing import Final

import click

_UNITS: Final = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes", "s": "seconds"}
_PART: Final = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,6})?)([wdhms])", re.IGNORECASE)
_DURATION: Final = re.compile(rf"(?:{_PART.pattern})+", re.IGNORECASE)


class Duration(click.ParamType[timedelta]):
    """A duration, as a `timedelta`."""

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
