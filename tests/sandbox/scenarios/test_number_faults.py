"""Scenario numbers in each operation that takes a tracking number."""

from itertools import chain
from typing import Any, get_origin

import pytest

from tests.sandbox.harness import PAIR, Api, Response
from trackingmore_v2_api import OPERATIONS
from trackingmore_v2_sandbox.scenarios.program import CALLS

TAKING_A_NUMBER = sorted(chain.from_iterable(CALLS.values()))
JSON = {"Content-Type": "application/json"}


def call(api: Api, operation_id: str, number: str) -> Response:
    """Call an operation with a tracking number, in its path or its body."""
    operation = OPERATIONS[operation_id]
    fields: dict[str, Any] = {**PAIR, "tracking_number": number, "lang": "en"}
    path = {name: fields[name] for name in operation.path_parameters}
    if operation.request is None:
        return api.call(operation_id, **path)
    body = {"title": "t"} if path else {**fields, "update_carrier_code": "usps"}
    is_batch = get_origin(operation.request) is list
    return api.call(operation_id, [body] if is_batch else body, headers=JSON, **path)


def code_of(response: Response) -> int:
    """Return the code of a response, or of the only item of a batch."""
    data = response.data or {}
    rejected = data.get("errors") or data.get("trackings") or [{}]
    item = rejected[0].get("meta", rejected[0])
    code: int = item.get("code", response.code)
    return code


@pytest.mark.behaviour("scenario.failures")
@pytest.mark.parametrize("operation_id", TAKING_A_NUMBER)
def test_a_failure_applies_to_every_operation(api: Api, operation_id: str) -> None:
    """Whether the number is in the path or in the body; updates have both."""
    assert code_of(call(api, operation_id, "SANDBOX-FAIL-4018")) == 4018


@pytest.mark.behaviour("scenario.failures")
@pytest.mark.parametrize("operation_id", TAKING_A_NUMBER)
def test_a_failure_applies_to_the_operations_of_its_keyword(api: Api, operation_id: str) -> None:
    """And to no other."""
    codes = {
        keyword: code_of(call(api, operation_id, f"SANDBOX-FAIL-4018-ON-{keyword}"))
        for keyword in CALLS
    }

    hit = [keyword for keyword, code in codes.items() if code == 4018]
    assert hit == [keyword for keyword, operations in CALLS.items() if operation_id in operations]


def test_a_list_is_not_affected(api: Api) -> None:
    """A filter names a tracking, but the request is not about it alone."""
    number = "SANDBOX-FAIL-4018-ON-GET"
    api.create(tracking_number=number)

    assert api.call("listTrackings", numbers=number).success()["count"] == 1


@pytest.mark.behaviour("scenario.invalid")
@pytest.mark.parametrize("operation_id", TAKING_A_NUMBER)
def test_an_invalid_number_has_a_hint(api: Api, operation_id: str) -> None:
    """It is rejected, and the hint says what is meant."""
    response = call(api, operation_id, "SANDBOX-DELIVERD")

    assert code_of(response) == 4014
    assert "did you mean DELIVERED?" in response.headers["X-Sandbox-Hint"]


@pytest.mark.behaviour("scenario.invalid")
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_invalid_number_in_a_filter_has_a_hint(api: Api, method: str) -> None:
    """It can match nothing."""
    numbers = "LK664578623CN,SANDBOX-DELIVERD"
    if method == "GET":
        response = api.call("listTrackings", numbers=numbers)
    else:
        body = b'{"numbers":"%s"}' % numbers.encode()
        response = api.send("POST", "/trackings/get", content=body, headers=JSON)

    assert response.code == 4031
    assert "/numbers: expected a scenario" in response.headers["X-Sandbox-Hint"]
    assert "did you mean DELIVERED?" in response.headers["X-Sandbox-Hint"]
