"""Clocks: where the sandbox takes its time from."""

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Give the present moment, with its zone."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Give the present moment in UTC."""
        return datetime.now(UTC)


class SettableClock:
    """A clock that stands still until it is told otherwise."""

    def __init__(self, now: datetime) -> None:
        self.set(now)

    def now(self) -> datetime:
        """Give the moment that was set last."""
        return self._now

    def set(self, now: datetime) -> None:
        """
        Jump to a moment.

        Raises:
            ValueError: The moment has no zone.
        """
        if now.tzinfo is None:
            raise ValueError("the clock needs a time with a zone")
        self._now = now.astimezone(UTC)

    def advance(self, by: timedelta) -> None:
        """Let time pass."""
        self._now += by
