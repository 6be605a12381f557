"""The contract is valid OpenAPI and keeps the project's rules."""

import pytest
from openapi_spec_validator import validate

from tests.contract.changes import (
    CODES,
    CREATE,
    EXAMPLES,
    LINKS,
    LIST,
    REALTIME,
    SCHEMAS,
    TRACKING,
    Change,
    changed_contract,
    drop,
    move,
    put,
    refer,
)
from tests.contract.document import linked_contract
from tests.contract.rules import RULES
from website.contract import contract, walk


def test_the_contract_is_valid_openapi() -> None:
    """The contract is an OpenAPI 3.1 document, without links and with them."""
    validate(contract())
    validate(linked_contract())


def test_the_contract_has_no_links() -> None:
    """Links are in a file of their own: generators reject those whose body is not text."""
    assert [where for where, _ in walk(contract()) if where.endswith("/links")] == []


@pytest.mark.parametrize("name", RULES)
def test_the_contract_keeps_the_rule(name: str) -> None:
    """No rule is violated."""
    violations = list(RULES[name](linked_contract()))

    assert violations == [], "\n".join(violations)


BODY = ("content", "application/json", "examples")
IN_TRANSIT = (*EXAMPLES, "TrackingInTransit", "value", "data")


@pytest.mark.parametrize(
    ("name", "change", "violation"),
    [
        ("scalars_have_examples", drop(*TRACKING, "title", "examples"), "title: must have"),
        ("scalars_have_examples", put(*TRACKING, "title", "examples", to=["Pot"]), "title: the"),
        ("scalars_have_examples", drop(*SCHEMAS, "TrackingNumber", "examples"), "TrackingNumber"),
        ("scalars_have_examples", drop(*LIST, "parameters", 2, "example"), "parameters/2: must"),
        (
            "examples_are_paired",
            drop(*REALTIME, "requestBody", *BODY, "minimal"),
            "trackInRealtime: both must begin",
        ),
        (
            "examples_are_of_one_story",
            put(*IN_TRANSIT, "tracking_number", to="LK894734223CN"),
            "LK894734223CN: must be introduced",
        ),
        (
            "examples_are_of_one_story",
            put(*EXAMPLES, "AirWaybillsUnknown", "value", "track_number", to=[]),
            None,
        ),
        (
            "examples_are_of_one_story",
            put("info", "description", to="## Examples\n| a |\n|---|\n| `LK000000000CN` |\n"),
            "LK000000000CN: is in no example",
        ),
    ],
)
def test_a_wrong_example_breaks_the_rule(name: str, change: Change, violation: str | None) -> None:
    """An example that is missing, in another order or of another story is a violation."""
    found = list(RULES[name](changed_contract(change)))

    assert any(violation in line for line in found) if violation else not found


EVENT = ("webhooks", "trackingUpdated", "post")
CREATED = (*CREATE, "responses", "200", "content")
PARAMETERS = ("components", "parameters")
RECORDED = {"description": "Recorded.", "type": "string"}


@pytest.mark.parametrize(
    "change",
    [
        drop("info", "contact", "name"),
        put("tags", 0, "description", to=" "),
        drop(*CREATE, "description"),
        drop(*EVENT, "description"),
        drop(*CREATE, "requestBody", "description"),
        drop(*CREATE, "requestBody", "required"),
        put(*EVENT, "requestBody", "required", to=False),
        put(*CREATE, "operationId", to="makeTracking"),
        put(*CREATE, "operationId", to="createtracking"),
        put(*CREATE, "summary", to="Make a tracking"),
        put(*CREATE, "x-retry", to="idempotent"),
        put(*CREATE, "x-success-codes", to=[200]),
        drop(*CREATE, "responses", "503"),
        put(*CREATE, "responses", "502", to={"$ref": "#/components/responses/Unavailable"}),
        put(*CREATE, "responses", "500", to={"$ref": "#/components/responses/Unavailable"}),
        put(*CREATED, "text/plain", to={}),
        drop(*CREATED, "application/json", "schema", "oneOf", 1),
        put(*CREATED, "application/json", "schema", "oneOf", 1, to=refer("Account")),
        put(*CREATED, "application/json", "schema", "oneOf", 0, to=refer("Account")),
        put(*CREATED, "application/json", "schema", "oneOf", 0, to={"type": "object"}),
        put(*CREATED, "application/json", "examples", to={}),
        put(*CREATED, "application/json", "examples", "everyOption", to={"value": {}}),
        drop(*CREATE, "responses", "200", "description"),
        drop(*LINKS, "GetCreated", "description"),
        drop("components", "responses", "ServerError", "description"),
        put("components", "responses", "ServerError", *BODY[:2], "schema", to={"type": "string"}),
        drop(*LIST, "parameters", 12, "allowEmptyValue"),
        drop(*LIST, "parameters", 12, "description"),
        put(*LIST, "parameters", 10, "explode", to=True),
        drop(*LIST, "parameters", 10, "style"),
        put(*LIST, "parameters", 10, "description", to="Numbers, joined by commas."),
        drop(*PARAMETERS, "CreatedAtMin", "allowEmptyValue"),
        move(*PARAMETERS, "CreatedAtMin", to="created_at_min"),
        move(*SCHEMAS, "SuccessMeta", to="Meta"),
        move(*EXAMPLES, "RateLimited", to="rateLimited"),
        drop(*EXAMPLES, "RateLimited", "summary"),
        drop(*SCHEMAS, "AccountResponse", "required", 1),
        drop(*SCHEMAS, "ErrorMeta", "required", 0),
        put(*SCHEMAS, "AccountResponse", "properties", "meta", to=refer("ErrorMeta")),
        drop(*SCHEMAS, "Account", "description"),
        put(*SCHEMAS, "Account", "additionalProperties", to=False),
        drop(*SCHEMAS, "Account", "type"),
        put(*SCHEMAS, "SuccessMeta", "properties", "code", to=refer("ErrorCode")),
        put(*SCHEMAS, "ErrorMeta", "properties", "code", to=refer("SuccessCode")),
        put(*SCHEMAS, "SuccessCode", "x-open", to=True),
        drop(*SCHEMAS, "ErrorCode", "x-open"),
        drop(*SCHEMAS, "SuccessCode", "x-enum-varnames"),
        put(*SCHEMAS, "SuccessCode", "x-enum-varnames", to=["A", "A"]),
        put(*SCHEMAS, "SuccessCode", "enum", to=[200, "201"]),
        put(*TRACKING, "archived", "enum", to=[True]),
        put(*TRACKING, "title", to={"type": "string"}),
        put(*TRACKING, "title", to={"description": "Items.", "type": ["array", "null"]}),
        put(*TRACKING, "title", to={"description": "A count.", "type": "integer", "minimum": 0}),
        put(*TRACKING, "title", to={"description": "A place.", "type": "string", "format": "uri"}),
        put(*TRACKING, "created_at", "description", to="A time."),
        put(*TRACKING, "title", "x-python-name", to="title"),
        drop(*TRACKING, "singed_by", "x-python-name"),
        put(*TRACKING, "singed_by", "x-python-name", to="SignedBy"),
        put(*TRACKING, "title", to=RECORDED),
        put(*TRACKING, "title", to=RECORDED | {"x-evidence": "inferred"}),
        put(*TRACKING, "title", to=RECORDED | {"x-evidence": "guessed"}),
        put(*TRACKING, "title", "x-evidence", to="inferred"),
        put(*CODES, 0, "x-evidence", to="guessed"),
        put(*CREATE, "description", to="For the 1200 carriers."),
    ],
)
def test_a_part_of_another_form_breaks_the_rule(change: Change) -> None:
    """A part that lacks something, or is named or described in another way, is a violation."""
    assert list(RULES["parts_have_their_form"](changed_contract(change)))


@pytest.mark.parametrize(
    "change",
    [
        put(*SCHEMAS, "Account", "required", to=["mail"]),
        put(*SCHEMAS, "SuccessCode", "x-enum-varnames", to=["SUCCESS"]),
    ],
    ids=["field", "name"],
)
def test_an_inconsistent_schema_breaks_the_rule(change: Change) -> None:
    """A required field that does not exist, and a value without a name, are violations."""
    assert list(RULES["schemas_are_consistent"](changed_contract(change)))
