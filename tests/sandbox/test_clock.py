from datetime import UTC, datetime, timedelta, timezone

import pytest

from trackingmore_v2_sandbox import SettableClock, SystemClock

from .harness import NOON


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
    with pytest.raises(ValueError, match="zone"):
        SettableClock(datetime(2026, 3, 1))  # noqa: DTZ001
