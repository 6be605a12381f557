"""Whatever comes back, it is a model or one of two errors."""

import copy
import pickle
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from tests.generated.examples import IDS, REFUSALS, Example, encoded, success
from trackingmore_v2_api import OPERATIONS, ApiRejected, ContractViolated, ResponseMeta

CANARY = "canary-4711"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
NESTED = b"[" * 100_000
HUGE = b"9" * 5_000


class Case(NamedTuple):
    """A response made from a valid one, and what it must be parsed as."""

    name: str
    status: int
    answer: Callable[[Any], Any]
    """From a successful response, as plain JSON, to the body: JSON or bytes."""


def always(body: object) -> Callable[[Any], Any]:
    """Build a response that has nothing of the valid one."""
    return lambda _: body


def saying(meta: object) -> Callable[[Any], Any]:
    """Build a valid response with another `meta`."""
    return lambda good: {**good, "meta": meta}


def worded(text: bytes) -> Callable[[Any], Any]:
    """Build a valid response with raw bytes in the text of its message."""
    meta = {"code": 200, "message": "RAW"}
    return lambda good: encoded({**good, "meta": meta}).replace(b"RAW", text)


def extended(text: bytes) -> Callable[[Any], Any]:
    """Build a valid response with an unknown field, in raw bytes."""
    return lambda good: encoded(good)[:-1] + b',"unknown":' + text + b"}"


def cut(good: Any) -> bytes:
    """Lose the end."""
    return encoded(good)[:-1]


def bom(good: Any) -> bytes:
    """Store a byte order mark in front."""
    return BYTE_ORDER_MARK + encoded(good)


def same(good: Any) -> Any:
    """Leave it as it is."""
    return good


READABLE = [
    Case("200", 200, same),
    Case("201", 201, same),
    Case("299", 299, same),
    Case("meta says 201", 200, saying({"code": 201, "type": "Success"})),
    Case("meta has a code only", 200, saying({"code": 200})),
    Case("meta has nulls", 200, saying({"code": 200, "type": None, "message": None})),
    Case("code as text", 200, saying({"code": "200"})),
    Case("code as fraction", 200, saying({"code": 200.0})),
    Case("byte order mark", 200, bom),
    Case("bad UTF-8 in a text", 200, worded(b"\xff\xfe")),
    Case("5,000 digits in an unknown field", 200, extended(HUGE)),
    Case("white space around", 200, lambda good: b" \r\n\t" + encoded(good) + b"\n"),
]
UNREADABLE = [
    Case("empty", 200, always(b"")),
    Case("white space", 200, always(b" \n")),
    Case("HTML", 200, always(b"<!DOCTYPE html><html><body>Busy</body></html>")),
    Case("PHP warning in front", 200, lambda good: b"<b>Warning</b>: in x.php" + encoded(good)),
    Case("bad UTF-8", 200, always(b"\xff\xfe\xfa")),
    Case("UTF-16", 200, lambda good: encoded(good).decode().encode("utf-16")),
    Case("gzip", 200, always(b"\x1f\x8b\x08\x00\x00\x00\x00\x00")),
    Case("cut off", 200, cut),
    Case("two answers", 200, lambda good: encoded(good) * 2),
    Case("100,000 brackets", 200, always(NESTED)),
    Case("100,000 brackets in data", 200, always(b'{"meta":{"code":200},"data":' + NESTED)),
    Case("100,000 brackets in meta", 200, always(b'{"meta":' + NESTED)),
    Case("100,000 pairs of brackets", 200, extended(NESTED + b"]" * 100_000)),
    Case("NaN as code", 200, always(b'{"meta":{"code":NaN},"data":[]}')),
    Case("NaN as data", 200, always(b'{"meta":{"code":200},"data":NaN}')),
    Case("5,000 digits as code", 200, always(b'{"meta":{"code":' + HUGE + b'},"data":[]}')),
    Case("5,000 digits as data", 200, always(b'{"meta":{"code":200},"data":' + HUGE + b"}")),
    Case("5,000 digits in text as code", 200, saying({"code": "9" * 5_000})),
    Case("number", 200, always(5)),
    Case("text", 200, always("Busy")),
    Case("null", 200, always(None)),
    Case("list", 200, always([])),
    Case("empty object", 200, always({})),
    Case("meta missing", 200, lambda good: {"data": good["data"]}),
    Case("meta null", 200, saying(None)),
    Case("meta list", 200, saying([])),
    Case("meta text", 200, saying("Success")),
    Case("code missing", 200, saying({"message": "Success"})),
    Case("code null", 200, saying({"code": None})),
    Case("code in words", 200, saying({"code": "OK"})),
    Case("code true", 200, saying({"code": True})),
    Case("data missing", 200, always({"meta": {"code": 200}})),
    Case("data number", 200, always({"meta": {"code": 200}, "data": 5})),
]
REJECTED = [
    (Case("2xx says 4016", 200, saying({"code": 4016})), 4016),
    (Case("data is []", 200, always({"meta": {"code": 4016}, "data": []})), 4016),
    (Case("data is {}", 200, always({"meta": {"code": 4016}, "data": {}})), 4016),
    (Case("data is null", 200, always({"meta": {"code": 4016}, "data": None})), 4016),
    (Case("data is text", 200, always({"meta": {"code": 4016}, "data": "no"})), 4016),
    (Case("data missing", 200, always({"meta": {"code": 4016}})), 4016),
    (Case("code as text", 200, always({"meta": {"code": "4016"}, "data": []})), 4016),
    (Case("code as fraction", 200, always({"meta": {"code": 4016.0}, "data": []})), 4016),
    (Case("code unheard of", 200, always({"meta": {"code": 9999}, "data": []})), 9999),
    (Case("code unheard of, with data", 200, saying({"code": 9999})), 9999),
    (Case("code 202 is bad news", 200, always({"meta": {"code": 202}, "data": []})), 202),
    (Case("code 0", 200, saying({"code": 0})), 0),
    (Case("byte order mark", 200, always(bom({"meta": {"code": 4016}, "data": []}))), 4016),
    (Case("502 says 200", 502, saying({"code": 200})), 200),
    (Case("502 says 4016", 502, saying({"code": 4016})), 4016),
    (Case("502 with HTML", 502, always(b"<html>502 Bad Gateway</html>")), None),
    (Case("502 empty", 502, always(b"")), None),
    (Case("502 with bad UTF-8", 502, always(b"\xff")), None),
    (Case("502 with 100,000 brackets", 502, always(NESTED)), None),
    (Case("502 with a list as meta", 502, saying([])), None),
    (Case("502 with true as code", 502, saying({"code": True})), None),
    (Case("502 with NaN as code", 502, always(b'{"meta":{"code":NaN}}')), None),
    (Case("502 with 5,000 digits as code", 502, always(b'{"meta":{"code":' + HUGE)), None),
    (Case("502 with meta only", 502, always({"meta": {"code": 200}})), 200),
    (Case("502 that can be mended", 502, saying({"code": "200"})), 200),
    (Case("429", 429, always({"meta": {"code": 429}, "data": []})), 429),
    (Case("520", 520, always(b"error code: 520")), None),
    (Case("301", 301, always(b"")), None),
    (Case("304 says 200", 304, saying({"code": 200})), 200),
    (Case("199 says 200", 199, saying({"code": 200})), 200),
    (Case("300 says 200", 300, saying({"code": 200})), 200),
    (Case("0", 0, saying({"code": 200})), 200),
    (Case("-1", -1, saying({"code": 200})), 200),
    (Case("999", 999, saying({"code": 200})), 200),
]
every_operation = pytest.mark.parametrize("operation", IDS)


def name(value: object) -> str | None:
    """Name a case in the list of tests."""
    return value.name if isinstance(value, Case) else None


def body_of(case: Case, operation: str) -> bytes:
    """Write the response of a case."""
    answer = case.answer(success(operation))
    return answer if isinstance(answer, bytes) else encoded(answer)


@pytest.mark.parametrize("case", READABLE, ids=name)
@every_operation
def test_a_readable_success_is_a_model(operation: str, case: Case) -> None:
    """A success is read with all its data, however odd the wrapping."""
    expected = OPERATIONS[operation].parse(200, {}, encoded(success(operation)))

    answer = OPERATIONS[operation].parse(case.status, {}, body_of(case, operation))

    assert isinstance(answer, OPERATIONS[operation].response)
    assert answer.data == expected.data


@pytest.mark.parametrize("case", UNREADABLE, ids=name)
@every_operation
def test_an_unreadable_success_violates_the_contract(operation: str, case: Case) -> None:
    """A 2xx that is neither a success nor an error is a contract violation that keeps its bytes."""
    body = body_of(case, operation)

    with pytest.raises(ContractViolated) as caught:
        OPERATIONS[operation].parse(case.status, {"Server": "x"}, body)

    assert caught.value.body == body
    assert caught.value.operation == operation
    assert caught.value.status == case.status
    assert caught.value.headers == {"Server": "x"}
    assert caught.value.reason in str(caught.value)


@pytest.mark.parametrize(("case", "code"), REJECTED, ids=name)
@every_operation
def test_an_error_response_is_rejected(operation: str, case: Case, code: int | None) -> None:
    """A meta code or a status of an error makes it an error, whatever the other is."""
    body = body_of(case, operation)

    with pytest.raises(ApiRejected) as caught:
        OPERATIONS[operation].parse(case.status, {"Server": "x"}, body)

    assert caught.value.body == body
    assert caught.value.operation == operation
    assert caught.value.status == case.status
    assert caught.value.headers == {"Server": "x"}
    assert caught.value.code == code


@pytest.mark.parametrize("example", REFUSALS, ids=str)
def test_a_documented_error_is_complete(example: Example) -> None:
    """Each error response of the contract arrives with its code, type and message."""
    with pytest.raises(ApiRejected) as caught:
        OPERATIONS[example.operation].parse(200, {}, encoded(example.value))

    rejected = {
        "code": caught.value.code,
        "type": caught.value.type,
        "message": caught.value.message,
    }

    assert rejected == example.value["meta"]


@pytest.mark.parametrize("status", [200, 502])
@pytest.mark.parametrize(
    ("meta", "type_", "message"),
    [
        ({"code": 4016}, "", ""),
        ({"code": 4016, "type": None, "message": None}, "", ""),
        ({"code": 4016, "type": [], "message": {"en": "no"}}, "", ""),
        ({"code": "4016", "type": "Bad Request", "message": 17}, "Bad Request", "17"),
    ],
    ids=["absent", "null", "not text", "number"],
)
def test_an_error_has_a_text_even_if_the_response_has_none(
    status: int, meta: object, type_: str, message: str
) -> None:
    """The type and message of an error response are always text."""
    with pytest.raises(ApiRejected) as caught:
        OPERATIONS["getTracking"].parse(status, {}, encoded({"meta": meta, "data": []}))

    assert (caught.value.type, caught.value.message) == (type_, message)


@pytest.mark.parametrize("status", [200, 502])
def test_an_error_with_invalid_utf8_keeps_its_code(status: int) -> None:
    """A byte that is not UTF-8 in the message does not hide what was rejected, and why."""
    body = b'{"meta":{"code":4016,"type":"Bad Request","message":"caf\xe9"},"data":[]}'

    with pytest.raises(ApiRejected) as caught:
        OPERATIONS["createTracking"].parse(status, {}, body)

    assert (caught.value.code, caught.value.type) == (4016, "Bad Request")


@pytest.mark.parametrize("half", [r"\ud800", r"\udc00", r"\udc00\ud800", r"\ud800x", r"\\\ud800"])
@pytest.mark.parametrize("status", [200, 502])
def test_an_error_with_half_a_surrogate_pair_keeps_its_code(status: int, half: str) -> None:
    """Half a surrogate pair in the message does not hide what was rejected."""
    body = f'{{"meta":{{"code":4016,"message":"caf{half}"}},"data":[]}}'.encode()

    with pytest.raises(ApiRejected) as caught:
        OPERATIONS["createTracking"].parse(status, {}, body)

    assert caught.value.code == 4016
    assert "\ufffd" in caught.value.message


def test_repairs_of_an_error_response_are_not_reported() -> None:
    """A response that is an error in the end reports no repairs."""
    body = bom({"meta": {"code": "4016"}, "data": []})
    repairs: list[object] = []

    with pytest.raises(ApiRejected):
        OPERATIONS["deleteTracking"].parse(200, {}, body, on_repair=repairs.append)

    assert repairs == []


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, encoded({"meta": {"code": 4016}, "data": {"title": CANARY}})),
        (502, f"<html>{CANARY}</html>".encode()),
        (200, f"<html>{CANARY}</html>".encode()),
        (200, encoded({"meta": {"code": 200}, "data": CANARY})),
        (200, encoded({"meta": {"code": 200}, "data": {CANARY: CANARY}})),
        (200, encoded({"meta": {"code": CANARY}, "data": []})),
        (200, encoded({"meta": {CANARY: CANARY}, "data": []})),
    ],
    ids=["rejected", "gateway", "HTML", "text as data", "other data", "code", "other meta"],
)
def test_an_error_does_not_print_the_response(status: int, body: bytes) -> None:
    """Logging an error does not log what may be personal data; the bytes are there on request."""
    with pytest.raises((ApiRejected, ContractViolated)) as caught:
        OPERATIONS["getTracking"].parse(status, {"X": CANARY}, body)
    error: Any = caught.value

    assert CANARY not in f"{error} {error!r} {error.args}"
    assert error.body == body


@pytest.mark.parametrize(
    "error",
    [
        ApiRejected("getTracking", 502, {"A": "b"}, b"\xff", ResponseMeta()),
        ApiRejected(
            "getTracking", 200, {"A": "b"}, b"{}", ResponseMeta(4016, "Bad Request", "No.")
        ),
        ContractViolated("getTracking", 200, {"A": "b"}, b"\xff", "not JSON at $"),
    ],
    ids=["rejected without a message", "rejected", "violated"],
)
@pytest.mark.parametrize(
    "again",
    [lambda it: pickle.loads(pickle.dumps(it)), copy.copy, copy.deepcopy],  # noqa: S301 - our own
    ids=["pickle", "copy", "deepcopy"],
)
def test_an_error_survives_pickling(error: Exception, again: Callable[[Any], Any]) -> None:
    """An error can be sent to another process, and is the same there."""
    found = again(error)

    assert type(found) is type(error)
    assert vars(found) == vars(error)
    assert str(found) == str(error)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            ApiRejected("getTracking", 200, {}, b"", ResponseMeta(4016, "Bad Request", "Exists.")),
            "getTracking failed with HTTP 200, meta code 4016 (Bad Request: Exists.)",
        ),
        (
            ApiRejected("getTracking", 200, {}, b"", ResponseMeta(4016, "", "Exists.")),
            "getTracking failed with HTTP 200, meta code 4016 (Exists.)",
        ),
        (
            ApiRejected("getTracking", 502, {}, b"", ResponseMeta()),
            "getTracking failed with HTTP 502, no meta code",
        ),
        (
            ContractViolated("getTracking", 200, {}, b"12", "missing at $.meta"),
            "getTracking: unreadable response (HTTP 200, 2 bytes): missing at $.meta",
        ),
    ],
    ids=["all words", "no type", "no words", "violated"],
)
def test_the_message_of_an_error(error: Exception, words: str) -> None:
    """The message names operation, status and code, so that a log line is enough."""
    assert str(error) == words
    assert repr(error) == f"{type(error).__name__}({words!r})"
