"""Times that a user gives."""

from datetime import UTC, datetime, timedelta

import pytest

from trackingmore_v2_cli._times import time_of

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30m", NOW - timedelta(minutes=30)),
        ("12h", NOW - timedelta(hours=12)),
        ("7d", NOW - timedelta(days=7)),
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
        time_of("999999999999d", NOW)
