from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest

from tests.sandbox.harness import NOON
from trackingmore_v2_sandbox import SettableClock, SystemClock
from trackingmore_v2_sandbox.core.clock import (
    AccountClock,
    SteadyClock,
    machine_clock,
    steady_clock,
)


def test_the_system_clock_is_in_utc() -> None:
    """It shows the machine's time, with its zone."""
    before = datetime.now(UTC)
    now = SystemClock().now()

    assert before <= now <= datetime.now(UTC)
    assert now.utcoffset() == timedelta(0)


def test_a_settable_clock_moves_only_when_set() -> None:
    """It always shows UTC."""
    clock = SettableClock(NOON)
    clock.advance(timedelta(hours=1))

    assert clock.now() == clock.now() == NOON + timedelta(hours=1)
    clock.set(NOON.astimezone(timezone(timedelta(hours=8))))
    assert clock.now().isoformat() == NOON.isoformat()


def test_a_time_without_a_zone_is_rejected() -> None:
    """It is ambiguous."""
    with pytest.raises(ValueError, match="time zone"):
        SettableClock(datetime(2026, 3, 1))  # noqa: DTZ001


HOUR = timedelta(hours=1)


@pytest.mark.behaviour("time.never-back")
def test_a_steady_clock_runs_on_when_another_one_is_set_back() -> None:
    """From its latest time, until the other one has passed it; it follows it forwards."""
    seconds = 0.0
    followed = SettableClock(NOON)
    clock = SteadyClock(followed, lambda: seconds)

    def after(by: timedelta, *, passed: float) -> timedelta:
        nonlocal seconds
        followed.advance(by)
        seconds += passed
        return clock.now() - NOON

    assert after(2 * HOUR, passed=1) == 2 * HOUR
    assert after(-HOUR, passed=0) == 2 * HOUR
    assert after(HOUR / 2, passed=1800) == 2.5 * HOUR
    assert after(timedelta(), passed=1800) == 3 * HOUR
    assert after(2 * HOUR, passed=1) == 3.5 * HOUR


@pytest.mark.behaviour("time.never-back")
def test_a_settable_clock_that_is_set_back_stands_still() -> None:
    """Only the system's clock runs on."""
    followed = SettableClock(NOON)
    clock = steady_clock(followed)
    for hours in (-1, -9):
        followed.set(NOON + hours * HOUR)
        assert clock.now() == NOON
    followed.set(NOON + HOUR)
    assert clock.now() == NOON + HOUR
    assert steady_clock().now() <= steady_clock().now()


def test_an_account_follows_the_machines_clock() -> None:
    """A clock that was never set shows the machine's time."""
    clock = machine_clock(NOON)

    assert clock.at(NOON) == NOON
    assert clock.at(NOON + HOUR) == NOON + HOUR


@pytest.mark.parametrize("speed", [0, 0.5, 1, 60, 1_000_000])
def test_an_account_has_its_own_speed(speed: float) -> None:
    """It continues from the time shown, at a multiple of the machine's speed."""
    clock = machine_clock(NOON).set(NOON, NOON - 24 * HOUR).run(NOON + HOUR, speed)
    shown = NOON - 23 * HOUR

    assert clock.at(NOON + HOUR) == shown
    assert clock.at(NOON + HOUR + timedelta(seconds=10)) == shown + timedelta(seconds=10) * speed


def test_a_frozen_clock_does_not_move() -> None:
    """Until it is set or runs again."""
    clock = machine_clock(NOON).run(NOON + HOUR, 0)
    assert clock.at(NOON + 9 * HOUR) == NOON + HOUR

    ahead = clock.advance(NOON + 9 * HOUR, 2 * HOUR)
    assert ahead.at(NOON + 99 * HOUR) == NOON + 3 * HOUR
    assert ahead.run(NOON + 9 * HOUR).at(NOON + 10 * HOUR) == NOON + 4 * HOUR


def test_setting_a_clock_keeps_its_speed() -> None:
    """It runs on after it was set or advanced."""
    fast = machine_clock(NOON).run(NOON, 60)

    assert fast.set(NOON, NOON - HOUR).at(NOON + timedelta(minutes=1)) == NOON
    assert fast.advance(NOON, HOUR).at(NOON + timedelta(minutes=1)) == NOON + 2 * HOUR


def test_microseconds_are_exact() -> None:
    """Many small steps lead exactly as far as a big one."""
    step = timedelta(microseconds=333_333)
    clock = machine_clock(NOON).run(NOON, 0)
    for _ in range(3000):
        clock = clock.advance(NOON, step)

    assert clock.at(NOON) == NOON + 3000 * step


def test_a_machine_clock_set_back_has_no_effect() -> None:
    """When the machine's clock is put back, an account's own clock waits for it."""
    clock = machine_clock(NOON).set(NOON, NOON + HOUR)

    assert clock.at(NOON - HOUR) == NOON + HOUR


def test_a_clock_stops_at_the_end_of_the_century() -> None:
    """It never shows a time that the API cannot represent."""
    end = datetime(2100, 1, 1, tzinfo=UTC)
    clock = machine_clock(NOON).run(NOON, 1_000_000)

    assert clock.at(NOON + timedelta(days=9999)) == end
    assert clock.set(NOON, end).at(NOON + HOUR) == end


@pytest.mark.parametrize(
    "change",
    [
        lambda clock: clock.set(NOON, datetime(2026, 3, 1)),  # noqa: DTZ001 - that is the point
        lambda clock: clock.set(NOON, datetime(1969, 12, 31, tzinfo=UTC)),
        lambda clock: clock.set(NOON, datetime(2100, 1, 2, tzinfo=UTC)),
        lambda clock: clock.advance(NOON, -timedelta(microseconds=1)),
        lambda clock: clock.advance(NOON, timedelta.max),
        lambda clock: clock.run(NOON, -1),
        lambda clock: clock.run(NOON, float("nan")),
        lambda clock: clock.run(NOON, float("inf")),
        lambda clock: clock.run(NOON, 1_000_001),
    ],
)
def test_an_invalid_change_is_rejected(change: Callable[[AccountClock], object]) -> None:
    """Times without a zone or out of range, negative durations, and invalid speeds."""
    with pytest.raises(ValueError, match=r"time zone|1970 to 2100|negative duration|speed"):
        change(machine_clock(NOON))
