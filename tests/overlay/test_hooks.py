"""Hooks and log: events for each attempt and response, without personal data."""

import logging

import httpx2
import pytest

from tests.overlay.method_calls import METHOD_CALLS, NUMBER, raise_for_rejected
from tests.overlay.stubs import KEY, URL, FakeClock, Handler, Recorder, error_response
from trackingmore_v2 import (
    AsyncTrackingMore,
    ConnectionFailed,
    Hooks,
    TrackingMore,
    TrackingMoreError,
    TrackingNotFound,
)
from trackingmore_v2._calls.context import Context
from trackingmore_v2._calls.flow import PreparedCall, run
from trackingmore_v2._calls.instrumentation import Observer
from trackingmore_v2._config import build_config
from trackingmore_v2._transport.response import Response
from trackingmore_v2.hooks import AttemptEvent, DriftEvent, ResponseEvent
from trackingmore_v2_api.operations.account import get_account
from trackingmore_v2_sandbox import Sandbox

ACCOUNT = b'{"meta":{"code":200},"data":{"email":"user@example.com"}}'
DRIFTED = (
    b'{"meta":{"code":200,"trace":"x"},"data":{"id":"1","tracking_number":"LK664578623CN",'
    b'"carrier_code":"usps","status":"teleported","created_at":null,"eta":{"secret":1},'
    b'"origin_info":{"trackinfo":[{"Mood":1},{"Mood":2,"ItemNode":"Sung"}]}}}'
)


class Listener:
    """Hooks that record their events."""

    def __init__(self) -> None:
        self.attempts: list[AttemptEvent] = []
        self.responses: list[ResponseEvent] = []
        self.drifts: list[DriftEvent] = []
        self.hooks = Hooks(
            on_attempt=self.attempts.append,
            on_response=self.responses.append,
            on_drift=self.drifts.append,
        )


def client_of(handler: Handler, hooks: Hooks) -> TrackingMore:
    """Build a client that is listened to."""
    http = httpx2.Client(transport=httpx2.MockTransport(handler))
    return TrackingMore(KEY, base_url=URL, retries=0, hooks=hooks, http_client=http)


def fail(request: httpx2.Request) -> httpx2.Response:
    """Break the connection."""
    raise httpx2.ReadError("connection reset", request=request)


def test_a_success_is_an_event() -> None:
    """One attempt and one response, with names from the contract."""
    listener = Listener()
    client_of(Recorder(ACCOUNT), listener.hooks).account.get()
    (attempt,), (response,) = listener.attempts, listener.responses

    assert attempt.attributes == {
        "http.request.method": "GET",
        "http.request.resend_count": 0,
        "server.address": "127.0.0.1",
        "server.port": 9,
        "url.template": "/v2/trackings/getuserinfo",
        "trackingmore.operation": "getAccount",
    }
    assert response.request == attempt
    assert (response.status, response.code, response.error) == (200, None, None)
    assert response.attributes == {**attempt.attributes, "http.response.status_code": 200}
    assert listener.drifts == []


def test_an_error_response_is_an_event() -> None:
    """An error under HTTP 200 has its code in the event."""
    listener = Listener()
    with pytest.raises(TrackingNotFound):
        client_of(Recorder(error_response(4017)), listener.hooks).trackings.get("ups", NUMBER)
    (response,) = listener.responses

    assert (response.status, response.code, response.error) == (200, 4017, "TrackingNotFound")
    assert response.attributes["error.type"] == "TrackingNotFound"
    assert response.attributes["trackingmore.meta.code"] == 4017
    assert response.attributes["url.template"] == "/v2/trackings/{carrier_code}/{tracking_number}"


def test_a_failure_is_an_event() -> None:
    """Without a response there is no status."""
    listener = Listener()
    with pytest.raises(ConnectionFailed):
        client_of(fail, listener.hooks).account.get()
    (response,) = listener.responses

    assert (response.status, response.code, response.error) == (None, None, "ConnectionFailed")
    assert "http.response.status_code" not in response.attributes


def test_each_attempt_is_an_event_with_its_outcome(waits: list[float]) -> None:
    """In order, with the wait before it, its status, code and error; then the lookup's."""
    seen: list[AttemptEvent | ResponseEvent] = []
    hooks = Hooks(on_attempt=seen.append, on_response=seen.append)
    with (
        Sandbox() as sandbox,
        TrackingMore(sandbox.api_key, base_url=sandbox.base_url, retries=3, hooks=hooks) as client,
    ):
        sandbox.faults.plan({"createTracking": ["status=503", "code=429", "lose-response"]})
        client.trackings.create("china-ems", NUMBER)

    attempts, responses = seen[::2], seen[1::2]
    assert [
        (event.operation, event.attempt, event.waited)
        for event in attempts
        if isinstance(event, AttemptEvent)
    ] == [
        ("createTracking", 1, 0.0),
        ("createTracking", 2, waits[0]),
        ("createTracking", 3, 120.0),
        ("createTracking", 4, waits[2]),
        ("listTrackings", 1, 0.0),
    ]
    assert [
        (event.request, event.status, event.code, event.error)
        for event in responses
        if isinstance(event, ResponseEvent)
    ] == [
        (attempts[0], 503, 503, "ServerFailed"),
        (attempts[1], 200, 429, "RateLimited"),
        (attempts[2], None, None, "ConnectionFailed"),
        (attempts[3], 200, 4016, "TrackingExists"),
        (attempts[4], 200, None, None),
    ]


def test_the_time_is_that_of_the_clock() -> None:
    """Seconds are counted from sending to the response."""
    listener = Listener()
    config = build_config(api_key="key", base_url=URL, timeout=1)
    clock = FakeClock()
    context = Context(config=config, observer=Observer(listener.hooks, config), clock=clock)
    flow = run(PreparedCall(get_account.call(), lambda answer: answer.data), context)
    next(flow)
    clock.moment += 2.5
    with pytest.raises(StopIteration):
        flow.send(Response(200, {}, ACCOUNT))

    assert [event.seconds for event in listener.responses] == [2.5]


async def test_both_clients_call_the_same_hooks() -> None:
    """The events of an async client equal those of a sync client."""
    listener, async_listener = Listener(), Listener()
    client_of(Recorder(ACCOUNT), listener.hooks).account.get()
    http = httpx2.AsyncClient(transport=httpx2.MockTransport(Recorder(ACCOUNT)))
    await AsyncTrackingMore(
        KEY, base_url=URL, hooks=async_listener.hooks, http_client=http
    ).account.get()

    assert async_listener.attempts == listener.attempts
    assert [event.attributes for event in async_listener.responses] == [
        event.attributes for event in listener.responses
    ]


def test_drift_is_reported_once_and_without_values() -> None:
    """New fields and new enum values are reported by path, without values of fields."""
    listener = Listener()
    client_of(Recorder(DRIFTED), listener.hooks).trackings.get("usps", NUMBER)

    assert [(event.path, event.problem) for event in listener.drifts] == [
        ("$.meta.trace", "unknown field"),
        ("$.data.status", "unknown TrackingStatus 'teleported'"),
        ("$.data.eta", "unknown field"),
        ("$.data.origin_info.trackinfo[].Mood", "unknown field"),
        ("$.data.origin_info.trackinfo[].ItemNode", "unknown Milestone 'Sung'"),
    ]
    assert {event.operation for event in listener.drifts} == {"getTracking"}
    assert listener.drifts[0].attributes["trackingmore.drift.path"] == "$.meta.trace"


def test_a_repair_is_drift_too() -> None:
    """A repair of a response is drift too."""
    listener = Listener()
    body = b'{"meta":{"code":"200"},"data":{"email":"user@example.com","money":[]}}'
    client_of(Recorder(body), listener.hooks).account.get()

    assert [event.path for event in listener.drifts] == ["$.meta.code", "$.data.money"]


def test_drift_is_not_searched_without_a_hook(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a hook a response is not parsed a second time."""
    looked: list[object] = []

    def look(*seen: object) -> list[object]:
        looked.append(seen)
        return []

    monkeypatch.setattr("trackingmore_v2._calls.instrumentation.find_drift", look)
    client_of(Recorder(DRIFTED), Hooks()).trackings.get("usps", NUMBER)

    assert looked == []


def test_an_error_of_a_hook_is_raised() -> None:
    """A mistake in a hook does not go unnoticed."""

    def failing(_event: object) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        client_of(Recorder(ACCOUNT), Hooks(on_attempt=failing)).account.get()


@pytest.mark.parametrize("operation", METHOD_CALLS)
def test_events_hold_no_number_and_no_key(operation: str) -> None:
    """Events of any method have the operation, and none of its arguments."""
    listener = Listener()
    client = client_of(Recorder(error_response(4017, f"No {NUMBER} for {KEY}.")), listener.hooks)
    with pytest.raises(TrackingMoreError):
        raise_for_rejected(METHOD_CALLS[operation](client))
    messages = repr(listener.attempts) + repr(listener.responses)

    assert operation in messages
    assert NUMBER not in messages
    assert KEY not in messages


def test_the_log_is_silent_unless_it_is_asked(caplog: pytest.LogCaptureFixture) -> None:
    """One logger, with metadata at DEBUG and nothing above."""
    caplog.set_level(logging.INFO, logger="trackingmore_v2")
    client = client_of(Recorder(ACCOUNT), Hooks())
    client.account.get()
    silent = [record for record in caplog.records if record.name == "trackingmore_v2"]
    caplog.set_level(logging.DEBUG, logger="trackingmore_v2")
    client.account.get()
    messages = [
        record.getMessage() for record in caplog.records if record.name == "trackingmore_v2"
    ]

    assert silent == []
    assert messages[0] == "getAccount: sending, attempt 1"
    assert messages[1].startswith("getAccount: done, HTTP 200")
