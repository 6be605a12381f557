"""A tracking's timeline; tests/fuzz/test_timelines.py has the properties of any timeline."""

# ruff: noqa: DTZ001 - the API's times have no zone

from datetime import datetime
from typing import Any

import msgspec
import pytest

from tests.generated.examples import EXAMPLES, SUCCESSES, read
from trackingmore_v2 import models
from trackingmore_v2.timelines.parcel import LegKind, Parcel, Timeline, timeline

PARCELS: list[tuple[str, Parcel]] = [
    (str(example), parcel)
    for example in SUCCESSES
    if example.operation in {"getTracking", "listTrackings", "trackInRealtime"}
    for data in [read(example.operation, example.value)[0].data]
    for parcel in getattr(data, "items", [data])
]
"""The parcels of the contract's examples, by the example's name."""


def tracking(
    origin: list[dict[str, Any]] | None = None,
    destination: list[dict[str, Any]] | None = None,
    **fields: Any,
) -> models.Tracking:
    """Build a tracking from the checkpoints of its legs, newest first as on the wire."""
    wire: dict[str, Any] = {
        "id": "0" * 32,
        "tracking_number": "LK664578623CN",
        "carrier_code": "china-ems",
        "status": "transit",
        "created_at": "2018-04-01T00:00:00+00:00",
    }
    if origin is not None:
        wire["origin_info"] = {"carrier_code": "china-ems", "trackinfo": origin}
    if destination is not None:
        wire["destination_info"] = {"carrier_code": "usps", "trackinfo": destination}
    return msgspec.convert(wire | fields, models.Tracking)


def scan(
    date: str | None, text: str = "Scanned", place: str = "", status: str | None = None
) -> dict[str, Any]:
    """Build a checkpoint."""
    wire = {"StatusDescription": text, "Details": place}
    return (
        wire
        | ({"Date": date} if date is not None else {})
        | ({"checkpoint_status": status} if status is not None else {})
    )


def texts(built: Timeline) -> list[str | None]:
    """Return the texts of a timeline's events."""
    return [event.text for event in built.events]


def test_both_legs_are_one_list_oldest_first() -> None:
    """Two legs, with times in two precisions, are one list."""
    parcel = dict(PARCELS)["trackInRealtime-200-payload2"]
    built = timeline(parcel)

    assert [(event.time, event.leg, event.carrier_code, event.place) for event in built.events] == [
        (datetime(2018, 4, 7, 16, 45), LegKind.DESTINATION, "usps", "CHINA"),
        (datetime(2018, 4, 14, 17, 7), LegKind.ORIGIN, "china-ems", "US"),
        (
            datetime(2018, 4, 17, 22, 30),
            LegKind.DESTINATION,
            "usps",
            "DES MOINES IA NETWORK DISTRIBUTION CENTER",
        ),
    ]


def test_an_event_says_what_its_checkpoint_says() -> None:
    """Each event is typed, and keeps the checkpoint as it came."""
    wire = scan("2018-04-07 16:45:01", "Accepted", "Hangzhou", "transit") | {
        "substatus": "transit001",
        "ItemNode": "ItemReceived",
    }
    (event,) = timeline(tracking([wire])).events

    assert event.time == datetime(2018, 4, 7, 16, 45, 1)
    assert event.time.tzinfo is None
    assert event.status is models.TrackingStatus.TRANSIT
    assert event.substatus is models.Substatus.TRANSIT001
    assert (event.text, event.place) == ("Accepted", "Hangzhou")
    assert event.milestone is models.Milestone.ITEM_RECEIVED
    assert event.checkpoint == msgspec.convert(wire, models.Checkpoint)


@pytest.mark.parametrize("empty", ["", " ", "null"], ids=repr)
def test_empty_values_are_none(empty: str) -> None:
    """The wire's ways to say nothing, the literal text "null" among them, are None."""
    checkpoint = {"substatus": empty, "ItemNode": empty} | scan(empty, empty, empty, empty)
    (event,) = timeline(tracking([checkpoint])).events

    assert event.time is None
    assert (event.status, event.substatus, event.milestone) == (None, None, None)
    assert (event.text, event.place) == (None, None)


@pytest.mark.parametrize(
    "parcel",
    [
        pytest.param(tracking(), id="no legs"),
        pytest.param(tracking(origin_info=None, destination_info=None), id="null legs"),
        pytest.param(tracking(origin_info={}, destination_info={}), id="empty legs"),
        pytest.param(tracking(origin_info={"trackinfo": None}), id="null checkpoints"),
        pytest.param(tracking([], []), id="no checkpoints"),
    ],
)
def test_without_checkpoints_the_timeline_is_empty(parcel: models.Tracking) -> None:
    """A tracking without checkpoints has an empty timeline."""
    built = timeline(parcel)

    assert built == Timeline(
        status=models.TrackingStatus.TRANSIT,
        events=(),
        days_in_transit=None,
        delivered_at=None,
        is_final=False,
    )


@pytest.mark.parametrize(
    ("date", "time"),
    [
        ("2018-04-07 16:45", datetime(2018, 4, 7, 16, 45)),
        ("2018-04-07 16:45:09", datetime(2018, 4, 7, 16, 45, 9)),
        ("2018-04-07T16:45:09", datetime(2018, 4, 7, 16, 45, 9)),
        (" 2018-04-07 16:45 ", datetime(2018, 4, 7, 16, 45)),
        ("2018-04-07 16:45:09.250", datetime(2018, 4, 7, 16, 45, 9)),
        ("2018-04-07T16:45:09+08:00", datetime(2018, 4, 7, 16, 45, 9)),
        ("2018-04-07", None),
        ("2018-04-31 10:00", None),
        ("2018-04-07 24:00", None),
        ("0000-00-00 00:00:00", None),
        ("07.04.2018 16:45", None),
        ("2018-04-07 16:45 noon", None),
        ("\u0662018-04-07 16:45", None),
        ("yesterday", None),
        (None, None),
    ],
    ids=str,
)
def test_dates_of_any_form(date: str | None, time: datetime | None) -> None:
    """Both precisions are read; a date that cannot be is None, and the event stays."""
    (event,) = timeline(tracking([scan(date)])).events

    assert event.time == time
    assert event.checkpoint.date == date


@pytest.mark.parametrize(
    ("origin", "destination", "expected"),
    [
        pytest.param(
            [
                scan("2018-04-03 00:00", "c"),
                scan("?", "b"),
                scan("2018-04-01 00:00", "a"),
            ],
            [scan("2018-04-02 00:00", "x")],
            ["a", "b", "x", "c"],
            id="after its older neighbour",
        ),
        pytest.param(
            [scan("2018-04-02 00:00", "b"), scan("", "a")],
            [scan("2018-04-01 00:00", "x")],
            ["x", "a", "b"],
            id="before the first time of its leg",
        ),
        pytest.param(
            [scan("2018-04-02 00:00", "b")],
            [scan(None, "x")],
            ["b", "x"],
            id="destination last",
        ),
        pytest.param(
            [scan(None, "a")],
            [scan("2018-04-02 00:00", "x")],
            ["a", "x"],
            id="origin first",
        ),
        pytest.param(
            [scan("2018-04-01 00:00", "a"), scan("2018-04-02 00:00", "b")],
            None,
            ["a", "b"],
            id="a leg in the wrong order",
        ),
        pytest.param(
            [scan("2018-04-01 00:00", "b"), scan("2018-04-01 00:00", "a")],
            [scan("2018-04-01 00:00", "x")],
            ["a", "b", "x"],
            id="equal times",
        ),
    ],
)
def test_order(
    origin: list[dict[str, Any]], destination: list[dict[str, Any]] | None, expected: list[str]
) -> None:
    """Time orders; where there is none, the wire's order is kept, and the origin leg is first."""
    assert texts(timeline(tracking(origin, destination))) == expected


def test_duplicates_are_reported_once() -> None:
    """An event in both legs, in any precision, is the origin leg's."""
    built = timeline(
        tracking(
            [
                scan("2018-04-01 10:00", "Accepted", "CN"),
                scan("2018-04-01 10:00", "Accepted", "CN"),
            ],
            [
                scan("2018-04-01 10:00:00", "Accepted", "CN"),
                scan("2018-04-01 10:00", "Accepted", "US"),
                scan("2018-04-01 10:01", "Accepted", "CN"),
            ],
        )
    )

    assert [(event.leg, event.place) for event in built.events] == [
        (LegKind.ORIGIN, "CN"),
        (LegKind.DESTINATION, "US"),
        (LegKind.DESTINATION, "CN"),
    ]


def test_a_duplicate_without_a_time_is_the_origin_legs() -> None:
    """That holds too where the destination leg's copy would stand before it."""
    built = timeline(
        tracking(
            [scan("?", "Customs"), scan("2018-04-05 10:00", "Departed")],
            [scan("?", "Customs"), scan("2018-04-01 10:00", "Announced")],
        )
    )

    assert texts(built) == ["Announced", "Departed", "Customs"]
    assert built.events[-1].leg is LegKind.ORIGIN


def test_odd_dates_that_differ_are_no_duplicates() -> None:
    """Two dates that cannot be read may be two events."""
    built = timeline(tracking([scan("Tuesday"), scan("Monday")]))

    assert [event.checkpoint.date for event in built.events] == ["Monday", "Tuesday"]


def test_the_carrier_of_a_leg_that_names_none() -> None:
    """The origin leg is the tracking's own carrier's; of a destination leg nothing is guessed."""
    legs = {"carrier_code": None, "trackinfo": [scan("2018-04-01 10:00")]}
    other = {"trackinfo": [scan("2018-04-02 10:00")]}
    built = timeline(tracking(origin_info=legs, destination_info=other))

    assert [event.carrier_code for event in built.events] == ["china-ems", None]


def test_an_unknown_status_is_kept() -> None:
    """A status that the contract does not list is no reason to lose an event."""
    built = timeline(tracking([scan("2018-04-01 10:00", status="teleported")], status="beamed"))

    assert built.events[0].status == "teleported"
    assert built.status == "beamed"
    assert not built.is_final


@pytest.mark.parametrize(
    "parcel",
    [
        pytest.param(parcel, id=name)
        for name, parcel in PARCELS
        if isinstance(parcel, models.Tracking) or parcel.status == "delivered"
    ],
)
def test_days_worked_out_are_the_wires(parcel: Parcel) -> None:
    """Where the wire does not count the days, the contract's rule gives the same number."""
    silent = msgspec.structs.replace(parcel, item_time_length=None)

    assert timeline(silent).days_in_transit == parcel.item_time_length


@pytest.mark.parametrize(
    ("fields", "days"),
    [
        pytest.param({"itemTimeLength": 99}, 99, id="the wire's own"),
        pytest.param({"itemTimeLength": 0}, 0, id="the wire's own zero"),
        pytest.param({"status": "delivered"}, 2, id="delivered: to the newest event"),
        pytest.param({"updated_at": "2018-04-04T10:00:00+08:00"}, 3, id="to the last look, exact"),
        pytest.param({"updated_at": "2018-04-04T10:00:01-05:00"}, 4, id="rounded up, no offset"),
        pytest.param({"updated_at": "2017-01-01T00:00:00+00:00"}, 0, id="never negative"),
        pytest.param({"updated_at": None}, None, id="no look"),
    ],
)
def test_days_in_transit(fields: dict[str, Any], days: int | None) -> None:
    """Days are rounded up, from the oldest event on."""
    legs = [scan("2018-04-02 11:00", "b"), scan("2018-04-01 10:00", "a")]

    assert timeline(tracking(legs, **fields)).days_in_transit == days


def test_a_realtime_response_has_no_last_look() -> None:
    """It does not say when it was made; so the days of a tracking on its way are not worked out."""
    parcel = msgspec.convert(
        msgspec.to_builtins(tracking([scan("2018-04-01 10:00")])), models.RealtimeTracking
    )

    assert timeline(parcel).days_in_transit is None


@pytest.mark.parametrize(
    ("checkpoints", "delivered_at"),
    [
        pytest.param(
            [
                scan("2018-04-03 09:00", "Signature available", status="delivered"),
                scan("2018-04-02 09:00", "Delivered", status="delivered"),
                scan("2018-04-01 09:00", status="transit"),
            ],
            datetime(2018, 4, 2, 9),
            id="the first news of it",
        ),
        pytest.param(
            [
                scan("2018-04-04 09:00", "Survey"),
                scan("2018-04-03 09:00", "Delivered again", status="delivered"),
                scan("2018-04-02 09:00", "Sorry", status="transit"),
                scan("2018-04-01 09:00", "Delivered", status="delivered"),
            ],
            datetime(2018, 4, 3, 9),
            id="the last delivery",
        ),
        pytest.param(
            [
                scan("2018-04-02 09:00", "Late news", status="transit"),
                scan("2018-04-01 09:00", "Delivered", status="delivered"),
            ],
            datetime(2018, 4, 1, 9),
            id="with late news",
        ),
        pytest.param(
            [scan("2018-04-02 09:00", "b"), scan("2018-04-01 09:00", "a")],
            datetime(2018, 4, 2, 9),
            id="before 2018: the newest",
        ),
        pytest.param([scan("2018-04-02 09:00", status="transit")], None, id="set by hand"),
        pytest.param([scan("?", status="delivered")], None, id="an odd date"),
        pytest.param([], None, id="no events"),
    ],
)
def test_when_it_was_delivered(
    checkpoints: list[dict[str, Any]], delivered_at: datetime | None
) -> None:
    """It is the first event of the last delivery, and of a delivered tracking only."""
    assert timeline(tracking(checkpoints, status="delivered")).delivered_at == delivered_at
    assert timeline(tracking(checkpoints, status="transit")).delivered_at is None


@pytest.mark.parametrize(
    ("status", "substatus", "is_final"),
    [
        *((status, None, status in {"delivered", "expired"}) for status in models.TrackingStatus),
        ("exception", "exception004", False),
        ("exception", "exception006", False),
        ("exception", "exception007", True),
        ("exception", "exception008", True),
        ("exception", "exception009", False),
        ("exception", "exception010", True),
        ("exception", "exception011", False),
        ("transit", "exception010", False),
    ],
)
def test_whether_it_is_final(status: str, substatus: str | None, *, is_final: bool) -> None:
    """Nothing comes after delivery, expiry, and the exceptions that are an end."""
    assert timeline(tracking(status=status, substatus=substatus)).is_final is is_final


def test_the_webhooks_tracking_has_a_timeline() -> None:
    """The tracking of a webhook has a timeline too."""
    example = next(it for it in EXAMPLES if it.operation == "trackingUpdated")
    update = msgspec.convert(example.value, models.TrackingEvent)
    built = timeline(update.data)

    assert (texts(built)[0], texts(built)[-1]) == ("Accepted by carrier", "Delivered")
    assert built.delivered_at == datetime(2021, 5, 23, 23, 38, 6)
    assert built.days_in_transit == 7
    assert built.is_final
