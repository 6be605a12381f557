"""The contract has every field, value and code that the API is known to have, and no other."""

from collections.abc import Callable, Iterator

import pytest

from tests.contract.changes import (
    API_KEY,
    BATCH_BODY,
    CODES,
    LIST,
    REALTIME,
    SCHEMAS,
    TRACKING,
    Change,
    add,
    changed_contract,
    drop,
    put,
    refer,
)
from tests.contract.document import descriptions, properties
from tests.contract.fields import (
    ENTRIES,
    LISTED,
    OBJECTS,
    Field,
    compare_access,
    compare_enums,
    compare_limits,
    compare_meta_codes,
    compare_operation,
    compare_operations,
    compare_times,
    field_errors,
    read_object,
)
from trackingmore_v2_api import BASE_URL
from trackingmore_v2_cli.commands.sandbox import sandbox
from website.contract import Json, contract, operations, webhooks

ARCHIVED = (*LIST, "parameters", 12)
NEW_TITLE = (*SCHEMAS, "CreateTrackingRequest", "properties", "title")


def _named_objects(kinds: Iterator[str]) -> set[str]:
    bare = {part.strip("[]{}?") for kind in kinds for part in kind.split("|")}
    return {name for name in bare if name in OBJECTS}


@pytest.mark.parametrize("name", ENTRIES)
def test_the_operation_has_the_listed_fields(name: str) -> None:
    """An operation has every listed field, with its types and source, and no other."""
    document = contract()
    (operation,) = (op for op in [*operations(document), *webhooks(document)] if op.name == name)

    assert list(compare_operation(document, operation, ENTRIES[name])) == []


def test_the_operations_are_those_listed() -> None:
    """The list and the contract have the same operations."""
    assert ENTRIES.keys() == {op.name for op in [*operations(contract()), *webhooks(contract())]}


@pytest.mark.parametrize(
    "compare",
    [compare_enums, compare_meta_codes, compare_access, compare_limits, compare_times],
    ids=lambda compare: compare.__name__.removeprefix("compare_"),
)
def test_the_contract_states_what_is_listed(compare: Callable[[Json], Iterator[str]]) -> None:
    """Enums, meta codes, access, limits and zones are those listed."""
    assert list(compare(contract())) == []


def test_the_servers_are_those_of_client_and_command() -> None:
    """The default server of the client is listed first, that of the command `sandbox` second."""
    defaults = {option.name: option.default for option in sandbox.params}
    local = f"http://{defaults['host']}:{defaults['port']}/v2"

    assert [server["url"] for server in contract()["servers"]] == [BASE_URL, local]


def test_every_listed_time_is_described() -> None:
    """Every time of the list is a field or parameter of the contract."""
    described = {name for _, name, _ in descriptions(contract())}

    assert {name for names in LISTED["times"].values() for name in names} <= described


def test_every_listed_object_is_used() -> None:
    """Every object of the list is compared."""
    entries = (
        kind for entry in ENTRIES.values() for kind in entry.values() if isinstance(kind, str)
    )
    fields = (field.types for listed in OBJECTS.values() for field in listed.values())

    envelopes = {"success", "error"}
    assert OBJECTS.keys() == _named_objects(entries) | _named_objects(fields) | envelopes


def test_every_described_field_is_listed() -> None:
    """No part of the contract that is not compared has properties of its own."""
    described = {name for _, name, _, _ in properties(contract())}

    assert described == {name for listed in OBJECTS.values() for name in listed}


@pytest.mark.parametrize(
    ("source", "change"),
    [
        ("recorded", put(*TRACKING, "colour", to={"type": "string"})),
        ("documented", put(*TRACKING, "colour", to={"type": "string", "x-evidence": "recorded"})),
        (None, put(*TRACKING, "colour", to={"type": "string", "x-evidence": "recorded"})),
    ],
    ids=["x-evidence missing", "other x-evidence", "source missing"],
)
def test_a_field_needs_the_same_source_in_both_files(
    monkeypatch: pytest.MonkeyPatch, source: str | None, change: Change
) -> None:
    """A new field whose source is missing or differs is reported with the names of both files."""
    monkeypatch.setitem(OBJECTS, "tracking", OBJECTS["tracking"] | {"colour": Field("any", source)})
    found = [line for line in compare_operations(changed_contract(change)) if "colour" in line]

    assert any("getTracking response.data.colour: the source is" in line for line in found)
    assert all("openapi.yaml" in line and "tests/contract/fields.yaml" in line for line in found)


def test_every_listed_field_has_one_source() -> None:
    """No object lists a field under two sources."""
    for listed in LISTED["objects"].values():
        fields = [field for group in listed.values() for field in group]
        assert len(fields) == len(set(fields))


def test_a_field_outside_the_groups_has_no_source() -> None:
    """A field that is listed beside the sources, not under one, has none."""
    assert read_object({"documented": {"id": "string"}, "colour": "string?"}) == {
        "id": Field("string", "documented"),
        "colour": Field("string?", None),
    }


@pytest.mark.parametrize(
    ("change", "difference"),
    [
        (drop(*TRACKING, "singed_by"), "data.singed_by: missing in openapi.yaml"),
        (put(*TRACKING, "colour", to={"type": "string"}), "data.colour: in openapi.yaml only"),
        (put(*TRACKING, "weight", "x-evidence", to="inferred"), "data.weight: the source is rec"),
        (put(*SCHEMAS, "UpdateBatchResult", "x-evidence", to="recorded"), "data.updated: the sou"),
        (put(*TRACKING, "updated_at", "type", to="string"), "data.updated_at: null in tests"),
        (add(*SCHEMAS, "Tracking", "required", item="origin_info"), "origin_info: may be absent"),
        (drop(*SCHEMAS, "CreateTrackingRequest", "required", 1), "carrier_code: must be sent"),
        (drop(*SCHEMAS, "Flight", "properties", "depart_time"), "flight_info{}.depart_time"),
        (drop(*LIST, "parameters", 0), "listTrackings required query page"),
        (put(*LIST, "parameters", 0, "required", to=True), "listTrackings required query page"),
        (drop(*SCHEMAS, "ErrorMeta", "properties", "message"), "meta.message: missing"),
        (drop(*SCHEMAS, "TrackingEvent", "properties", "meta"), "trackingUpdated request.meta"),
        (add(*SCHEMAS, "CarrierType", "enum", item="airline"), "enum CarrierType: "),
        (drop(*SCHEMAS, "Substatus", "enum", 0), "enum Substatus: "),
        (drop(*SCHEMAS, "ErrorCode", "enum", 0), "enum ErrorCode: "),
        (add(*SCHEMAS, "SuccessCode", "enum", item=202), "enum SuccessCode: "),
        (put(*CODES, 2, "message", to="Too many."), "meta code 202: "),
        (put(*CODES, 2, "retryable", to=True), "meta code 202: "),
        (drop(*CODES, 9, "pause-seconds"), "meta code 429: "),
        (drop(*CODES, 1, "other-types"), "meta code 201: "),
        (put(*CODES, 19, "exception", to="TrackingExists"), "meta code 4017: "),
        (put(*TRACKING, "stayTimeLength", "type", to=["number", "null"]), "h: integer in tests"),
        (put(*TRACKING, "substatus", to={"type": ["string", "null"]}), "Substatus in tests"),
        (put(*ARCHIVED, "schema", to=refer("ArchivedText")), "archived: string in tests"),
        (put("servers", 0, "url", to="https://api.trackingmore.com/v3"), "access servers: "),
        (put(*API_KEY, "name", to="Tracking-Api-Key"), "access securitySchemes: "),
        (put(*REALTIME, "x-rate-limit", "requests", to=1), "x-rate-limit trackInRealtime: "),
        (put(*BATCH_BODY, "maxItems", to=200), "createTrackingBatch body: "),
        (drop(*BATCH_BODY, "minItems"), "createTrackingBatch body: "),
        (put(*LIST, "parameters", 1, "schema", "default", to=50), "listTrackings limit: "),
        (put(*SCHEMAS, "LanguageCode", "pattern", to="^[a-z]{2}"), "LanguageCode: "),
        (put(*NEW_TITLE, "maxLength", to=30), "limits CreateTrackingRequest.title: None in"),
        (put(*SCHEMAS, "UnixSeconds", "maximum", to=4102444800000), "UnixSeconds: "),
        (put(*TRACKING, "created_at", "description", to="ISO 8601, UTC."), "the account's zone"),
        (put(*SCHEMAS, "Flight", "description", to="Times are UTC."), "/depart_time: the desc"),
    ],
    ids=[
        "field missing",
        "field unlisted",
        "other evidence of a field",
        "other evidence of a schema",
        "type missing",
        "optional field required",
        "required field optional",
        "field of a map's values missing",
        "parameter missing",
        "parameter required",
        "field of an error response missing",
        "field of a webhook missing",
        "enum value unlisted",
        "enum value missing",
        "code of an error missing",
        "code of an error among those of success",
        "other message",
        "other retryable",
        "pause missing",
        "type missing in a code",
        "other exception",
        "number instead of an integer",
        "enum missing",
        "enum instead of a string",
        "other server",
        "other header",
        "other rate limit",
        "other limit",
        "limit missing",
        "other default",
        "other pattern",
        "limit unlisted",
        "milliseconds",
        "other zone",
        "other zone of an object with times",
    ],
)
def test_a_difference_is_reported(change: Change, difference: str) -> None:
    """A contract that differs from the list is reported."""
    assert any(difference in line for line in field_errors(changed_contract(change)))
