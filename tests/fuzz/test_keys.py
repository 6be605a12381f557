"""No operation answers without a good key."""

import pytest
from starlette.testclient import TestClient

from tests.fuzz.contract import fresh_app
from trackingmore_v2_api import API_KEY_HEADER, OPERATIONS, Operation
from trackingmore_v2_sandbox import API_KEY


@pytest.mark.parametrize("key", [None, "", "wrong", API_KEY + "0", API_KEY[:-1], f" {API_KEY}x"])
@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_a_bad_key_is_refused(operation: Operation[object], key: str | None) -> None:  # type: ignore[type-var]  # any answer
    """Every operation refuses a missing or wrong key with 4001, under HTTP 200."""
    client = TestClient(fresh_app(), base_url="http://localhost")
    headers = {} if key is None else {API_KEY_HEADER: key}
    answer = client.request(operation.method, f"/v2{operation.path}", headers=headers)

    assert answer.status_code == 200
    assert answer.json()["meta"]["code"] == 4001
    assert answer.json()["data"] == []
