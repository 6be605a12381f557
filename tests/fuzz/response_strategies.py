"""
Hypothesis strategies for the responses of the contract.

Schemathesis generates requests only, so each response schema becomes the body of a request here.
Where the contract is open, enum values and fields may be unknown ones.
"""

from collections.abc import Mapping
from copy import deepcopy
from functools import cache
from typing import Any, Final

import schemathesis
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode

from tests.contract.document import schemas
from website.contract import JSON_BODY, Json, answer_schemas, contract, dig, operations, resolve

SUCCESS: Final = "success"
ERROR: Final = "error"


def bodies(document: Json, schema: Json, *, valid: bool = True) -> st.SearchStrategy[Case[Any]]:
    """Return requests with a body of a schema, valid ones or invalid ones."""
    body = {"required": True, "content": {"application/json": {"schema": schema}}}
    operation = {"requestBody": body, "responses": {"200": {"description": "A response."}}}
    api = schemathesis.openapi.from_dict(
        {
            "openapi": document["openapi"],
            "info": {"title": "Bodies", "version": "1"},
            "paths": {"/": {"post": operation}},
            "components": {"schemas": document["components"]["schemas"]},
        }
    )
    mode = GenerationMode.POSITIVE if valid else GenerationMode.NEGATIVE
    return api["/"]["POST"].as_strategy(generation_mode=mode)


@cache
def responses(operation: str, kind: str, *, valid: bool = True) -> st.SearchStrategy[Any]:
    """
    Return responses as Python values of JSON, or as bytes where they are not JSON.

    Args:
        operation: The `operationId`.
        kind: SUCCESS, ERROR, or an HTTP status with a response of its own.
        valid: Whether they conform to the contract.
    """
    return bodies(_open_contract(), schemas_of(operation)[kind], valid=valid).map(
        lambda case: case.body
    )


@cache
def schemas_of(operation: str) -> Mapping[str, Json]:
    """Return the schema of each kind of response."""
    document = _open_contract()
    found = next(it for it in operations(document) if it.name == operation)
    kinds = dict(zip((SUCCESS, ERROR), answer_schemas(found), strict=True))
    for status, response in found.value["responses"].items():
        if status not in {"200", "default"}:
            kinds[status] = dig(resolve(document, response), *JSON_BODY, "schema")
    return kinds


@cache
def _open_contract() -> Json:
    document = deepcopy(contract())
    for _, schema in schemas(document):
        if schema.pop("x-open", False):
            schema["anyOf"] = [{"enum": schema.pop("enum")}, {"type": schema["type"]}]
    return document
