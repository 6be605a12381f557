"""The contract's examples fit their schemas, and quote every documented and recorded payload."""

import copy
import hmac
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # has no types of its own
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from tests.contract.document import Json, contract, dig, media, pointer, resolve, schemas
from tests.contract.faults import EXAMPLES, Change, drop, put

PAYLOADS = json.loads(Path(__file__).with_name("payloads.json").read_text(encoding="utf-8"))


def uses(document: Json) -> Iterator[tuple[str, str, Any]]:
    """Yield every use of an example: its name, where its schema stands, and its value."""
    for body in media(document):
        for name, example in body.value.get("examples", {}).items():
            value = resolve(document, example)["value"]
            yield f"{body.name} {name}", pointer(body.where, "schema"), value
    for where, schema in schemas(document):
        for index, value in enumerate(schema.get("examples", [])):
            yield f"{where.rpartition('/')[2]} {index}", where, value


def complaints(document: Json) -> list[str]:
    """Return what is wrong with the examples of a document, one line for each."""
    registry: Registry[Any] = Registry().with_resource(
        "urn:contract", DRAFT202012.create_resource(document)
    )
    return [
        f"{name}: {error.json_path}: {error.message}"
        for name, where, value in uses(document)
        for error in Draft202012Validator(
            {"$ref": f"urn:contract{where}"}, registry=registry
        ).iter_errors(value)
    ]


def closed(document: Json) -> Json:
    """Copy a document; objects in the copy may have no fields but the described ones."""
    document = copy.deepcopy(document)
    for _, schema in schemas(document):
        if "properties" in schema:
            schema["additionalProperties"] = False
    return document


def quoted(document: Json, operation: str, part: str) -> list[Any]:
    """Return the values of the examples of an operation's request, answer or answer's `data`."""
    body = {"request": "request", "answer": "200", "data": "200"}[part]
    values = [
        resolve(document, example)["value"]
        for found in media(document)
        if found.name == f"{operation} {body}"
        for example in found.value["examples"].values()
    ]
    return [dig(value, "data") for value in values] if part == "data" else values


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
