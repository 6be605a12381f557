"""
Whatever a server answers: a result that loses nothing, or an error of ours.

Each answer is served to both clients, through transport, flow and parser.
"""

import json
import logging
import pickle
import re
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import Any, Final

import httpx2
import pytest
from hypothesis import Phase, given
from hypothesis import strategies as st

from tests.fuzz.both import Told, with_both
from tests.fuzz.broken import Broken, broken
from tests.fuzz.known import known, unknown
from tests.fuzz.mirror import REFUSAL, SUCCESS, answers, statuses, success_schema
from tests.fuzz.plan import TRIED, fuzzed
from tests.generated.examples import IDS
from tests.overlay.method_calls import METHOD_CALLS, NUMBER, raise_for_rejected
from tests.overlay.stubs import KEY, URL, client_of
from tests.overlay.transport.test_decoding import peak_of
from trackingmore_v2 import ApiError, BatchReport, ContractBroken, TrackingMoreError
from trackingmore_v2._errors import API_ERRORS
from trackingmore_v2._listing.cursor import MAX_PAGES_WITHOUT_NEW_ITEMS
from trackingmore_v2.hooks import DriftEvent
from trackingmore_v2.serialization import to_dict
from trackingmore_v2_api import OPERATIONS, Call

WITHOUT_SHRINKING: Final = (Phase.reuse, Phase.generate)
"""It takes minutes where a case is made of a whole schema."""

PATH: Final = {"carrier_code": "china-ems", "tracking_number": NUMBER, "lang": "en"}
NEWS: Final = re.compile(r"unknown field|unknown \w+ (['\"].*['\"]|-?\d+)|expected int, got float")
"""What a valid answer may hold beyond the contract; in JSON, 1.0 is a whole number too."""

NEW_FIELD: Final = "unknown field"
by_operation = pytest.mark.parametrize("operation", IDS)


def call_of(operation: str) -> Call[Any]:
    """Return a call of an operation; whether its body says anything is no matter here."""
    return OPERATIONS[operation].call(path=PATH, body={} if OPERATIONS[operation].request else None)


def serve(operation: str, body: bytes, status: int = 200) -> tuple[Told, Told]:
    """Return the whole answer and what the verb makes of it, both by either client."""

    def answer(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(status, content=body)

    call, verb = call_of(operation), METHOD_CALLS[operation]
    whole = with_both(answer, lambda client: client.call(call), lambda client: client.call(call))
    return whole, with_both(answer, verb, verb)


def dumped(answer: Any) -> bytes:
    """Write an answer; what is given as bytes is none."""
    return answer if isinstance(answer, bytes) else json.dumps(answer).encode()


def check_error(told: Told) -> None:
    """Check that an error can be shown and kept, and that it does not show the key."""
    error = told.error
    if error is None:
        with suppress(TrackingMoreError):
            raise_for_rejected(told.result)
        return
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own

    assert str(again) == str(error)
    assert KEY not in f"{error!r} {error} {again!r}"
    assert isinstance(error.in_doubt, bool)


@by_operation
@fuzzed(8, phases=WITHOUT_SHRINKING)
@given(st.data())
def test_a_valid_answer_loses_nothing_but_what_is_new(operation: str, data: st.DataObject) -> None:
    """What the contract knows is in the result, and what it does not is told as drift."""
    schema = success_schema(operation)
    answer: Any = data.draw(answers(operation, SUCCESS))
    TRIED.note(operation, "client", "valid answers")
    told, by_verb = serve(operation, dumped(answer))
    new = {event.path for event in told.drift if event.problem == NEW_FIELD}

    assert told.error is None
    assert to_dict(told.result) == known(answer, schema)
    assert new == set(unknown(answer, schema))
    assert [event for event in told.drift if not is_new(event)] == []
    assert is_whole(operation, answer) == (by_verb.error is None)
    assert len(by_verb.requests) <= MAX_PAGES_WITHOUT_NEW_ITEMS


def is_new(event: DriftEvent) -> bool:
    """Return whether an answer only goes beyond the contract there."""
    return bool(NEWS.fullmatch(event.problem))


def is_whole(operation: str, answer: Any) -> bool:
    """Return whether an answer holds the one thing without which the verb has no result."""
    return operation != "trackInRealtime" or answer["data"]["items"] != []


@by_operation
@fuzzed(8, phases=WITHOUT_SHRINKING)
@given(st.data())
def test_a_refusal_is_told_as_it_is(operation: str, data: st.DataObject) -> None:
    """Code, type and message are those of the answer, and the class is that of the code."""
    kinds = st.sampled_from([REFUSAL, *statuses(operation)])
    case: tuple[str, Any] = data.draw(
        kinds.flatmap(lambda kind: st.tuples(st.just(kind), answers(operation, kind)))
    )
    kind, answer = case
    TRIED.note(operation, "client", "valid refusals")
    status = 200 if kind == REFUSAL else int(kind)
    told, by_verb = serve(operation, dumped(answer), status)
    error, meta = told.error, answer["meta"]

    assert isinstance(error, ApiError)
    assert (error.status, error.code) == (status, meta["code"])
    assert (error.type, error.message) == (meta.get("type", ""), meta.get("message", ""))
    assert isinstance(error, API_ERRORS.get(meta["code"]) or API_ERRORS.get(status, ApiError))
    check_error(told)
    check_error(by_verb)


@by_operation
@fuzzed(8, phases=WITHOUT_SHRINKING)
@given(st.data())
def test_an_answer_that_breaks_the_contract_is_mended_or_an_error_of_ours(
    operation: str, data: st.DataObject
) -> None:
    """Whatever is wrong in an answer, nothing else is raised, and what is mended is told."""
    kinds = st.sampled_from([SUCCESS, REFUSAL])
    answer: Any = data.draw(kinds.flatmap(lambda kind: answers(operation, kind, valid=False)))
    TRIED.note(operation, "client", "answers that break the contract")
    told, by_verb = serve(operation, dumped(answer))
    check_error(told)
    check_error(by_verb)

    assert isinstance(told.result, OPERATIONS[operation].response) or isinstance(
        told.error, ApiError | ContractBroken
    )


@by_operation
@fuzzed(25)
@given(st.data())
def test_a_broken_answer_is_read_or_an_error_of_ours(operation: str, data: st.DataObject) -> None:
    """Bytes, packing, headers, status: nothing else is raised, and nobody else is asked."""
    answer: Broken = data.draw(broken(operation))
    TRIED.note(operation, "client", f"broken answers: {answer.kind}")
    verb = METHOD_CALLS[operation]
    told = with_both(answer.answer, verb, verb)
    check_error(told)

    assert {request.url.netloc for request in told.requests} == {httpx2.URL(URL).netloc}
    # A list goes on past a page of which nothing can be read.
    is_list_read = operation == "listTrackings" and told.error is None
    assert len(told.requests) == 1 or is_list_read
    assert len(told.requests) <= MAX_PAGES_WITHOUT_NEW_ITEMS
    # A report holds the error; and that there is nothing may be said under any status.
    is_told = isinstance(told.result, BatchReport) or operation == "listTrackings"
    assert told.error or is_told or 200 <= answer.status < 300


HOSTILE: Final[Mapping[str, Callable[[int], bytes]]] = MappingProxyType(
    {
        "brackets": lambda size: b"[" * size,
        "braces": lambda size: b'{"a":' * (size // 5),
        "brackets in a field": lambda size: in_data(b'{"email":' + b"[" * size),
        "brackets in a text": lambda size: in_data(b'{"email":"%s"}' % (b"[" * size)),
        "empty lists": lambda size: in_data(b"[" + b"[]," * (size // 3) + b"[]]"),
        "empty objects": lambda size: in_data(b'{"items":[%s{}]}' % (b"{}," * (size // 3))),
        "odd items": lambda size: in_data(b'{"items":[%s1]}' % (b'{"id":1},' * (size // 9))),
        "new fields": lambda size: in_data(
            b'{"email":1,%s}' % b",".join(b'"x%d":1' % n for n in range(size // 12))
        ),
        "a list with holes": lambda size: in_data(
            b"{%s}" % b",".join(b'"%d":0' % n for n in range(size // 12))
        ),
        "half pairs": lambda size: in_data(b'{"email":"%s"}' % (rb"\ud800" * (size // 6))),
        "no text": lambda size: in_data(b'{"email":"%s"}' % (b"\xff" * size)),
        "digits": lambda size: in_data(b'{"phone":%s}' % (b"9" * size)),
        "digits with a point": lambda size: in_data(b'{"money":0.%s}' % (b"9" * size)),
        "json in a text": lambda size: in_data(b'"[%s1]"' % (b"[1]," * (size // 4))),
        "html": lambda size: b"<p>" * (size // 3),
    }
)
"""Answers of a size that are as much work as an answer can be."""


def in_data(data: bytes) -> bytes:
    """Wrap a value in an envelope of success."""
    return b'{"meta":{"code":200},"data":%s}' % data


@pytest.mark.parametrize("operation", ["getAccount", "listTrackings", "trackAirWaybills"])
@pytest.mark.parametrize("kind", HOSTILE)
def test_an_answer_is_read_in_bounded_time_and_memory(
    kind: str, operation: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Twice as much is twice the work, and an answer takes no more than so many times its size."""
    caplog.set_level(logging.CRITICAL, logger="trackingmore_v2")
    small, large = (HOSTILE[kind](size) for size in (2**12, 2**13))
    read(operation, small)  # what is only done once is not counted
    work, twice = work_of(operation, small), work_of(operation, large)
    peak = peak_of(lambda: read(operation, large))

    assert twice < 2.2 * work
    assert peak < 200 * len(large) + 2**18


def read(operation: str, body: bytes) -> None:
    """Read an answer by the verb, whatever comes of it."""
    with suppress(TrackingMoreError):
        METHOD_CALLS[operation](client_of(lambda _: httpx2.Response(200, content=body)))


def work_of(operation: str, body: bytes) -> int:
    """Count the functions that are called while an answer is read."""
    calls = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        read(operation, body)
    finally:
        sys.setprofile(before)
    return calls
