"""Retries, rate limits and deadlines of a call, step by step. See also test_retry.py."""

import asyncio
import json
import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
from msgspec.structs import replace

from tests.overlay.stubs import (
    DATE,
    KEY,
    URL,
    FakeClock,
    Handler,
    async_client_of,
    client_of,
    error_response,
)
from trackingmore_v2 import (
    AdoptedTracking,
    AsyncTrackingMore,
    ConfigurationError,
    ConnectionFailed,
    DeadlineExceeded,
    Hooks,
    Limiter,
    QuotaGuard,
    RateLimited,
    TimedOut,
    TrackingExists,
    TrackingMore,
    TrackingMoreError,
    TrackingNotFound,
)
from trackingmore_v2._calls.context import Context, default_limiter
from trackingmore_v2._calls.flow import (
    Flow,
    PreparedCall,
    Release,
    Reserve,
    Retried,
    RetryOutcome,
    Send,
    Step,
    StepResult,
    Wait,
    run,
)
from trackingmore_v2._calls.instrumentation import Observer
from trackingmore_v2._calls.runner import drive, drive_async
from trackingmore_v2._config import build_config
from trackingmore_v2._transport.response import Response
from trackingmore_v2_api import META_CODES, Call
from trackingmore_v2_api.operations.account import get_account
from trackingmore_v2_api.options import CreateTrackingRequestOptionsDict
from trackingmore_v2_sandbox import Sandbox

CONFIG = build_config(api_key="key", base_url=URL, timeout=1, retries=2)
ANSWER = b'{"meta":{"code":200},"data":{"email":"user@example.com"}}'
PAIR = ("china-ems", "LK664578623CN")
CREATED = {
    "id": "1",
    "tracking_number": PAIR[1],
    "carrier_code": PAIR[0],
    "status": "pending",
    "created_at": "2026-03-01T14:14:55+08:00",
    "title": "Teapot",
}
CALL = get_account.call()
LOST = ConnectionFailed(CALL, "reset", in_doubt=True)
UNSENT = ConnectionFailed(CALL, "refused", in_doubt=False)
Fault = Callable[[httpx2.Request], httpx2.Response]


def reset(request: httpx2.Request) -> httpx2.Response:
    """Lose the response."""
    raise httpx2.ReadError("reset", request=request)


def unreachable(request: httpx2.Request) -> httpx2.Response:
    """Raise a connection error."""
    raise httpx2.ConnectError("refused", request=request)


def gateway(_request: httpx2.Request) -> httpx2.Response:
    """Respond as a proxy whose server fails."""
    return httpx2.Response(502, content=b"<html>Bad gateway</html>")


def answering(*responses: bytes | Fault) -> tuple[Handler, list[httpx2.Request]]:
    """Return a server that sends these responses in turn, and its requests."""
    requests: list[httpx2.Request] = []
    rest = iter(responses)

    def answer(request: httpx2.Request) -> httpx2.Response:
        requests.append(request)
        this = next(rest)
        if isinstance(this, bytes):
            return httpx2.Response(200, headers=DATE, content=this)
        return this(request)

    return answer, requests


def success(data: object) -> bytes:
    """Return a valid response."""
    return json.dumps({"meta": {"code": 200}, "data": data}).encode()


def near(value: float) -> Any:
    """Stand for a number inside a value."""
    return pytest.approx(value)


def start(clock: FakeClock, limiter: Limiter | None = None, **settings: Any) -> Flow[str | None]:
    """Start the flow of a call, with the longest delays that chance gives."""
    config = replace(CONFIG, **settings)
    context = Context(
        config=config,
        observer=Observer(Hooks(), config),
        limiter=limiter,
        clock=clock,
        jitter=lambda: 1.0,
    )
    return run(PreparedCall(CALL, lambda answer: answer.data.email), context)


def next_step(flow: Flow[Any], outcome: StepResult = None) -> Step:
    """Send an outcome to a flow, carry out its steps with the limiter, and return the next one."""
    step = flow.send(outcome)
    while not isinstance(step, Send | Wait):
        if isinstance(step, Reserve):
            slot = step.limiter.reserve(step.account, step.operation, step.latest, step.held)
            step = flow.send(slot)
            continue
        if isinstance(step, Release):
            step.limiter.release(step.slot)
        else:
            step.limiter.block(step.account, step.seconds)
        step = flow.send(None)
    return step


def play(flow: Flow[Any], clock: FakeClock, *outcomes: StepResult) -> tuple[list[Any], object]:
    """Send these outcomes to a flow; return what it sent or waited, and how it ended."""
    steps: list[Any] = []
    rest = iter(outcomes)
    try:
        step = next_step(flow)
        while True:
            steps.append(step)
            if isinstance(step, Wait):
                clock.sleep(step.seconds)
            step = next_step(flow, None if isinstance(step, Wait) else next(rest))
    except StopIteration as stop:
        return steps, stop.value
    except TrackingMoreError as error:
        return steps, error


def test_a_transient_failure_is_retried() -> None:
    """With growing delays, until there is a response."""
    clock = FakeClock()
    steps, result = play(start(clock), clock, LOST, UNSENT, Response(200, {}, ANSWER))

    assert result == "user@example.com"
    assert steps == [Send(CALL), Wait(near(0.05)), Send(CALL), Wait(near(0.1)), Send(CALL)]


def test_an_error_before_sending_keeps_an_earlier_attempt_in_doubt() -> None:
    """A client that was closed after an attempt without a response."""
    clock = FakeClock()
    errors = [LOST, ConfigurationError("the client is closed")] * 2
    rest = iter(errors)

    def send(*_: object) -> Response:
        raise next(rest)

    async def send_async(*_: object) -> Response:
        return send()

    drivers: list[Callable[[], object]] = [
        lambda: drive(start(clock), send, clock),
        lambda: asyncio.run(drive_async(start(clock), send_async, clock)),
    ]
    for attempt in drivers:
        with pytest.raises(ConfigurationError) as caught:
            attempt()
        assert caught.value.in_doubt
        caught.value.in_doubt = False


def test_an_unsent_request_is_not_in_doubt() -> None:
    """Three times unreachable is not sent."""
    clock = FakeClock()
    errors = [ConnectionFailed(CALL, "refused", in_doubt=False) for _ in range(3)]
    _, result = play(start(clock), clock, *errors)

    assert isinstance(result, ConnectionFailed)
    assert not result.in_doubt


def test_a_429_delays_all_calls_of_the_limiter() -> None:
    """The delay is the contract's, and holds for all who share the limiter."""
    clock = FakeClock()
    limiter = Limiter(now=clock.now)
    pause = META_CODES[429].pause_seconds or 0.0
    rejected = Response(200, {}, error_response(429))
    steps, result = play(start(clock, limiter), clock, rejected, Response(200, {}, ANSWER))
    other = start(clock, limiter)

    assert steps == [Send(CALL), Wait(pause), Send(CALL)]
    assert result == "user@example.com"
    assert next_step(other) == Wait(near(1.04))


def test_a_429_that_is_not_retried_delays_the_others() -> None:
    """The delay holds although the call is not retried."""
    clock = FakeClock()
    limiter = Limiter(now=clock.now)
    _, result = play(
        start(clock, limiter, retries=0), clock, Response(200, {}, error_response(429))
    )

    assert isinstance(result, RateLimited)
    assert next_step(start(clock, limiter)) == Wait(META_CODES[429].pause_seconds or 0.0)


def test_calls_wait_for_their_slot() -> None:
    """Each call of an operation goes a second and a margin after the one before it."""
    clock = FakeClock()
    limiter = Limiter(now=clock.now)
    first, second, third = (start(clock, limiter) for _ in range(3))

    assert next_step(first) == Send(CALL)
    assert next_step(second) == Wait(near(1.04))
    assert next_step(third) == Wait(near(2.08))


def test_the_deadline_bounds_each_attempt() -> None:
    """What an attempt may take is what is left."""
    clock = FakeClock()
    flow = start(clock, deadline=10.0)

    assert next(flow) == Send(CALL, 10.0)
    clock.moment += 4
    assert flow.send(LOST) == Wait(near(0.05))
    clock.moment += 0.05
    assert next(flow) == Send(CALL, near(5.95))


def test_a_slot_beyond_the_deadline_is_not_waited_for() -> None:
    """Nothing is sent, and the turn is left to others."""
    clock = FakeClock()
    limiter = Limiter(now=clock.now)
    next_step(start(clock, limiter))
    steps, result = play(start(clock, limiter, deadline=0.5), clock)

    assert steps == []
    assert isinstance(result, DeadlineExceeded)
    assert not result.in_doubt
    assert next_step(start(clock, limiter)) == Wait(near(1.04))


def test_an_attempt_that_takes_all_the_time_exceeds_the_deadline() -> None:
    """And is not repeated."""
    clock = FakeClock()
    flow = start(clock, deadline=2.0)
    next(flow)
    clock.moment += 2
    with pytest.raises(DeadlineExceeded) as caught:
        flow.send(TimedOut(CALL, "late", in_doubt=True))

    assert caught.value.in_doubt


@pytest.mark.parametrize("option", sorted(CreateTrackingRequestOptionsDict.__annotations__))
def test_a_lost_create_is_found_with_each_option(option: str) -> None:
    """The tracking is adopted, whatever types the API returns for its details."""
    values: Any = {"auto_correct": 1, "lang": "en"}
    with Sandbox() as sandbox, TrackingMore(sandbox.api_key, base_url=sandbox.base_url) as client:
        sandbox.faults.plan({"createTracking": "lose-response"})
        created = client.trackings.create(*PAIR, **{option: values.get(option, "7")})

        assert isinstance(created, AdoptedTracking)
        assert created.id == client.trackings.get(*PAIR).id
        assert client.account.get().track_number == 999_999


@pytest.mark.parametrize("first", [unreachable, error_response(429)], ids=["unreachable", "rate"])
def test_after_a_certain_failure_the_tracking_existed_before(first: Fault | bytes) -> None:
    """An attempt that certainly did nothing explains no tracking."""
    handler, requests = answering(first, error_response(4016))
    with pytest.raises(TrackingExists):
        client_of(handler, retries=1).trackings.create(*PAIR)

    assert len(requests) == 2


@pytest.mark.parametrize("outcome", [error_response(4016), ANSWER], ids=["error", "result"])
def test_the_time_since_the_first_attempt_is_known(outcome: bytes) -> None:
    """A retry is settled with the earliest time by the server's clock, its error or its result."""
    clock, settled = FakeClock(), list[Retried[Any]]()

    def settle(retried: Retried[Any]) -> Flow[str]:
        yield from ()
        settled.append(retried)
        return "settled"

    kind = TrackingExists if outcome != ANSWER else str
    prepared = PreparedCall(
        CALL, lambda envelope: envelope.data.email or "", retry_outcome=RetryOutcome(kind, settle)
    )
    observer = Observer(Hooks(), CONFIG)
    context = Context(config=CONFIG, observer=observer, clock=clock, jitter=lambda: 1.0)

    def send(_call: Call[Any], _timeout: float | None) -> Response:
        clock.moment += 10
        if clock.moment < 1_020:
            raise LOST
        return Response(200, DATE, outcome)

    assert drive(run(prepared, context), send, clock) == "settled"
    assert clock.waits == [0.05]
    [retried] = settled
    first = datetime(2026, 3, 1, 6, 14, 56, tzinfo=UTC) - timedelta(seconds=20.05)
    assert retried.earliest
    assert abs(retried.earliest - first + timedelta(seconds=2)) < timedelta(milliseconds=1)
    assert isinstance(retried.outcome, kind)


@pytest.mark.parametrize("failures", [0, 1])
def test_without_a_doubt_nothing_is_settled(failures: int) -> None:
    """A call that was certainly not carried out before stands as it is."""
    clock = FakeClock()
    errors = iter([ConnectionFailed(CALL, "refused", in_doubt=False)] * failures)

    def settle(_retried: Retried[Any]) -> Flow[str]:
        raise AssertionError

    prepared = PreparedCall(
        CALL, lambda envelope: envelope.data.email, retry_outcome=RetryOutcome(str, settle)
    )
    context = Context(config=CONFIG, observer=Observer(Hooks(), CONFIG), clock=clock)

    def send(_call: Call[Any], _timeout: float | None) -> Response:
        for error in errors:
            raise error
        return Response(200, DATE, ANSWER)

    assert drive(run(prepared, context), send, clock) == "user@example.com"


def test_a_retry_costs_the_budget_once() -> None:
    """A call is counted, not its attempts; it is given back only if it certainly did nothing."""
    guard = QuotaGuard(max_creates=2)
    handler, _ = answering(reset, success(CREATED), unreachable, unreachable, reset, unreachable)
    http = httpx2.Client(transport=httpx2.MockTransport(handler))
    client = TrackingMore(KEY, base_url=URL, retries=1, quota_guard=guard, http_client=http)
    client.trackings.create(*PAIR)
    assert guard.creates == 1
    with pytest.raises(ConnectionFailed):
        client.trackings.create(*PAIR)
    assert guard.creates == 1
    with pytest.raises(ConnectionFailed):
        client.trackings.create(*PAIR)
    assert guard.creates == 2


def test_options_of_one_call(waits: list[float]) -> None:
    """`with_options` changes what is given and keeps the rest; the client stays as it is."""
    handler, requests = answering(reset, ANSWER, reset, reset)
    client = client_of(handler, retries=0)
    client.with_options(retries=1, deadline=60).account.get()
    with pytest.raises(ConnectionFailed):
        client.account.get()
    with pytest.raises(ConnectionFailed):
        client.with_options(retries=1).with_options(deadline=math.inf, retries=0).account.get()

    assert len(requests) == 4
    assert len(waits) == 1


@pytest.mark.parametrize(
    "settings", [{"retries": 0}, {"deadline": 5}, {"lang": "cn"}, {"timeout": 3}], ids=str
)
async def test_both_clients_take_the_options(settings: dict[str, Any]) -> None:
    """At construction and later."""
    handler, requests = answering(ANSWER, ANSWER, ANSWER, ANSWER)
    http = httpx2.Client(transport=httpx2.MockTransport(handler))
    TrackingMore(KEY, base_url=URL, http_client=http, **settings).account.get()
    client_of(handler).with_options(**settings).account.get()
    async_http = httpx2.AsyncClient(transport=httpx2.MockTransport(handler))
    await AsyncTrackingMore(KEY, base_url=URL, http_client=async_http, **settings).account.get()
    await async_client_of(handler).with_options(**settings).account.get()

    assert len(requests) == 4


def test_the_language_of_a_client() -> None:
    """A method without a language uses the client's; one with its own keeps that."""
    handler, requests = answering(*[error_response(4017)] * 6)
    client = client_of(handler).with_options(lang="CN")
    for ask in (
        lambda: client.trackings.get(*PAIR),
        lambda: client.trackings.get(*PAIR, lang="en"),
        lambda: client.trackings.list().first(),
        lambda: client.trackings.realtime(*PAIR),
        lambda: client.air_waybills.track("172-28891936"),
        client.carriers.list,
    ):
        with pytest.raises(TrackingNotFound):
            ask()

    assert [request.url.path.rpartition("/")[2] for request in requests[:2]] == ["cn", "en"]
    assert requests[2].url.params["lang"] == "cn"
    assert [json.loads(request.content)["lang"] for request in requests[3:5]] == ["cn", "cn"]
    assert requests[5].headers["Lang"] == "cn"


def test_a_language_that_carriers_do_not_speak_is_left_out() -> None:
    """The client's language must not break the list of carriers."""
    handler, requests = answering(success([]))
    client_of(handler).with_options(lang="de").carriers.list()

    assert "Lang" not in requests[0].headers


def test_a_client_of_the_live_api_is_rate_limited() -> None:
    """And one of a sandbox is not, on this machine or in another container."""
    live = build_config(api_key="key", base_url=None, environment={})
    container = build_config(api_key="key", base_url="http://sandbox/v2", sandbox_only=True)

    assert default_limiter(live)
    assert default_limiter(CONFIG) is None
    assert default_limiter(container) is None
