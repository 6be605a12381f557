"""Rate limiters with a store: what several processes share, and what an outage changes."""

import asyncio
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path
from select import select
from threading import Event
from types import SimpleNamespace
from typing import Any, Final, TypeAlias
from unittest.mock import MagicMock, Mock

import httpx2
import psycopg
import pytest
import redis
from anyio import to_thread

from tests.overlay.limiters.redis_server import RedisServer, redis_server
from tests.overlay.limiters.test_conformance import GET, INTERVAL, RATE, near
from tests.overlay.limiters.test_conformance import slot_of as any_slot_of
from tests.overlay.stubs import KEY, URL, FakeClock, Recorder
from tests.sandbox.databases import SERVER, postgres_server, restart_postgres
from trackingmore_v2 import ConfigurationError, LimiterUnavailable, TrackingMore
from trackingmore_v2._storage import threads
from trackingmore_v2.limiters import _store
from trackingmore_v2.limiters._store import Grant, Reservation, StoreLimiter
from trackingmore_v2.limiters.postgres import PostgresLimiter
from trackingmore_v2.limiters.redis import RedisLimiter
from trackingmore_v2.limiters.sqlite import SqliteLimiter, _Session

Build: TypeAlias = Callable[..., StoreLimiter]
ACCOUNT: Final = b'{"meta":{"code":200},"data":{"email":"user@example.com"}}'
on_each_store = pytest.mark.parametrize("kind", ["sqlite", "redis", "postgres"], indirect=True)
on_each_server = pytest.mark.parametrize("kind", ["redis", "postgres"], indirect=True)
on_postgres = pytest.mark.parametrize("kind", ["postgres"], indirect=True)


@pytest.fixture(name="kind")
def requested_kind(request: pytest.FixtureRequest) -> str:
    """Return the kind of limiter that a test asks for."""
    kind: str = request.param
    return kind


def http_of(server: Recorder) -> httpx2.Client:
    """Build an HTTP client whose server is a function."""
    return httpx2.Client(transport=httpx2.MockTransport(server))


def slot_of(limiter: StoreLimiter, account: str = "account", **given: Any) -> Any:
    """Reserve a slot."""
    return any_slot_of(limiter, account, **given)


class CountingSession:
    """A session that counts its round trips."""

    def __init__(self, session: Any) -> None:
        self.trips: list[str] = []
        self._session: Final = session

    def __getattr__(self, name: str) -> Any:
        if name in {"reserve", "release", "block"}:
            self.trips.append(name)
        return getattr(self._session, name)


def count_trips(limiter: StoreLimiter) -> CountingSession:
    """Count the round trips of a limiter from now on."""
    limiter._session = counting = CountingSession(limiter._session)  # noqa: SLF001
    return counting


def wait_for_news(limiter: Any) -> None:
    """Wait until a notification has arrived; a file needs none."""
    session = limiter._session  # noqa: SLF001
    if isinstance(limiter, RedisLimiter):
        select([session._news.connection._sock], [], [], 30)  # noqa: SLF001
    elif isinstance(limiter, PostgresLimiter):
        select([session._connection.pgconn.socket], [], [], 30)  # noqa: SLF001


@on_each_store
def test_connections_share_slots_and_blocks(build: Build) -> None:
    """As on another host, or in another process."""
    one, other = build(RATE), build(RATE)
    first, second = slot_of(one), slot_of(other)
    slot_of(one, held=slot_of(one))  # reads the confirmation of the subscription
    other.block("account", 10 * INTERVAL)
    wait_for_news(one)

    assert second.at - first.at == near(INTERVAL)
    assert slot_of(one, held=first).delay == near(10 * INTERVAL)


def test_callers_that_are_always_late_send_all_the_same(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Such as those in a slow event loop; still no second has more requests than the limit."""
    clock, sent = [0.0], list[float]()
    monkeypatch.setattr(_store, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    limiter = SqliteLimiter(tmp_path / "file", per_second=1)
    monkeypatch.setattr(
        limiter, "_connect", lambda: _Session(str(tmp_path / "file"), 1.0, lambda: clock[0])
    )
    waiting = [slot_of(limiter) for _ in range(3)]
    for _ in range(60):
        slot = min(waiting, key=lambda each: each.due)
        waiting.remove(slot)
        clock[0] = max(clock[0], slot.due + 0.9)
        held = slot_of(limiter, held=slot)
        if not held.delay:
            sent.append(clock[0])
            held = slot_of(limiter)
        waiting.append(held)
    limiter.close()

    assert len(sent) > 10
    assert min(later - earlier for earlier, later in pairwise(sent)) >= 1.0 - 1e-6


@on_each_server
def test_a_grant_takes_one_round_trip(build: Build) -> None:
    """Also if the slot is waited for: news of a block arrive without being asked for."""
    one, other = build(RATE), build(RATE)
    slots = [slot_of(one) for _ in range(3)]
    [slot_of(one, held=slot) for slot in slots]  # the confirmation of the subscription is news
    counting = count_trips(one)
    for slot in [slot_of(one) for _ in range(3)]:
        assert slot_of(one, held=slot).delay == 0.0
    assert counting.trips == ["reserve"] * 3

    held = slot_of(one)
    other.block("account", 10 * INTERVAL)
    wait_for_news(one)
    assert slot_of(one, held=held).delay == near(10 * INTERVAL)
    assert counting.trips == ["reserve"] * 5


@on_each_store
def test_a_slot_that_is_used_too_late_is_void(
    build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that was stopped and continued asks the store, which grants another one."""
    limiter = build(RATE)
    held = slot_of(limiter)
    slot_of(limiter, held=held)
    counting = count_trips(limiter)
    late = time.monotonic() + 2 * INTERVAL
    monkeypatch.setattr(time, "monotonic", lambda: late)
    renewed = slot_of(limiter, held=held)
    # The clock of the store cannot be set, but its tolerance can.
    wanted = Reservation("account", GET.id, INTERVAL, -2 * INTERVAL, None, held.grant)
    granted = counting.reserve(wanted)

    assert counting.trips == ["reserve", "reserve"]
    assert renewed.at - held.at == near(INTERVAL)
    assert granted.at - held.at == near(2 * INTERVAL)


@on_each_server
def test_a_slot_may_become_void_while_another_thread_uses_the_connection(
    build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Waiting for the other thread's round trip may take seconds."""
    limiter = build(RATE)
    held = slot_of(limiter, held=slot_of(limiter))
    counting = count_trips(limiter)
    lock = MagicMock()
    lock.__enter__.side_effect = lambda: monkeypatch.setattr(
        time, "monotonic", lambda: held.due + 60
    )
    monkeypatch.setattr(limiter, "_lock", lock)
    slot_of(limiter, held=held)

    assert counting.trips == ["reserve"]


@on_each_store
def test_the_key_is_not_stored(build: Build, kind: str, request: pytest.FixtureRequest) -> None:
    """Only a digest of it."""
    limiter, server = build(1_000.0), Recorder(ACCOUNT)
    client = TrackingMore(KEY, base_url=URL, limiter=limiter, http_client=http_of(server))
    client.account.get()
    limiter.block(client._context.config.api_key.digest(), 60.0)  # noqa: SLF001
    stored = contents(kind, limiter, request)

    assert client._context.config.api_key.digest() in stored  # noqa: SLF001
    assert KEY not in stored
    assert KEY not in repr(limiter)


def contents(kind: str, limiter: Any, request: pytest.FixtureRequest) -> str:
    """Return all that a store contains."""
    if kind == "sqlite":
        with sqlite3.connect(limiter._path) as database:  # noqa: SLF001
            tables = ("schedules", "blocks")
            found = str([database.execute(f"SELECT * FROM {each}").fetchall() for each in tables])  # noqa: S608
        database.close()
        return found
    if kind == "postgres":
        with psycopg.connect(limiter._url) as connection:  # noqa: SLF001
            return str(
                [
                    connection.execute(f"SELECT * FROM {limiter._schema}.{each}").fetchall()  # noqa: S608, SLF001
                    for each in ("schedules", "blocks")
                ]
            )
    url = request.getfixturevalue("redis_of_session").url
    with redis.Redis.from_url(url) as client:
        return str([(key, client.dump(key)) for key in client.scan_iter(f"{limiter._prefix}*")])  # noqa: SLF001


def reserve_in_child(limiter: StoreLimiter, results: Any) -> None:
    """Reserve a slot in a child process."""
    results.put(slot_of(limiter).at)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
@on_each_store
def test_a_forked_child_has_a_connection_of_its_own(build: Build) -> None:
    """And the parent's goes on, whatever the child does."""
    limiter = build(RATE)
    first = slot_of(limiter)
    context = get_context("fork")
    results = context.SimpleQueue()
    with limiter._lock:  # noqa: SLF001 - as if another thread were in the limiter
        children = [
            context.Process(target=reserve_in_child, args=(limiter, results)) for _ in range(2)
        ]
        for child in children:
            child.start()
    found = sorted(results.get() for _ in children)
    for child in children:
        child.join()

    assert [child.exitcode for child in children] == [0, 0]
    assert [each - first.at for each in found] == [near(INTERVAL), near(2 * INTERVAL)]
    assert slot_of(limiter).at - first.at == near(3 * INTERVAL)


@pytest.fixture
def server() -> Iterator[RedisServer]:
    """Yield a Redis server that the test may stop."""
    with redis_server() as server:
        yield server


def test_redis_may_forget_its_scripts(server: RedisServer) -> None:
    """They are loaded again."""
    limiter = RedisLimiter(server.url, per_second=RATE)
    first = slot_of(limiter)
    with redis.Redis.from_url(server.url) as client:
        client.script_flush()

    assert slot_of(limiter).at - first.at == near(INTERVAL)
    limiter.close()


@pytest.mark.parametrize("is_saved", [True, False], ids=["snapshot", "empty"])
def test_slots_from_before_a_restart_are_void(server: RedisServer, *, is_saved: bool) -> None:
    """The server may have lost them, so it grants no slot at once; and it keeps to a block."""
    limiter = RedisLimiter(server.url, per_second=RATE, timeout=30)
    held = slot_of(limiter)
    if is_saved:
        with redis.Redis.from_url(server.url) as client:
            client.save()
    server.stop()
    server.start()
    checked = slot_of(limiter, held=held)
    limiter.block("another", 10 * INTERVAL)
    server.stop()
    server.start()

    assert checked.delay == near(INTERVAL)
    assert slot_of(limiter, held=checked).delay == near(INTERVAL)
    assert slot_of(limiter, "another").delay == near(10 * INTERVAL)
    limiter.close()


@pytest.mark.skipif(SERVER in os.environ, reason="the server is not the tests' own")
def test_slots_from_before_a_restart_of_postgres_are_void() -> None:
    """After a failover, too, a server may have lost the latest of them."""
    with postgres_server() as url:
        limiter = PostgresLimiter(url, per_second=RATE, timeout=30)
        held = slot_of(limiter)
        limiter.block("another", 10 * INTERVAL)
        restart_postgres(url)

        assert slot_of(limiter, held=held).delay == near(INTERVAL)
        assert slot_of(limiter, "another").delay == near(10 * INTERVAL)
        limiter.close()


@on_postgres
def test_postgres_may_close_the_connection(build: Build, postgres_url: str) -> None:
    """As an administrator or a firewall does; slots are checked again over a new one."""
    limiter = build(RATE)
    first, held = slot_of(limiter), slot_of(limiter)
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE pid = %s",
            (limiter._session._connection.info.backend_pid,),  # type: ignore[union-attr]  # noqa: SLF001
        )
    checked = slot_of(limiter, held=held)

    assert checked.delay == 0.0
    assert slot_of(limiter).at - first.at == near(2 * INTERVAL)


UNAVAILABLE: Final[dict[str, Callable[..., StoreLimiter]]] = {
    "sqlite": lambda **given: SqliteLimiter("/nowhere/limiter.sqlite3", **given),
    "redis": lambda **given: RedisLimiter("redis://:secret@127.0.0.1:9/0", **given),
    "postgres": lambda **given: PostgresLimiter("postgresql://me:secret@127.0.0.1:9/x", **given),
}


@pytest.mark.parametrize("kind", UNAVAILABLE)
def test_without_its_store_a_limiter_lets_no_call_through(kind: str) -> None:
    """The default: a typed error, and nothing is sent."""
    limiter = UNAVAILABLE[kind]()
    server = Recorder(ACCOUNT)
    client = TrackingMore(KEY, base_url=URL, limiter=limiter, http_client=http_of(server))
    with pytest.raises(LimiterUnavailable, match="getAccount was not sent: the store") as caught:
        client.account.get()

    assert not server.requests
    assert not caught.value.in_doubt
    assert "secret" not in str(caught.value) + repr(caught.value.__context__)
    limiter.block("account", 1.0)  # not an error: the store is informed later


@pytest.mark.parametrize("kind", UNAVAILABLE)
def test_a_limiter_may_continue_without_its_store(kind: str) -> None:
    """In each process, at a share of the rate, and with its own blocks."""
    limiter = UNAVAILABLE[kind](per_second=RATE, fallback_share=0.25)
    slots = [slot_of(limiter) for _ in range(3)]
    limiter.release(slots[2])
    limiter.block("account", 6 * INTERVAL)

    assert [slot.delay for slot in slots] == [near(0), near(4 * INTERVAL), near(8 * INTERVAL)]
    assert slot_of(limiter, held=slots[1]).delay == near(8 * INTERVAL)


def test_a_slot_of_the_store_is_void_without_it(server: RedisServer) -> None:
    """A caller that has waited for it waits for one of the process."""
    limiter = RedisLimiter(server.url, per_second=RATE, timeout=30, fallback_share=0.5)
    held = slot_of(limiter)
    server.stop()

    assert slot_of(limiter).delay == near(0)
    assert slot_of(limiter, held=held).delay == near(2 * INTERVAL)
    limiter.close()


def test_a_fallback_begins_after_the_last_slot_of_the_store(server: RedisServer) -> None:
    """Otherwise all processes would send at once, beside what the store has just granted."""
    limiter = RedisLimiter(server.url, per_second=RATE, timeout=30, fallback_share=0.1)
    used = slot_of(limiter, held=slot_of(limiter))
    server.stop()

    assert used.delay == 0.0
    assert slot_of(limiter).delay == near(10 * INTERVAL)
    limiter.close()


def test_a_block_during_an_outage_is_kept(server: RedisServer) -> None:
    """It reaches the store when that is back."""
    limiter = RedisLimiter(server.url, per_second=RATE, timeout=30, fallback_share=0.5)
    other = RedisLimiter(server.url, per_second=RATE, timeout=30)
    slot_of(limiter)
    server.stop()
    limiter.block("account", 10 * INTERVAL)
    server.start()
    limiter._away_until = 0.0  # noqa: SLF001 - as if a second had passed
    slot_of(limiter)

    assert slot_of(other).delay == near(11 * INTERVAL)
    limiter.close()
    other.close()


def test_a_store_that_failed_is_not_tried_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise each call would wait for its timeout."""
    limiter = RedisLimiter("redis://127.0.0.1:9/0", fallback_share=1)
    connect = Mock(side_effect=limiter._connect)  # noqa: SLF001
    monkeypatch.setattr(limiter, "_connect", connect)
    slots = [slot_of(limiter) for _ in range(10)]

    assert connect.call_count == 1
    assert slots[-1].delay > 8


class HungSession:
    """A session to a store that responds only when it is told to."""

    def __init__(self) -> None:
        self.responds, self.released = Event(), Event()

    def reserve(self, _wanted: Reservation) -> Grant:
        """Wait, and grant a slot."""
        self.responds.wait(10)
        return Grant("", 0.0, INTERVAL)

    def release(self, *_slot: object) -> None:
        """Note that the slot is released."""
        self.released.set()

    def has_news(self) -> bool:
        """Return that nothing has changed."""
        return False

    def close(self) -> None:
        """Do nothing."""


@pytest.mark.parametrize("kind", UNAVAILABLE)
def test_a_hung_store_delays_no_call_beyond_its_deadline(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its thread releases the slot, when the store responds after all."""
    limiter, session = UNAVAILABLE[kind](), HungSession()
    monkeypatch.setattr(limiter, "_connect", lambda: session)
    outcomes = [limiter.reserve("account", GET, 0.01) for _ in range(2)]
    assert outcomes == [None, None]
    assert not session.released.is_set()
    session.responds.set()

    assert session.released.wait(30)


@pytest.mark.parametrize("kind", UNAVAILABLE)
def test_a_slot_may_become_void_while_the_store_checks_it(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The response of the store took longer than the slot may be late."""
    limiter, clock = UNAVAILABLE[kind](), FakeClock()
    monkeypatch.setattr(time, "monotonic", clock.now)
    wanted: list[Reservation] = []

    def reserve(reservation: Reservation) -> Grant:
        wanted.append(reservation)
        if reservation.held:
            clock.sleep(0.1)
            return reservation.held._replace(delay=0.0)
        return Grant("", 5.0, 5.0)

    session = Mock(reserve=reserve, has_news=lambda: True)
    monkeypatch.setattr(limiter, "_connect", lambda: session)
    held = slot_of(limiter)
    clock.moment = held.due
    checked = slot_of(limiter, held=held)

    assert checked.delay == 5.0
    assert [bool(each.held) for each in wanted] == [False, True, False]


@pytest.mark.parametrize("kind", UNAVAILABLE)
@pytest.mark.parametrize(("seconds", "expected"), [(0.5, 2), (2.0, 1)])
def test_a_store_that_does_not_respond_is_tried_once(
    kind: str, seconds: float, expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A trip takes `timeout` seconds at most; only after a quick failure, a new one is made."""
    limiter, clock = UNAVAILABLE[kind](timeout=2.0), FakeClock()
    monkeypatch.setattr(time, "monotonic", clock.now)

    def fail(_wanted: Reservation) -> None:
        clock.sleep(seconds)
        raise limiter._store_errors[0]("failed")  # noqa: SLF001

    limiter._session = Mock(reserve=fail)  # noqa: SLF001
    monkeypatch.setattr(limiter, "_connect", lambda: Mock(reserve=fail))
    with pytest.raises(LimiterUnavailable):
        limiter.reserve("account", GET)

    assert len(clock.waits) == expected


@on_each_store
def test_an_error_of_the_store_reaches_a_call_with_a_deadline(build: Build) -> None:
    """As without one, although a thread makes the trip."""
    limiter = build(RATE)
    held = slot_of(limiter, latest=2 * INTERVAL)

    assert slot_of(limiter, latest=3 * INTERVAL).at - held.at == near(INTERVAL)
    limiter._connect = Mock(side_effect=limiter._store_errors[0]("failed"))  # type: ignore[method-assign]  # noqa: SLF001
    limiter.close()
    with pytest.raises(LimiterUnavailable, match="failed"):
        limiter.reserve("account", GET, 3 * INTERVAL)


@pytest.mark.parametrize("path", ["limiter.sqlite3", ":memory:"])
def test_a_relative_path_names_one_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    """A worker may change its folder before it connects, and all have to share the file."""
    monkeypatch.chdir(tmp_path)
    limiters = [SqliteLimiter(path, per_second=RATE) for _ in range(2)]
    worker = tmp_path / "worker"
    worker.mkdir()
    delays = [slot_of(limiters[0]).delay]
    monkeypatch.chdir(worker)
    delays.append(slot_of(limiters[1]).delay)

    assert delays[0] == 0
    assert delays[1] > 0
    assert not list(worker.iterdir())


@on_each_store
def test_a_slot_that_has_passed_is_not_released(
    build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No other caller could use it, and a trip to the store takes time."""
    limiter = build(RATE)
    held = slot_of(limiter)
    counting = count_trips(limiter)
    monkeypatch.setattr(time, "monotonic", lambda: held.due + 1)
    limiter.release(held)

    assert counting.trips == []


async def test_a_reservation_of_a_cancelled_task_is_released(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Its thread releases the slot, since the task cannot wait for it."""
    limiter = SqliteLimiter(tmp_path / "file", per_second=RATE)
    started, proceed, released = Event(), Event(), Event()
    slot = slot_of(limiter)

    def reserve(*_: object) -> object:
        started.set()
        proceed.wait()
        return slot

    monkeypatch.setattr(limiter, "reserve", reserve)
    monkeypatch.setattr(limiter, "release", lambda _slot: released.set())
    task = asyncio.create_task(limiter.reserve_async("account", GET))
    await to_thread.run_sync(started.wait)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not released.is_set()
    proceed.set()

    assert await to_thread.run_sync(released.wait, 30)
    limiter.close()


async def test_a_task_that_is_cancelled_after_its_reservation_releases_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The thread is done, but the task has not received the slot."""
    limiter = SqliteLimiter(tmp_path / "file", per_second=RATE)
    outcomes: list[Any] = []

    async def in_thread(function: Callable[[], object]) -> None:
        outcomes.append(await threads.in_thread(function))
        if len(outcomes) == 1:
            raise asyncio.CancelledError

    slot_of(limiter)
    monkeypatch.setattr(_store, "in_thread", in_thread)
    with pytest.raises(asyncio.CancelledError):
        await limiter.reserve_async("account", GET)

    assert slot_of(limiter).at == outcomes[0].at
    limiter.close()


def test_a_restart_of_the_host_is_noticed(tmp_path: Path) -> None:
    """Its clock begins anew, and slots of before would be hours ahead."""
    clock = [5_000.0]
    session = _Session(str(tmp_path / "file"), 1.0, lambda: clock[0])
    wanted = Reservation("account", "getTracking", 10.0, 0.04, None, None)
    for _ in range(3):
        session.reserve(wanted)
    session.block("account", 1_000)
    clock[0] = 50.0
    granted = [session.reserve(wanted) for _ in range(2)]
    session.close()

    assert [grant and grant.delay for grant in granted] == [10.0, 20.0]


@pytest.mark.parametrize(("module", "extra"), [("redis", "redis"), ("psycopg", "postgres")])
def test_the_message_names_the_extra(module: str, extra: str) -> None:
    """Both the package's name and the command to install it."""
    code = f"import sys; sys.modules[{module!r}] = None; import trackingmore_v2.limiters.{extra}"
    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", code], capture_output=True, check=False, text=True
    )
    message = done.stderr.splitlines()[-1]

    assert f"{module} is not installed" in message
    assert f"python3 -m pip install 'trackingmore-v2[{extra}]'" in message


@pytest.mark.parametrize("kind", UNAVAILABLE)
@pytest.mark.parametrize(
    "wrong",
    [{"per_second": 0}, {"timeout": -1}, {"fallback_share": 2}, {"fallback_share": 0}],
    ids=str,
)
def test_arguments_are_checked(kind: str, wrong: dict[str, float]) -> None:
    """The message names the argument."""
    with pytest.raises(ConfigurationError, match=next(iter(wrong))):
        UNAVAILABLE[kind](**wrong)


@pytest.mark.parametrize("kind", [SqliteLimiter, RedisLimiter, PostgresLimiter])
@pytest.mark.parametrize("wrong", [None, 5, "", b"x", object()])
def test_a_store_is_named_by_a_text(kind: Callable[[Any], StoreLimiter], wrong: Any) -> None:
    """SQLite would take an empty path for a database of each connection's own."""
    with pytest.raises(ConfigurationError, match="must be a string that is not empty"):
        kind(wrong)


@pytest.mark.parametrize(("kind", "name"), [(RedisLimiter, "prefix"), (PostgresLimiter, "schema")])
def test_the_names_in_a_store_are_texts(kind: Callable[..., StoreLimiter], name: str) -> None:
    """The message names the argument."""
    with pytest.raises(ConfigurationError, match=f"{name} must be a string"):
        kind("redis://h" if kind is RedisLimiter else "postgresql://h", **{name: 5})


@pytest.mark.parametrize(
    "build", [lambda: RedisLimiter("secret"), lambda: PostgresLimiter("postgresql://secret:x:y z=")]
)
def test_a_url_is_checked(build: Callable[[], StoreLimiter]) -> None:
    """It may contain a password, so the message does not quote it."""
    with pytest.raises(ConfigurationError, match="url must be") as caught:
        build()

    assert "secret" not in str(caught.value)
    assert caught.value.__cause__ is None
