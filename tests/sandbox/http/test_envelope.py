import json
from typing import Any

import pytest

from trackingmore_v2_api import OPERATIONS, ApiCode
from trackingmore_v2_sandbox.http.envelope import php_json, rejection, success
from website.contract import contract

ERRORS = [code for code in ApiCode if code not in {ApiCode.SUCCESS, ApiCode.CREATED}]
CODES = {entry["code"]: entry for entry in contract()["x-meta-codes"]}


def metas(operation_id: str) -> list[dict[str, Any]]:
    """Return what an operation's examples say on success."""
    operation = OPERATIONS[operation_id]
    response = contract()["paths"][operation.path][operation.method.lower()]["responses"]["200"]
    names = [
        example["$ref"].rpartition("/")[2]
        for example in response["content"]["application/json"]["examples"].values()
    ]
    values = [contract()["components"]["examples"][name]["value"]["meta"] for name in names]
    # The documented sample of `listCarriers` has the code alone.
    successes = {ApiCode.SUCCESS, ApiCode.CREATED}
    return [meta for meta in values if meta["code"] in successes and "type" in meta]


@pytest.mark.behaviour("request.envelope", "request.error-data", "request.code-texts")
@pytest.mark.parametrize("code", ERRORS)
def test_an_error_has_the_contracts_texts(code: ApiCode) -> None:
    """Type and message of each code are those of the table, before the empty array."""
    said = {name: CODES[code][name] for name in ("code", "type", "message")}

    assert rejection(code) == php_json({"meta": said, "data": []})


@pytest.mark.behaviour("request.success-text")
@pytest.mark.parametrize("operation_id", OPERATIONS)
def test_success_has_the_texts_of_the_examples(operation_id: str) -> None:
    """Each operation has its own."""
    said = json.loads(success(operation_id, []))["meta"]

    assert metas(operation_id)
    assert all(list(meta.items()) == list(said.items()) for meta in metas(operation_id))
