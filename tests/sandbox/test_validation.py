"""Sentences about invalid values, in settings and in the admin API."""

from collections.abc import Mapping
from typing import Any

import msgspec
import pytest

from trackingmore_v2_api import RateLimit
from trackingmore_v2_sandbox import Settings
from trackingmore_v2_sandbox.admin import schemas
from trackingmore_v2_sandbox.validation import explain

SEED = {"carrier_code": "ups", "tracking_number": "SANDBOX-PICKUP"}


@pytest.mark.parametrize(
    ("kind", "fields", "expected"),
    [
        (schemas.Advance, {"seconds": "x"}, "seconds must be a number from 0 to 4,102,444,800"),
        (schemas.Advance, {"seconds": -1}, "seconds must be a number from 0 to 4,102,444,800"),
        (
            schemas.Advance,
            {"to": "noon"},
            "to must be a time with a UTC offset, such as 2026-03-01T12:00:00Z",
        ),
        (schemas.Advance, {}, "give exactly one of seconds, to"),
        (schemas.Advance, {"days": 1}, "unknown field 'days'; expected one of seconds, to"),
        (schemas.Nothing, {"days": 1}, "unknown field 'days'; expected none"),
        (
            schemas.AccountChange,
            {"quota": True},
            "quota must be an integer from 0 to 2,147,483,648 or null",
        ),
        (schemas.AccountChange, {"locked": 1}, "locked must be true or false"),
        (schemas.FaultPlanChange, {}, "missing field 'instructions'"),
        (
            schemas.FaultPlanChange,
            {"instructions": {"*": 5}},
            "instructions[...] must be a string or an object or an array",
        ),
        (
            schemas.FaultPlanChange,
            {"instructions": {}, "name": "a b"},
            "name must be a string of 1 to 100 visible ASCII characters without spaces or null",
        ),
        (schemas.Seed, {"trackings": []}, "trackings must be an array of 1 or more items"),
        (schemas.Seed, {"trackings": [{}]}, "missing field 'carrier_code' in trackings[0]"),
        (
            schemas.Seed,
            {"trackings": [SEED, {**SEED, "title": 5}]},
            "trackings[1].title must be a string or null",
        ),
        (
            schemas.TrackingListQuery,
            {"query": "x" * 101},
            "query must be a string of at most 100 characters",
        ),
        (schemas.Limit, {"limit": 0}, "limit must be an integer from 1 to 1,000"),
    ],
)
def test_a_sentence_names_the_field_and_what_is_allowed(
    kind: type[Any], fields: Mapping[str, object], expected: str
) -> None:
    """Without the wording of the library, from JSON and from Python."""
    with pytest.raises(msgspec.ValidationError) as error:
        msgspec.json.decode(msgspec.json.encode(fields), type=kind)
    with pytest.raises(schemas.InvalidAdminInput) as of_python:
        schemas.read(fields, kind)

    assert explain(error.value, kind) == str(of_python.value) == expected


def test_a_value_that_is_no_object_has_a_sentence() -> None:
    """It has no field."""
    with pytest.raises(msgspec.ValidationError) as error:
        msgspec.json.decode(b"[]", type=schemas.Advance)

    assert explain(error.value, schemas.Advance) == "the value must be an object"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"quota": -1}, "quota must be an integer from 0 to 2,147,483,648"),
        ({"quota": "many"}, "quota must be an integer from 0 to 2,147,483,648"),
        ({"quota": True}, "quota must be an integer from 0 to 2,147,483,648"),
        ({"strict": "yes"}, "strict must be true or false"),
        ({"lock_seconds": -0.5}, "lock_seconds must be a number from 0 to 31,622,400"),
        ({"lock_seconds": float("nan")}, "lock_seconds must be a number from 0 to 31,622,400"),
        ({"lock_seconds": float("inf")}, "lock_seconds must be a number from 0 to 31,622,400"),
        ({"webhook_timeout": 0}, "webhook_timeout must be a number above 0 and up to 30"),
        ({"webhook_attempts": 0}, "webhook_attempts must be an integer from 1"),
        ({"allowed_hosts": "example.test"}, "allowed_hosts must be a set"),
        ({"webhook_hosts": frozenset({5})}, "must be a string"),
        ({"email": None}, "email must be a string"),
        ({"rate_limit": 5}, "rate_limit must be a RateLimit or None"),
        ({"rate_limit": {"requests": 1, "seconds": 1}}, "rate_limit must be a RateLimit or None"),
        ({"rate_limit": RateLimit(0, 1)}, "rate_limit must be above 0"),
        ({"carriers": ["ups"]}, r"carriers must be a CarrierList, as read_carriers\(\) returns"),
        ({"default_clock": "now"}, r"default_clock must be a clock, as start_clock\(\) returns"),
    ],
)
def test_invalid_settings_are_rejected_when_they_are_made(
    fields: dict[str, Any], expected: str
) -> None:
    """The error names the field and what is allowed."""
    with pytest.raises(ValueError, match=f"^invalid settings: .*{expected}"):
        Settings(**fields)
