"""
The contract's answers, generated as if they were requests.

Schemathesis makes requests only. So there is a mirror of the contract, in which the answer of each
operation is the body of a request, whose words and fields may be new where the contract is open.
"""

from copy import deepcopy
from functools import cache
from typing import Any, Final, TypeAlias

import schemathesis
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.schemas import BaseSchema

from tests.contract.document import (
    JSON_BODY,
    Json,
    answer_schemas,
    contract,
    dig,
    operations,
    resolve,
    schemas,
)

SUCCESS: Final = "success"
REFUSAL: Final = "refusal"
Answers: TypeAlias = st.SearchStrategy[Any]


def answers(operation: str, kind: str, *, valid: bool = True) -> Answers:
    """
    Return answers, as Python values of JSON; bytes where they are none.

    Args:
        operation: Whose answers.
        kind: SUCCESS, REFUSAL, or a status of HTTP that has an answer of its own.
        valid: Whether they keep the contract, or each breaks it somewhere.
    """
    mode = GenerationMode.POSITIVE if valid else GenerationMode.NEGATIVE
    cases: st.SearchStrategy[Case[Any]] = _mirror()[f"/{operation}/{kind}"]["POST"].as_strategy(
        generation_mode=mode
    )
    return cases.map(lambda case: case.body)


def statuses(operation: str) -> list[str]:
    """Name the statuses other than 200 that have an answer in the contract."""
    (found,) = (it for it in operations(contract()) if it.name == operation)
    return [status for status in found.value["responses"] if status not in {"200", "default"}]


def success_schema(operation: str) -> Json:
    """Return the schema of an operation's success."""
    (found,) = (it for it in operations(contract()) if it.name == operation)
    return answer_schemas(found)[0]


@cache
def _mirror() -> BaseSchema:
    document = deepcopy(contract())
    paths: Json = {}
    for operation in operations(document):
        success, refusal = answer_schemas(operation)
        kinds = {SUCCESS: success, REFUSAL: refusal}
        for status in statuses(operation.name):
            response = resolve(document, operation.value["responses"][status])
            kinds[status] = dig(response, *JSON_BODY, "schema")
        for kind, schema in kinds.items():
            paths[f"/{operation.name}/{kind}"] = {"post": _sending(schema)}
    for _, schema in schemas(document):
        if schema.pop("x-open", False):
            schema["anyOf"] = [{"enum": schema.pop("enum")}, {"type": schema["type"]}]
    return schemathesis.openapi.from_dict(
        {
            "openapi": document["openapi"],
            "info": {"title": "Answers", "version": "1"},
            "paths": paths,
            "components": {"schemas": document["components"]["schemas"]},
        }
    )


def _sending(schema: Json) -> Json:
    return {
        "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
        "responses": {"200": {"description": "Taken."}},
    }
