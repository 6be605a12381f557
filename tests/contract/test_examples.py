"""The contract's examples fit their schemas, and quote every documented and recorded payload."""

import copy
import hmac
import json

import pytest

from tests.contract.document import Json, contract
from tests.contract.examples import PAYLOADS, closed, complaints, payload_complaints, quoted
from tests.contract.faults import EXAMPLES, SCHEMAS, TRACKING, Change, drop, put


def test_every_example_fits_its_schema() -> None:
    """An example is valid wherever it is used: as a request, or as one of two answers."""
    assert complaints(contract()) == []


def test_no_example_has_an_undescribed_field() -> None:
    """A field that an example shows is described."""
    assert complaints(closed(contract())) == []


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (drop(*EXAMPLES, "CreateTrackingMinimal", "value", "carrier_code"), "request minimal"),
        (put(*EXAMPLES, "CreatedTracking", "value", "data", "id", to=5), "200 created"),
        (put(*EXAMPLES, "TrackingExists", "value", "data", to={}), "200 exists"),
        (put(*EXAMPLES, "TrackingExists", "value", "meta", "code", to=200), "200 exists"),
        (put(*EXAMPLES, "RateLimited", "value", "meta", "code", to="429"), "TooManyRequests"),
        (drop(*EXAMPLES, "TrackingUpdatedDelivered", "value", "data"), "trackingUpdated request"),
        (
            put("components", "schemas", "CarrierCode", "examples", to=["dhl express"]),
            "CarrierCode 0",
        ),
    ],
    ids=[
        "request without a required field",
        "field of another type",
        "refusal with data",
        "neither success nor refusal",
        "shared answer",
        "webhook without data",
        "example of a schema",
    ],
)
def test_a_broken_example_is_found(change: Change, complaint: str) -> None:
    """An example that does not fit is named, wherever it is used."""
    document = copy.deepcopy(contract())
    change(document)

    assert any(complaint in line for line in complaints(document))


def test_an_undescribed_field_is_found() -> None:
    """An example with a field that no schema describes is named."""
    document = copy.deepcopy(contract())
    put(*EXAMPLES, "CreatedTracking", "value", "data", "colour", to="red")(document)

    assert any("200 created" in line for line in complaints(closed(document)))


def test_the_example_of_the_webhook_is_signed() -> None:
    """The signature in the example is that of its own `timeStr`, keyed by the e-mail address."""
    example = contract()["components"]["examples"]["TrackingUpdatedDelivered"]["value"][
        "verifyInfo"
    ]
    signature = hmac.new(b"user@example.com", example["timeStr"].encode(), "sha256").hexdigest()

    assert signature == example["signature"]


def test_the_payloads_are_all_there() -> None:
    """The list of documented and recorded payloads was not cut."""
    assert len(PAYLOADS) == 30


@pytest.mark.parametrize(
    "entry", PAYLOADS, ids=[f"{entry['operation']}-{entry['part']}" for entry in PAYLOADS]
)
def test_the_contract_quotes_the_payload(entry: Json) -> None:
    """A payload that was documented or recorded is an example of its operation, word for word."""
    values = quoted(contract(), entry["operation"], entry["part"])

    assert json.dumps(entry["payload"]) in [json.dumps(value) for value in values]


def test_the_contract_allows_the_payloads() -> None:
    """What was documented or recorded fits its schema, whatever became of the example."""
    assert payload_complaints(contract()) == []


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (drop(*EXAMPLES, "ChangedCarrier", "value", "data", "Usertag"), "changeCarrier answer: is"),
        (
            drop(*SCHEMAS, "UpdateTrackingRequest", "properties", "title"),
            "updateTracking request: $: ",
        ),
        (put(*TRACKING, "lastEvent", "type", to="null"), "listTrackings 200: $"),
        (drop(*SCHEMAS, "Checkpoint", "properties", "ItemNode"), "getTracking 200: $"),
    ],
    ids=["not quoted", "field of a request lost", "type of an answer lost", "field deep inside"],
)
def test_a_payload_that_is_not_allowed_is_found(change: Change, complaint: str) -> None:
    """A contract that departs from what was documented or recorded is found."""
    document = copy.deepcopy(contract())
    change(document)

    assert any(complaint in line for line in payload_complaints(document))
