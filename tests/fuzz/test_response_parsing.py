"""For any response, an operation returns a model or raises one of two errors."""

import pickle
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Raw

from tests.fuzz.profile import fuzzed
from tests.generated.examples import EXAMPLES, IDS, encoded
from trackingmore_v2_api import OPERATIONS, ApiRejected, ContractViolated, Repair, salvage

BODIES = [encoded(example.value) for example in EXAMPLES if example.part == "200"]
FIELDS = sorted(
    {"code", "type", "message"}
    | {"meta", "data", "items", "trackings", "errors", "trackinfo", "origin_info", "return_data"}
    | {"id", "status", "tracking_number", "submitted", "flight_info", "status_number", "0", "1"}
)
TEXTS = ["", "null", "12", "1e999", "{}", "[]", '{"a":1}', "[[", "transit", "true", "-0", "\x00"]
PIECES = [b"{", b"}", b"[", b"]", b'"', b",", b":", b"\\u", b"\\", b"\xff", b"null", b"1e9", b"-"]

operations = st.sampled_from(IDS)
statuses = (
    st.just(200) | st.sampled_from([0, -1, 199, 201, 301, 404, 429, 502, 520]) | st.integers()
)
leaves = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(TEXTS)
)
values: st.SearchStrategy[Any] = st.recursive(
    leaves,
    lambda children: (
        st.lists(children, max_size=4)
        | st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=5), children, max_size=5)
    ),
    max_leaves=15,
)
codes = st.sampled_from([200, 201, "200", 4016, "x", None, 1e300]) | leaves
envelopes = values | st.fixed_dictionaries(
    {"meta": st.fixed_dictionaries({"code": codes}) | values, "data": values}
)


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """Return the example of a response, damaged in a few places."""
    body = bytearray(draw(st.sampled_from(BODIES)))
    for _ in range(draw(st.integers(1, 5))):
        start = draw(st.integers(0, len(body)))
        length = draw(st.integers(0, 20))
        body[start : start + length] = draw(st.sampled_from(PIECES) | st.binary(max_size=4))
    return bytes(body)


@st.composite
def replaced(draw: st.DrawFn) -> tuple[str, Any]:
    """Return the example of a response with any values in place of some."""
    example = draw(st.sampled_from([it for it in EXAMPLES if it.part == "200"]))
    odds = draw(st.integers(2, 12))

    def change(node: Any) -> Any:
        if draw(st.integers(0, odds)) == 0:
            return draw(values)
        if isinstance(node, Mapping):
            return {key: change(child) for key, child in node.items()}
        return list(map(change, node)) if isinstance(node, list) else node

    return example.operation, change(example.value)


def check(operation: str, status: int, body: bytes) -> None:
    """Parse a response and assert that the model or the error is consistent."""
    repairs: list[Repair] = []
    try:
        response = OPERATIONS[operation].parse(status, {}, body, on_repair=repairs.append)
    except (ApiRejected, ContractViolated) as error:
        found: ApiRejected | ContractViolated = error
        again = pickle.loads(pickle.dumps(found))  # noqa: S301 - our own

        assert found.body == body
        assert str(again) == str(found)
        assert repairs == []
    else:
        assert isinstance(response, OPERATIONS[operation].response)
        assert 200 <= status < 300
        assert response.meta.code in OPERATIONS[operation].success_codes
        assert all(repair.path.startswith("$") and repair.problem for repair in repairs)


def parsed(operation: str, body: bytes) -> tuple[object, list[Repair]]:
    """Return what a response is parsed to, or the text of the error, and the repairs."""
    repairs: list[Repair] = []
    try:
        return OPERATIONS[operation].parse(200, {}, body, on_repair=repairs.append), repairs
    except (ApiRejected, ContractViolated) as error:
        return str(error), repairs


@fuzzed(400)
@given(operations, statuses, st.binary())
def test_any_bytes_are_parsed(operation: str, status: int, body: bytes) -> None:
    """Random bytes raise only the two errors."""
    check(operation, status, body)
    check(operation, status, b'{"meta":{"code":200},"data":' + body + b"}")


@fuzzed(400)
@given(operations, statuses, envelopes)
def test_any_json_is_parsed(operation: str, status: int, envelope: object) -> None:
    """JSON of any shape, NaN and lone surrogates included, raises only the two errors."""
    check(operation, status, encoded(envelope))


@fuzzed(400)
@given(operations, mutated())
def test_any_damaged_response_is_parsed(operation: str, body: bytes) -> None:
    """A response that was damaged on the way raises only the two errors."""
    check(operation, 200, body)


@fuzzed(400)
@given(replaced())
def test_any_odd_response_is_parsed(case: tuple[str, Any]) -> None:
    """A response of the right shape with odd values raises only the two errors."""
    operation, value = case
    check(operation, 200, encoded(value))


@fuzzed(400)
@given(replaced())
def test_the_path_of_the_error_does_not_change_the_result(case: tuple[str, Any]) -> None:
    """A response that is opened along the path of the error is repaired as if opened wholly."""
    operation, value = case
    body = encoded(value)

    with pytest.MonkeyPatch.context() as patch:
        along_the_path = parsed(operation, body)
        patch.setattr(salvage, "_opened_shape", lambda *_: Raw)
        assert along_the_path == parsed(operation, body)
