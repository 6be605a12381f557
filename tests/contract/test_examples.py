"""The contract's examples and the documented and recorded payloads match their schemas."""

import copy
import hmac
from typing import Any

import jsonschema_rs
import pytest

from tests.contract.changes import EXAMPLES, SCHEMAS, TRACKING, Change, changed_contract, drop, put
from tests.contract.examples import PAYLOADS, QUOTED, example_errors, payload_errors
from website.contract import Operation, contract, operations, request_schema, resolve

SENDING = [operation for operation in operations(contract()) if request_schema(operation)]


def test_every_example_matches_its_schema() -> None:
    """An example is valid wherever it is used, and all its fields are described."""
    assert list(example_errors(contract())) == []


def test_every_payload_is_allowed() -> None:
    """A documented or recorded payload is valid, and quoted if it is part of the story."""
    assert len(PAYLOADS) == 31
    assert {f"{entry['operation']} {entry['part']}" for entry in PAYLOADS} >= QUOTED
    assert list(payload_errors(contract())) == []


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (drop(*EXAMPLES, "CreateTrackingMinimal", "value", "carrier_code"), "request minimal"),
        (put(*EXAMPLES, "CreatedTracking", "value", "data", "id", to=5), "200 everyOption"),
        (put(*EXAMPLES, "CreatedTracking", "value", "data", "colour", to="red"), "200 everyOption"),
        (put(*EXAMPLES, "TrackingExists", "value", "data", to={}), "200 exists"),
        (put(*EXAMPLES, "TrackingExists", "value", "meta", "code", to=200), "200 exists"),
        (put(*EXAMPLES, "RateLimited", "value", "meta", "code", to="429"), "TooManyRequests"),
        (drop(*EXAMPLES, "TrackingUpdatedDelivered", "value", "data"), "trackingUpdated request"),
        (put(*SCHEMAS, "CarrierCode", "examples", to=["dhl express"]), "schemas/CarrierCode"),
    ],
    ids=[
        "request without a required field",
        "field of another type",
        "undescribed field",
        "error with data",
        "neither success nor error",
        "shared response",
        "webhook without data",
        "example of a schema",
    ],
)
def test_a_wrong_example_is_reported(change: Change, error: str) -> None:
    """An example that does not match is reported, wherever it is used."""
    assert any(error in line for line in example_errors(changed_contract(change)))


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (drop(*EXAMPLES, "ChangedCarrier", "value", "data", "Usertag"), "changeCarrier 200: is"),
        (
            drop(*SCHEMAS, "UpdateTrackingRequest", "properties", "title"),
            "updateTracking request: $: ",
        ),
        (put(*TRACKING, "lastEvent", "type", to="null"), "listTrackings 200: $"),
        (drop(*SCHEMAS, "Checkpoint", "properties", "ItemNode"), "getTracking 200: $"),
    ],
    ids=["not quoted", "field of a request", "type in a response", "nested field"],
)
def test_a_payload_that_is_not_allowed_is_reported(change: Change, error: str) -> None:
    """A contract that contradicts a documented or recorded payload is reported."""
    assert any(error in line for line in payload_errors(changed_contract(change)))


@pytest.mark.parametrize("operation", SENDING, ids=lambda operation: operation.name)
def test_a_body_without_a_required_field_is_rejected(operation: Operation) -> None:
    """A validator that honours `jsonSchemaDialect` reads the document and rejects the body."""
    document = contract()
    schema = request_schema(operation)
    dialect = document.get("jsonSchemaDialect", "https://json-schema.org/draft/2020-12/schema")
    validator = jsonschema_rs.validator_for({**document, "$schema": dialect, **schema})
    example, *_ = operation.value["requestBody"]["content"]["application/json"]["examples"].values()
    body: Any = resolve(document, example)["value"]
    required = resolve(document, schema.get("items", schema)).get("required", [])

    assert validator.is_valid(body)
    for field in required:
        changed = copy.deepcopy(body)
        del (changed[0] if isinstance(changed, list) else changed)[field]
        assert not validator.is_valid(changed), field


@pytest.mark.parametrize("form", ["Delivered", "FormOf2017", "FormOf2019"])
def test_the_examples_of_the_webhook_are_signed(form: str) -> None:
    """The signature in an example is that of its own `timeStr`, keyed by the e-mail address."""
    example = contract()["components"]["examples"][f"TrackingUpdated{form}"]["value"]
    signed = example["verifyInfo"]
    signature = hmac.new(b"user@example.com", str(signed["timeStr"]).encode(), "sha256").hexdigest()

    assert signature == signed["signature"]
