"""The models hold what the contract's examples say, and give it back."""

import copy
import inspect
import pickle
from collections.abc import Callable
from contextlib import nullcontext
from enum import Enum
from typing import Any, get_args

import msgspec
import pytest
from msgspec import Struct
from msgspec.structs import fields

from tests.contract.document import properties
from tests.generated.examples import REQUESTS, SUCCESSES, Example, encoded, read, rewritten
from trackingmore_v2_api import OPERATIONS, OpenIntEnum, OpenStrEnum, models
from trackingmore_v2_api.runtime import AwareDatetime
from website.contract import contract

CLASSES = [
    found
    for _, found in inspect.getmembers(models, inspect.isclass)
    if found.__module__ == models.__name__
]
STRUCTS = [found for found in CLASSES if issubclass(found, Struct)]
ENUMS = [found for found in CLASSES if issubclass(found, Enum)]
BODIES = {
    get_args(operation.request)[0] if get_args(operation.request) else operation.request
    for operation in OPERATIONS.values()
    if operation.request
}
"""Models of request bodies, and of items of them."""

OPEN: dict[str, Any] = {
    name: getattr(models, name)
    for name, schema in contract()["components"]["schemas"].items()
    if schema.get("x-open")
}
CLOSED = [
    name
    for name, schema in contract()["components"]["schemas"].items()
    if "enum" in schema and not schema.get("x-open")
]
RENAMED = {
    name: node["x-python-name"]
    for _, name, node, _ in properties(contract())
    if "x-python-name" in node
}
TEXT_ENUMS = [name for name, enum in OPEN.items() if issubclass(enum, str)]
SHORT = [
    *((name, value) for name in TEXT_ENUMS for value in ("brand_new", "", "null", "a b")),
    *(("StatusNumber", value) for value in (99, -1, -(2**63), 2**64 - 1)),
    ("ErrorCode", 9999),
]
HUGE = [("StatusNumber", 2**64), ("StatusNumber", 10**100)]
"""More than JSON numbers of msgspec may have; only the slow path reads them."""


def pickled(value: Any) -> Any:
    """Send a value to another process and back."""
    return pickle.loads(pickle.dumps(value))  # noqa: S301 - our own


@pytest.mark.parametrize("example", SUCCESSES, ids=str)
def test_a_response_is_read_and_written_again(example: Example) -> None:
    """Each example is read without a repair, and nothing but nulls is lost or renamed."""
    response, repairs = read(example.operation, example.value)

    assert repairs == []
    assert msgspec.json.decode(msgspec.json.encode(response)) == rewritten(example.value)


@pytest.mark.parametrize("example", REQUESTS, ids=str)
def test_a_request_is_read_and_written_again(example: Example) -> None:
    """Each example of a request fits the type that `call()` takes, and is sent as it stands."""
    operation = OPERATIONS.get(example.operation)
    request = operation.request if operation else models.TrackingEvent
    assert request is not None
    body = msgspec.json.decode(encoded(example.value), type=request)

    assert msgspec.json.decode(msgspec.json.encode(body)) == rewritten(example.value)


def test_there_are_examples_of_every_operation() -> None:
    """No operation escapes these tests for want of an example."""
    assert {example.operation for example in SUCCESSES} == set(OPERATIONS)
    assert {example.operation for example in REQUESTS} >= {
        name for name, operation in OPERATIONS.items() if operation.request
    }


@pytest.mark.parametrize("struct", STRUCTS, ids=lambda struct: struct.__name__)
def test_a_struct_is_frozen_and_cheap(struct: type[Struct]) -> None:
    """
    Models cannot be changed, take arguments by name, and cost the garbage collector nothing.

    Request models reject unknown fields; models of responses ignore them.
    """
    config = struct.__struct_config__

    assert config.frozen
    assert not config.gc
    assert config.omit_defaults
    assert config.forbid_unknown_fields == (struct in BODIES)
    with pytest.raises(TypeError, match="Extra positional arguments provided"):
        struct(None)


@pytest.mark.parametrize("struct", STRUCTS, ids=lambda struct: struct.__name__)
def test_a_struct_has_the_contracts_fields(struct: type[Struct]) -> None:
    """Wire names and what is required are the contract's; what may be null may be absent."""
    schema = contract()["components"]["schemas"][struct.__name__]
    nullable = {name for name, it in schema["properties"].items() if "null" in it.get("type", "")}

    assert {field.encode_name for field in fields(struct)} == set(schema["properties"])
    assert {field.encode_name for field in fields(struct) if field.required} == (
        set(schema.get("required", ())) - nullable
    )


@pytest.mark.parametrize(
    "struct",
    [struct for struct in STRUCTS if struct not in BODIES],
    ids=lambda struct: struct.__name__,
)
def test_a_response_has_no_constraints(struct: type[Struct]) -> None:
    """A response that breaks a pattern or a bound is read all the same; times have an offset."""
    types = str([field.type for field in fields(struct)])

    assert "Annotated" not in types.replace(str(AwareDatetime), "")


@pytest.mark.parametrize(
    ("struct", "values", "is_valid"),
    [
        (models.TrackingKey, {"tracking_number": "LK664578623CN"}, True),
        (models.TrackingKey, {"tracking_number": "ABCD"}, False),
        (models.TrackingKey, {"tracking_number": "LK664578623CN\n"}, False),
        (models.TrackingKey, {"tracking_number": " LK664578623CN"}, False),
        (models.TrackingKey, {"carrier_code": "ups\n"}, False),
        (models.TrackingKey, {"lang": "en"}, False),
        (models.CreateTrackingItem, {"auto_correct": 1}, True),
        (models.CreateTrackingItem, {"auto_correct": None}, True),
        (models.CreateTrackingItem, {"auto_correct": 2}, False),
        (models.CreateTrackingItem, {"auto_correct": -1}, False),
        (models.Route, {"original": "CN", "destination": "US"}, False),  # has no number
    ],
)
def test_a_request_has_the_contracts_constraints(
    struct: type[Struct], values: dict[str, Any], *, is_valid: bool
) -> None:
    """Patterns have to match the whole text, numbers to be within bounds, names to be known."""
    good = {"carrier_code": "ups", "tracking_number": "LK664578623CN"}
    with nullcontext() if is_valid else pytest.raises(msgspec.ValidationError):
        msgspec.convert({**good, **values}, struct)


def test_every_named_schema_is_generated() -> None:
    """No schema is lost on the way, and none is invented."""
    schemas = contract()["components"]["schemas"]
    shaped = {name for name, schema in schemas.items() if {"properties", "enum"} & set(schema)}

    assert {found.__name__ for found in CLASSES} == shaped
    assert all(hasattr(models, name) for name in schemas)


@pytest.mark.parametrize("struct", STRUCTS, ids=lambda struct: struct.__name__)
def test_a_field_has_the_name_the_contract_chose(struct: type[Struct]) -> None:
    """`x-python-name` is respected; other names are those of the wire, in snake case."""
    for field in fields(struct):
        chosen = RENAMED.get(field.encode_name)
        same = field.name.replace("_", "") == field.encode_name.replace("_", "").lower()

        assert field.name == chosen if chosen else same
        assert field.name == field.name.lower()


def test_misspelt_names_are_put_right() -> None:
    """What the wire misspells has a good name in Python."""
    assert RENAMED == {
        "DepartfromAirport": "departed_from_airport",
        "ArrivalfromAbroad": "arrived_from_abroad",
        "trackinfo": "track_info",
        "singed_by": "signed_by",
    }


@pytest.mark.parametrize("enum", ENUMS, ids=lambda enum: enum.__name__)
def test_an_enum_has_the_contracts_values(enum: type[Enum]) -> None:
    """The listed values are members, in the contract's order, and none else is."""
    schema = contract()["components"]["schemas"][enum.__name__]
    open_ = issubclass(enum, OpenStrEnum | OpenIntEnum)

    assert [member.value for member in enum] == schema["enum"]
    assert open_ == schema.get("x-open", False)


@pytest.mark.parametrize("enum", OPEN.values(), ids=OPEN)
def test_a_listed_value_is_known(enum: Any) -> None:
    """A listed value is the member itself, however it comes."""
    for member in enum:
        assert enum(member.value) is member
        assert msgspec.json.decode(msgspec.json.encode(member), type=enum) is member
        assert pickled(member) is member
        assert member.is_known


@pytest.mark.parametrize(("name", "value"), [*SHORT, *HUGE])
def test_an_unlisted_value_is_a_value(name: str, value: object) -> None:
    """A new value equals and hashes like the plain one, and is no second value next to it."""
    member = OPEN[name](value)

    assert member == value
    assert member == type(member)(value)
    assert hash(member) == hash(value)
    assert len({member, type(member)(value), value}) == 1
    assert member.value == value
    assert str(member) == f"{member}" == str(value)
    assert str(value) in repr(member)
    assert not member.is_known
    assert value not in [listed.value for listed in OPEN[name]]


@pytest.mark.parametrize(("name", "value"), [*SHORT, *HUGE])
@pytest.mark.parametrize("again", [pickled, copy.copy, copy.deepcopy])
def test_an_unlisted_value_survives_a_journey(
    name: str, value: object, again: Callable[[Any], Any]
) -> None:
    """A new value can be pickled and copied, and is the same afterwards."""
    member = OPEN[name](value)
    found = again(member)

    assert type(found) is type(member)
    assert found == member == value
    assert not found.is_known


@pytest.mark.parametrize(("name", "value"), SHORT)
def test_an_unlisted_value_is_written_as_it_came(name: str, value: object) -> None:
    """A new value is decoded from JSON and encoded to the same, as far as 64 bits go."""
    member = OPEN[name](value)
    text = msgspec.json.encode(value)

    assert msgspec.json.decode(text, type=type(member)) == member
    assert msgspec.json.encode(member) == text


@pytest.mark.parametrize("value", [None, True, 1.5, 4, []], ids=repr)
def test_an_open_text_enum_takes_text_only(value: Any) -> None:
    """What is not text is no new word."""
    with pytest.raises(ValueError, match="is not a valid"):
        models.TrackingStatus(value)


@pytest.mark.parametrize("value", [None, 99.5, "4", "99", []], ids=repr)
def test_an_open_number_enum_takes_numbers_only(value: Any) -> None:
    """What is not a whole number is no new number."""
    with pytest.raises(ValueError, match="is not a valid"):
        models.StatusNumber(value)


@pytest.mark.parametrize("name", CLOSED)
def test_a_closed_enum_is_closed(name: str) -> None:
    """What is sent is limited to what the contract lists."""
    with pytest.raises(ValueError, match="is not a valid"):
        getattr(models, name)("brand_new")
