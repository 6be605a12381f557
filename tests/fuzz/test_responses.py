"""
Any response gives a result that loses nothing, or an error of the client.

Each response is served to both clients, through transport, flow and parser.
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

from tests.fuzz.both_clients import CallOutcome, call_both
from tests.fuzz.broken_responses import BrokenResponse, broken_responses
from tests.fuzz.contract_view import described
from tests.fuzz.profile import CASES, fuzzed
from tests.fuzz.response_strategies import ERROR, SUCCESS, responses, schemas_of
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
"""Shrinking takes minutes where a case is generated from a whole schema."""

PATH: Final = {"carrier_code": "china-ems", "tracking_number": NUMBER, "lang": "en"}
NEW_VALUE: Final = re.compile(
    r"unknown field|unknown \w+ (['\"].*['\"]|-?\d+)|expected int, got float"
)
"""What a valid response may add to the contract; in JSON, 1.0 is an integer too."""

UNKNOWN_FIELD: Final = "unknown field"
NAMING: Final = frozenset(
    {"createTracking", "getTracking", "getLocalizedTracking", "updateTracking", "listTrackings"}
)
"""Operations whose response names the tracking, or those of a list."""

by_operation = pytest.mark.parametrize("operation", IDS)


def call_of(operation: str) -> Call[Any]:
    """Return a call of an operation, with an empty body."""
    return OPERATIONS[operation].call(path=PATH, body={} if OPERATIONS[operation].request else None)


def serve(operation: str, body: bytes, status: int = 200) -> tuple[CallOutcome, CallOutcome]:
    """Return the outcomes of a raw call and of the method, each with both clients."""

    def respond(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(status, content=body)

    call, method = call_of(operation), METHOD_CALLS[operation]
    raw = call_both(respond, lambda client: client.call(call), lambda client: client.call(call))
    return raw, call_both(respond, method, method)


def encode(response: Any) -> bytes:
    """Return the body of a response; bytes stay as they are."""
    return response if isinstance(response, bytes) else json.dumps(response).encode()


def check_error(outcome: CallOutcome) -> None:
    """Check that an error can be printed and pickled, and does not contain the key."""
    error = outcome.error
    if error is None:
        with suppress(TrackingMoreError):
            raise_for_rejected(outcome.result)
        return
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own

    assert str(again) == str(error)
    assert KEY not in f"{error!r} {error} {again!r}"
    assert isinstance(error.in_doubt, bool)


@by_operation
@fuzzed(8, phases=WITHOUT_SHRINKING)
@given(st.data())
def test_a_valid_response_loses_only_unknown_fields(operation: str, data: st.DataObject) -> None:
    """The result has all that the contract describes, and drift events report the rest."""
    response: Any = data.draw(responses(operation, SUCCESS))
    if operation in NAMING and data.draw(st.booleans()):
        for tracking in named_in(operation, response):
            tracking["tracking_number"] = NUMBER  # a generated one is another tracking's
    CASES[operation, "client"] += 1
    raw, by_method = serve(operation, encode(response))
    unknown = set[str]()
    expected = described(response, schemas_of(operation)[SUCCESS], unknown)

    assert raw.error is None
    assert to_dict(raw.result) == expected
    assert {event.path for event in raw.drift if event.problem == UNKNOWN_FIELD} == unknown
    assert [event for event in raw.drift if not is_new(event)] == []
    assert has_result(operation, response) == (by_method.error is None)
    assert len(by_method.requests) <= MAX_PAGES_WITHOUT_NEW_ITEMS


def is_new(event: DriftEvent) -> bool:
    """Return whether a drift event reports only an addition to the contract."""
    return bool(NEW_VALUE.fullmatch(event.problem))


def has_result(operation: str, response: Any) -> bool:
    """Return whether a response has what the method returns, about the tracking of the call."""
    data = response["data"]
    if operation == "trackInRealtime":
        return data["items"] != [] and not any(map(is_other, data["items"]))
    if operation == "trackAirWaybills":
        return not any(
            map(is_other_waybill, [*data, *(it["track_number"] for it in data.values())])
        )
    return operation not in NAMING or not any(map(is_other, named_in(operation, response)))


def named_in(operation: str, response: Any) -> list[Any]:
    """Return the trackings that a response names."""
    data = response["data"]
    return data["items"] if operation == "listTrackings" else [data]


def is_other(tracking: Any) -> bool:
    """Return whether a tracking has another number than that of the calls."""
    return tracking["tracking_number"].strip().upper() not in {NUMBER, ""}


def is_other_waybill(number: str) -> bool:
    """Return whether a number is another air waybill number than that of the call."""
    digits = "".join(re.findall(r"\d", number))
    return len(digits) >= 10 and digits[:10] != "1722889193"


@by_operation
@fuzzed(8, phases=WITHOUT_SHRINKING)
@given(st.data())
def test_an_error_response_is_raised_as_it_is(operation: str, data: st.DataObject) -> None:
    """Code, type and message are those of the response, and the class is that of the code."""
    kind: str = data.draw(st.sampled_from([it for it in schemas_of(operation) if it != SUCCESS]))
    response: Any = data.draw(responses(operation, kind))
    CASES[operation, "client"] += 1
    status = 200 if kind == ERROR else int(kind)
    raw, by_method = serve(operation, encode(response), status)
    error, meta = raw.error, response["meta"]

    assert isinstance(error, ApiError)
    assert (error.status, error.code) == (status, meta["code"])
    assert (error.type, error.message) == (meta.get("type", ""), meta.get("message", ""))
    assert isinstance(error, API_ERRORS.get(meta["code"]) or API_ERRORS.get(status, ApiError))
    check_error(raw)
    check_error(by_method)


@by_operation
@fuzzed(8, phases=WITHOUT_SHRINKING)
@given(st.data())
def test_an_invalid_response_is_repaired_or_raises_an_error_of_the_client(
    operation: str, data: st.DataObject
) -> None:
    """A response that does not conform to the contract raises no other error."""
    kind: str = data.draw(st.sampled_from([SUCCESS, ERROR]))
    response: Any = data.draw(responses(operation, kind, valid=False))
    CASES[operation, "client"] += 1
    raw, by_method = serve(operation, encode(response))
    check_error(raw)
    check_error(by_method)

    assert isinstance(raw.result, OPERATIONS[operation].response) or isinstance(
        raw.error, ApiError | ContractBroken
    )


@by_operation
@fuzzed(25)
@given(st.data())
def test_a_broken_response_is_parsed_or_raises_an_error_of_the_client(
    operation: str, data: st.DataObject
) -> None:
    """Broken bytes, compression, headers or status raise no other error, nor reach another host."""
    response: BrokenResponse = data.draw(broken_responses(operation))
    CASES[operation, "client"] += 1
    method = METHOD_CALLS[operation]
    outcome = call_both(response.respond, method, method)
    check_error(outcome)

    assert {request.url.netloc for request in outcome.requests} == {httpx2.URL(URL).netloc}
    # A list continues after a page without a readable item.
    is_list = operation == "listTrackings"
    assert len(outcome.requests) == 1 or (is_list and outcome.error is None)
    assert len(outcome.requests) <= MAX_PAGES_WITHOUT_NEW_ITEMS
    # A batch report contains the error; an empty list may come with any status.
    is_reported = isinstance(outcome.result, BatchReport) or is_list
    assert outcome.error or is_reported or 200 <= response.status < 300


HOSTILE: Final[Mapping[str, Callable[[int], bytes]]] = MappingProxyType(
    {
        "brackets": lambda size: b"[" * size,
        "braces": lambda size: b'{"a":' * (size // 5),
        "brackets in a field": lambda size: in_data(b'{"email":' + b"[" * size),
        "brackets in a text": lambda size: in_data(b'{"email":"%s"}' % (b"[" * size)),
        "empty arrays": lambda size: in_data(b"[" + b"[]," * (size // 3) + b"[]]"),
        "empty objects": lambda size: in_data(b'{"items":[%s{}]}' % (b"{}," * (size // 3))),
        "odd items": lambda size: in_data(b'{"items":[%s1]}' % (b'{"id":1},' * (size // 9))),
        "new fields": lambda size: in_data(
            b'{"email":1,%s}' % b",".join(b'"x%d":1' % n for n in range(size // 12))
        ),
        "an array as an object": lambda size: in_data(
            b"{%s}" % b",".join(b'"%d":0' % n for n in range(size // 12))
        ),
        "lone surrogates": lambda size: in_data(b'{"email":"%s"}' % (rb"\ud800" * (size // 6))),
        "invalid UTF-8": lambda size: in_data(b'{"email":"%s"}' % (b"\xff" * size)),
        "digits": lambda size: in_data(b'{"phone":%s}' % (b"9" * size)),
        "digits with a point": lambda size: in_data(b'{"money":0.%s}' % (b"9" * size)),
        "json in a text": lambda size: in_data(b'"[%s1]"' % (b"[1]," * (size // 4))),
        "html": lambda size: b"<p>" * (size // 3),
    }
)
"""Responses of a size that take the most work."""


def in_data(data: bytes) -> bytes:
    """Return a success envelope with data."""
    return b'{"meta":{"code":200},"data":%s}' % data


@pytest.mark.parametrize("operation", ["getAccount", "listTrackings", "trackAirWaybills"])
@pytest.mark.parametrize("kind", HOSTILE)
def test_a_response_is_parsed_in_bounded_time_and_memory(
    kind: str, operation: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Twice the size takes twice the work, and memory is bounded by a multiple of the size."""
    caplog.set_level(logging.CRITICAL, logger="trackingmore_v2")
    small, large = (HOSTILE[kind](size) for size in (2**12, 2**13))
    read(operation, small)  # fills the caches
    work, twice = work_of(operation, small), work_of(operation, large)
    peak = peak_of(lambda: read(operation, large))

    assert twice < 2.2 * work
    assert peak < 200 * len(large) + 2**18


def read(operation: str, body: bytes) -> None:
    """Call the method of an operation and ignore its outcome."""
    with suppress(TrackingMoreError):
        METHOD_CALLS[operation](client_of(lambda _: httpx2.Response(200, content=body)))


def work_of(operation: str, body: bytes) -> int:
    """Return the number of function calls during a call of the client."""
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
