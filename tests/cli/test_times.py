"""Times that a user gives."""

from datetime import UTC, datetime, timedelta

import pytest

from trackingmore_v2_cli._times import duration_of, time_of

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30m", NOW - timedelta(minutes=30)),
        ("12h", NOW - timedelta(hours=12)),
        ("7d", NOW - timedelta(days=7)),
        ("1d12h", NOW - timedelta(hours=36)),
        ("90s", NOW - timedelta(seconds=90)),
        (" 2W ", NOW - timedelta(weeks=2)),
        ("2026-03-01", datetime(2026, 3, 1, tzinfo=UTC)),
        ("2026-03-01T12:00:00Z", datetime(2026, 3, 1, 12, tzinfo=UTC)),
        ("2026-03-01T12:00+02:00", datetime(2026, 3, 1, 10, tzinfo=UTC)),
    ],
)
def test_time_or_age(text: str, expected: datetime) -> None:
    """ISO 8601, in UTC without an offset; or how long ago."""
    assert time_of(text, NOW) == expected


@pytest.mark.parametrize("text", ["", "7", "7x", "d", "-7d", "yesterday", "2026-13-01", "\u0667d"])
def test_other_text_is_no_time(text: str) -> None:
    """Nothing is guessed."""
    with pytest.raises(ValueError, match=r"isoformat|month"):
        time_of(text, NOW)


def test_age_before_all_times() -> None:
    """It is out of range."""
    with pytest.raises(OverflowError):
        time_of("999999999d", NOW)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("90s", 90), ("1.5h", 5400), ("1d12h", 129_600), ("2W", 1_209_600), ("1h 1m", None)],
)
def test_durations(text: str, expected: float | None) -> None:
    """A number with a unit, or several."""
    if expected is None:
        with pytest.raises(ValueError, match="1h 1m"):
            duration_of(text)
    else:
        assert duration_of(text) == timedelta(seconds=expected)
