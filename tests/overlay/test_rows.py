"""Trackings as rows of a table."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any, get_type_hints

import pytest
from msgspec import convert
from msgspec.structs import replace

from tests.generated.examples import EXAMPLES, SUCCESSES, read, success
from trackingmore_v2 import models, to_row
from trackingmore_v2.types import TrackingRowDict

COLUMNS = get_type_hints(TrackingRowDict)
TRACKING: models.Tracking = read("getTracking", success("getTracking"))[0].data
(REALTIME,) = read("trackInRealtime", success("trackInRealtime"))[0].data.items
EVENTS = [
    convert(example.value, models.TrackingEvent).data
    for example in EXAMPLES
    if example.operation == "trackingUpdated"
]
PARCELS: list[Any] = [
    item
    for example in SUCCESSES
    if example.operation in {"getTracking", "listTrackings", "trackInRealtime"}
    for data in [read(example.operation, example.value)[0].data]
    for item in getattr(data, "items", [data])
] + EVENTS


@pytest.mark.parametrize("parcel", PARCELS)
def test_every_row_has_the_columns_and_their_types(parcel: Any) -> None:
    """The names, their order and their types do not depend on the tracking, nor on its model."""
    row = to_row(parcel)

    assert list(row) == list(COLUMNS)
    for name, value in row.items():
        assert isinstance(value, COLUMNS[name]), name
        assert type(value) in {str, int, bool, datetime, type(None)}, name


def test_the_row_of_a_tracking() -> None:
    """Fields, and what the timeline makes of the events."""
    row = to_row(TRACKING)

    assert row["tracking_number"] == "LK664578623CN"
    assert (row["status"], row["substatus"]) == ("transit", "transit007")
    assert row["created_at"] == datetime(2021, 5, 17, 6, tzinfo=UTC)
    assert row["events"] == 4
    assert row["first_event_at"] == datetime(2021, 5, 17, 0, 57, 51)  # noqa: DTZ001 - local times
    assert row["last_event_at"] == datetime(2021, 5, 19, 3, 43, 47)  # noqa: DTZ001
    assert (row["last_event_text"], row["last_event_place"], row["last_event_status"]) == (
        "Departed from airport",
        "SHANGHAI",
        "transit",
    )
    assert (row["days_in_transit"], row["days_without_event"]) == (2, 0)
    assert (row["delivered_at"], row["is_final"]) == (None, False)


def test_a_second_leg() -> None:
    """The carrier of the second leg is a column."""
    leg = models.Leg(carrier_code="usps")

    assert to_row(TRACKING)["destination_carrier_code"] is None
    assert to_row(replace(TRACKING, destination_info=leg))["destination_carrier_code"] == "usps"


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, None),
        ("", None),
        ("null", None),
        (" a@example.com ", "a@example.com"),
        ([], None),
        ([""], None),
        (["a@example.com"], "a@example.com"),
        (["a@example.com", "", "b@example.com"], "a@example.com, b@example.com"),
    ],
)
def test_a_cell_is_one_text(value: Any, cell: str | None) -> None:
    """Several addresses are one text; what is empty in any form is None."""
    row = to_row(replace(TRACKING, customer_email=value))

    assert row["customer_email"] == cell


@pytest.mark.parametrize("hours", [8, 0, -5])
def test_aware_times_are_utc(hours: int) -> None:
    """The offset of an account changes with daylight saving time; a column has one time zone."""
    zone = timezone(timedelta(hours=hours))
    row = to_row(replace(TRACKING, updated_at=datetime(2019, 5, 20, 9, tzinfo=zone)))

    assert row["updated_at"] == datetime(2019, 5, 20, 9, tzinfo=zone)
    assert row["updated_at"].tzinfo is UTC


def test_a_time_that_has_none_in_utc_is_missing() -> None:
    """In the first year, there may be no such time."""
    first = datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=8)))

    assert to_row(replace(TRACKING, created_at=first))["created_at"] is None


def test_a_model_without_a_field_has_none() -> None:
    """A realtime result has no details of the account."""
    row = to_row(REALTIME)

    assert (row["title"], row["created_at"], row["archived"]) == (None, None, None)
    assert row["events"] > 0


def test_missing_keys_are_empty_texts() -> None:
    """The columns that identify a tracking are always texts."""
    row = to_row(replace(TRACKING, id="", status=models.TrackingStatus("")))

    assert (row["id"], row["status"]) == ("", "")
