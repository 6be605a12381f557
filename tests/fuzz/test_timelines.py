"""Timelines of any tracking or air waybill, and any air waybill number."""

from collections import Counter
from datetime import UTC, datetime, timedelta, timezone
from itertools import product
from types import NoneType
from typing import Any, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import convert
from msgspec.json import decode
from msgspec.structs import replace

from tests.fuzz.profile import fuzzed
from trackingmore_v2 import InvalidInput, models, to_row
from trackingmore_v2.air_waybill_numbers import normalize_air_waybill_number
from trackingmore_v2.serialization import to_dict, to_json
from trackingmore_v2.timelines.air_waybill import air_waybill_timeline
from trackingmore_v2.timelines.parcel import LegKind, Parcel, TimelineEvent, timeline
from trackingmore_v2.types import TrackingRowDict

ODD_TIMES = ["", "null", "0000-00-00 00:00:00", "9999-12-31 23:59:59", "2018-02-30 10:00", "?"]

texts = st.none() | st.sampled_from(["", "null", " ", "a", "b"]) | st.text(max_size=4)
valid_times = st.sampled_from(
    [
        f"2018-04-0{day} 0{hour}:00{rest}"
        for day in range(1, 5)
        for hour in (1, 2)
        for rest in ("", ":00", ":30")
    ]
)
times = valid_times | valid_times | st.sampled_from([*ODD_TIMES, None]) | st.text(max_size=20)
statuses = st.sampled_from(list(models.TrackingStatus)) | st.text(max_size=3).map(
    models.TrackingStatus
)
substatuses = st.none() | st.sampled_from(["", "null", *models.Substatus]).map(models.Substatus)
checkpoints = st.builds(
    models.Checkpoint,
    date=times,
    status_description=texts,
    details=texts,
    checkpoint_status=st.none() | statuses,
    substatus=substatuses,
    item_node=st.none() | st.sampled_from(["", *models.Milestone]).map(models.Milestone),
)
legs = st.none() | st.builds(
    models.Leg, carrier_code=texts, track_info=st.none() | st.lists(checkpoints, max_size=6)
)
common: dict[str, Any] = {
    "id": st.text(max_size=3),
    "tracking_number": st.just("LK664578623CN"),
    "carrier_code": st.just("china-ems"),
    "status": statuses,
    "substatus": substatuses,
    "item_time_length": st.none() | st.integers(),
    "origin_info": legs,
    "destination_info": legs,
}
zones = st.sampled_from([UTC, timezone(timedelta(hours=8)), timezone(timedelta(hours=-5))])
update_times = st.none() | st.datetimes(timezones=zones)
trackings: st.SearchStrategy[Parcel] = st.one_of(
    st.builds(models.Tracking, **common, created_at=update_times, updated_at=update_times),
    st.builds(models.RealtimeTracking, **common),
    st.builds(models.TrackingEventData, **common, updated_at=update_times),
)

stations = st.sampled_from([*("XMN", "LUX", "MXP") * 3, "", "null", None])
pieces = texts | st.integers()
flights = st.builds(
    models.Flight,
    plan_depart_time=times,
    depart_time=times,
    depart_station=stations,
    plan_arrival_time=times,
    arrival_time=times,
    arrival_station=stations,
)
events = st.builds(
    models.AirWaybillEvent,
    plan_date=times,
    actual_date=times,
    event=texts,
    station=stations,
    flight_number=texts,
    status=st.none() | st.sampled_from(["", "XXX", *models.CargoStatus]).map(models.CargoStatus),
    piece=pieces,
    weight=texts,
)
details = st.builds(
    models.AirWaybillDetails,
    weight=texts | st.from_regex(r"[0-9.]*[KLkl]?", fullmatch=True),
    piece=pieces,
    origin=stations,
    destination=stations,
    track_info=st.lists(events, min_size=3, max_size=6) | st.lists(events, max_size=1) | st.none(),
    status_number=st.none() | st.integers(0, 9).map(models.StatusNumber),
    flight_info=st.none() | st.dictionaries(st.text(max_size=4), flights, max_size=4),
    flight_way_station=st.none()
    | st.permutations(["XMN", "LUX", "MXP"])
    | st.lists(stations.map(str), max_size=4),
)
waybills = st.builds(
    models.AirWaybill, track_number=st.text(max_size=5), return_data=details | details | st.none()
)

digits = st.text("0123456789", min_size=7, max_size=7)
valid_numbers = st.builds(
    lambda prefix, serial: f"{prefix:03}-{serial}{int(serial) % 7}", st.integers(0, 999), digits
)


def identity(event: TimelineEvent) -> tuple[object, ...]:
    """Return what identifies an event."""
    date = (event.checkpoint.date or "").strip()
    return event.time or ("" if date == "null" else date), event.text, event.place


def single_events(tracking: Parcel, leg: models.Leg | None) -> list[TimelineEvent]:
    """Return the event of each checkpoint of a leg by itself."""
    return [
        event
        for checkpoint in (leg and leg.track_info) or []
        for only in [models.Leg(track_info=[checkpoint])]
        for event in timeline(replace(tracking, origin_info=only, destination_info=None)).events
    ]


@fuzzed(400)
@given(trackings)
def test_a_row_has_one_type_in_each_column(tracking: Parcel) -> None:
    """Whatever the API sent, a row has all columns, in order, and no other type."""
    row, columns = to_row(tracking), get_type_hints(TrackingRowDict)

    assert list(row) == list(columns)
    assert all(isinstance(value, columns[name]) for name, value in row.items())
    assert {type(value) for value in row.values()} <= {str, int, bool, datetime, NoneType}


@fuzzed(400)
@given(trackings)
def test_each_checkpoint_has_one_event(tracking: Parcel) -> None:
    """No event is lost or duplicated, and one that both legs have belongs to the origin."""
    events = timeline(tracking).events
    origin = set(map(identity, single_events(tracking, tracking.origin_info)))
    destination = set(map(identity, single_events(tracking, tracking.destination_info)))
    by_leg = Counter(event.leg for event in events)

    assert len(set(map(identity, events))) == len(events)
    assert set(map(identity, events)) == origin | destination
    assert by_leg[LegKind.ORIGIN] == len(origin)
    assert all(identity(it) not in origin for it in events if it.leg is LegKind.DESTINATION)


@fuzzed(400)
@given(trackings)
def test_known_times_are_in_order(tracking: Parcel) -> None:
    """Times are naive and ascending; delivery is at one of them, and given days are kept."""
    result = timeline(tracking)
    times = [event.time for event in result.events if event.time]

    assert times == sorted(times)
    assert not any(time.tzinfo for time in times)
    assert result.delivered_at is None or result.delivered_at in times
    assert tracking.item_time_length in {None, result.days_in_transit}


@fuzzed(400)
@given(trackings)
def test_a_leg_without_times_is_reversed(tracking: Parcel) -> None:
    """Events without times keep the order of the response, which is newest first."""
    checkpoints = (tracking.destination_info and tracking.destination_info.track_info) or []
    timeless = [replace(checkpoint, date=f"no. {i}") for i, checkpoint in enumerate(checkpoints)]
    other = replace(tracking, destination_info=models.Leg(track_info=timeless))
    events = [it for it in timeline(other).events if it.leg is LegKind.DESTINATION]

    assert [event.checkpoint for event in events] == timeless[::-1]


@fuzzed(400)
@given(waybills)
def test_any_air_waybill_has_a_timeline(waybill: models.AirWaybill) -> None:
    """Each flight and each distinct event occurs once; events of a station are ordered by time."""
    result = air_waybill_timeline(waybill)
    details = waybill.return_data or models.AirWaybillDetails()
    known = Counter((flight.number, flight.flight) for flight in result.flights)

    assert Counter(event.event for event in result.events) == Counter(set(details.track_info or []))
    assert known == Counter((details.flight_info or {}).items())
    for station in set(details.flight_way_station or []) - {"", "null"}:
        station_times = [it.actual or it.planned for it in result.events if it.station == station]
        times = [time for time in station_times if time]
        assert times == sorted(times)
    assert result.is_delivered or result.delivered_at is None


@fuzzed(400)
@given(trackings | waybills)
def test_any_model_survives_serialization(model: Parcel | models.AirWaybill) -> None:
    """Converted to a dict or JSON and back, a model is equal."""
    assert convert(to_dict(model), type(model)) == model
    assert decode(to_json(model), type=type(model)) == model


@fuzzed(400)
@given(st.text() | st.from_regex(r" ?[0-9]{3}[ -]?[0-9]{7,8} ?", fullmatch=True) | valid_numbers)
def test_normalization_is_idempotent(text: str) -> None:
    """A text is rejected, or its normal form is its own normal form."""
    try:
        number = normalize_air_waybill_number(text)
    except InvalidInput:
        return

    assert normalize_air_waybill_number(number) == number
    assert number[3] == "-"
    assert number.replace("-", "") == text.replace("-", "").replace(" ", "")


@fuzzed(400)
@given(valid_numbers)
def test_a_wrong_digit_is_rejected(number: str) -> None:
    """One wrong digit of the eight is rejected, unless it is equal modulo 7, as 8 and 1 are."""
    for place, wrong in product(range(4, 12), "0123456789"):
        changed = f"{number[:place]}{wrong}{number[place + 1 :]}"
        is_check_digit = place == 11
        is_equal = number[place] == wrong
        if is_equal or (not is_check_digit and int(number[place]) % 7 == int(wrong) % 7):
            assert normalize_air_waybill_number(changed) == changed
        else:
            with pytest.raises(InvalidInput):
                normalize_air_waybill_number(changed)
