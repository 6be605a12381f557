from typing import Any

import pytest

from tests.sandbox.harness import Api

HINT = "X-Sandbox-Hint"
UPPER: dict[str, Any] = {"carrier_code": "ups", "tracking_number": "1Z97X17XYW06605211"}
LOWER: dict[str, Any] = {"carrier_code": "ups", "tracking_number": "1z97x17xyw06605211"}


@pytest.mark.behaviour("identity.case")
def test_two_cases_of_a_number_are_two_trackings_with_a_hint(api: Api) -> None:
    """Both are charged, and the second creation names the first number."""
    first = api.call("createTracking", UPPER)
    second = api.call("createTracking", LOWER)

    assert (first.code, second.code) == (200, 200)
    assert first.data["id"] != second.data["id"]
    assert api.call("getAccount").data["track_number"] == 1_000_000 - 2
    assert "the account has" not in first.headers.get(HINT, "")
    assert f'the account has "{UPPER["tracking_number"]}"' in second.headers[HINT]


@pytest.mark.behaviour("identity.case")
@pytest.mark.parametrize("operation_id", ["getTracking", "updateTracking", "deleteTracking"])
def test_an_unknown_number_in_another_case_has_a_hint(api: Api, operation_id: str) -> None:
    """The rejection names the number that the account has."""
    api.call("createTracking", UPPER)
    body: dict[str, str] | None = {} if operation_id == "updateTracking" else None
    response = api.call(operation_id, body, **LOWER)

    assert response.code == 4017
    assert f'the account has "{UPPER["tracking_number"]}"' in response.headers[HINT]


@pytest.mark.behaviour("identity.case")
def test_both_cases_in_one_batch_have_a_hint(api: Api) -> None:
    """They are created both, each with a hint at the other one."""
    response = api.call("createTrackingBatch", [UPPER, LOWER])

    assert response.data["added"] == 2
    assert response.headers[HINT].count("the account has") == 2
