"""The contract has every field, value and code that the API is known to have, and no other."""

import copy
from collections.abc import Iterator

import pytest

from tests.contract.document import contract, descriptions, operations, properties, webhooks
from tests.contract.faults import (
    BATCH_BODY,
    CODES,
    LIST,
    REALTIME,
    SCHEMAS,
    TRACKING,
    Change,
    add,
    drop,
    put,
    refer,
)
from tests.contract.fields import (
    ENTRIES,
    KNOWN,
    OBJECTS,
    compare_access,
    compare_all,
    compare_enums,
    compare_limits,
    compare_meta_codes,
    compare_operation,
    compare_times,
)

KEY = ("components", "securitySchemes", "apiKey")
ARCHIVED = (*LIST, "parameters", 12)
NEW_TITLE = (*SCHEMAS, "CreateTrackingRequest", "properties", "title")


def _named_objects(kinds: Iterator[str]) -> set[str]:
    bare = {part.strip("[]{}?") for kind in kinds for part in kind.split("|")}
    return {name for name in bare if name in OBJECTS}


@pytest.mark.parametrize("name", ENTRIES)
def test_the_operation_has_the_known_fields(name: str) -> None:
    """An operation has every known field, with every type it was seen with, and no other."""
    document = contract()
    (operation,) = (op for op in [*operations(document), *webhooks(document)] if op.name == name)

    assert list(compare_operation(document, operation, ENTRIES[name])) == []


def test_no_operation_is_unknown() -> None:
    """The list and the contract have the same operations."""
    assert ENTRIES.keys() == {op.name for op in [*operations(contract()), *webhooks(contract())]}


def test_the_enums_have_the_known_values() -> None:
    """Every known value can be said, and no other is promised."""
    assert list(compare_enums(contract())) == []


def test_the_meta_codes_are_the_known_ones() -> None:
    """Every meta code has its known type and messages, and is repeatable as known."""
    assert list(compare_meta_codes(contract())) == []


def test_access_is_as_known() -> None:
    """The server, the header of its key, and the pace of every operation are the known ones."""
    assert list(compare_access(contract())) == []


def test_the_limits_are_the_known_ones() -> None:
    """What is sent has every known limit, form and default, and no other."""
    assert list(compare_limits(contract())) == []


def test_the_zones_are_the_known_ones() -> None:
    """Every time says whose clock it was read from, as far as that is known."""
    assert list(compare_times(contract())) == []


def test_every_listed_time_is_described() -> None:
    """No time stands in the list that the contract does not have."""
    described = {name for _, name, _ in descriptions(contract())}

    assert {name for names in KNOWN["times"].values() for name in names} <= described


def test_every_listed_object_is_used() -> None:
    """Nothing stands in the list that is not compared."""
    entries = (
        kind for entry in ENTRIES.values() for kind in entry.values() if isinstance(kind, str)
    )
    fields = (kind for known in OBJECTS.values() for kind in known.values())

    assert OBJECTS.keys() == _named_objects(entries) | _named_objects(fields) | {"meta"}


def test_every_described_field_is_listed() -> None:
    """No property hides in a part of the contract that is not compared."""
    described = {name for _, name, _, _ in properties(contract())}

    assert described == {name for known in OBJECTS.values() for name in known} | {"meta", "data"}


@pytest.mark.parametrize(
    ("change", "difference"),
    [
        (drop(*TRACKING, "singed_by"), "data.singed_by: missing in the contract"),
        (put(*TRACKING, "colour", to={"type": "string"}), "data.colour: in the contract only"),
        (put(*TRACKING, "updated_at", "type", to="string"), "data.updated_at: null is known"),
        (add(*SCHEMAS, "Tracking", "required", item="origin_info"), "origin_info: may be absent"),
        (drop(*SCHEMAS, "CreateTrackingRequest", "required", 1), "carrier_code: must be sent"),
        (drop(*SCHEMAS, "Flight", "properties", "depart_time"), "flight_info{}.depart_time"),
        (drop(*LIST, "parameters", 0), "listTrackings query page"),
        (put(*LIST, "parameters", 0, "required", to=True), "query page: whether it may be left"),
        (drop(*SCHEMAS, "ErrorMeta", "properties", "message"), "meta.message: missing"),
        (drop(*SCHEMAS, "TrackingEvent", "properties", "meta"), "trackingUpdated request.meta"),
        (add(*SCHEMAS, "CarrierType", "enum", item="airline"), "CarrierType airline"),
        (drop(*SCHEMAS, "Substatus", "enum", 0), "Substatus notfound001"),
        (put(*CODES, 2, "message", to="Too many."), "202: known as"),
        (put(*CODES, 2, "retryable", to=True), "202: known as"),
        (drop(*CODES, 9, "pause-seconds"), "429: known as"),
        (drop(*CODES, 1, "other-types"), "201: known as"),
        (put(*CODES, 19, "exception", to="TrackingExists"), "4017: known as"),
        (put(*TRACKING, "stayTimeLength", "type", to=["number", "null"]), "integer is known"),
        (put(*TRACKING, "substatus", to={"type": ["string", "null"]}), "Substatus is known"),
        (put(*ARCHIVED, "schema", to=refer("schemas", "ArchivedText")), "string is known"),
        (put("servers", 0, "url", to="https://api.trackingmore.com/v3"), "servers: "),
        (put(*KEY, "name", to="Tracking-Api-Key"), "securitySchemes: "),
        (put(*REALTIME, "x-rate-limit", "requests", to=1), "trackInRealtime x-rate-limit"),
        (put(*BATCH_BODY, "maxItems", to=200), "createTrackingBatch body: "),
        (drop(*BATCH_BODY, "minItems"), "createTrackingBatch body: "),
        (put(*LIST, "parameters", 1, "schema", "default", to=50), "listTrackings limit: "),
        (put(*SCHEMAS, "LanguageCode", "pattern", to="^[a-z]{2}"), "LanguageCode: "),
        (put(*NEW_TITLE, "maxLength", to=30), "CreateTrackingRequest.title: None is known"),
        (put(*SCHEMAS, "UnixSeconds", "maximum", to=4102444800000), "UnixSeconds: "),
        (put(*TRACKING, "created_at", "description", to="ISO 8601, UTC."), "the account's zone"),
        (put(*SCHEMAS, "Flight", "description", to="Times are UTC."), "depart_time: local"),
    ],
    ids=[
        "field missing",
        "field too many",
        "type missing",
        "optional field required",
        "required field optional",
        "field of a map's values missing",
        "parameter missing",
        "parameter required",
        "field of a refusal missing",
        "field of a webhook missing",
        "value too many",
        "value missing",
        "other message",
        "other verdict on repeating",
        "pause missing",
        "type missing in a code",
        "other exception",
        "whole number with a fraction",
        "vocabulary missing",
        "vocabulary where anything goes",
        "other server",
        "other header",
        "other rate",
        "other limit",
        "limit missing",
        "other default",
        "other pattern",
        "limit too many",
        "milliseconds",
        "other zone",
        "other zone of what holds the times",
    ],
)
def test_a_difference_is_found(change: Change, difference: str) -> None:
    """A contract that departs from what is known is found, whichever way it departs."""
    document = copy.deepcopy(contract())
    change(document)

    assert any(
        difference in line for line in set(compare_all(document)) - set(compare_all(contract()))
    )
