"""Databases that fail while the sandbox runs."""

import asyncio
import logging
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tests.sandbox.databases import end_sessions, execute, new_postgres_database, new_schema
from tests.sandbox.harness import PAIR, AdminClient, Api
from trackingmore_v2_sandbox import SqliteStore, StoreError
from trackingmore_v2_sandbox.store.factory import open_store
from trackingmore_v2_sandbox.store.models import WebhookTarget
from trackingmore_v2_sandbox.store.outage import INTERVAL, OutageLog
from trackingmore_v2_sandbox.store.postgres import PostgresStore
from trackingmore_v2_sandbox.store.sql import Store, StoreUnavailable
from trackingmore_v2_sandbox.webhooks.worker import DueWork, WebhookWorker

SECRET = "hunter2"  # noqa: S105 - of no server


class Ticks:
    """A monotonic clock that the test sets."""

    seconds = 1000.0

    def __call__(self) -> float:
        """Return the time in seconds."""
        return self.seconds


@pytest.fixture
def ticks() -> Ticks:
    """Return the clock of the lines."""
    return Ticks()


def watched(store: Store, ticks: Ticks) -> Api:
    """Return a sandbox whose lines follow a clock of the test."""
    store.outages = OutageLog("the database", ticks)
    return Api(store=store)


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return the lines since the last call; none has a traceback."""
    assert all(record.exc_info is None for record in caplog.records), caplog.text
    found = [record.getMessage() for record in caplog.records]
    caplog.clear()
    return found


class PostgresDatabase:
    """A database of a PostgreSQL server that can be away."""

    def __init__(self, server: str, url: str) -> None:
        self.url = make_conninfo(url, password=SECRET)
        self._name = str(conninfo_to_dict(url)["dbname"])
        self._server = server

    def go(self) -> None:
        """End all connections, and accept no others."""
        execute(self._server, "ALTER DATABASE {} ALLOW_CONNECTIONS false", self._name)
        end_sessions(self._server, "datname", self._name)

    def come_back(self) -> None:
        """Accept connections."""
        execute(self._server, "ALTER DATABASE {} ALLOW_CONNECTIONS true", self._name)


@pytest.fixture
def away(postgres_url: str) -> Iterator[PostgresDatabase]:
    """Yield a database that can be away."""
    with new_postgres_database(postgres_url) as url:
        yield PostgresDatabase(postgres_url, url)


@pytest.mark.behaviour("response.failure")
def test_a_server_that_is_away_is_one_line_a_minute(
    away: PostgresDatabase, ticks: Ticks, caplog: pytest.LogCaptureFixture
) -> None:
    """However many requests fail; a line says when it works again."""
    with closing(watched(PostgresStore(away.url), ticks)) as api:
        admin = AdminClient(api)
        api.create()
        away.go()
        failed = [api.call("getTracking", **PAIR) for _ in range(5)]
        failed += [api.call("createTracking", PAIR) for _ in range(5)]
        assert admin.send("GET", "/account").code == 500
        assert api.http.get("/_sandbox/health").status_code == 503
        first = lines(caplog)
        ticks.seconds += INTERVAL
        failed += [api.call("getAccount") for _ in range(5)]
        second = lines(caplog)
        away.come_back()
        read = [api.call("getTracking", **PAIR).code for _ in range(2)]

    assert {response.code for response in failed} == {500}
    assert "database" in failed[0].headers["X-Sandbox-Hint"]
    assert len(first) == len(second) == 1
    assert first[0].startswith("the database cannot be read: ")
    assert "not currently accepting connections" in second[0]
    assert "\n" not in first[0] + second[0]
    assert SECRET not in first[0] + second[0]
    assert read == [200, 200]
    assert lines(caplog) == ["the database works again"]


def test_the_background_work_adds_no_line(
    away: PostgresDatabase, ticks: Ticks, caplog: pytest.LogCaptureFixture
) -> None:
    """It goes on when the database works again."""
    seen: list[int] = []

    async def run(api: Api) -> None:
        work = DueWork(api.store, api.admin_service.time_engine)
        done = asyncio.Event()

        async def wait(_woken: asyncio.Event, _seconds: float) -> None:
            seen.append(len(caplog.records))
            if len(seen) == 3:
                away.come_back()
            if len(seen) == 4:
                done.set()
                await asyncio.Event().wait()

        worker = WebhookWorker(work, wait=wait)
        worker.start("a")
        await done.wait()
        await worker.stop()

    with closing(watched(PostgresStore(away.url), ticks)) as api:
        api.store.save_target(WebhookTarget("a", "t", "http://127.0.0.1:9/"))
        away.go()
        asyncio.run(run(api))

    assert seen == [1, 1, 1, 2]
    assert lines(caplog)[1] == "the database works again"


@pytest.mark.parametrize(
    "statement", ["DROP SCHEMA {0} CASCADE", "DROP TABLE {0}.accounts, {0}.exchanges CASCADE"]
)
def test_tables_that_were_deleted_are_one_line(
    postgres_url: str, ticks: Ticks, caplog: pytest.LogCaptureFixture, statement: str
) -> None:
    """The reason names what is missing, and quotes no statement."""
    with (
        new_schema(postgres_url) as name,
        closing(watched(PostgresStore(postgres_url, name), ticks)) as api,
    ):
        with psycopg.connect(postgres_url, autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(sql.Identifier(name)))
        assert [api.call("createTracking", PAIR).code for _ in range(3)] == [500] * 3

    assert lines(caplog) == [
        'the database cannot be read: relation "accounts" does not exist',
    ]


def fill(api: Api) -> int:
    """Create trackings until one fails, and return how many there are."""
    for index in range(10_000):
        code = api.call("createTracking", {**PAIR, "tracking_number": f"RB{index:09}CN"}).code
        if code != 200:
            assert code == 500
            return index
    raise AssertionError


@pytest.mark.behaviour("response.failure")
def test_a_full_disk_is_one_line_with_the_reason(
    tmp_path: Path, ticks: Ticks, caplog: pytest.LogCaptureFixture
) -> None:
    """What was acknowledged stays, reads go on, and so do writes when there is space again."""
    path = tmp_path / "sandbox.sqlite3"
    store = SqliteStore(path)
    with closing(watched(store, ticks)) as api:
        limit_pages(store, 45)
        created = fill(api)
        more = [{**PAIR, "tracking_number": f"RC{index:09}CN"} for index in range(40)]
        codes = {api.call("createTrackingBatch", more).code for _ in range(3)}
        counted = api.call("listTrackings", limit=1).data["total"]
        full = lines(caplog)
        limit_pages(store, 1000)
        codes_after = [api.call("createTrackingBatch", more).code]

    assert (codes, codes_after) == ({500}, [201])
    assert int(counted) == created
    assert full == ["the database cannot be written: database or disk is full"]
    assert lines(caplog) == ["the database works again"]


def limit_pages(store: SqliteStore, number: int) -> None:
    """Limit the size of a database, as a full disk does."""
    store.execute(f"PRAGMA max_page_count = {number}")


def delete(path: Path) -> None:
    """Delete a file."""
    path.unlink()


def replace(path: Path) -> None:
    """Replace a file by a copy of it."""
    shutil.copy(path, path.with_name("copy"))
    path.with_name("copy").replace(path)


@pytest.mark.behaviour("response.failure")
@pytest.mark.parametrize("act", [delete, replace])
@pytest.mark.parametrize("name", ["sandbox.sqlite3", "sandbox.sqlite3-wal"])
def test_a_file_that_was_deleted_or_replaced_takes_no_writes(
    tmp_path: Path,
    ticks: Ticks,
    caplog: pytest.LogCaptureFixture,
    name: str,
    act: Callable[[Path], None],
) -> None:
    """A write would be acknowledged, and lost when the sandbox ends. Reads go on."""
    with closing(watched(SqliteStore(tmp_path / "sandbox.sqlite3"), ticks)) as api:
        api.create()
        act(tmp_path / name)
        rejected = [api.call("updateTracking", {"title": "x"}, **PAIR) for _ in range(3)]
        read = api.get()

    assert [response.code for response in rejected] == [500] * 3
    assert read["title"] != "x"
    reason = f"{tmp_path / name} was deleted or replaced; restart the sandbox"
    assert lines(caplog) == [f"the database cannot be written: {reason}"]


def test_a_file_that_is_back_takes_writes(
    tmp_path: Path, ticks: Ticks, caplog: pytest.LogCaptureFixture
) -> None:
    """It is the same file under the same name."""
    path = tmp_path / "sandbox.sqlite3"
    with closing(watched(SqliteStore(path), ticks)) as api:
        path.rename(tmp_path / "elsewhere")
        assert api.call("createTracking", PAIR).code == 500
        (tmp_path / "elsewhere").rename(path)
        assert api.call("createTracking", PAIR).code == 200

    assert lines(caplog)[1] == "the database works again"


def test_an_error_of_the_sandbox_keeps_its_traceback(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """An invalid statement says nothing about the database."""
    with (
        closing(SqliteStore(tmp_path / "sandbox.sqlite3")) as store,
        pytest.raises(sqlite3.OperationalError, match="no such table"),
    ):
        store.execute("SELECT 1 FROM missing")

    assert not caplog.records


def test_a_database_that_fails_and_works_by_turns_is_two_lines_a_minute(
    ticks: Ticks, caplog: pytest.LogCaptureFixture
) -> None:
    """A read does not prove that writes work again."""
    outages = OutageLog("it", ticks)
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            outages.failed("full", write=True)
            outages.succeeded(write=False)
        assert lines(caplog) == ["it cannot be written: full"]
        for _ in range(3):
            outages.succeeded(write=True)
            outages.failed("full", write=True)
        assert lines(caplog) == ["it works again"]
        ticks.seconds += INTERVAL
        outages.failed("away", write=False)
        outages.succeeded(write=False)

    assert lines(caplog) == ["it cannot be read: away", "it works again"]


@pytest.mark.parametrize(("given", "seconds"), [({}, "5"), ({"connect_timeout": 9}, "9")])
def test_a_server_that_does_not_respond_delays_requests_by_seconds(
    postgres_url: str, given: dict[str, Any], seconds: str
) -> None:
    """The URL may state another time."""
    with (
        new_schema(postgres_url) as name,
        closing(PostgresStore(make_conninfo(postgres_url, **given), name)) as store,
    ):
        parameters = store._connection.info.get_parameters()  # noqa: SLF001 - of the driver
        assert parameters["connect_timeout"] == seconds


@pytest.mark.parametrize("password", ["hunter2%zz", "hunter2 x"])
def test_an_invalid_url_shows_no_password(password: str) -> None:
    """The driver quotes what it cannot read."""
    with pytest.raises(StoreError, match="percent-encoded") as error:
        open_store(f"postgresql://me:{password}@127.0.0.1:1/sandbox")

    assert SECRET not in str(error.value)


def test_the_python_api_raises_the_reason(tmp_path: Path, ticks: Ticks) -> None:
    """Which is the error of the store, and not that of a driver."""
    path = tmp_path / "sandbox.sqlite3"
    with closing(watched(SqliteStore(path), ticks)) as api:
        path.unlink()
        with pytest.raises(StoreUnavailable, match="deleted"):
            api.admin_service.account_of_key("00000000-0000-4000-8000-000000000009")
