"""Every schema of the contract can be satisfied, and data can be generated from it."""

from copy import deepcopy
from random import Random
from typing import Any, Final

import pytest
from hypothesis import Phase, find
from hypothesis.errors import Unsatisfiable
from schemathesis import Case

from tests.contract.changes import BATCH_BODY, SCHEMAS, Change, put
from tests.contract.document import all_parameters, media
from tests.contract.examples import validators
from tests.fuzz.profile import PROFILE, settings
from tests.fuzz.response_strategies import bodies
from website.contract import Json, at, contract, pointer


def places(document: Json) -> list[str]:
    """Return pointers to each named schema, and to those of bodies and parameters."""
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


def generate(document: Json, where: str) -> Any:
    """Return a value that matches the schema at a place, or raise."""
    validator = validators(document)(where)

    def is_valid(case: Case[Any]) -> bool:
        return bool(validator.is_valid(case.body))

    found: Case[Any] = find(
        bodies(document, at(document, where)),
        is_valid,
        settings=settings(10, phases=[Phase.generate]),
        random=None if PROFILE.seed is None else Random(PROFILE.seed),  # noqa: S311 - no secret
    )
    return found.body


@pytest.mark.parametrize("where", PLACES)
def test_data_can_be_generated(where: str) -> None:
    """Hypothesis and schemathesis find a value that matches the schema."""
    generate(contract(), where)


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
        "minimum above maximum",
        "minItems above maxItems",
        "unsatisfiable pattern",
        "enum of another type",
        "required field of its own type",
        "parameter with a reference",
    ],
)
def test_an_unsatisfiable_schema_is_detected(change: Change, where: str) -> None:
    """No data can be generated from a schema that no value matches."""
    document = deepcopy(contract())
    change(document)

    with pytest.raises(Unsatisfiable):
        generate(document, where)
