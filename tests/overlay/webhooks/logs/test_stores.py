"""Event logs with a store: what several processes share, and what can go wrong with a store."""

import os
import sqlite3
import stat
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final

import psycopg
import pytest
import redis

from tests.overlay.limiters.redis_server import RedisServer, redis_server
from tests.overlay.webhooks.logs.conftest import Build
from tests.overlay.webhooks.logs.events import (
    EMAIL,
    PERSONAL,
    claimed,
    event_of,
    handed_out,
    handle,
)
from trackingmore_v2 import ConfigurationError
from trackingmore_v2.webhooks import (
    EventLog,
    EventLogUnavailable,
    MemoryEventLog,
    Outcome,
    SqliteEventLog,
)
from trackingmore_v2.webhooks.logs.postgres import PostgresEventLog
from trackingmore_v2.webhooks.logs.redis import RedisEventLog

OLD, NEW = event_of(updated=10), event_of(updated=20)
PROCESSES: Final = 4
EVENTS: Final = 40
on_each_store = pytest.mark.parametrize("kind", ["sqlite", "redis", "postgres"], indirect=True)
on_sqlite = pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
on_redis = pytest.mark.parametrize("kind", ["redis"], indirect=True)
on_postgres = pytest.mark.parametrize("kind", ["postgres"], indirect=True)


@pytest.fixture(name="kind")
def requested_kind(request: pytest.FixtureRequest) -> str:
    """Return the kind of store that a test asks for."""
    kind: str = request.param
    return kind


@on_each_store
def test_events_outlive_the_process(build: Build) -> None:
    """What is pending, and what is done."""
    first = build(lease=1e-6)
    handle(first, OLD)
    claimed(first, NEW)
    first.close()
    second = build()

    assert list(handed_out(second)) == [NEW]
    assert second.claim(OLD).outcome is Outcome.REPEATED
    assert second.claim(NEW).outcome is Outcome.REPEATED


@on_each_store
def test_processes_share_claims(build: Build) -> None:
    """As do logs on other hosts."""
    one, other = build(), build()
    claim = claimed(one, OLD)

    assert other.claim(OLD).outcome is Outcome.IN_HAND
    assert other.done(claim)
    assert one.claim(OLD).outcome is Outcome.REPEATED


def handle_all(log: EventLog, handled: Any) -> None:
    """Receive all events in one of several processes, and report those that it handled."""
    for number in range(EVENTS):
        claim = log.claim(event_of(number=f"LK{number:09}CN"))
        if claim.outcome is Outcome.CLAIMED:
            handled.put(number)
            log.done(claim)
    handled.put(None)


def handled_by_children(log: EventLog) -> list[int]:
    """Return what forked processes handle that receive the same events at once."""
    context = get_context("fork")
    handled = context.SimpleQueue()
    children = [context.Process(target=handle_all, args=(log, handled)) for _ in range(PROCESSES)]
    for child in children:
        child.start()
    found = [list(iter(handled.get, None)) for _ in children]
    for child in children:
        child.join()
    assert [child.exitcode for child in children] == [0] * PROCESSES
    return [number for numbers in found for number in numbers]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
@on_each_store
def test_forked_processes_handle_each_event_once(build: Build) -> None:
    """Each over a connection of its own, and the parent's goes on."""
    log = build()
    handle(log, OLD)
    session = log._session  # noqa: SLF001
    with log._lock:  # noqa: SLF001 - as if another thread were in the log
        handled = handled_by_children(log)

    assert sorted(handled) == list(range(EVENTS))
    assert log.claim(OLD).outcome is Outcome.REPEATED
    assert log._session is session  # noqa: SLF001


@on_each_store
def test_threads_share_a_log(build: Build) -> None:
    """Each event is handled by one of them."""
    log: EventLog = build()
    events = [event_of(number=f"LK{number % EVENTS:09}CN") for number in range(4 * EVENTS)]

    def outcome_of(event: Any) -> Outcome:
        claim = log.claim(event)
        log.done(claim)
        return claim.outcome

    with ThreadPoolExecutor(PROCESSES) as pool:
        outcomes = Counter(pool.map(outcome_of, events))

    assert outcomes[Outcome.CLAIMED] == EVENTS


@on_each_store
def test_a_new_store_that_many_open_at_once(build: Build) -> None:
    """Each of them would set it up."""
    logs = [build() for _ in range(8)]
    with ThreadPoolExecutor(len(logs)) as pool:
        outcomes = Counter(pool.map(lambda log: log.claim(OLD).outcome, logs))

    assert outcomes == {Outcome.CLAIMED: 1, Outcome.IN_HAND: 7}


def test_new_files_that_many_open_at_once(tmp_path: Path) -> None:
    """None of them is taken for that of another program."""
    outcomes = Counter[Outcome]()
    for number in range(20):
        logs = [SqliteEventLog(tmp_path / f"{number}.sqlite3", timeout=30) for _ in range(8)]
        with ThreadPoolExecutor(len(logs)) as pool:
            outcomes.update(pool.map(lambda log: log.claim(OLD).outcome, logs))
        for log in logs:
            log.close()

    assert outcomes == {Outcome.CLAIMED: 20, Outcome.IN_HAND: 140}


def contents(kind: str, log: Any, request: pytest.FixtureRequest) -> bytes:
    """Return all that a store contains."""
    if kind == "sqlite":
        log.close()  # writes all into one file
        return Path(log._name).read_bytes()  # noqa: SLF001
    if kind == "postgres":
        with psycopg.connect(log._url) as connection:  # noqa: SLF001
            query = f"SELECT key, state FROM {log._name}.trackings"  # noqa: S608, SLF001
            rows = connection.execute(query.encode()).fetchall()
        return b"".join(key.encode() + bytes(state) for key, state in rows)
    with redis.Redis.from_url(request.getfixturevalue("redis_of_session").url) as client:
        keys = list(client.scan_iter(f"{log._name}:*", _type="string"))  # noqa: SLF001
        return b"".join(key + (client.get(key) or b"") for key in keys)


@on_each_store
def test_nothing_personal_remains(build: Build, kind: str, request: pytest.FixtureRequest) -> None:
    """When the event is done, only digests and times do."""
    log = build()
    claim = claimed(log, OLD)
    log.claim(NEW)
    assert PERSONAL.encode() in contents(kind, log, request)
    assert log.done(claim)
    assert len(list(handed_out(log))) == 1
    found = contents(kind, log, request)

    assert claim.key.encode() in found
    for text in (PERSONAL, EMAIL, OLD.tracking.tracking_number):
        assert text.encode() not in found


@on_sqlite
def test_only_the_owner_can_read_the_file(build: Build) -> None:
    """And the other files of SQLite."""
    log = build()
    claimed(log, OLD)
    files = list(Path(log._name).parent.iterdir())  # noqa: SLF001

    assert len(files) == 3
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


@on_sqlite
def test_a_step_is_on_the_disk_when_it_returns(build: Build) -> None:
    """Otherwise an event could be forgotten although its sender was told that all is well."""
    log = build()
    claimed(log, OLD)
    database = log._session._database  # noqa: SLF001

    assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert database.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL


def test_a_relative_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It starts at the folder of the moment at which the log is created."""
    monkeypatch.chdir(tmp_path)
    log = SqliteEventLog("log.sqlite3")
    (tmp_path / "worker").mkdir()
    monkeypatch.chdir(tmp_path / "worker")
    claimed(log, OLD)
    log.close()

    assert [each.name for each in tmp_path.iterdir() if each.is_file()] == ["log.sqlite3"]


def test_files_that_are_no_event_logs(tmp_path: Path) -> None:
    """They are not changed."""
    other, text = tmp_path / "other", tmp_path / "text"
    with sqlite3.connect(other) as database:
        database.execute("CREATE TABLE trackings (key)")
    database.close()
    text.write_text("no database" * 100)
    before = other.read_bytes()
    for path, reason in (
        (other, "another program"),
        (text, "not a database"),
        (tmp_path, "unable to open"),
        (tmp_path / "missing" / "log", "No such file"),
    ):
        with pytest.raises(EventLogUnavailable, match=reason) as caught:
            SqliteEventLog(path).claim(OLD)
        assert str(path) in str(caught.value)

    assert other.read_bytes() == before


@on_sqlite
def test_a_failed_step_changes_nothing(build: Build) -> None:
    """And the next one succeeds."""
    log = build()
    claimed(log, OLD)

    def fail(_state: object, _now: float) -> Any:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        log._update("tracking", fail)  # noqa: SLF001
    assert log.claim(OLD).outcome is Outcome.IN_HAND


@pytest.fixture
def server() -> Iterator[RedisServer]:
    """Yield a Redis server that the test may stop."""
    with redis_server() as server:
        yield server


def test_redis_may_go_away_and_come_back(server: RedisServer) -> None:
    """It has forgotten its scripts too."""
    log = RedisEventLog(server.url, timeout=30)
    claim = claimed(log, OLD)
    server.stop()
    with pytest.raises(EventLogUnavailable, match="trackingmore"):
        log.claim(OLD)
    server.start()

    assert not log.done(claim)
    handle(log, OLD)
    log.close()


@on_redis
def test_keys_in_redis_expire(build: Build, redis_of_session: RedisServer) -> None:
    """Unless an event is not done."""
    log = build(retention=3_600)
    with redis.Redis.from_url(redis_of_session.url) as client:

        def lives() -> list[float]:
            keys = client.scan_iter(f"{log._name}:*")  # noqa: SLF001
            return [float(client.ttl(key)) for key in keys]

        claim = claimed(log, OLD)
        assert set(lives()) == {-1.0}
        log.done(claim)
        (life,) = lives()
        assert 0 < life <= 3_600
        log.claim(NEW)
        assert set(lives()) == {-1.0}


@pytest.mark.parametrize("kind", ["memory", "sqlite", "postgres"], indirect=True)
def test_old_rows_are_deleted(build: Build, kind: str, request: pytest.FixtureRequest) -> None:
    """When pending events are asked for; those with an event that is not done remain."""
    log = build(retention=1e-6)
    handle(log, OLD)
    claimed(log, event_of(number="LK664578624CN"))
    assert list(log.pending()) == []

    if isinstance(log, MemoryEventLog):
        assert len(log._stored) == 1  # noqa: SLF001
    else:
        handled = log.claim(OLD)
        assert handled.outcome is Outcome.CLAIMED
        assert contents(kind, log, request).count(PERSONAL.encode()) == 2


@on_redis
def test_another_process_may_change_a_tracking_meanwhile(build: Build) -> None:
    """The step is applied once more, to what is stored then."""
    one, other = build(), build()
    applied, claims = one._applied, list[Any]()  # noqa: SLF001

    def interrupted(*given: Any) -> Any:
        if not claims:
            claims.append(claimed(other, OLD))
        return applied(*given)

    one._applied = interrupted  # noqa: SLF001

    assert one.claim(OLD).outcome is Outcome.IN_HAND
    assert other.done(claims[0])


@pytest.mark.parametrize("kind", ["sqlite", "postgres"], indirect=True)
def test_another_process_waits_for_a_step(build: Build) -> None:
    """It reads a tracking when the step is carried out, and not before."""
    one, other = build(), build()
    for log in (one, other):
        handle(log, event_of(number=f"LK{id(log)}CN"))  # connects
    limit_waits(other)
    applied, errors = one._applied, list[BaseException]()  # noqa: SLF001

    def interrupted(*given: Any) -> Any:
        with pytest.raises(EventLogUnavailable) as caught:
            other.claim(OLD)
        errors.append(caught.value)
        return applied(*given)

    one._applied = interrupted  # noqa: SLF001
    claimed(one, OLD)

    assert len(errors) == 1


def limit_waits(log: Any) -> None:
    """Do not wait for others, from now on."""
    session, log._timeout = log._session, 0.01  # noqa: SLF001
    if isinstance(log, SqliteEventLog):
        session._database.execute("PRAGMA busy_timeout=10")  # noqa: SLF001
    else:
        session._connection.timeout = 0.01  # noqa: SLF001


@on_postgres
def test_postgres_may_close_the_connection(build: Build, postgres_url: str) -> None:
    """As an administrator or a firewall does; the next call opens another one."""
    log = build()
    claim = claimed(log, OLD)
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE pid = %s",
            (log._session._connection.info.backend_pid,),  # noqa: SLF001
        )

    assert log.done(claim)


@on_each_store
def test_a_damaged_record(build: Build, kind: str, request: pytest.FixtureRequest) -> None:
    """The error does not contain what is stored."""
    log = build()
    claimed(log, OLD)
    damage(kind, log, request)
    with pytest.raises(EventLogUnavailable, match="damaged") as caught:
        log.claim(OLD)

    assert PERSONAL not in str(caught.value)
    assert caught.value.__context__ is None


@on_each_store
def test_pending_events_next_to_a_damaged_record(
    build: Build, kind: str, request: pytest.FixtureRequest
) -> None:
    """They are handed out before the error."""
    log, other = build(), event_of(number="LK664578624CN")
    log.release(claimed(log, OLD))
    damage(kind, log, request)
    log.release(claimed(log, other))

    claims = log.pending()
    assert next(claims).event == other
    with pytest.raises(EventLogUnavailable, match="damaged"):
        next(claims)


def damage(kind: str, log: Any, request: pytest.FixtureRequest) -> None:
    """Write what is no state for each tracking in a store."""
    text = PERSONAL.encode()
    if kind == "sqlite":
        log._session._database.execute("UPDATE trackings SET state = ?", (text,))  # noqa: SLF001
    elif kind == "postgres":
        with psycopg.connect(log._url) as connection:  # noqa: SLF001
            connection.execute(f"UPDATE {log._name}.trackings SET state = %s".encode(), (text,))  # noqa: S608, SLF001
    else:
        with redis.Redis.from_url(request.getfixturevalue("redis_of_session").url) as client:
            for key in client.scan_iter(f"{log._name}:*", _type="string"):  # noqa: SLF001
                client.set(key, text)


UNAVAILABLE: Final[dict[str, Callable[..., EventLog]]] = {
    "sqlite": lambda **given: SqliteEventLog("/nowhere/log.sqlite3", **given),
    "redis": lambda **given: RedisEventLog("redis://:secret@127.0.0.1:9/0", **given),
    "postgres": lambda **given: PostgresEventLog("postgresql://me:secret@127.0.0.1:9/x", **given),
}


@pytest.mark.parametrize("name", UNAVAILABLE)
def test_without_its_store(name: str) -> None:
    """Each method raises an error of the package, without the password."""
    log = UNAVAILABLE[name]()
    claim = claimed(MemoryEventLog(), OLD)
    for call in (
        lambda: log.claim(OLD),
        lambda: log.done(claim),
        lambda: log.release(claim),
        lambda: list(log.pending()),
    ):
        with pytest.raises(EventLogUnavailable, match="is unavailable") as caught:
            call()
        assert "secret" not in str(caught.value) + repr(caught.value.__context__) + repr(log)
        assert type(log).__name__ in str(caught.value)


@pytest.mark.parametrize("name", UNAVAILABLE)
def test_the_timeout_is_checked(name: str) -> None:
    """The message names it."""
    with pytest.raises(ConfigurationError, match="timeout"):
        UNAVAILABLE[name](timeout=0)


@pytest.mark.parametrize("kind", [SqliteEventLog, RedisEventLog, PostgresEventLog])
@pytest.mark.parametrize("wrong", [None, 5, "", b"x", object()])
def test_a_store_is_named_by_a_text(kind: Callable[[Any], EventLog], wrong: Any) -> None:
    """SQLite would take an empty path for a database of each connection's own."""
    with pytest.raises(ConfigurationError, match="must be a string that is not empty"):
        kind(wrong)


@pytest.mark.parametrize("kind", [SqliteEventLog, RedisEventLog, PostgresEventLog])
def test_a_url_of_another_kind(kind: Callable[[Any], EventLog]) -> None:
    """It may contain a password, so the message does not quote it."""
    with pytest.raises(ConfigurationError) as caught:
        kind("ftp://me:secret@host/x y z=")

    assert "secret" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    ("kind", "name"), [(RedisEventLog, "prefix"), (PostgresEventLog, "schema")]
)
def test_the_names_in_a_store_are_texts(kind: Callable[..., EventLog], name: str) -> None:
    """The message names the argument."""
    with pytest.raises(ConfigurationError, match=f"{name} must be a string"):
        kind("redis://h" if kind is RedisEventLog else "postgresql://h", **{name: 5})


@pytest.mark.parametrize(("module", "extra"), [("redis", "redis"), ("psycopg", "postgres")])
def test_the_message_names_the_extra(module: str, extra: str) -> None:
    """Both the package's name and the command to install it."""
    code = (
        f"import sys; sys.modules[{module!r}] = None; import trackingmore_v2.webhooks.logs.{extra}"
    )
    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", code], capture_output=True, check=False, text=True
    )

    assert f"pip install 'trackingmore-v2[{extra}]'" in done.stderr.splitlines()[-1]
