"""The retry quota: retries end while the server fails, and return with its successes."""

import asyncio
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from random import Random
from typing import Any, TypeAlias

import httpx2
import pytest
from msgspec.structs import replace

from tests.overlay.stubs import (
    KEY,
    URL,
    FakeClock,
    Handler,
    async_client_of,
    client_of,
    error_response,
)
from trackingmore_v2 import (
    ConnectionFailed,
    Hooks,
    Limiter,
    ServerFailed,
    TimedOut,
    TrackingMore,
    TrackingMoreError,
)
from trackingmore_v2._calls.context import Context
from trackingmore_v2._calls.flow import Flow, PreparedCall, Wait, run
from trackingmore_v2._calls.instrumentation import Observer
from trackingmore_v2._calls.retry_quota import (
    MAX_TOKENS,
    RATE_LIMIT_RETRY_COST,
    RETRY_COST,
    RetryQuota,
)
from trackingmore_v2._calls.runner import drive, drive_async
from trackingmore_v2._config import build_config
from trackingmore_v2._transport.response import Response
from trackingmore_v2_api.operations.account import get_account

CALL = get_account.call()
SUCCESS = Response(200, {}, b'{"meta":{"code":200},"data":{"email":"user@example.com"}}')
LOST = ConnectionFailed(CALL, "reset", in_doubt=True)
NO_RESULT = Response(200, {}, error_response(4031))
UNAVAILABLE = Response(503, {}, error_response(503))
RATE_LIMITED = Response(200, {"Retry-After": "0"}, error_response(429))
CONFIG = build_config(api_key="key", base_url=URL, retries=2)
Outcomes: TypeAlias = list[Response | TrackingMoreError]
ALL_RETRIES = MAX_TOKENS // RETRY_COST


class Server:
    """Sends responses in turn, the last one forever, and counts the requests."""

    def __init__(self, *outcomes: Response | TrackingMoreError) -> None:
        self.outcomes = list(outcomes)
        self.requests = 0

    def send(self, *_: object) -> Response:
        """Return or raise the next outcome."""
        self.requests += 1
        outcome = self.outcomes.pop(0) if len(self.outcomes) > 1 else self.outcomes[0]
        if isinstance(outcome, TrackingMoreError):
            raise outcome
        return outcome

    async def send_async(self, *_: object) -> Response:
        """Do the same."""
        return self.send()


@pytest.fixture
def context() -> Context:
    """Return the state of a client whose clock advances only by waits."""
    return Context(config=CONFIG, observer=Observer(Hooks(), CONFIG), clock=FakeClock())


def flow(context: Context) -> Flow[object]:
    """Start a call."""
    return run(PreparedCall(CALL, lambda envelope: envelope), context)


def attempts(context: Context, *outcomes: Response | TrackingMoreError) -> int:
    """Run a call, and return how often it was sent."""
    server = Server(*outcomes)
    with suppress(TrackingMoreError):
        drive(flow(context), server.send, context.clock)
    return server.requests


def tokens(context: Context) -> int:
    """Return how many tokens are left."""
    left = 0
    while context.retry_quota.spend(1):
        left += 1
    context.retry_quota.give_back(left)
    return left


@pytest.mark.parametrize(
    "outcome",
    [
        ConnectionFailed(CALL, "refused", in_doubt=False),
        TimedOut(CALL, "late"),
        UNAVAILABLE,
        RATE_LIMITED,
    ],
    ids=["refused", "timeout", "503", "rate-limited"],
)
def test_a_total_outage_costs_one_request_for_each_call(
    context: Context, outcome: Response | TrackingMoreError
) -> None:
    """At most 1.01 on average of 10,000 calls, blocking and awaited by turns."""
    server = Server(outcome)

    async def call_twice() -> None:
        with pytest.raises(TrackingMoreError):
            await drive_async(flow(context), server.send_async, context.clock)
        with pytest.raises(TrackingMoreError):
            drive(flow(context), server.send, context.clock)

    async def call_often() -> None:
        for _ in range(5_000):
            await call_twice()

    asyncio.run(call_often())
    assert 10_000 < server.requests <= 10_100


@pytest.mark.parametrize(("share", "calls"), [(0.2, 5_000), (0.25, 125)])
def test_steady_failures_do_not_use_the_quota_up(
    context: Context, share: float, calls: int
) -> None:
    """A fifth of all attempts may fail for long, and a quarter during an import of 5,000 items."""
    chance = Random(7)  # noqa: S311 - the same failures in each run
    for _ in range(calls):
        outcomes: Outcomes = [LOST if chance.random() < share else SUCCESS for _ in range(3)]
        needed = outcomes.index(SUCCESS) + 1 if SUCCESS in outcomes else 3
        assert attempts(context, *outcomes) == needed


def test_a_success_gives_back_what_the_retry_cost(context: Context) -> None:
    """The cost of the last retry, or 1 for a success without one; never above the maximum."""
    calls: list[Outcomes] = [
        [SUCCESS],
        [LOST, SUCCESS],
        [LOST, LOST, SUCCESS],
        [SUCCESS],
        [UNAVAILABLE],
        [LOST, RATE_LIMITED, SUCCESS],
        [RATE_LIMITED, LOST, SUCCESS],
    ]
    left = [(attempts(context, *outcomes), tokens(context)) for outcomes in calls]

    assert left == [(1, 500), (2, 500), (3, 486), (1, 487), (3, 459), (3, 445), (3, 440)]


def test_a_rejection_shows_that_the_api_works(context: Context) -> None:
    """It counts as a success; a rate-limit response, a proxy's or an unreadable one does not."""
    context.retry_quota.spend(100)
    calls: list[Outcomes] = [
        [NO_RESULT],
        [LOST, NO_RESULT],
        [Response(404, {}, b"<html>")],
        [Response(200, {}, b"<html>")],
        [Response(200, {"Retry-After": "121"}, error_response(429))],
    ]
    left = [(attempts(context, *outcomes), tokens(context)) for outcomes in calls]

    assert left == [(1, 401), (2, 401), (1, 401), (1, 401), (1, 401)]


def test_without_tokens_the_error_is_raised_at_once(
    context: Context, caplog: pytest.LogCaptureFixture
) -> None:
    """It says why it was not retried, and so does the log; 14 successes later, one is retried."""
    caplog.set_level(logging.DEBUG, "trackingmore_v2")
    context.retry_quota.spend(MAX_TOKENS)
    error = ConnectionFailed(CALL, "reset", in_doubt=True)

    assert attempts(context, error) == 1
    assert error.__notes__ == ["Not retried: too many recent calls of this client failed."]
    assert error.in_doubt
    assert caplog.messages[-1] == "getAccount: not retried, too many recent calls failed"
    assert [attempts(context, SUCCESS) for _ in range(RETRY_COST)] == [1] * RETRY_COST
    assert [attempts(context, LOST), attempts(context, LOST)] == [2, 1]


def test_a_rate_limit_response_costs_less(context: Context) -> None:
    """A quota that does not suffice for a transient failure suffices for it."""
    context.retry_quota.spend(MAX_TOKENS - RATE_LIMIT_RETRY_COST)

    assert attempts(context, LOST) == 1
    assert attempts(context, RATE_LIMITED, SUCCESS) == 2


def test_without_retries_nothing_is_spent(context: Context) -> None:
    """Neither by `retries=0` nor by a delay beyond the deadline."""
    once = replace(context, config=replace(CONFIG, retries=0))
    late = replace(context, config=replace(CONFIG, deadline=1.0))
    slow = Response(503, {"Retry-After": "2"}, error_response(503))

    assert [attempts(once, LOST), attempts(late, slow)] == [1, 1]
    assert tokens(context) == MAX_TOKENS


@pytest.mark.parametrize("error", [KeyboardInterrupt, asyncio.CancelledError, GeneratorExit])
def test_a_retry_that_is_interrupted_before_it_is_sent_costs_nothing(
    context: Context, error: type[BaseException]
) -> None:
    """The tokens are given back: nothing was sent for them."""
    steps = flow(context)
    next(steps)
    assert isinstance(steps.send(LOST), Wait)
    assert tokens(context) == MAX_TOKENS - RETRY_COST
    with pytest.raises(error):
        steps.throw(error())

    assert tokens(context) == MAX_TOKENS


def test_a_retry_that_gets_no_slot_costs_nothing(context: Context) -> None:
    """The deadline is before the next slot of the rate limit; the error is that of the attempt."""
    limiter = Limiter(0.1, now=context.clock.now)
    config = replace(CONFIG, deadline=5.0)
    server = Server(LOST)
    limited = replace(context, limiter=limiter, config=config, jitter=lambda: 1.0)
    with pytest.raises(ConnectionFailed, match="reset"):
        drive(flow(limited), server.send, limited.clock)

    assert server.requests == 1
    assert tokens(context) == MAX_TOKENS


def counted(requests: list[httpx2.Request]) -> Handler:
    """Return a server that records its requests and is unavailable."""

    def respond(request: httpx2.Request) -> httpx2.Response:
        requests.append(request)
        return httpx2.Response(503, content=error_response(503))

    return respond


def test_a_client_shares_its_quota_with_its_copies() -> None:
    """With those of `with_options()`, whatever their number of retries, and with its recorder."""
    requests: list[httpx2.Request] = []
    client = client_of(counted(requests), retries=1)
    copies: Iterator[Any] = iter([client, client.with_options(retries=90), client.recorder()] * 9)
    for copy in copies:
        with pytest.raises(ServerFailed):
            copy.account.get()

    assert len(requests) == 27 + ALL_RETRIES


async def test_the_async_client_shares_it_too() -> None:
    """Also between tasks."""
    requests: list[httpx2.Request] = []
    client = async_client_of(counted(requests), retries=2)
    calls = [client.account.get(), client.with_options(timeout=9).account.get()]
    calls += [client.account.get() for _ in range(48)]
    errors = await asyncio.gather(*calls, return_exceptions=True)

    assert {type(error) for error in errors} == {ServerFailed}
    assert len(requests) == 50 + ALL_RETRIES


def test_each_client_has_a_quota_of_its_own() -> None:
    """An outage of one server ends no retries at another."""
    requests: list[httpx2.Request] = []
    for _ in range(2):
        with pytest.raises(ServerFailed):
            client_of(counted(requests), retries=90).account.get()

    assert len(requests) == 2 + 2 * ALL_RETRIES


def test_threads_share_the_quota_exactly() -> None:
    """No token is spent twice, and none is lost."""
    requests: list[httpx2.Request] = []
    http = httpx2.Client(transport=httpx2.MockTransport(counted(requests)))
    client = TrackingMore(KEY, base_url=URL, http_client=http)

    def call(_: int) -> None:
        with pytest.raises(ServerFailed):
            client.account.get()

    with ThreadPoolExecutor(16) as threads:
        list(threads.map(call, range(200)))
    assert len(requests) == 200 + ALL_RETRIES


def test_the_quota_is_never_above_its_maximum() -> None:
    """However much is given back."""
    quota = RetryQuota()
    quota.give_back(MAX_TOKENS)

    assert quota.spend(MAX_TOKENS)
    assert not quota.spend(1)
