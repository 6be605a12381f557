"""An air waybill's timeline; tests/fuzz/test_timelines.py has the properties of any timeline."""

# ruff: noqa: DTZ001 - the API's times have no zone

from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest

from tests.generated.examples import SUCCESSES, read
from trackingmore_v2 import models
from trackingmore_v2.timelines.air_waybill import AirWaybillTimeline, air_waybill_timeline


def documented(name: str = "documented") -> models.AirWaybill:
    """Return the air waybill of an example."""
    (value,) = (
        it.value for it in SUCCESSES if it.operation == "trackAirWaybills" and it.name == name
    )
    (waybill,) = read("trackAirWaybills", value)[0].data.values()
    assert isinstance(waybill, models.AirWaybill)
    return waybill


def built(**details: Any) -> AirWaybillTimeline:
    """Return the timeline of an air waybill with these details."""
    wire = {"track_number": "172-28891936", "return_data": details}
    return air_waybill_timeline(msgspec.convert(wire, models.AirWaybill))


def event(station: str | None, actual: str | None, text: str, **fields: Any) -> dict[str, Any]:
    """Build an event on a day of April 2018."""
    date = actual and f"2018-04-{actual}"
    return {"station": station, "actual_date": date, "event": text, **fields}


def texts(timeline: AirWaybillTimeline) -> list[str | None]:
    """Return the texts of a timeline's events."""
    return [event.text for event in timeline.events]


def test_the_totals_of_the_documented_air_waybill() -> None:
    """The whole is typed, and is delivered when its delivery happened."""
    timeline = air_waybill_timeline(documented())

    assert timeline.number == "172-28891936"
    assert timeline.status is models.StatusNumber.DELIVERED
    assert (timeline.origin, timeline.destination) == ("XMN", "MXP")
    assert (timeline.pieces, timeline.weight, timeline.weight_kg) == (9, "1981K", 1981.0)
    assert timeline.is_delivered
    assert timeline.delivered_at == datetime(2018, 4, 17, 9, 38)


def test_the_flights_of_the_documented_air_waybill() -> None:
    """They follow the route, though the wire has each arrive before it departs."""
    first, second = air_waybill_timeline(documented()).flights

    assert (first.number, first.from_station, first.to_station) == ("CV7493", "XMN", "LUX")
    assert first.planned_departure == datetime(2018, 4, 12, 8, 20)
    assert first.actual_departure == datetime(2018, 4, 12, 8, 46)
    assert first.planned_arrival == datetime(2018, 4, 12, 16, 27)
    assert first.actual_arrival == datetime(2018, 4, 11, 15, 56)
    assert first.departure_delay == timedelta(minutes=26)
    assert first.arrival_delay == -timedelta(hours=24, minutes=31)
    assert (second.number, second.from_station, second.to_station) == ("C80066", "LUX", "MXP")
    assert second.departure_delay == -timedelta(hours=48, minutes=44)
    assert second.arrival_delay == -timedelta(hours=24, minutes=8)


def test_the_events_of_the_documented_air_waybill() -> None:
    """They follow the route: accepted, arrived, delivered; by time the first comes second."""
    timeline = air_waybill_timeline(documented())

    assert [
        (it.status, it.station, it.planned, it.actual, it.pieces) for it in timeline.events
    ] == [
        ("RCS", "XMN", datetime(2018, 4, 12, 1, 20), datetime(2018, 4, 11, 17, 41), 9),
        ("ARR", "LUX", datetime(2018, 4, 12, 16, 27), datetime(2018, 4, 11, 15, 56), 9),
        ("DLV", "MXP", datetime(2018, 4, 18, 20, 29), datetime(2018, 4, 17, 9, 38), 10),
    ]
    assert texts(timeline)[0] == "9 piece(s) accepted"
    assert [event.flight_number for event in timeline.events] == ["CV7493", "CV7493", "C80066"]
    assert [event.weight for event in timeline.events] == [None] * 3


def test_an_unknown_air_waybill_has_an_empty_timeline() -> None:
    """Without details all is empty."""
    assert air_waybill_timeline(documented("unknown")) == AirWaybillTimeline(
        number="172-00000000",
        status=None,
        origin=None,
        destination=None,
        pieces=None,
        weight=None,
        weight_kg=None,
        flights=(),
        events=(),
        is_delivered=False,
        delivered_at=None,
    )


def test_what_the_wire_has_is_kept() -> None:
    """Each flight and event holds its model."""
    waybill = documented()
    timeline = air_waybill_timeline(waybill)

    assert waybill.return_data is not None
    assert {it.number: it.flight for it in timeline.flights} == waybill.return_data.flight_info
    assert {it.event for it in timeline.events} == set(waybill.return_data.track_info or [])


@pytest.mark.parametrize(
    ("weight", "kilograms"),
    [
        ("1981K", 1981.0),
        ("1981.5 kg", 1981.5),
        ("12KGS", 12.0),
        ("100L", 45.359),
        ("100 lbs", 45.359),
        ("1981", None),
        ("K1981", None),
        ("1,981K", None),
        ("\u0661K", None),
        ("1T", None),
        ("-1K", None),
        ("9" * 400 + "K", None),
        ("", None),
        ("null", None),
        (None, None),
    ],
    ids=lambda value: str(value)[:10],
)
def test_weights(weight: str | None, kilograms: float | None) -> None:
    """A number with a unit of Cargo-IMP has kilograms; the text is kept."""
    timeline = built(weight=weight)

    assert timeline.weight_kg == kilograms
    assert timeline.weight == (None if weight in {"", "null"} else weight)


@pytest.mark.parametrize(
    ("piece", "pieces"),
    [(9, 9), ("9", 9), (" 9 ", 9), (0, 0), ("9 pcs", None), (-1, None), ("", None), (None, None)],
    ids=repr,
)
def test_pieces(piece: str | int | None, pieces: int | None) -> None:
    """A number written as text is a number."""
    timeline = built(piece=piece, track_info=[{"piece": piece}])

    assert timeline.pieces == pieces
    assert timeline.events[0].pieces == pieces


@pytest.mark.parametrize(
    ("route", "events", "expected"),
    [
        pytest.param(
            ["XMN", "LUX"],
            [
                event("XMN", "02 00:00", "b"),
                event("LUX", "01 00:00", "c"),
                event("XMN", "01 00:00", "a"),
            ],
            "abc",
            id="route, then time",
        ),
        pytest.param(
            ["XMN", "LUX"],
            [
                event("XMN", None, "c"),
                event("XMN", "02 00:00", "b"),
                event("LUX", "", "d"),
                event("XMN", None, "a", plan_date="2018-04-01 00:00"),
            ],
            "abcd",
            id="planned, and without a time",
        ),
        pytest.param(
            ["XMN", "LUX"],
            [
                event("LUX", "03 00:00", "d"),
                event("XMN", "02 00:00", "b"),
                event("HKG", "02 00:00", "c"),
                event(None, "01 00:00", "a"),
                event("HKG", None, "e"),
            ],
            "abcde",
            id="off the route",
        ),
        pytest.param(
            ["XMN", "LUX", "XMN"],
            [
                event("XMN", "03 00:00", "c"),
                event("LUX", "02 00:00", "b"),
                event("XMN", "01 00:00", "a"),
            ],
            "abc",
            id="there and back",
        ),
        pytest.param(
            None,
            [event("MXP", "01 00:00", "b"), event("XMN", "02 00:00", "a")],
            "ab",
            id="no route: the two ends",
        ),
    ],
)
def test_order_of_events(
    route: list[str] | None, events: list[dict[str, Any]], expected: str
) -> None:
    """The route orders the stations; time orders what is at one, and what is off the route."""
    timeline = built(origin="XMN", destination="MXP", flight_way_station=route, track_info=events)

    assert texts(timeline) == list(expected)


def test_flights_from_one_station_go_by_time() -> None:
    """A consignment may be split; without a route, time alone orders."""
    flights = {
        "CV3": {"depart_station": "LUX", "depart_time": "2018-04-01 00:00:00"},
        "CV2": {"depart_station": "XMN", "depart_time": "2018-04-03 00:00:00"},
        "CV1": {"depart_station": "XMN", "plan_depart_time": "2018-04-02 00:00:00"},
    }
    by_route = built(flight_info=flights, flight_way_station=["XMN", "LUX"])
    by_time = built(flight_info=flights)

    assert [flight.number for flight in by_route.flights] == ["CV1", "CV2", "CV3"]
    assert [flight.number for flight in by_time.flights] == ["CV3", "CV1", "CV2"]


def test_a_flight_of_which_little_is_known() -> None:
    """Without both times there is no delay."""
    (flight,) = built(flight_info={"CV1": {"depart_time": "2018-04-02 00:00:00"}}).flights

    assert flight.actual_departure == datetime(2018, 4, 2)
    assert (flight.departure_delay, flight.arrival_delay) == (None, None)


def test_a_repeated_event_is_reported_once() -> None:
    """The same event twice is one event; another one at the same time is another."""
    arrival = event("LUX", "01 00:00", "Arrived")
    timeline = built(track_info=[arrival, arrival, event("LUX", "01 00:00", "Checked")])

    assert texts(timeline) == ["Arrived", "Checked"]


@pytest.mark.parametrize(
    ("status", "events", "delivered_at"),
    [
        pytest.param(None, [], None, id="nothing"),
        pytest.param(None, [event("MXP", "02 00:00", "", status="ARR")], None, id="arrived"),
        pytest.param(None, [event("MXP", "", "", status="DLV")], None, id="to be delivered"),
        pytest.param(2, [event("MXP", "02 00:00", "", status="DLV")], None, id="in part"),
        pytest.param(
            None,
            [event("MXP", "02 00:00", "", status="DLV")],
            datetime(2018, 4, 2),
            id="by its events",
        ),
        pytest.param(
            4,
            [
                event("MXP", "03 00:00", "", status="DLV"),
                event("MXP", "02 00:00", "", status="DLV"),
            ],
            datetime(2018, 4, 3),
            id="in two parts",
        ),
    ],
)
def test_when_it_was_delivered(
    status: int | None, events: list[dict[str, Any]], delivered_at: datetime | None
) -> None:
    """The status or a delivery says whether it was delivered; the last delivery says when."""
    timeline = built(status_number=status, track_info=events)

    assert timeline.is_delivered is (delivered_at is not None)
    assert timeline.delivered_at == delivered_at


def test_delivered_without_an_event() -> None:
    """The status alone says that it was delivered, but not when."""
    timeline = built(status_number=4)

    assert timeline.is_delivered
    assert timeline.delivered_at is None
