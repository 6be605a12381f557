"""A parameter with its documented default equals leaving it out."""

import json
from datetime import timedelta
from typing import Any, get_args

import pytest
from msgspec import NODEFAULT
from msgspec.structs import fields

from tests.sandbox.harness import NOON, PAIR, Api, NewApi
from trackingmore_v2_api import OPERATIONS

NOW = int((NOON + timedelta(days=3)).timestamp())
ORDER_TIMES = [None, "2026-02-01 12:00", "2026-03-04 12:00:00", "2026-04-01"]
"""None, past, now and future."""

PARAMETERS = [
    (operation.id, name)
    for operation in OPERATIONS.values()
    for name in sorted(operation.query_parameters)
]
WINDOWS = ("created_at", "update_time", "order_created_time")
OPTIONS = [
    (operation.id, field.encode_name)
    for operation in OPERATIONS.values()
    if operation.request is not None
    for field in fields(*(get_args(operation.request) or (operation.request,)))
    if field.default is not NODEFAULT
]


@pytest.fixture
def mixed(api: Api) -> Api:
    """Return a sandbox with trackings of each order time, half of which were never queried."""
    for age in ("OLD", "NEW"):
        for index, order_time in enumerate(ORDER_TIMES):
            number = f"TEST{age}{index}"
            api.create(tracking_number=number, order_create_time=order_time)
        if age == "OLD":
            api.advance(days=3)
    return api


def default_of(operation_id: str, name: str) -> object:
    """Return the documented default of a query parameter; without one, the empty text."""
    if name.endswith("_min"):
        return 0
    if name.endswith("_max"):
        return NOW
    default = OPERATIONS[operation_id].bounds_of(name).default
    return "" if default is None else default


@pytest.mark.behaviour("list.default-range", "list.defaults", "list.empty-value")
@pytest.mark.parametrize(("operation_id", "name"), PARAMETERS)
def test_a_parameter_with_its_default_equals_none(mixed: Api, operation_id: str, name: str) -> None:
    """By GET and by POST, alone and beside another filter."""
    given: dict[str, Any] = {name: default_of(operation_id, name)}
    others: dict[str, Any] = {"created_at_min": NOW - 1} if name != "created_at_min" else {}
    path = OPERATIONS[operation_id].path
    plain = mixed.call(operation_id)

    assert plain.code == 200
    assert mixed.call(operation_id, **given).raw == plain.raw
    assert mixed.send("POST", path, content=json.dumps(given).encode()).raw == plain.raw
    assert mixed.call(operation_id, **others, **given).raw == mixed.call(operation_id, **others).raw


@pytest.mark.behaviour("list.default-range", "list.no-time")
@pytest.mark.parametrize("operation_id", ["listTrackings", "countTrackings"])
@pytest.mark.parametrize("seconds_late", [0, 1, 10**6])
def test_the_windows_of_the_official_class_exclude_nothing(
    api: Api, operation_id: str, seconds_late: int
) -> None:
    """It sends all of them from 0 to the time of its own clock, and null for the rest."""
    api.create()
    api.create(tracking_number="TEST12345")
    windows = {f"{name}_min": 0 for name in WINDOWS} | {
        f"{name}_max": int(NOON.timestamp()) + seconds_late for name in WINDOWS
    }
    body = json.dumps({**windows, "status": None, "numbers": None, "lang": None}).encode()
    response = api.send("POST", OPERATIONS[operation_id].path, content=body)

    assert response.raw == api.call(operation_id).raw


@pytest.mark.behaviour("list.default-range")
@pytest.mark.parametrize("operation_id", ["listTrackings", "countTrackings"])
def test_an_end_of_0_equals_none(mixed: Api, operation_id: str) -> None:
    """The example of the official Java class sends 0 for both ends of all windows."""
    names = [f"{window}_{end}" for window in WINDOWS for end in ("min", "max")]
    known = OPERATIONS[operation_id].query_parameters
    windows: dict[str, Any] = {name: 0 for name in names if name in known}

    assert mixed.call(operation_id, **windows).raw == mixed.call(operation_id).raw


def test_the_default_language_equals_none(api: Api) -> None:
    """Of the names of carriers."""
    assert api.call("listCarriers", headers={"Lang": "en"}).raw == api.call("listCarriers").raw


@pytest.mark.behaviour("body.null")
@pytest.mark.parametrize(("operation_id", "name"), OPTIONS)
def test_a_null_option_equals_none(new_api: NewApi, operation_id: str, name: str) -> None:
    """The official PHP class sends null for each option that is not given."""
    needed = {**PAIR, "country": "NZ", "postcode": "1", "original": "CN", "destination": "US"}
    body: dict[str, Any] = {**needed, "track_number": ["172-28891936"]}
    responses = []
    for fields_sent in (body, {**body, name: None}):
        api = new_api()
        if not operation_id.startswith("createTracking"):
            api.create(title="t", order_id="#1", customer_phone="1")
        api.advance(days=3)
        is_batch = bool(get_args(OPERATIONS[operation_id].request))
        path: dict[str, Any] = dict(PAIR) if OPERATIONS[operation_id].path_parameters else {}
        sent = [fields_sent] if is_batch else fields_sent
        response = api.call(operation_id, sent, **path)
        responses.append((response.raw, api.call("listTrackings").raw))

    assert responses[0] == responses[1]
    assert responses[0][0].startswith((b'{"meta":{"code":200', b'{"meta":{"code":201'))
