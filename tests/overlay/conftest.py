"""Fixtures that keep the client from waiting, and servers of stores."""

from collections.abc import Iterator

import pytest

from tests.overlay.limiters.redis_server import RedisServer, redis_server
from tests.sandbox.databases import postgres_server
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


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """Yield the URL of a PostgreSQL server."""
    with postgres_server() as url:
        yield url


@pytest.fixture(scope="session")
def redis_of_session() -> Iterator[RedisServer]:
    """Yield a Redis server that no test stops."""
    with redis_server() as server:
        yield server
