"""Event logs on each store, by the time of the test."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from secrets import token_hex
from typing import Any, Final, TypeAlias

import pytest

from tests.sandbox.databases import new_schema
from trackingmore_v2.webhooks import EventLog, MemoryEventLog, SqliteEventLog
from trackingmore_v2.webhooks._log import Step
from trackingmore_v2.webhooks.logs import sqlite
from trackingmore_v2.webhooks.logs.postgres import PostgresEventLog
from trackingmore_v2.webhooks.logs.redis import RedisEventLog

Build: TypeAlias = Callable[..., Any]
KINDS: Final = ("memory", "sqlite", "redis", "postgres")


class Clock:
    """The time of the test, in seconds."""

    def __init__(self) -> None:
        self.moment = 1_000_000.0

    def set_for(self, log: EventLog) -> None:
        """Replace the time of the store of a log by that of the test."""
        applied = log._applied  # noqa: SLF001

        def with_time(step: Step[Any], stored: bytes | None, _now: float) -> Any:
            return applied(step, stored, self.moment)

        log._applied = with_time  # type: ignore[assignment,method-assign]  # noqa: SLF001


@pytest.fixture
def clock() -> Clock:
    """Return the time of the test."""
    return Clock()


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    """Return the kind of store."""
    kind: str = request.param
    return kind


@pytest.fixture
def build(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Build]:
    """Yield a function that opens another log on the same new store, by the store's own time."""
    with ExitStack() as stack:
        kinds: dict[str, Callable[[], Any]] = {
            "memory": lambda: (MemoryEventLog, (), {}),
            "sqlite": lambda: (SqliteEventLog, (tmp_path / "log.sqlite3",), {"timeout": 30.0}),
            "redis": lambda: (
                RedisEventLog,
                (request.getfixturevalue("redis_of_session").url,),
                {"prefix": token_hex(8), "timeout": 30.0},
            ),
            "postgres": lambda: (
                PostgresEventLog,
                ((url := request.getfixturevalue("postgres_url")),),
                {"schema": stack.enter_context(new_schema(url)), "timeout": 30.0},
            ),
        }
        cls, where, settings = kinds[kind]()

        def build(**given: Any) -> EventLog:
            log: EventLog = cls(*where, **{**settings, **given})
            stack.callback(getattr(log, "close", lambda: None))
            return log

        yield build


@pytest.fixture
def log(build: Build, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> EventLog:
    """Return a new log, by the time of the test, which waits for no disk."""
    monkeypatch.setattr(sqlite, "_CONNECT", "PRAGMA synchronous=OFF")
    log: EventLog = build()
    clock.set_for(log)
    return log
