"""The flow, driven by hand: no server, no client."""

from typing import Any

import pytest

from trackingmore_v2 import ConnectionFailed, NoResult, TrackingNotFound, models
from trackingmore_v2._config import ApiKey
from trackingmore_v2._flow import Flow, Outcome, Reply, run, verb
from trackingmore_v2_api import Call, Repair
from trackingmore_v2_api.operations.account import get_account
from trackingmore_v2_api.operations.trackings import list_trackings

KEY = ApiKey("key")
ANSWER = b'{"meta":{"code":200},"data":{"email":"user@example.com"}}'
NOTHING = b'{"meta":{"code":4031,"type":"No Content","message":"Empty."},"data":[]}'


def ignore(_call: Call[Any], _repair: Repair) -> None:
    """Take no notice of repairs."""


def finish(flow: Flow[Any], outcome: Outcome) -> object:
    """Give a flow its last outcome, and return its result."""
    with pytest.raises(StopIteration) as stopped:
        flow.send(outcome)
    return stopped.value.value


def test_asks_for_one_call_and_gives_its_data() -> None:
    """One verb is one call, and its result is what the verb reads from the answer."""
    call = get_account.call()
    flow = run(verb(call, lambda answer: answer.data.email), KEY, ignore)

    assert next(flow) is call
    assert finish(flow, Reply(200, {}, ANSWER)) == "user@example.com"


def test_raises_the_refusal_as_a_typed_error() -> None:
    """A refusal under HTTP 200 is an error."""
    flow = run(verb(get_account.call(), lambda answer: answer.data), KEY, ignore)
    next(flow)

    with pytest.raises(TrackingNotFound):
        flow.send(Reply(200, {}, NOTHING.replace(b"4031", b"4017")))


def test_raises_what_the_transport_met() -> None:
    """Without an answer the transport's error is the outcome."""
    call = get_account.call()
    flow = run(verb(call, lambda answer: answer.data), KEY, ignore)
    next(flow)

    with pytest.raises(ConnectionFailed):
        flow.send(ConnectionFailed(call, "refused", maybe_sent=False))


def test_nothing_is_a_result_where_the_verb_says_so() -> None:
    """4031 is an empty page for a list, and an error for everything else."""
    empty = models.TrackingPage(items=[])
    listing = run(
        verb(list_trackings.call(), lambda answer: answer.data, lambda: empty), KEY, ignore
    )
    next(listing)
    reading = run(verb(get_account.call(), lambda answer: answer.data), KEY, ignore)
    next(reading)

    assert finish(listing, Reply(200, {}, NOTHING)) is empty
    with pytest.raises(NoResult):
        reading.send(Reply(200, {}, NOTHING))
