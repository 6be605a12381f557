import asyncio
import sys
from collections import deque
from collections.abc import Callable, Iterable, Mapping

import msgspec
import pytest
from msgspec import Struct

from tests.sandbox.harness import NOON, OTHER_KEY, PAIR, Api, NewApi
from tests.sandbox.pipeline.exchanges import MINE, OTHER, exchange, queries
from trackingmore_v2_api import API_KEY_HEADER
from trackingmore_v2_sandbox import API_KEY, Settings
from trackingmore_v2_sandbox.hints.hint import Hint
from trackingmore_v2_sandbox.http.api_keys import account_of
from trackingmore_v2_sandbox.pipeline.request_log import (
    BODY_BYTES,
    TOTAL_BYTES,
    ExchangeRecord,
    MemoryLog,
    kept_headers,
    mask,
)


def test_the_newest_are_kept_in_their_order() -> None:
    """The oldest of an account make room, and the numbers go on."""
    log = MemoryLog(exchanges=3)
    for number in range(10):
        log.append(MINE, exchange(number))

    assert queries(log) == ["7", "8", "9"]
    assert [each.sequence for each in log.since(MINE)] == [8, 9, 10]


def test_since_returns_later_exchanges() -> None:
    """Neither what was seen already nor what is forgotten."""
    log = MemoryLog(exchanges=3)
    for number in range(5):
        log.append(MINE, exchange(number))

    assert queries(log, since=4) == ["4"]
    assert queries(log, since=1) == ["2", "3", "4"]
    assert queries(log, since=5) == []
    assert queries(log, since=99) == []


def test_accounts_do_not_see_each_other() -> None:
    """Each has a log of its own, and clearing one leaves the other."""
    log = MemoryLog(exchanges=2)
    for number in range(3):
        log.append(MINE, exchange(number))
        log.append(OTHER, exchange(number + 10))
    log.clear(OTHER)

    assert queries(log) == ["1", "2"]
    assert queries(log, OTHER) == []


def test_all_accounts_together_are_bounded() -> None:
    """The least recently used account makes room."""
    log = MemoryLog(exchanges=5, total_bytes=100_000)
    log.append(MINE, exchange(1))
    for number in range(1000):
        log.append(f"{number:064}", exchange(response=b"x" * 2000))
        if number % 10 == 0:
            log.append(MINE, exchange(2))
    kept = [number for number in range(1000) if log.since(f"{number:064}")]

    assert kept == list(range(1000 - len(kept), 1000))
    assert 20 < len(kept) < 34
    assert queries(log)


def weight_of(thing: object, seen: set[int]) -> int:
    """Return the bytes of memory of an object and all that it refers to, each object once."""
    if id(thing) in seen:
        return 0
    seen.add(id(thing))
    parts: Iterable[object] = ()
    if isinstance(thing, Struct):
        parts = msgspec.structs.astuple(thing)
    elif isinstance(thing, Mapping):
        parts = (*thing.keys(), *thing.values())
    elif isinstance(thing, tuple | deque):
        parts = thing
    return sys.getsizeof(thing) + sum(weight_of(part, seen) for part in parts)


def long_path(number: int) -> Mapping[str, object]:
    """Return an exchange with a path of characters that take four bytes each."""
    return {"path": f"/\U0001f4e6{number}" * 1000}


def long_query(number: int) -> Mapping[str, object]:
    """Return an exchange with a long query."""
    return {"query": f"{number}=" * 5000}


def many_headers(number: int) -> Mapping[str, object]:
    """Return an exchange with a header that was sent many times."""
    sent = [(b"user-agent", b"%d-%d" % (number, index)) for index in range(100)]
    return {"headers": kept_headers(sent)}


def many_hints(number: int) -> Mapping[str, object]:
    """Return an exchange with as many hints as there can be."""
    hints = [Hint(f"body/{number}/{index}", "e" * 80, f"{number}" * 9, "s") for index in range(40)]
    return {"hints": tuple(hints)}


def long_method(number: int) -> Mapping[str, object]:
    """Return an exchange with a long method and fault."""
    return {"method": f"{number}" * 2000, "fault": f"{number}" * 2000}


@pytest.mark.parametrize(
    "make", [None, long_path, long_query, many_headers, many_hints, long_method]
)
def test_memory_is_bounded(make: Callable[[int], Mapping[str, object]] | None) -> None:
    """Over any number of accounts, and whatever is large in a request."""
    log = MemoryLog(exchanges=50, total_bytes=2_000_000)
    for number in range(5000):
        parts = make(number) if make else {}
        log.append(f"{number % 2500:064}", exchange(number, **parts), f"{number:036}")

    weight = weight_of(vars(log), set())
    assert 500_000 < weight <= 2_000_000
    assert len(log.since(None)) >= 25


def test_100000_accounts_stay_within_the_default_bound() -> None:
    """Each with a request of its own."""
    log = MemoryLog()
    for number in range(100_000):
        log.append(f"{number:064}", exchange(number), f"{number:036}")

    assert weight_of(vars(log), set()) <= TOTAL_BYTES
    assert 20_000 < len(log.accounts()) < 100_000
    assert len(log.since(None)) == len(log.accounts())


def test_clearing_all_leaves_nothing() -> None:
    """Not even the accounts."""
    log = MemoryLog()
    empty = weight_of(vars(log), set())
    for number in range(100):
        log.append(f"{number % 7}", exchange(number))
    log.clear(None)

    assert (log.since(None), log.usage(), log.last) == ([], {}, 100)
    assert weight_of(vars(log), set()) < empty + 10_000


def test_dropped_exchanges_free_their_size() -> None:
    """What was forgotten counts no more, however it was forgotten."""
    log = MemoryLog(exchanges=2, total_bytes=13_000)
    for _ in range(100):
        log.append(MINE, exchange(response=b"x" * 3000))
        log.append(OTHER, exchange(response=b"x" * 500))
        log.clear(OTHER)

    assert len(log.since(MINE)) == 2


def test_an_exchange_beyond_the_bound_is_not_kept() -> None:
    """It makes no room that it would not fit into."""
    log = MemoryLog(total_bytes=1000)
    log.append(MINE, exchange())

    assert log.since(MINE) == []


def test_long_bodies_are_cut() -> None:
    """The size is that of the whole body."""
    log = MemoryLog()
    log.append(MINE, exchange(request=b"x" * BODY_BYTES, response=b"y" * (BODY_BYTES + 1)))
    (kept,) = log.since(MINE)

    assert (len(kept.request), kept.request_size) == (BODY_BYTES, BODY_BYTES)
    assert (len(kept.response), kept.response_size) == (BODY_BYTES, BODY_BYTES + 1)


@pytest.mark.parametrize("key", [API_KEY, "abcdef00-0000-4000-8000-00000000000a", "not-a-uuid+("])
def test_the_key_is_masked_wherever_it_stands(key: str) -> None:
    """In either case, more than once, and even where a body is cut."""
    log = MemoryLog()
    body = f'{{"comment":"{key.upper()} {key}"}}\xff'.encode("latin-1")
    at_the_cut = b"x" * (BODY_BYTES - len(key) // 2) + key.encode() + b"x"
    headers = (("user-agent", f"tool {key}"),)
    sent = exchange(
        path=f"/{key}", query=f"key={key}", headers=headers, request=body, response=at_the_cut
    )
    log.append(MINE, sent, key)
    (kept,) = log.since(MINE)
    shown = repr(kept).lower()

    assert key[:8].lower() not in shown
    assert shown.count(f"*{key[-4:].lower()}") == 6
    assert kept.request.endswith(b'"}\xff')
    assert len(kept.request) == kept.request_size
    assert len(kept.response) == BODY_BYTES


def test_a_short_text_is_not_masked() -> None:
    """What was sent as a key by mistake does not blacken the whole body."""
    assert mask("a banana", "a") == "a banana"
    assert mask("a banana", "") == "a banana"


def test_few_headers_are_kept() -> None:
    """The key's is not among them."""
    sent = [(b"trackingmore-api-key", b"secret"), (b"cookie", b"a"), (b"user-agent", b"\xe9")]

    assert kept_headers([*sent, (b"content-type", b"text/plain"), (b"lang", b"cn")]) == (
        ("user-agent", "\xe9"),
        ("content-type", "text/plain"),
        ("lang", "cn"),
    )


async def test_waiting_returns_the_next_exchange() -> None:
    """All waiting clients get the next exchange of the account."""
    log = MemoryLog()
    log.append(MINE, exchange(1))
    waiting = [asyncio.create_task(log.wait_for_more(MINE, 1)) for _ in range(3)]
    await asyncio.sleep(0)
    log.append(OTHER, exchange(2))
    await asyncio.sleep(0)

    assert not any(task.done() for task in waiting)
    log.append(MINE, exchange(3))
    async with asyncio.timeout(10):
        await asyncio.gather(*waiting)
    assert queries(log, since=1) == ["3"]


async def test_waiting_returns_existing_exchanges_at_once() -> None:
    """What came before one began to wait is given at once."""
    log = MemoryLog()
    log.append(MINE, exchange(1))

    async with asyncio.timeout(10):
        await log.wait_for_more(MINE, 0)
        await log.wait_for_more(None, 0)


async def test_waiting_for_all_returns_the_next_of_any_account() -> None:
    """Also a request without an account."""
    log = MemoryLog()
    waiting = asyncio.create_task(log.wait_for_more(None, 0))
    await asyncio.sleep(0)
    assert not waiting.done()
    log.append("", exchange(1))

    async with asyncio.timeout(10):
        await waiting


async def test_a_cancelled_wait_leaves_the_others() -> None:
    """A page that is closed takes nothing from the page that is open."""
    log = MemoryLog()
    gone, patient = (asyncio.create_task(log.wait_for_more(MINE, 0)) for _ in range(2))
    await asyncio.sleep(0)
    gone.cancel()
    await asyncio.sleep(0)
    log.append(MINE, exchange(1))

    async with asyncio.timeout(10):
        await patient
    assert gone.cancelled()


def logged(api: Api, key: str = API_KEY) -> list[ExchangeRecord]:
    """Read the log of a key's account."""
    return api.log.since(account_of(key))


@pytest.mark.behaviour("state.request-log")
def test_each_exchange_is_logged(api: Api) -> None:
    """With the request, the response and the hints."""
    headers = {"Content-Type": "application/json", "User-Agent": "test"}
    body = b'{"tracking_number":"LK664578623CN","carrier_code":"china-ems","order":"#1"}'
    response = api.send("POST", "/trackings/post?x=1", content=body, headers=headers)
    api.call("getTracking", **PAIR)
    created, read = logged(api)

    assert (created.method, created.path, created.query) == ("POST", "/v2/trackings/post", "x=1")
    assert (created.operation, created.status, created.code) == ("createTracking", 200, 200)
    assert (created.request, created.response) == (body, response.raw)
    assert sorted(created.headers) == [("content-type", "application/json"), ("user-agent", "test")]
    assert [hint.pointer for hint in created.hints] == ["body/order", "query/x"]
    assert created.at == NOON.timestamp()
    assert created.milliseconds > 0
    assert created.fault is None
    assert (read.operation, read.request, read.hints) == ("getTracking", b"", ())
    assert created.sequence < read.sequence


def test_errors_are_logged(api: Api) -> None:
    """Also those of unknown routes; the code of a batch is its own."""
    api.call("createTrackingBatch", [PAIR])
    api.call("createTracking", PAIR)
    api.send("GET", "/nowhere")
    api.call("createTracking", raw=b"{")

    assert [(each.operation, each.code) for each in logged(api)] == [
        ("createTrackingBatch", 201),
        ("createTracking", 4016),
        (None, 404),
        ("createTracking", 4015),
    ]


def test_each_account_has_a_log_of_its_own(api: Api) -> None:
    """Requests without a valid key are in none of them."""
    api.call("getAccount", key=OTHER_KEY)
    api.call("getAccount", key=f"{API_KEY}0")

    assert logged(api) == []
    assert len(logged(api, OTHER_KEY)) == 1
    (unauthenticated,) = api.log.since("")
    assert (unauthenticated.code, unauthenticated.at) == (4001, NOON.timestamp())


@pytest.mark.behaviour("state.request-log")
def test_a_key_never_stands_in_the_log(api: Api) -> None:
    """Not even when a client puts it in every place that there is."""
    comment = f"my key is {API_KEY.upper()}"
    api.create(comment=comment)
    api.send("GET", f"/trackings/usps/{API_KEY}?api_key={API_KEY}", headers={"Lang": API_KEY})
    api.call("getTracking", **PAIR)

    assert api.get()["comment"] == comment
    assert API_KEY[:-4] not in repr(logged(api))
    assert repr(logged(api)).count("****0001") >= 4


def test_how_much_is_kept_is_a_setting(new_api: NewApi) -> None:
    """Each account keeps its newest."""
    api = new_api(Settings(log_exchanges=2))
    for lang in ("en", "cn", "tw"):
        api.call("listCarriers", headers={"Lang": lang})

    assert [dict(each.headers)["lang"] for each in logged(api)] == ["cn", "tw"]


def test_a_body_that_was_not_read_is_not_logged(new_api: NewApi) -> None:
    """It was too long to be kept in memory."""
    api = new_api(Settings(max_body_bytes=10))
    api.call("createTracking", PAIR)
    (exchange,) = logged(api)

    assert (exchange.request, exchange.code) == (b"", 4012)


def test_a_fault_is_logged(api: Api) -> None:
    """With what the client got in the end."""
    response = api.http.get(
        "http://localhost/v2/trackings/usps/SANDBOX-HTTP-503", headers={API_KEY_HEADER: API_KEY}
    )
    (exchange,) = logged(api)

    assert exchange.fault == "status=503"
    assert exchange.status == response.status_code == 503
    assert exchange.response == response.content
