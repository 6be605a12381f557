"""Every operation of the sandbox, with data made from the contract, valid and not."""

from typing import Any

import pytest
from schemathesis import Case
from starlette.testclient import TestClient

from tests.fuzz.contract import Tally, fresh_app, schema_of
from trackingmore_v2_api import API_KEY_HEADER, OPERATIONS
from trackingmore_v2_sandbox import API_KEY

APP = fresh_app()
TALLY = Tally()
SCHEMA = schema_of(APP, TALLY, max_examples=40)
PARCEL = {"carrier_code": "china-ems", "tracking_number": "LK664578623CN"}
"""The pair that the contract gives as an example of its path parameters."""


@SCHEMA.parametrize()
def test_the_answer_keeps_the_contract(case: Case[Any]) -> None:
    """Valid data is understood, invalid data is refused, and every answer fits its schema."""
    create(PARCEL)
    case.call_and_validate()


def create(parcel: dict[str, str]) -> None:
    """See to it that a parcel exists, which an earlier case may have deleted."""
    client = TestClient(APP, base_url="http://localhost", headers={API_KEY_HEADER: API_KEY})
    answer = client.post("/v2/trackings/post", json=parcel)

    assert answer.json()["meta"]["code"] in {200, 4016}


def test_every_operation_was_tried_both_ways() -> None:
    """A fuzz that never succeeds, or never fails, proves nothing: 19 of 19 did both."""
    if not TALLY.calls():
        pytest.skip("runs after the fuzz of the whole contract")
    takes_nothing = {"getAccount"}

    assert TALLY.operations(200) == set(OPERATIONS)
    assert TALLY.operations(400, 404, 409) >= set(OPERATIONS) - takes_nothing
    assert not TALLY.operations(500)
