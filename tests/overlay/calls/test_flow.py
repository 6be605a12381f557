"""The flow of a call, step by step, without client and server."""

from typing import Any

import pytest

from trackingmore_v2 import ConnectionFailed, NoResult, TrackingNotFound, models
from trackingmore_v2._calls.context import Context
from trackingmore_v2._calls.flow import Flow, PreparedCall, Send, StepResult, run
from trackingmore_v2._calls.instrumentation import Observer
from trackingmore_v2._config import build_config
from trackingmore_v2._transport.response import Response
from trackingmore_v2.hooks import Hooks
from trackingmore_v2_api.operations.account import get_account
from trackingmore_v2_api.operations.trackings import list_trackings

CONFIG = build_config(api_key="key", base_url="https://example.org/v2", timeout=1, retries=0)
CONTEXT = Context(config=CONFIG, observer=Observer(Hooks(), CONFIG))
ANSWER = b'{"meta":{"code":200},"data":{"email":"user@example.com"}}'
NOTHING = b'{"meta":{"code":4031,"type":"No Content","message":"Empty."},"data":[]}'


def finish(flow: Flow[Any], outcome: StepResult) -> object:
    """Send a flow its last outcome, and return its result."""
    with pytest.raises(StopIteration) as stopped:
        flow.send(outcome)
    return stopped.value.value


def test_sends_one_call_and_returns_its_data() -> None:
    """One method is one call, and its result is what the method reads from the response."""
    call = get_account.call()
    flow = run(PreparedCall(call, lambda answer: answer.data.email), CONTEXT)

    assert next(flow) == Send(call)
    assert finish(flow, Response(200, {}, ANSWER)) == "user@example.com"


def test_an_error_response_raises_a_typed_error() -> None:
    """An error under HTTP 200 raises its class."""
    flow = run(PreparedCall(get_account.call(), lambda answer: answer.data), CONTEXT)
    next(flow)

    with pytest.raises(TrackingNotFound):
        flow.send(Response(200, {}, NOTHING.replace(b"4031", b"4017")))


def test_raises_the_error_of_the_transport() -> None:
    """Without a response the transport's error is the outcome."""
    call = get_account.call()
    flow = run(PreparedCall(call, lambda answer: answer.data), CONTEXT)
    next(flow)

    with pytest.raises(ConnectionFailed):
        flow.send(ConnectionFailed(call, "refused", in_doubt=False))


def test_no_result_is_empty_where_the_method_allows_it() -> None:
    """4031 is an empty page for a list, and an error for everything else."""
    empty = models.TrackingPage(items=[])
    listing = run(
        PreparedCall(list_trackings.call(), lambda answer: answer.data, lambda: empty), CONTEXT
    )
    next(listing)
    reading = run(PreparedCall(get_account.call(), lambda answer: answer.data), CONTEXT)
    next(reading)

    assert finish(listing, Response(200, {}, NOTHING)) is empty
    with pytest.raises(NoResult):
        reading.send(Response(200, {}, NOTHING))
