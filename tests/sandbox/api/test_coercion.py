"""Scalars of another JSON type are converted as PHP converts them."""

from typing import Any

import pytest

from tests.sandbox.harness import PAIR, Api, NewApi
from trackingmore_v2_api import OPERATIONS
from trackingmore_v2_sandbox import Settings
from trackingmore_v2_sandbox.api.coercion import coerce

JSON = {"Content-Type": "application/json"}
CREATE = OPERATIONS["createTracking"]
CASES: list[tuple[str, str, object, object]] = [
    ("createTracking", "order_id", 5, "5"),
    ("createTracking", "order_id", -5, "-5"),
    ("createTracking", "order_id", 5.0, "5"),
    ("createTracking", "order_id", 0.1, "0.1"),
    ("createTracking", "order_id", 1e300, "1E+300"),
    ("createTracking", "order_id", True, "1"),
    ("createTracking", "order_id", False, ""),
    ("createTracking", "order_id", None, None),
    ("createTracking", "tracking_number", 9400111899223197428490, "9.4001118992232E+21"),
    ("createTracking", "tracking_number", int("9" * 400), "INF"),
    ("createTracking", "auto_correct", "0", 0),
    ("createTracking", "auto_correct", " 1 ", 1),
    ("createTracking", "auto_correct", True, 1),
    ("createTracking", "auto_correct", False, None),
    ("createTracking", "auto_correct", "", None),
    ("createTracking", "auto_correct", "yes", "yes"),
    ("createTracking", "title", [1], ["1"]),
    ("createTracking", "title", {"a": 1}, {"a": 1}),
    ("createTracking", "x", 5, 5),
    ("updateTracking", "status", "7", 7),
    ("updateTracking", "status", False, ""),
    ("updateTracking", "archived", True, "true"),
    ("updateTracking", "archived", False, "false"),
    ("updateTracking", "archived", 1, "true"),
    ("updateTracking", "archived", "0", "false"),
    ("updateTracking", "archived", "yes", "yes"),
    ("trackAirWaybills", "track_number", [17228891936, []], ["17228891936", []]),
]


@pytest.mark.behaviour("body.wrong-type", "body.wrong-type-archived")
@pytest.mark.parametrize(("operation_id", "name", "sent", "expected"), CASES)
def test_a_scalar_is_converted(
    operation_id: str, name: str, sent: object, expected: object
) -> None:
    """Text, integers and the text of booleans; arrays and objects stay as sent."""
    assert coerce(OPERATIONS[operation_id], {name: sent}) == {name: expected}


@pytest.mark.parametrize("body", [None, 1, "text", [1, None, []], []])
def test_only_fields_of_objects_are_converted(body: object) -> None:
    """A body of another type is rejected elsewhere."""
    assert coerce(CREATE, body) == body


@pytest.mark.behaviour("body.wrong-type")
def test_a_converted_value_is_stored_as_the_documented_type(api: Api) -> None:
    """With a hint on each value."""
    body = {"carrier_code": "usps", "tracking_number": 12345678, "order_id": 5, "auto_correct": "1"}
    response = api.call("createTracking", body, headers=JSON)
    pair: dict[str, Any] = {"carrier_code": "usps", "tracking_number": "12345678"}

    assert response.success()["tracking_number"] == "12345678"
    assert api.get(**pair)["order_id"] == "5"
    for name in ("tracking_number", "order_id", "auto_correct"):
        assert f"body/{name}: " in response.headers["X-Sandbox-Hint"]
    api.call("updateTracking", {"customer_phone": 49123, "archived": True}, **pair).success()
    assert api.get(**pair)["archived"] is True
    assert api.get(**pair)["customer_phone"] == ["49123"]


@pytest.mark.behaviour("body.wrong-type", "response.strict")
def test_a_strict_sandbox_converts_nothing(new_api: NewApi) -> None:
    """The request is rejected, and nothing is stored."""
    api = new_api(Settings(strict=True))
    odd = {**PAIR, "auto_correct": "0"}

    assert api.call("createTracking", odd, headers=JSON).code == 4012
    assert api.call("createTrackingBatch", [odd], headers=JSON).code == 4012
    assert api.call("getTracking", **PAIR).code == 4017
