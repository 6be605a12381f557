"""The models as types of pydantic's fields, and of FastAPI's parameters and responses."""

import json
from typing import Annotated, Any

import msgspec
import pytest
from fastapi import Body, FastAPI
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # has no types of its own
from msgspec import Struct
from pydantic import BaseModel, TypeAdapter, ValidationError
from starlette.testclient import TestClient

from tests.generated.examples import SUCCESSES, Example, read, success
from trackingmore_v2_api import OPERATIONS, models

MODELS: list[type[Struct]] = [
    model
    for name in models.__all__
    if isinstance(model := getattr(models, name), type) and issubclass(model, Struct)
]
KEY = {"tracking_number": "LK664578623CN", "carrier_code": "ups"}
TRACKING: models.Tracking = read("getTracking", success("getTracking"))[0].data


class Order(BaseModel):
    """A user's model, with some of ours as fields."""

    tracking: models.Tracking
    history: list[models.Tracking] = []
    change: models.UpdateTrackingItem | None = None


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
@pytest.mark.parametrize("mode", ["validation", "serialization"])
def test_a_schema_has_the_fields_of_the_api(model: type[Struct], mode: Any) -> None:
    """Names, required fields and the description are the contract's, in either direction."""
    schema = TypeAdapter(model).json_schema(mode=mode)
    schema = schema["$defs"][schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    fields = msgspec.structs.fields(model)

    assert schema["title"] == model.__name__
    assert schema.get("description", "").split() == (model.__doc__ or "").split()
    assert list(schema["properties"]) == [field.encode_name for field in fields]
    assert schema.get("required", []) == [field.encode_name for field in fields if field.required]
    assert schema.get("additionalProperties", True) != model.__struct_config__.forbid_unknown_fields


@pytest.mark.parametrize(
    "example",
    [example for example in SUCCESSES if not read(example.operation, example.value)[1]],
    ids=str,
)
def test_a_response_matches_its_schema(example: Example) -> None:
    """What is written is what the schema describes, and is read again."""
    model, _ = read(example.operation, example.value)
    adapter = TypeAdapter(OPERATIONS[example.operation].response)
    written = json.loads(adapter.dump_json(model))

    assert written == adapter.dump_python(model) == msgspec.to_builtins(model)
    Draft202012Validator(adapter.json_schema(mode="serialization")).validate(written)
    assert adapter.validate_python(model) is model
    assert adapter.validate_python(written) == adapter.validate_json(json.dumps(written)) == model


def test_a_field_of_a_users_model() -> None:
    """It takes models and objects, and is written as JSON and read again."""
    order = Order(tracking=TRACKING, history=[TRACKING])

    assert order.tracking is TRACKING
    assert Order.model_validate(order.model_dump()) == order
    assert Order.model_validate_json(order.model_dump_json()) == order


@pytest.mark.parametrize(
    ("change", "place", "problem"),
    [
        ({"tracking_number": "LK664578623CN"}, (), "missing required field `carrier_code`"),
        (
            {"tracking_number": "x", "carrier_code": "ups"},
            ("tracking_number",),
            r"Expected `str` matching regex '\\A[0-9A-Za-z_-]{5,}\\Z'",
        ),
        ({**KEY, "title": 5}, ("title",), "Expected `str | null`, got `int`"),
        ({**KEY, "x": 1}, (), "unknown field `x`"),
        ("ups", (), "Expected `object`, got `str`"),
        (TRACKING, (), "Expected `object`, got `Tracking`"),
    ],
)
def test_an_invalid_request_is_an_error_of_pydantic(
    change: object, place: tuple[str, ...], problem: str
) -> None:
    """The constraints of the contract hold, and the message names the field."""
    with pytest.raises(ValidationError) as caught:
        Order.model_validate({"tracking": TRACKING, "change": change})

    (error,) = caught.value.errors()
    assert error["loc"] == ("change", *place)
    assert problem in error["msg"]


def test_an_error_names_the_place_in_lists() -> None:
    """Names and indexes lead there, as those of pydantic do."""
    tracking = success("getTracking")["data"]
    tracking["origin_info"]["trackinfo"][1]["Date"] = 5
    with pytest.raises(ValidationError) as caught:
        Order.model_validate({"tracking": TRACKING, "history": [TRACKING, tracking]})

    (error,) = caught.value.errors()
    assert error["loc"] == ("history", 1, "origin_info", "trackinfo", 1, "Date")


def test_a_time_without_an_offset_is_an_error() -> None:
    """What a user sends is not repaired."""
    with pytest.raises(ValidationError, match="timezone"):
        TypeAdapter(models.Tracking).validate_python(
            {**success("getTracking")["data"], "created_at": "2018-04-16T06:30:02"}
        )


app = FastAPI()


@app.get("/tracking")
async def one() -> models.Tracking:
    """Return a model."""
    return TRACKING


@app.get("/trackings")
async def several() -> list[models.Tracking]:
    """Return several."""
    return [TRACKING, TRACKING]


@app.post("/order")
async def order(item: Annotated[models.CreateTrackingItem, Body()]) -> dict[str, str]:
    """Take a model."""
    return {"number": item.tracking_number}


def test_a_fastapi_app() -> None:
    """A response is written as `to_dict()` has it; a body is read, or rejected with status 422."""
    item = {"tracking_number": "LK664578623CN", "carrier_code": "china-ems"}
    with TestClient(app) as browser:
        plain = msgspec.to_builtins(TRACKING)
        assert browser.get("/tracking").json() == plain
        assert browser.get("/trackings").json() == [plain, plain]
        assert browser.post("/order", json=item).json() == {"number": "LK664578623CN"}
        assert browser.post("/order", json={**item, "tracking_number": "x"}).status_code == 422


def test_fastapi_describes_the_models() -> None:
    """Each model is a component, and so is each model in it."""
    document = app.openapi()
    components, paths = document["components"]["schemas"], document["paths"]
    content = paths["/tracking"]["get"]["responses"]["200"]["content"]["application/json"]
    body = paths["/order"]["post"]["requestBody"]["content"]["application/json"]

    assert content["schema"]["$ref"] == "#/components/schemas/Tracking"
    assert body["schema"]["$ref"] == "#/components/schemas/CreateTrackingItem"
    assert components["Tracking"]["properties"]["created_at"]["anyOf"] == [
        {"type": "string", "format": "date-time"},
        {"type": "null"},
    ]
    assert components["Tracking"]["properties"]["origin_info"]["anyOf"][0] == {
        "$ref": "#/components/schemas/Leg"
    }
    assert {"Leg", "Checkpoint", "TrackingStatus", "Substatus"} <= components.keys()
