"""Whether a tracking that was read is the one that a create call sent."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from trackingmore_v2._calls.adoption import COMPARED, adopted, earliest_creation, find_own, is_own
from trackingmore_v2_api import models

NOW = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
ALL: Mapping[str, str] = {
    "title": "Teapot",
    "order_id": "#1",
    "comment": "fragile",
    "customer_name": "Ann",
    "customer_email": "ann@example.com",
    "customer_phone": "+861",
    "order_create_time": "2026/1/2 3:04",
}
"""A value for each field that is compared."""

NOT_COMPARED = {
    "tracking_number",  # compared apart
    "carrier_code",
    "destination_code",
    "logistics_channel",
    "tracking_ship_date",
    "tracking_postal_code",
    "tracking_account_number",
    "tracking_destination_country",
    "special_number_destination",
    "lang",
    "auto_correct",
}
"""Fields that a read does not return, or that the API may change."""


def item(**fields: Any) -> models.CreateTrackingItem:
    """Return a tracking to create."""
    return models.CreateTrackingItem(
        **{"carrier_code": "ups", "tracking_number": "AB00000001", **fields}
    )


def found(**fields: Any) -> models.Tracking:
    """Return a tracking as read."""
    known: dict[str, Any] = {
        "id": "1" * 32,
        "carrier_code": "ups",
        "tracking_number": "AB00000001",
        "status": models.TrackingStatus.PENDING,
        "created_at": NOW,
    }
    return models.Tracking(**{**known, **fields})


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ({}, {}),
        (ALL, ALL),
        # Missing texts are read as null or "".
        ({}, {"title": "", "order_id": None, "customer_email": "", "comment": ""}),
        ({"title": "", "customer_phone": ""}, {"title": None, "customer_phone": None}),
        # Text is trimmed.
        ({"title": "  Teapot "}, {"title": "Teapot"}),
        ({"title": " "}, {"title": ""}),
        ({"customer_name": "Ann"}, {"customer_name": "Ann\n"}),
        # A single text is read as a list of one.
        ({"customer_email": "ann@example.com"}, {"customer_email": ["ann@example.com"]}),
        ({"customer_phone": "+861"}, {"customer_phone": ["+861 "]}),
        ({}, {"customer_email": []}),
        ({}, {"customer_phone": [""]}),
        # An order time is read in one form.
        ({"order_create_time": "2026/1/2 3:04"}, {"order_create_time": "2026-01-02 03:04"}),
        ({"order_create_time": "2026-01-02"}, {"order_create_time": "2026-01-02 00:00"}),
        ({"order_create_time": "2026-01-02 03:04:05"}, {"order_create_time": "2026-01-02 03:04"}),
        ({"order_create_time": "last week"}, {"order_create_time": "last week"}),
        ({"order_create_time": ""}, {"order_create_time": None}),
        # The API may change the case of a number, and correct a carrier.
        ({"tracking_number": "ab00000001"}, {}),
        ({"carrier_code": "usps"}, {}),
        # Fields that a read does not return.
        ({"destination_code": "us"}, {"destination_country": "Japan"}),
        ({"lang": "en", "auto_correct": 1, "tracking_ship_date": "20260101"}, {}),
        ({"logistics_channel": "DHL", "tracking_postal_code": "1"}, {}),
    ],
)
def test_a_tracking_is_own_after_the_rewrites_of_the_api(
    sent: dict[str, Any], read: dict[str, Any]
) -> None:
    """A tracking whose fields differ only as the API rewrites them was created by the call."""
    assert is_own(item(**sent), found(**read), NOW)


@pytest.mark.parametrize("field", ALL)
@pytest.mark.parametrize("other", ["", "another", None])
def test_each_field_that_was_sent_must_be_read(field: str, other: str | None) -> None:
    """A field with another value, or without one, was not set by the call."""
    assert not is_own(item(**ALL), found(**{**ALL, field: other}), NOW)


@pytest.mark.parametrize("field", ALL)
def test_a_field_that_was_not_sent_must_not_be_read(field: str) -> None:
    """A value that the call did not send was set by another one."""
    sent = {name: value for name, value in ALL.items() if name != field}
    assert not is_own(item(**sent), found(**ALL), NOW)


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ({"customer_email": "a@b.c"}, {"customer_email": ["a@b.c", "d@e.f"]}),
        ({"title": "teapot"}, {"title": "Teapot"}),
        ({"order_create_time": "2026/1/2 3:04"}, {"order_create_time": "2026-01-02 03:05"}),
        ({"order_create_time": "2026-01-02"}, {"order_create_time": "2026-02-01 00:00"}),
        ({"tracking_number": "AB00000002"}, {}),
    ],
)
def test_other_differences_are_no_rewrites(sent: dict[str, Any], read: dict[str, Any]) -> None:
    """Several addresses, another case, time or number are not the call's own."""
    assert not is_own(item(**sent), found(**read), NOW)


@pytest.mark.parametrize("model", [models.CreateTrackingRequest, models.CreateTrackingItem])
def test_every_field_of_a_create_has_a_decision(model: type[Any]) -> None:
    """Each field is compared, or listed as one that cannot be."""
    assert set(model.__struct_fields__) <= COMPARED.keys() | NOT_COMPARED
    assert COMPARED.keys() == ALL.keys()
    assert COMPARED.keys() <= set(model.__struct_fields__)


@pytest.mark.parametrize(
    ("created_at", "expected"),
    [
        (NOW, True),
        (NOW + timedelta(days=1), True),
        (NOW.astimezone(timezone(timedelta(hours=8))), True),
        (NOW - timedelta(seconds=1), False),
        (None, False),
    ],
)
def test_a_tracking_must_not_be_older_than_the_call(
    created_at: datetime | None,
    expected: bool,  # noqa: FBT001 - pytest passes parameters by name
) -> None:
    """A tracking that was created before the call, or at an unknown time, is not its own."""
    assert is_own(item(), found(created_at=created_at), NOW) is expected


def test_a_carrier_that_is_kept_must_be_read() -> None:
    """With `auto_correct=1` the API does not correct the carrier."""
    assert is_own(item(auto_correct=1), found(carrier_code="UPS"), NOW)
    assert is_own(item(auto_correct=0), found(carrier_code="usps"), NOW)
    assert not is_own(item(auto_correct=1), found(carrier_code="usps"), NOW)


@pytest.mark.parametrize(
    ("sent", "read", "own"),
    [
        ([], [], []),
        (["ups"], [], [None]),
        (["ups"], ["ups", "dhl"], ["ups"]),
        (["ups"], ["dhl", "ups"], ["ups"]),
        (["ups"], ["dhl"], ["dhl"]),
        (["ups", "usps"], ["usps"], [None, "usps"]),
        (["ups", "usps"], ["usps", "dhl"], ["dhl", "usps"]),
        (["ups", "usps"], ["dhl"], ["dhl", None]),
        # The only candidate of `ups` is older, so that `dhl` is not its own either.
        (["ups"], ["ups:old", "dhl"], [None]),
    ],
)
def test_each_tracking_is_found_for_one_item(
    sent: list[str], read: list[str], own: list[str | None]
) -> None:
    """By carrier and number, or by the number alone if the carrier may have been corrected."""
    trackings = [
        found(carrier_code=each.partition(":")[0], created_at=NOW - timedelta(days=each.count(":")))
        for each in read
    ]
    result = find_own([item(carrier_code=each) for each in sent], trackings, NOW)

    assert [each and each.carrier_code for each in result] == own


def test_an_adopted_tracking_has_all_that_was_read() -> None:
    """In the form of a created one: null for a missing text, and no list."""
    read = found(**{**ALL, "customer_email": ["ann@example.com"], "comment": ""})
    made = adopted(read)

    assert (made.id, made.carrier_code, made.created_at) == (read.id, "ups", NOW)
    assert {name: getattr(made, name) for name in ALL} == {**ALL, "comment": None}
    assert (made.logistics_channel, made.destination) == (None, None)


def test_without_the_time_of_the_server_nothing_is_own() -> None:
    """If the server's clock is unknown, no tracking is the call's own."""
    assert not is_own(item(), found(), None)


def test_the_earliest_creation_is_the_time_of_the_first_attempt() -> None:
    """It is the server's date, less the time since the first attempt, less two seconds."""
    date = "Mon, 30 Nov 2026 12:00:10 GMT"
    expected = datetime(2026, 11, 30, 11, 59, 58, tzinfo=UTC)
    assert earliest_creation({"Date": date}, 10.0) == expected
    assert earliest_creation({"date": date}, 10.0) == expected


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Date": ""},
        {"Date": "yesterday"},
        {"Date": "Mon, 30 Nov 2026 12:00:10 -0000"},
        {"Date": "Mon, 30 Nov 2026 12:00:10"},
        {"Date": "Mon, 30 Nov 2026 12:00:10 +" + "9" * 20},
        {"Date": "Mon, 99 Nov 2026 12:00:10 GMT"},
    ],
)
def test_a_response_without_a_valid_date_gives_no_time(headers: dict[str, str]) -> None:
    """A missing, malformed or zoneless date, or one out of range, is None."""
    assert earliest_creation(headers, 10.0) is None
