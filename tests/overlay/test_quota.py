"""The quota guard: what is over the budget is not sent."""

import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
import pytest

from tests.overlay.stubs import KEY, URL, Handler, Recorder, error_response
from trackingmore_v2 import (
    BudgetExceeded,
    ClientClosed,
    ConfigurationError,
    ConnectionFailed,
    ContractBroken,
    LimiterUnavailable,
    QuotaExhausted,
    QuotaGuard,
    ServerFailed,
    TrackingExists,
    TrackingMore,
    TrackingMoreError,
)
from trackingmore_v2._calls.cache import Cache
from trackingmore_v2.limiters import Limiter, Slot
from trackingmore_v2_api import models
from trackingmore_v2_api.operations.trackings import create_tracking_batch

CREATED = (
    b'{"meta":{"code":200},"data":{"id":"1","tracking_number":"LK664578623CN",'
    b'"carrier_code":"ups","status":"pending","created_at":""}}'
)
BATCH = b'{"meta":{"code":201},"data":{"submitted":0,"added":0,"trackings":[],"errors":[]}}'
GUESS = b'{"meta":{"code":200},"data":[{"name":"UPS","code":"ups"}]}'
PARCEL = ("ups", "LK664578623CN")


def client_of(handler: Handler, guard: QuotaGuard) -> TrackingMore:
    """Build a guarded client."""
    http = httpx2.Client(transport=httpx2.MockTransport(handler))
    return TrackingMore(KEY, base_url=URL, quota_guard=guard, http_client=http)


def batch(size: int) -> list[models.CreateTrackingItem]:
    """Build a batch."""
    return [
        models.CreateTrackingItem(carrier_code="ups", tracking_number=f"1Z{number:08}")
        for number in range(size)
    ]


def test_the_one_over_the_budget_is_not_sent() -> None:
    """Two are created; the third raises before it is sent."""
    server, guard = Recorder(CREATED), QuotaGuard(max_creates=2)
    client = client_of(server, guard)
    client.trackings.create(*PARCEL)
    client.trackings.create(*PARCEL)
    with pytest.raises(BudgetExceeded) as caught:
        client.trackings.create(*PARCEL)

    assert len(server.requests) == guard.creates == 2
    assert (caught.value.kind, caught.value.cost, caught.value.left) == ("creates", 1, 0)
    assert "nothing was sent" in str(caught.value)


def test_a_batch_counts_each_item_and_is_sent_whole_or_not() -> None:
    """A batch that does not fit is not sent, and costs nothing."""
    server, guard = Recorder(BATCH), QuotaGuard(max_creates=10)
    client = client_of(server, guard)
    client.call(create_tracking_batch.call(batch(7)))
    with pytest.raises(BudgetExceeded) as caught:
        client.call(create_tracking_batch.call(batch(4)))
    client.call(create_tracking_batch.call(batch(3)))

    assert (caught.value.cost, caught.value.left) == (4, 3)
    assert guard.creates == 10
    assert len(server.requests) == 2


def test_detections_have_a_budget_of_their_own() -> None:
    """Detecting does not use up creating, nor the other way round."""
    server, guard = Recorder(GUESS), QuotaGuard(max_creates=0, max_detects=1)
    client = client_of(server, guard)
    client.carriers.detect("LK664578623CN")
    with pytest.raises(BudgetExceeded):
        client.carriers.detect("LK664578623CN")
    with pytest.raises(BudgetExceeded):
        client.trackings.create(*PARCEL)

    assert (guard.creates, guard.detects) == (0, 1)
    assert repr(guard) == "QuotaGuard(creates=0, detects=1)"


def test_what_is_free_is_never_rejected() -> None:
    """Reading costs nothing."""
    server = Recorder(b'{"meta":{"code":200},"data":{"email":"user@example.com"}}')
    client_of(server, QuotaGuard(max_creates=0, max_detects=0)).account.get()

    assert len(server.requests) == 1


def unsent(request: httpx2.Request) -> httpx2.Response:
    """Fail before the first byte."""
    raise httpx2.ConnectError("no route", request=request)


def lost(request: httpx2.Request) -> httpx2.Response:
    """Fail after the last byte."""
    raise httpx2.ReadError("connection reset", request=request)


@pytest.mark.parametrize(
    ("handler", "error", "counted"),
    [
        (unsent, ConnectionFailed, 0),
        (Recorder(error_response(4016)), TrackingExists, 0),
        (Recorder(error_response(4021)), QuotaExhausted, 0),
        (lost, ConnectionFailed, 1),
        (Recorder(b"<html>"), ContractBroken, 1),
        (Recorder(error_response(500)), ServerFailed, 1),
        (lambda _: httpx2.Response(502, content=b"<html>"), ServerFailed, 1),
    ],
    ids=["not sent", "exists", "no quota", "answer lost", "unreadable", "failed", "proxy failed"],
)
def test_only_what_certainly_cost_nothing_is_given_back(
    handler: Handler, error: type[TrackingMoreError], counted: int
) -> None:
    """What may have been carried out stays counted."""
    guard = QuotaGuard(max_creates=5)
    with pytest.raises(error):
        client_of(handler, guard).trackings.create(*PARCEL)

    assert guard.creates == counted


class NoSlots(Limiter):
    """A limiter whose reservations fail."""

    def __init__(self, error: BaseException) -> None:
        super().__init__()
        self._error = error

    def reserve(self, *_arguments: object) -> Slot | None:
        """Raise the error."""
        raise self._error


@pytest.mark.parametrize(
    "error", [LimiterUnavailable("createTracking", "gone"), KeyboardInterrupt()], ids=repr
)
def test_a_call_that_gets_no_slot_is_given_back(error: BaseException) -> None:
    """It was not sent: the store of the limiter is away, or the wait is interrupted."""
    server, guard = Recorder(CREATED), QuotaGuard(max_creates=1)
    client = client_of(server, guard)
    with pytest.raises(type(error)):
        client.with_options(limiter=NoSlots(error)).trackings.create(*PARCEL)
    client.trackings.create(*PARCEL)

    assert len(server.requests) == guard.creates == 1


def test_a_call_that_is_interrupted_stays_counted() -> None:
    """The API may have carried it out."""

    def interrupted(_: httpx2.Request) -> httpx2.Response:
        raise KeyboardInterrupt

    guard = QuotaGuard()
    with pytest.raises(KeyboardInterrupt):
        client_of(interrupted, guard).trackings.create(*PARCEL)

    assert guard.creates == 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
@pytest.mark.parametrize("kind", [QuotaGuard, Cache])
def test_a_fork_leaves_no_lock_held(kind: type[QuotaGuard | Cache]) -> None:
    """Another thread may spend, or store a response, when the process forks."""
    lock: Any = kind()._lock  # noqa: SLF001 - as if by another thread
    with lock:
        child = os.fork()
        if child == 0:
            os._exit(0 if getattr(lock, "_lock", lock).acquire(blocking=False) else 1)
    _, status = os.waitpid(child, 0)

    assert os.waitstatus_to_exitcode(status) == 0


def test_threads_share_a_budget() -> None:
    """However many threads, the budget is spent exactly."""
    server, guard = Recorder(CREATED), QuotaGuard(max_creates=25)
    client = client_of(server, guard)

    def create(_: int) -> bool:
        try:
            client.trackings.create(*PARCEL)
        except BudgetExceeded:
            return False
        return True

    with ThreadPoolExecutor(16) as threads:
        done = list(threads.map(create, range(100)))

    assert sum(done) == guard.creates == len(server.requests) == 25


def test_one_call_may_have_options_of_its_own() -> None:
    """`with_options` changes what is given, over the same connections."""
    server = Recorder(CREATED)
    guard = QuotaGuard(max_creates=0)
    client = client_of(server, QuotaGuard())
    guarded = client.with_options(quota_guard=guard, timeout=90)
    with pytest.raises(BudgetExceeded):
        guarded.trackings.create(*PARCEL)
    client.trackings.create(*PARCEL)
    client.with_options(timeout=90).trackings.create(*PARCEL)
    timeouts = [request.extensions["timeout"]["read"] for request in server.requests]

    assert timeouts == [30.0, 90.0]
    with pytest.raises(ConfigurationError):
        client.with_options(timeout=0)


def test_closing_a_variant_closes_nothing() -> None:
    """The connections belong to the client that opened them."""
    client = TrackingMore(KEY, base_url=URL)
    client.with_options(timeout=1).close()
    with pytest.raises(ConnectionFailed):
        client.account.get()
    client.close()
    with pytest.raises(ClientClosed):
        client.account.get()


def test_carriers_are_kept_when_asked() -> None:
    """With a cache equal calls are sent once, and each caller gets its own list."""
    server = Recorder(GUESS)
    http = httpx2.Client(transport=httpx2.MockTransport(server))
    client = TrackingMore(KEY, base_url=URL, cache_carriers=True, http_client=http)
    first = client.carriers.detect("LK664578623CN")
    first.clear()
    second = client.carriers.detect("LK664578623CN")
    client.carriers.detect("LK894734223CN")
    client.carriers.list()
    client.carriers.list()
    client.carriers.list(lang="cn")

    assert [carrier.code for carrier in second] == ["ups"]
    assert len(server.requests) == 4


def test_carriers_are_not_kept_unasked() -> None:
    """Without a cache each call is sent."""
    server = Recorder(GUESS)
    client = client_of(server, QuotaGuard())
    client.carriers.list()
    client.carriers.list()

    assert len(server.requests) == 2


def test_an_error_response_is_not_kept() -> None:
    """What went wrong once may go right later."""
    server = Recorder(error_response(4032))
    http = httpx2.Client(transport=httpx2.MockTransport(server))
    client = TrackingMore(KEY, base_url=URL, cache_carriers=True, http_client=http)
    for _ in range(2):
        with pytest.raises(TrackingMoreError):
            client.carriers.detect("LK664578623CN")

    assert len(server.requests) == 2
