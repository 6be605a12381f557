"""Clocks: where the sandbox takes its time from."""

from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

from msgspec import Struct
from msgspec.structs import replace

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_END: Final = datetime(2100, 1, 1, tzinfo=UTC)
"""Where every account's clock stops: later moments cannot be asked for in the API."""

_FASTEST: Final = 1_000_000


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


class AccountClock(Struct, frozen=True):
    """
    The time of one account: a value that follows another clock, called the machine's.

    It runs at a steady speed from the moment that it was set to. It lies between 1970 and 2100, and
    stands still at the end.
    """

    anchor_machine: int
    """When it was set, by the machine's clock, in microseconds since 1970."""

    anchor_virtual: int
    """What it was set to, in microseconds since 1970."""

    speed: float = 1.0
    """How much faster than the machine's clock it runs; 0 stands still."""

    def at(self, machine_now: datetime) -> datetime:
        """Tell what it shows when the machine's clock shows that."""
        elapsed = max(0, _microseconds(machine_now) - self.anchor_machine)
        shown = self.anchor_virtual + round(elapsed * self.speed)
        return _EPOCH + min(shown, _microseconds(_END)) * _MICROSECOND

    def set(self, machine_now: datetime, to: datetime) -> "AccountClock":
        """
        Jump to a moment, and go on from there as fast as before.

        Raises:
            ValueError: The moment has no zone, or lies outside the clock's range.
        """
        if to.tzinfo is None:
            raise ValueError("the clock needs a time with a zone")
        if not _EPOCH <= to <= _END:
            raise ValueError("the clock goes from 1970 to 2100")
        return AccountClock(_microseconds(machine_now), _microseconds(to), self.speed)

    def advance(self, machine_now: datetime, by: timedelta) -> "AccountClock":
        """
        Jump ahead, and go on from there as fast as before.

        Raises:
            ValueError: It is a jump back, or out of the clock's range.
        """
        if by < timedelta(0):
            raise ValueError("time passes in one direction only")
        now = self.at(machine_now)
        if by > _END - now:
            raise ValueError("the clock goes from 1970 to 2100")
        return self.set(machine_now, now + by)

    def run(self, machine_now: datetime, speed: float = 1.0) -> "AccountClock":
        """
        Go on from now at a speed, in seconds for each second of the machine's clock.

        Raises:
            ValueError: The speed is negative, no number, or above a million.
        """
        if not 0 <= speed <= _FASTEST:
            raise ValueError(f"the clock can run at 0 to {_FASTEST} times the speed")
        return replace(self.set(machine_now, self.at(machine_now)), speed=float(speed))

    def freeze(self, machine_now: datetime) -> "AccountClock":
        """Stand still from now on."""
        return self.run(machine_now, 0)


def follow(machine_now: datetime) -> AccountClock:
    """Give the clock of an account that has never set its own: it shows the machine's time."""
    anchor = _microseconds(machine_now)
    return AccountClock(anchor, anchor)


def start_clock(
    *, at: datetime | None = None, speed: float = 1.0, machine: Clock | None = None
) -> AccountClock:
    """
    Start a clock now, for `Settings.default_clock`.

    Args:
        at: What it shows first. Default: the machine's time.
        speed: How many times as fast as the machine's clock it runs; 0 stands still.
        machine: The clock that it follows. Default: the system's.

    Raises:
        ValueError: The moment has no zone or is out of range, or the speed is.
    """
    machine_now = (machine or SystemClock()).now()
    return follow(machine_now).run(machine_now, speed).set(machine_now, at or machine_now)


def _microseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // _MICROSECOND
