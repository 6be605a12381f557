"""The sandbox emits each response field of the contract, but for those listed with a reason."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import httpx2

from trackingmore_v2_api import API_KEY_HEADER, OPERATIONS
from trackingmore_v2_pytest.receiver import WebhookReceiver
from trackingmore_v2_sandbox import Sandbox
from website.contract import (
    Json,
    answer_schemas,
    contract,
    load,
    operations,
    request_schema,
    resolve,
    webhooks,
)

LIST: Final = Path(__file__).parents[2] / "contract" / "not_emitted.yaml"
COMPONENT: Final = "#/components/schemas/"
DELIVERED: Final = "SANDBOX-TRANSIT001-1H-TO-US-TRANSIT004-1H-PICKUP-1H-DELIVERED001"
REJECTED: Final = "SANDBOX-FAIL-4016"
PAIR: Final = {"tracking_number": DELIVERED, "carrier_code": "china-ems"}
POSTAL: Final = {"tracking_number": "LK664578623CN", "carrier_code": "china-ems"}
DETAILS: Final = {
    "title": "Teapot",
    "logistics_channel": "4PX",
    "order_id": "#1234",
    "comment": "Fragile",
    "customer_name": "A. Customer",
    "customer_email": "a@example.com",
    "customer_phone": "+1",
    "order_create_time": "2026-01-01 12:00",
    "destination_code": "US",
    "lang": "en",
    "tracking_ship_date": "1521314361",
    "tracking_postal_code": "13ES20",
    "auto_correct": 1,
    "tracking_account_number": "1",
    "tracking_destination_country": "US",
}
CALLS: Final[tuple[tuple[str, object, dict[str, str]], ...]] = (
    ("createTracking", {**PAIR, **DETAILS}, {}),
    ("createTracking", {**PAIR}, {}),
    ("createTrackingBatch", [{**POSTAL, **DETAILS}, {**PAIR}], {}),
    ("getTracking", None, PAIR),
    ("getLocalizedTracking", None, {**PAIR, "lang": "en"}),
    ("listTrackings", None, {"limit": "10"}),
    ("countTrackings", None, {}),
    ("trackInRealtime", {**POSTAL, **DETAILS}, {}),
    ("updateTracking", {"title": "Pot", "archived": "true", "status": 4}, PAIR),
    ("updateTrackingBatch", [{**PAIR, "title": "Pot"}, {**PAIR, "tracking_number": REJECTED}], {}),
    ("stopTrackingUpdates", [PAIR, {**PAIR, "tracking_number": REJECTED}], {}),
    ("changeCarrier", {**POSTAL, "update_carrier_code": "usps"}, {}),
    ("deleteTrackingBatch", [PAIR, PAIR], {}),
    ("deleteTracking", None, {**POSTAL, "carrier_code": "usps"}),
    ("getAccount", None, {}),
    ("checkRemoteAreas", [{"country": "Japan", "postcode": "7621094"}], {}),
    ("getTransitTimes", [{"carrier_code": "dhl", "original": "CN", "destination": "US"}], {}),
    ("trackAirWaybills", {"track_number": ["172-28891936", "172-00000011"]}, {}),
    ("listCarriers", None, {}),
    ("detectCarrier", {"tracking_number": "RN123456789CN"}, {}),
)
"""Calls that between them show all that the sandbox emits, in an order in which each succeeds."""


def fields_of(document: Json, schema: Json, where: str) -> Iterator[str]:
    """Yield the name of each property below a schema: its component, or its path, and the field."""
    yield from (place for place, _ in _visit(document, schema, where, set()))


def _visit(document: Json, schema: Json, where: str, seen: set[str]) -> Iterator[tuple[str, Json]]:
    reference = schema.get("$ref", "")
    if reference.startswith(COMPONENT):
        where = reference.removeprefix(COMPONENT)
        if where in seen:
            return
        seen.add(where)
    schema = resolve(document, schema)
    for key in ("allOf", "anyOf", "oneOf"):
        for part in schema.get(key, ()):
            yield from _visit(document, part, where, seen)
    for key in ("items", "additionalProperties"):
        if isinstance(schema.get(key), dict):
            yield from _visit(document, schema[key], where, seen)
    for name, inner in schema.get("properties", {}).items():
        yield f"{where}.{name}", inner
        yield from _visit(document, inner, f"{where}.{name}", seen)


def emitted(document: Json, schema: Json, value: object, where: str) -> Iterator[str]:
    """Yield the name of each property of a schema that a JSON value has."""
    reference = schema.get("$ref", "")
    if reference.startswith(COMPONENT):
        where = reference.removeprefix(COMPONENT)
    schema = resolve(document, schema)
    for key in ("allOf", "anyOf", "oneOf"):
        for part in schema.get(key, ()):
            yield from emitted(document, part, value, where)
    if isinstance(value, list):
        for item in value:
            yield from emitted(document, schema.get("items", {}), item, where)
    if isinstance(value, dict):
        properties = schema.get("properties", {})
        others = schema.get("additionalProperties")
        for name, inner in value.items():
            if name in properties:
                yield f"{where}.{name}"
                yield from emitted(document, properties[name], inner, f"{where}.{name}")
            elif isinstance(others, dict):
                yield from emitted(document, others, inner, where)


def responses() -> Iterator[tuple[str, Any]]:
    """Yield the id of each operation called, with its response, and of each webhook received."""
    with Sandbox() as sandbox, WebhookReceiver() as receiver:
        sandbox.clock.freeze()
        sandbox.webhooks.add(receiver.url)
        with httpx2.Client(headers={API_KEY_HEADER: sandbox.api_key}) as http:
            for operation_id, body, parameters in CALLS:
                operation = OPERATIONS[operation_id]
                named = set(operation.path_parameters)
                path = operation.path.format(**{name: quote(parameters[name]) for name in named})
                query = {name: each for name, each in parameters.items() if name not in named}
                response = http.request(
                    operation.method,
                    sandbox.base_url + path,
                    content=None if body is None else json.dumps(body).encode(),
                    params=query or None,
                )
                yield operation_id, response.json()
                if operation_id == "createTrackingBatch":
                    sandbox.clock.advance(timedelta(days=30))
        for webhook in receiver.received:
            yield "trackingUpdated", json.loads(webhook.body)


def test_every_response_field_is_emitted() -> None:
    """A field of the contract that the sandbox never emits is listed with the reason."""
    document, reasons = contract(), load(LIST.read_text(encoding="utf-8"))
    schemas = {each.name: answer_schemas(each) for each in operations(document)}
    schemas |= {each.name: [request_schema(each) or {}] for each in webhooks(document)}
    described = {
        field
        for name, choices in schemas.items()
        for schema in choices
        for field in fields_of(document, schema, name)
    }
    found = {
        field
        for name, value in responses()
        for schema in schemas[name]
        for field in emitted(document, schema, value, name)
    }

    missing, needless = described - found - reasons.keys(), reasons.keys() & found
    assert not missing, f"emit these in sandbox/, or say in {LIST.name} why not: {sorted(missing)}"
    assert not needless, f"the sandbox emits these; remove them from {LIST.name}: {needless}"
    assert reasons.keys() <= described
    assert all(reasons.values())
