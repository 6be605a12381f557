"""The request log of several workers, each with a connection of its own to PostgreSQL."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, NoReturn

import psycopg
import pytest

from tests.sandbox.databases import WORKERS
from tests.sandbox.harness import OTHER_KEY, AdminClient, Api
from tests.sandbox.pipeline.exchanges import MINE, OTHER, exchange, queries
from trackingmore_v2_api import API_KEY_HEADER
from trackingmore_v2_sandbox import API_KEY, Settings
from trackingmore_v2_sandbox.http.api_keys import account_of
from trackingmore_v2_sandbox.pipeline.request_log import ExchangeRecord, MemoryLog, RequestLog
from trackingmore_v2_sandbox.pipeline.store_log import StoreLog
from trackingmore_v2_sandbox.store.sql import Store, StoreUnavailable


def outputs(log: RequestLog) -> list[object]:
    """Return what a log says of everything in it."""
    whole = [
        [(each.sequence, each.account, each.key, each.query) for each in log.since(account)]
        for account in (MINE, OTHER, "", None)
    ]
    parts = [queries(log, None, 4), [each.query for each in log.since(None, before=9, limit=2)]]
    return [whole, parts, dict(log.usage()), sorted(log.accounts()), log.last]


def test_it_is_like_the_log_in_memory(stores: list[Store]) -> None:
    """Whichever worker writes and reads."""
    memory, shared = MemoryLog(exchanges=3), [StoreLog(store, exchanges=3) for store in stores]
    for number in range(20):
        account, key = ((MINE, API_KEY), (OTHER, OTHER_KEY), ("", ""))[number * number % 5 % 3]
        fields: dict[str, object] = {
            "at": float(number),
            "arrived_at": number + 0.5,
            "path": f"/v2/\ud800/{number}",
        }
        memory.append(account, exchange(number, **fields), key)
        shared[number % WORKERS].append(account, exchange(number, **fields), key)
        assert [outputs(log) for log in shared] == [outputs(memory)] * WORKERS
    for cleared in (OTHER, None):
        memory.clear(cleared)
        shared[0].clear(cleared)
        assert outputs(shared[1]) == outputs(memory)

    memory.append(MINE, exchange(21))
    shared[2].append(MINE, exchange(21))
    assert outputs(shared[1]) == outputs(memory)


def test_an_exchange_is_stored_unchanged(stores: list[Store]) -> None:
    """With every field, but for what no encoding allows."""
    parts: dict[str, Any] = {
        "headers": (("lang", "\xe9"),),
        "request": b"\xff\x00",
        "fault": "html",
    }
    kept, stored = MemoryLog(), StoreLog(stores[0])
    for log in (kept, stored):
        log.append(MINE, exchange(path="/\u00e9", **parts), API_KEY)
    stored.append(MINE, exchange(path="/\ud800"))
    (first,), (same, second) = kept.since(MINE), stored.since(MINE)

    first.weight = same.weight = 0
    assert same == first
    assert second.path == "/?"


def wait_for_lock(store: Store, *, unless: "Future[None]") -> None:
    """Return as soon as a statement waits for a lock, or the future is done."""
    query = "SELECT COUNT(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    while not (unless.done() or store.execute(query).fetchall() != [(0,)]):
        pass


def test_a_reader_misses_no_exchange(stores: list[Store]) -> None:
    """Of two that are written at the same time, the second is not seen before the first."""
    first, second, reader = (StoreLog(store) for store in stores[:3])
    with ThreadPoolExecutor(1) as threads:
        with stores[0].transaction(write=True):
            first.append(MINE, exchange(1))
            writing = threads.submit(second.append, MINE, exchange(2))
            wait_for_lock(stores[2], unless=writing)
            assert queries(reader) == []
        writing.result(10)

    assert queries(reader) == ["1", "2"]


def rows(store: Store) -> list[tuple[int, int]]:
    """Return number and weight of each exchange in the table."""
    return store.execute("SELECT sequence, weight FROM exchanges ORDER BY sequence").fetchall()


def test_each_account_is_bounded(stores: list[Store]) -> None:
    """It may exceed the bound a little, and the newest stay."""
    logs = [StoreLog(store, exchanges=80) for store in stores[:2]]
    for number in range(500):
        logs[number % 2].append(MINE, exchange(number))
    logs[0].append(OTHER, exchange())

    assert 80 <= len(rows(stores[0])) <= 80 + 2 * 10 + 1
    assert queries(logs[1])[-80:] == [str(number) for number in range(420, 500)]
    assert queries(logs[1], OTHER)


def test_all_accounts_are_bounded(stores: list[Store]) -> None:
    """The oldest exchanges make room."""
    log = StoreLog(stores[0], total_bytes=200_000)
    for number in range(300):
        log.append(f"{number}", exchange(number, response=b"x" * 4000))
    kept = rows(stores[0])

    assert 150_000 < sum(weight for _, weight in kept) < 200_000 + 200_000 / 64 + 5000
    assert kept[-1][0] == log.last == 300


def test_a_new_worker_trims_what_others_left(stores: list[Store]) -> None:
    """Even if no worker lives long enough to write much."""
    for number in range(130):
        log = StoreLog(stores[0], total_bytes=200_000)
        log.append(f"{number}", exchange(response=b"x" * 2000))

    assert sum(weight for _, weight in rows(stores[0])) <= 200_000


def test_an_exchange_that_cannot_be_stored_is_handed_on(
    stores: list[Store], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A failing database is reported by the store, once a minute."""
    seen: list[ExchangeRecord] = []
    log = StoreLog(stores[0], on_exchange=seen.append)

    def fail(*_: object) -> NoReturn:
        raise psycopg.OperationalError("no space left\nand more")

    for _ in range(2):
        with monkeypatch.context() as patch:
            patch.setattr(stores[0], "_execute", fail)
            log.append(MINE, exchange(1))
            log.append(MINE, exchange(2))
        log.append(MINE, exchange(3))

    lines = [record.getMessage() for record in caplog.records]
    assert lines == [
        "the PostgreSQL database cannot be read: no space left and more",
        "the PostgreSQL database works again",
    ]
    assert all(record.exc_info is None for record in caplog.records)
    assert [each.query for each in seen] == ["1", "2", "3"] * 2
    assert queries(log) == ["3", "3"]


@pytest.fixture
def apis(stores: list[Store]) -> Iterator[list[Api]]:
    """Yield a sandbox for each worker."""
    apis = [Api(Settings(log_exchanges=4), store) for store in stores]
    yield apis
    for api in apis:
        api.close()


def test_a_response_does_not_depend_on_the_log(
    apis: list[Api], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The client gets it even if the log cannot be written."""

    def fail(*_: object) -> NoReturn:
        raise StoreUnavailable("no space left")

    monkeypatch.setattr(apis[0].store, "execute", fail)

    assert apis[0].call("listCarriers").code == 200


@pytest.mark.behaviour("state.workers")
@pytest.mark.behaviour("state.request-log")
def test_all_workers_have_one_log(apis: list[Api]) -> None:
    """Each lists the requests to the others, and clears the log for all."""
    admins = [AdminClient(api) for api in apis]
    for number in range(6):
        apis[number % WORKERS].call("listCarriers", headers={"Lang": f"{number}"})
    pages = [admin.call("GET", "/log") for admin in admins]

    assert pages[1:] == pages[:-1]
    assert [each["headers"]["lang"] for each in pages[0]["items"]] == ["2", "3", "4", "5"]
    assert pages[0]["last"] == 6
    assert len(admins[1].call("GET", "/log", after=5)["items"]) == 1
    (account,) = admins[2].call("GET", "/accounts", key=None)["items"]
    assert (account["requests"], account["key"]) == (4, "****0001")
    by_id = admins[1].call("GET", "/log", key=None, account=account["id"])
    assert by_id == pages[0]
    admins[2].call("DELETE", "/log")
    assert admins[0].call("GET", "/log") == {"items": [], "last": 0}


async def test_waiting_returns_a_request_to_another_worker(stores: list[Store]) -> None:
    """As soon as it is looked for again; meanwhile the worker can do other things."""
    pauses: list[float] = []
    writer = StoreLog(stores[1])

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)
        await asyncio.sleep(0)
        writer.append(OTHER if len(pauses) == 1 else MINE, exchange(len(pauses)))

    reader = StoreLog(stores[0], sleep=sleep)
    async with asyncio.timeout(30):
        await reader.wait_for_more(MINE, 0)
        await reader.wait_for_more(None, 1)
        await reader.wait_for_more(OTHER, 0)

    assert len(pauses) == 2
    assert 0.05 <= min(pauses) <= max(pauses) <= 1


def test_requests_of_all_workers_have_one_sequence(apis: list[Api]) -> None:
    """Also those that are served at the same time."""

    def work(api: Api) -> None:
        for key in (API_KEY, OTHER_KEY, "wrong") * 4:
            api.http.get("/v2/carriers", headers={API_KEY_HEADER: key})

    with ThreadPoolExecutor(WORKERS) as threads:
        list(threads.map(work, apis))

    newest: Callable[..., Any] = apis[0].log.since
    assert [each.sequence for each in newest(None)][-1] == apis[1].log.last == 12 * WORKERS
    for account in (account_of(API_KEY), account_of(OTHER_KEY), ""):
        assert len(newest(account)) == 4
