"""The contract is valid OpenAPI and keeps the project's rules."""

import pytest
from openapi_spec_validator import validate

from tests.contract.changes import (
    EXAMPLES,
    LIST,
    REALTIME,
    SCHEMAS,
    TRACKING,
    Change,
    changed_contract,
    drop,
    put,
)
from tests.contract.document import contract, linked_contract, walk
from tests.contract.rules import RULES


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


RESPONSES = ("paths", "/trackings/costtime", "post", "responses", "200")
BODY = ("content", "application/json", "examples")
IN_TRANSIT = (*EXAMPLES, "TrackingInTransit", "value", "data")


@pytest.mark.parametrize(
    ("name", "change", "violation"),
    [
        ("scalars_have_examples", drop(*TRACKING, "title", "examples"), "title: must have"),
        ("scalars_have_examples", put(*TRACKING, "title", "examples", to=["Pot"]), "title: the"),
        ("scalars_have_examples", drop(*SCHEMAS, "TrackingNumber", "examples"), "TrackingNumber"),
        ("scalars_have_examples", drop(*LIST, "parameters", 2, "example"), "parameters/2: must"),
        ("examples_are_paired", drop(*RESPONSES, *BODY, "two"), "two: must have a response"),
        (
            "examples_are_paired",
            put(*EXAMPLES, "TransitTimes", "value", "data", to=[]),
            "getTransitTimes two: must have an entry",
        ),
        (
            "examples_are_paired",
            put(*EXAMPLES, "TransitTimes", "value", "data", 1, "destination", to="PL"),
            "getTransitTimes two: must have an entry",
        ),
        (
            "examples_are_paired",
            put(*EXAMPLES, "StoppedUpdates", "value", "data", "trackings", to=[]),
            "stopTrackingUpdates two: the response must be about",
        ),
        (
            "examples_are_paired",
            drop(*EXAMPLES, "RemoteAreas", "value", "data", "remote", 2),
            "checkRemoteAreas documented: the response must be about",
        ),
        (
            "examples_are_paired",
            put("components", "parameters", "TrackingNumber", "example", to="RN123456789CN"),
            "updateTracking details: the response must be about",
        ),
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
        (
            "examples_agree_with_their_checkpoints",
            put(*IN_TRANSIT, "status", to="delivered"),
            "must have status transit",
        ),
        (
            "examples_agree_with_their_checkpoints",
            put(*IN_TRANSIT, "substatus", to="transit001"),
            "must have substatus transit007",
        ),
        (
            "examples_agree_with_their_checkpoints",
            put(*IN_TRANSIT, "lastEvent", to=None),
            "must have lastEvent Departed from airport,SHANGHAI,2021-05-19 03:43:47",
        ),
        (
            "examples_agree_with_their_checkpoints",
            put(*IN_TRANSIT, "updated_at", to="2021-05-16T00:01:00+00:00"),
            "must not be updated before its creation",
        ),
    ],
)
def test_a_wrong_example_breaks_the_rule(name: str, change: Change, violation: str | None) -> None:
    """An example that is missing, alone, of another story or contradictory is a violation."""
    found = list(RULES[name](changed_contract(change)))

    assert any(violation in line for line in found) if violation else not found
