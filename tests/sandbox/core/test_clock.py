from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest

from tests.sandbox.harness import NOON
from trackingmore_v2_sandbox import SettableClock, SystemClock
from trackingmore_v2_sandbox.core.clock import AccountClock, machine_clock


def test_the_system_clock_tells_utc() -> None:
    """It tells the machine's time, with its zone."""
    before = datetime.now(UTC)
    now = SystemClock().now()

    assert before <= now <= datetime.now(UTC)
    assert now.utcoffset() == timedelta(0)


def test_a_settable_clock_stands_still() -> None:
    """It moves only when it is told to, and always tells UTC."""
    clock = SettableClock(NOON)
    clock.advance(timedelta(hours=1))

    assert clock.now() == clock.now() == NOON + timedelta(hours=1)
    clock.set(NOON.astimezone(timezone(timedelta(hours=8))))
    assert clock.now().isoformat() == NOON.isoformat()


def test_a_time_without_a_zone_is_refused() -> None:
    """Nobody knows which moment is meant."""
    with pytest.raises(ValueError, match="time zone"):
        SettableClock(datetime(2026, 3, 1))  # noqa: DTZ001


HOUR = timedelta(hours=1)


def test_an_account_follows_the_machine() -> None:
    """A clock that was never set shows the machine's time."""
    clock = machine_clock(NOON)

    assert clock.at(NOON) == NOON
    assert clock.at(NOON + HOUR) == NOON + HOUR


@pytest.mark.parametrize("speed", [0, 0.5, 1, 60, 1_000_000])
def test_an_account_lives_at_its_own_speed(speed: float) -> None:
    """It goes on from the moment that it showed, so many times as fast as the machine's."""
    clock = machine_clock(NOON).set(NOON, NOON - 24 * HOUR).run(NOON + HOUR, speed)
    shown = NOON - 23 * HOUR

    assert clock.at(NOON + HOUR) == shown
    assert clock.at(NOON + HOUR + timedelta(seconds=10)) == shown + timedelta(seconds=10) * speed


def test_a_frozen_clock_stands_still() -> None:
    """It shows the moment at which it was stopped, until it is set or runs again."""
    clock = machine_clock(NOON).freeze(NOON + HOUR)
    assert clock.at(NOON + 9 * HOUR) == NOON + HOUR

    ahead = clock.advance(NOON + 9 * HOUR, 2 * HOUR)
    assert ahead.at(NOON + 99 * HOUR) == NOON + 3 * HOUR
    assert ahead.run(NOON + 9 * HOUR).at(NOON + 10 * HOUR) == NOON + 4 * HOUR


def test_to_jump_keeps_the_speed() -> None:
    """A clock that runs goes on running after it was set or advanced."""
    fast = machine_clock(NOON).run(NOON, 60)

    assert fast.set(NOON, NOON - HOUR).at(NOON + timedelta(minutes=1)) == NOON
    assert fast.advance(NOON, HOUR).at(NOON + timedelta(minutes=1)) == NOON + 2 * HOUR


def test_microseconds_are_exact() -> None:
    """Many small steps lead exactly as far as a big one."""
    step = timedelta(microseconds=333_333)
    clock = machine_clock(NOON).freeze(NOON)
    for _ in range(3000):
        clock = clock.advance(NOON, step)

    assert clock.at(NOON) == NOON + 3000 * step


def test_a_machine_that_goes_back_does_not_matter() -> None:
    """When the machine's clock is put back, an account's own clock waits for it."""
    clock = machine_clock(NOON).set(NOON, NOON + HOUR)

    assert clock.at(NOON - HOUR) == NOON + HOUR


def test_it_stops_at_the_end_of_the_century() -> None:
    """However fast it runs, it never shows what the API cannot tell."""
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
def test_an_impossible_change_is_refused(change: Callable[[AccountClock], object]) -> None:
    """Moments without a zone or out of range, time that goes back, and speeds that are none."""
    with pytest.raises(ValueError, match=r"time zone|1970 to 2100|negative duration|speed"):
        change(machine_clock(NOON))
