"""Every schema of the contract can be satisfied, and data can be made from it."""

from copy import deepcopy
from random import Random
from typing import Any, Final

import pytest
import schemathesis
from hypothesis import Phase, find
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode

from tests.contract.changes import BATCH_BODY, SCHEMAS, Change, put
from tests.contract.document import Json, all_parameters, at, contract, media, pointer
from tests.contract.examples import validators
from tests.fuzz.plan import PLAN, settings


def places(document: Json) -> list[str]:
    """Point to each schema that has a name, or is that of a body or parameter."""
    return [
        *(pointer("#/components/schemas", name) for name in document["components"]["schemas"]),
        *(pointer(body.where, "schema") for body in media(document)),
        *(pointer(where, "schema") for where, _ in all_parameters(document)),
    ]


PLACES: Final = places(contract())
COMPONENT: Final = "#/components/schemas/"
BATCH: Final = pointer("#", *BATCH_BODY)
LANGUAGE: Final = "#/components/parameters/LanguagePath/schema"
MOVED: Final = {"$ref": COMPONENT + "CarrierChange"}


def make(document: Json, where: str) -> Any:
    """Build a value that matches the schema at a place, or raise."""
    mirror = {
        "openapi": document["openapi"],
        "info": {"title": "Schemas", "version": "1"},
        "paths": {"/": {"post": sending(at(document, where))}},
        "components": {"schemas": document["components"]["schemas"]},
    }
    operation = schemathesis.openapi.from_dict(mirror)["/"]["POST"]
    validator = validators(document)(where)

    def fits(case: Case[Any]) -> bool:
        return bool(validator.is_valid(case.body))

    found: Case[Any] = find(
        operation.as_strategy(generation_mode=GenerationMode.POSITIVE),
        fits,
        settings=settings(10, phases=[Phase.generate]),
        random=None if PLAN.seed is None else Random(PLAN.seed),  # noqa: S311 - no secret
    )
    return found.body


def sending(schema: Json) -> Json:
    """Return an operation that takes what fits a schema."""
    return {
        "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
        "responses": {"200": {"description": "Taken."}},
    }


@pytest.mark.parametrize("where", PLACES)
def test_data_can_be_made(where: str) -> None:
    """Something fits the schema, and the tools that make data from the contract find it."""
    make(contract(), where)


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (put(*SCHEMAS, "UnixSeconds", "minimum", to=2**40), COMPONENT + "UnixSeconds"),
        (put(*BATCH_BODY, "minItems", to=41), BATCH),
        (put(*SCHEMAS, "CarrierCode", "pattern", to="^a$b"), COMPONENT + "CarrierCode"),
        (put(*SCHEMAS, "SettableStatus", "type", to="string"), COMPONENT + "SettableStatus"),
        (put(*SCHEMAS, "CarrierChange", "properties", "carrier_code", to=MOVED), MOVED["$ref"]),
        (put(*SCHEMAS, "LanguageCode", "maxLength", to=1), LANGUAGE),
    ],
    ids=[
        "bounds of a number crossed",
        "bounds of a list crossed",
        "pattern that nothing matches",
        "values of another type",
        "object that must hold itself",
        "parameter, by what it refers to",
    ],
)
def test_a_schema_that_nothing_fits_is_found(change: Change, where: str) -> None:
    """Where the contract asks for the impossible, making data fails."""
    document = deepcopy(contract())
    change(document)

    with pytest.raises(Unsatisfiable):
        make(document, where)
