"""Journals on each store, by the time of the test."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import Final

import psycopg
import pytest
from psycopg import sql

from tests.overlay.importer.account import Account, Time
from tests.sandbox.databases import new_schema
from trackingmore_v2._storage.sqlite import create_file
from trackingmore_v2.importer import Journal, SqliteJournal, _flow
from trackingmore_v2.importer.postgres import PostgresJournal, PostgresSession
from trackingmore_v2.importer.sqlite import SqliteSession

_CLOCK: Final = "CREATE OR REPLACE FUNCTION {}.clock() RETURNS float8 LANGUAGE sql AS {}"


class TimedSqliteJournal(SqliteJournal):
    """A journal in an SQLite file, whose clock is the test's."""

    time: Time

    def open(self, *, create: bool) -> SqliteSession:
        """Open the file."""
        if create:
            create_file(self.name)
        return SqliteSession(self, lambda: self.time.moment)


class TimedPostgresJournal(PostgresJournal):
    """A journal in PostgreSQL, whose clock is the test's."""

    time: Time
    url: str
    backend: int
    """ID of the server process of the latest connection."""

    def open(self, *, create: bool) -> PostgresSession:
        """Connect to the database."""
        session = super().open(create=create)
        self.backend = session._connection.info.backend_pid  # noqa: SLF001
        self.set_clock()
        if self.set_clock not in self.time.watchers:
            self.time.watchers.append(self.set_clock)
        return session

    def set_clock(self) -> None:
        """Set the clock of the database."""
        body = sql.Literal(f"SELECT {self.time.moment}::float8")
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(sql.SQL(_CLOCK).format(sql.Identifier(self.name), body))


@pytest.fixture
def time() -> Time:
    """Return the time of client, server and journal."""
    return Time()


@pytest.fixture
def account(time: Time) -> Account:
    """Return a server."""
    return Account(time)


@pytest.fixture(params=["sqlite", "postgres"])
def new_journal(
    request: pytest.FixtureRequest, tmp_path: Path, time: Time
) -> Iterator[Callable[[], Journal]]:
    """Yield a function that returns another new journal, on each store."""
    numbers = count()

    def in_file() -> Journal:
        journal = TimedSqliteJournal(tmp_path / f"import-{next(numbers)}.sqlite3")
        journal.time = time
        return journal

    def in_database() -> Journal:
        schema = stack.enter_context(new_schema(url))
        journal = TimedPostgresJournal(url, schema=schema)
        journal.time, journal.url = time, url
        return journal

    with ExitStack() as stack:
        if request.param == "sqlite":
            yield in_file
        else:
            url: str = request.getfixturevalue("postgres_url")
            yield in_database


@pytest.fixture
def journal(new_journal: Callable[[], Journal]) -> Journal:
    """Return a new journal, on each store."""
    return new_journal()


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Load few rows in one transaction, so that a small input takes several."""
    monkeypatch.setattr(_flow, "_BLOCK", 80)
