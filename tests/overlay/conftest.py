"""Fixtures that keep the client from waiting."""

import pytest

from trackingmore_v2._calls.clock import CallClock


@pytest.fixture(autouse=True)
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Record for how long the client would have waited."""
    noted: list[float] = []

    async def sleep_async(_clock: CallClock, seconds: float) -> None:
        noted.append(seconds)

    monkeypatch.setattr(CallClock, "sleep", lambda _clock, seconds: noted.append(seconds))
    monkeypatch.setattr(CallClock, "sleep_async", sleep_async)
    return noted
