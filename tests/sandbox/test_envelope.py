import json
from typing import Any

import pytest

from trackingmore_v2_api import OPERATIONS, ApiCode
from trackingmore_v2_sandbox.http.envelope import php_json, rejection, success

from .harness import contract

REFUSALS = [code for code in ApiCode if code not in {ApiCode.SUCCESS, ApiCode.CREATED}]
CODES = {entry["code"]: entry for entry in contract()["x-meta-codes"]}


def metas(operation_id: str) -> list[dict[str, Any]]:
    """Return what an operation's examples say on success."""
    operation = OPERATIONS[operation_id]
    answer = contract()["paths"][operation.path][operation.method.lower()]["responses"]["200"]
    names = [
        example["$ref"].rpartition("/")[2]
        for example in answer["content"]["application/json"]["examples"].values()
    ]
    values = [contract()["components"]["examples"][name]["value"]["meta"] for name in names]
    return [meta for meta in values if meta["code"] in {ApiCode.SUCCESS, ApiCode.CREATED}]


@pytest.mark.parametrize("code", REFUSALS)
def test_a_refusal_says_what_the_contract_says(code: ApiCode) -> None:
    """Type and message of each code are those of the table, before the empty array."""
    said = {name: CODES[code][name] for name in ("code", "type", "message")}

    assert rejection(code) == php_json({"meta": said, "data": []})


@pytest.mark.parametrize("operation_id", OPERATIONS)
def test_success_says_what_the_examples_say(operation_id: str) -> None:
    """Each operation has its own words for it, and one hardly any."""
    said = json.loads(success(operation_id, []))["meta"]

    assert metas(operation_id)
    assert all(list(meta.items()) == list(said.items()) for meta in metas(operation_id))
