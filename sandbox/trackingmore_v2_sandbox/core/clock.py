"""System clock, settable clock and the virtual clock of each account."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from time import monotonic
from typing import Final, Protocol

from msgspec import Struct
from msgspec.structs import replace

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_END: Final = datetime(2100, 1, 1, tzinfo=UTC)
"""Time at which every account's clock stops; the API has no parameters for later times."""

_LAST: Final = (_END - _EPOCH) // _MICROSECOND

_RANGE: Final = "the clock covers 1970 to 2100"
MAX_SPEED: Final = 1_000_000


class Clock(Protocol):
    """A source of the current time."""

    def now(self) -> datetime:
        """
        Return the current time.

        Returns:
            The time, with a time zone.
        """
        ...


class SystemClock:
    """The system clock of the machine."""

    def now(self) -> datetime:
        """
        Return the current time.

        Returns:
            The time, in UTC.
        """
        return datetime.now(UTC)


class SettableClock:
    """
    A clock that changes only when it is set or advanced.

    Args:
        now: The time at first, with a time zone.
    """

    def __init__(self, now: datetime) -> None:
        self.set(now)

    def now(self) -> datetime:
        """
        Return the current time.

        Returns:
            The time, in UTC.
        """
        return self._now

    def set(self, now: datetime) -> None:
        """
        Set the time.

        Args:
            now: The time, with a time zone.

        Raises:
            ValueError: The time has no time zone.
        """
        if now.tzinfo is None:
            raise ValueError(_no_time_zone(now))
        self._now = now.astimezone(UTC)

    def advance(self, by: timedelta) -> None:
        """
        Advance the time.

        Args:
            by: The duration.
        """
        self._now += by


class SteadyClock:
    """
    A clock that follows another one, except backwards: then it runs on from the latest time.

    It follows the other clock again as soon as that has passed it.

    Args:
        followed: The other clock.
        timer: Seconds from any start, by which it runs on. Default: always 0, so that it stands
            still until the other clock has caught up.
    """

    def __init__(self, followed: Clock, timer: Callable[[], float] = lambda: 0.0) -> None:
        self._followed = followed
        self._timer = timer
        self._latest = followed.now()
        self._latest_at = timer()

    def now(self) -> datetime:
        """
        Return the current time, never before an earlier result.

        Returns:
            The time, with a time zone.
        """
        now, at = self._followed.now(), self._timer()
        if now < self._latest:
            now = self._latest + timedelta(seconds=at - self._latest_at)
        self._latest, self._latest_at = now, at
        return now


def steady_clock(clock: Clock | None = None) -> SteadyClock:
    """
    Return a clock that never goes back.

    Args:
        clock: The clock to follow. Default: the system clock.

    Returns:
        The clock. If the system clock is set back, it runs on; with another clock it stands still.
    """
    return SteadyClock(SystemClock(), monotonic) if clock is None else SteadyClock(clock)


class AccountClock(Struct, frozen=True):
    """
    The virtual clock of an account, as an immutable value.

    It is derived from the machine's clock: it runs at a constant speed from the time it was last
    set to. Its range is 1970 to 2100; it stops at the end.
    """

    anchor_machine: int
    """When it was set, on the machine's clock, in microseconds since 1970."""

    anchor_virtual: int
    """The time it was set to, in microseconds since 1970."""

    speed: float = 1.0
    """Speed as a multiple of the machine's clock; 0 is frozen. Default: 1."""

    def at(self, machine_now: datetime) -> datetime:
        """Return the account's time at a time of the machine's clock."""
        # The machine's clock may have been set back; the account's time still never runs backwards.
        elapsed = max(0, to_microseconds(machine_now) - self.anchor_machine)
        virtual = self.anchor_virtual + round(elapsed * self.speed)
        return from_microseconds(min(virtual, _LAST))

    def set(self, machine_now: datetime, to: datetime) -> "AccountClock":
        """
        Return a clock that is set to a time and runs on at the same speed.

        Raises:
            ValueError: The time has no time zone, or is outside 1970 to 2100.
        """
        if to.tzinfo is None:
            raise ValueError(_no_time_zone(to))
        if not _EPOCH <= to <= _END:
            raise ValueError(f"time {to.isoformat()} is out of range; {_RANGE}")
        return AccountClock(to_microseconds(machine_now), to_microseconds(to), self.speed)

    def advance(self, machine_now: datetime, by: timedelta) -> "AccountClock":
        """
        Return a clock that is set ahead by a duration and runs on at the same speed.

        Raises:
            ValueError: The duration is negative, or leads past the year 2100.
        """
        if by < timedelta(0):
            raise ValueError(
                f"cannot advance the clock by a negative duration ({by.total_seconds():g} seconds)"
            )
        now = self.at(machine_now)
        # Compared this way round, since the sum could exceed the range of `datetime`.
        if by > _END - now:
            raise ValueError(
                f"cannot advance the clock by {by.total_seconds():g} seconds"
                f" from {now.isoformat()}; {_RANGE}"
            )
        return self.set(machine_now, now + by)

    def run(self, machine_now: datetime, speed: float = 1.0) -> "AccountClock":
        """
        Return a clock that runs on from now at a speed, as a multiple of the machine's clock.

        Raises:
            ValueError: The speed is negative, NaN, or above 1,000,000.
        """
        # Written as a range check because NaN fails it.
        if not 0 <= speed <= MAX_SPEED:
            raise ValueError(f"invalid clock speed {speed}; expected 0 to {MAX_SPEED}")
        # Anchored anew, so that the new speed does not apply to the time that has passed.
        return replace(self.set(machine_now, self.at(machine_now)), speed=float(speed))


def machine_clock(machine_now: datetime) -> AccountClock:
    """Return a clock that shows the machine's time, for an account that has not set its own."""
    anchor = to_microseconds(machine_now)
    return AccountClock(anchor, anchor)


def start_clock(
    *, at: datetime | None = None, speed: float = 1.0, machine: Clock | None = None
) -> AccountClock:
    """
    Return a clock that starts now, for `Settings.default_clock`.

    Args:
        at: Its initial time. Default: the machine's time.
        speed: Its seconds per second of the machine's clock; 0 is frozen. Default: 1.
        machine: The clock it is derived from. Default: the system clock.

    Returns:
        The clock.

    Raises:
        ValueError: The time has no time zone or is outside 1970 to 2100, or the speed is invalid.
    """
    machine_now = (machine or SystemClock()).now()
    return machine_clock(machine_now).run(machine_now, speed).set(machine_now, at or machine_now)


def to_microseconds(moment: datetime) -> int:
    """Return a time in microseconds since 1970."""
    return (moment - _EPOCH) // _MICROSECOND


# Each request asks for the anchor of its account's clock.
@lru_cache(maxsize=256)
def from_microseconds(microseconds: int) -> datetime:
    """Return the time of a number of microseconds since 1970."""
    return _EPOCH + timedelta(microseconds=microseconds)


def _no_time_zone(moment: datetime) -> str:
    return f"time {moment.isoformat()} has no time zone; pass an aware datetime"
