from collections.abc import Mapping
from importlib.resources import files
from typing import Any

import msgspec
import pytest
from openapi_spec_validator import validate

from tests.sandbox.harness import NewApi, admin_contract
from trackingmore_v2_sandbox import admin
from trackingmore_v2_sandbox.admin import schemas, views
from trackingmore_v2_sandbox.admin.routes import OPERATIONS
from trackingmore_v2_sandbox.webhooks import subscriptions

BOUNDS = ("minimum", "maximum", "maxLength", "minItems", "maxItems")
SCHEMAS = admin_contract()["components"]["schemas"]
PUBLIC = ("/openapi.json", "/openapi.yaml", "/health")
"""What is served without a token."""

ELSEWHERE = {"Meta", "ResponseBody", "Rejection", "Instruction", "Snapshot", "WebhookInput"}
"""Schemas of the document that are no class of the models."""

INPUTS = [
    schemas.AccountChange,
    schemas.Advance,
    schemas.ClockChange,
    schemas.FaultPlanChange,
    schemas.Seed,
    schemas.SeedTrackingInput,
]
CLASSES = {**vars(schemas), **vars(views)}
OUTPUTS = [CLASSES[name] for name in SCHEMAS if name not in ELSEWHERE]


def resolved(schema: Mapping[str, Any], within: Mapping[str, Any]) -> Mapping[str, Any]:
    """Follow a reference, and leave out the choice of null."""
    if "$ref" in schema:
        return resolved(within[schema["$ref"].rpartition("/")[2]], within)
    choices = [each for each in schema.get("anyOf", ()) if each != {"type": "null"}]
    return resolved(choices[0], within) if len(choices) == 1 else schema


def bounds(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return the limits of a value."""
    return {name: schema[name] for name in BOUNDS if name in schema}


def generated(kind: type) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Return the JSON schema of a class, and all that it refers to."""
    schema = msgspec.json.schema(kind, schema_hook=lambda _anything: {"description": "anything"})
    within = schema.get("$defs", {})
    return resolved(schema, within), within


def test_the_document_is_openapi() -> None:
    """Every tool can read it."""
    validate(admin_contract())


def test_the_document_is_served_without_token(new_api: NewApi) -> None:
    """It holds no secret, and says how to get in."""
    api = new_api()
    served = api.http.get("/_sandbox/openapi.json")

    assert served.content == files(admin).joinpath("openapi.json").read_bytes()
    assert served.headers["Content-Type"] == "application/json"


def test_the_routes_are_those_of_the_admin_contract() -> None:
    """Whatever is served is described, and the other way round."""
    described = {path: set(methods) for path, methods in admin_contract()["paths"].items()}
    served = {path: set(map(str.lower, methods)) for path, methods in OPERATIONS.items()}

    assert described == served | {path: {"get"} for path in PUBLIC}


@pytest.mark.parametrize(
    ("path", "method"),
    [(path, method) for path, methods in OPERATIONS.items() for method in methods],
)
def test_a_query_is_as_described(path: str, method: str) -> None:
    """Names, defaults and limits of its parameters."""
    described = {
        parameter["name"]: parameter["schema"]
        for parameter in admin_contract()["paths"][path][method.lower()].get("parameters", ())
        if parameter.get("in") == "query"
    }
    schema, within = generated(OPERATIONS[path][method].query)
    known = schema["properties"]

    assert set(described) == set(known)
    for name, each in described.items():
        assert bounds(each) == bounds(resolved(known[name], within))
        assert each["default"] == known[name]["default"]


@pytest.mark.parametrize("kind", INPUTS, ids=lambda kind: kind.__name__)
def test_a_body_is_as_described(kind: type) -> None:
    """Names of its fields, which are required, their limits, and that there are no others."""
    described = SCHEMAS[kind.__name__]
    schema, within = generated(kind)

    assert set(described["properties"]) == set(schema["properties"])
    assert set(described.get("required", ())) == set(schema.get("required", ()))
    assert described["additionalProperties"] == schema["additionalProperties"]
    for name, known in schema["properties"].items():
        limits = bounds(resolved(known, within))
        assert bounds(described["properties"][name]) == limits, name


def test_a_webhook_is_as_described() -> None:
    """The same of the one body that the webhooks read themselves."""
    schema, _ = generated(subscriptions._SubscriptionFields)  # noqa: SLF001 - the document describes it
    described = SCHEMAS["WebhookInput"]

    assert set(described["properties"]) == set(schema["properties"])
    assert set(described["required"]) == set(schema["required"])
    for name, known in schema["properties"].items():
        default = msgspec.json.decode(msgspec.json.encode(known.get("default")))
        assert described["properties"][name].get("default") == default


@pytest.mark.parametrize("kind", OUTPUTS, ids=lambda kind: kind.__name__)
def test_a_schema_is_a_class(kind: type[msgspec.Struct]) -> None:
    """Python and HTTP have the same fields."""
    assert set(SCHEMAS[kind.__name__]["properties"]) == set(kind.__struct_fields__)
