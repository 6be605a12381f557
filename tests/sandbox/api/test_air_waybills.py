import json
from datetime import timedelta
from typing import Any

import pytest

from tests.sandbox.harness import NOON, Api
from trackingmore_v2_sandbox.scenarios.airports import AIRLINES
from trackingmore_v2_sandbox.scenarios.flights import plan_flights
from website.contract import contract

NUMBER = "172-28891936"
RESPONSE = (
    b'{"meta":{"code":200,"type":"Success","message":"Request Success"},"data":{"172-28891936":'
    b'{"track_number":"172-28891936","return_data":{"weight":"1981K","piece":9,"origin":"XMN",'
    b'"destination":"MXP","track_info":[{"plan_date":"2018-04-18 20:29:00",'
    b'"actual_date":"2018-04-17 09:38:00","event":"Delivery","station":"MXP",'
    b'"flight_number":"C80066","status":"DLV","piece":"10","weight":""},'
    b'{"plan_date":"2018-04-12 01:20:00","actual_date":"2018-04-11 17:41:00",'
    b'"event":"9 piece(s) accepted","station":"XMN","flight_number":"CV7493","status":"RCS",'
    b'"piece":"9","weight":""},{"plan_date":"2018-04-12 16:27:00",'
    b'"actual_date":"2018-04-11 15:56:00","event":"9 piece(s) arrived on CV7493",'
    b'"station":"LUX","flight_number":"CV7493","status":"ARR","piece":"9","weight":""}],'
    b'"status_number":4,"flight_info":{"CV7493":{"plan_depart_time":"2018-04-12 08:20:00",'
    b'"depart_time":"2018-04-12 08:46:00","depart_station":"XMN",'
    b'"plan_arrival_time":"2018-04-12 16:27:00","arrival_time":"2018-04-11 15:56:00",'
    b'"arrival_station":"LUX"},"C80066":{"plan_arrival_time":"2018-04-14 20:29:00",'
    b'"arrival_time":"2018-04-13 20:21:00","arrival_station":"MXP",'
    b'"plan_depart_time":"2018-04-16 20:15:00","depart_time":"2018-04-14 19:31:00",'
    b'"depart_station":"LUX"}},"flight_way_station":["XMN","LUX","MXP"],'
    b'"last_event":"2018-04-17 09:38:00, Delivery, MXP, C80066"},"airline_info":'
    b'{"name":"Cargolux Airlines","url":"","track_url":""}}}}'
)
"""The documented response, with the order of its keys and the types of its values."""


@pytest.mark.behaviour("air-waybill.documented")
def test_the_documented_air_waybill(api: Api) -> None:
    """The documented question, which asks twice, gets the documented response, byte for byte."""
    examples = contract()["components"]["examples"]
    response = api.call("trackAirWaybills", examples["AirWaybillsDocumented"]["value"])

    assert response.raw == RESPONSE
    assert json.loads(response.raw) == examples["AirWaybills"]["value"]


@pytest.mark.behaviour("air-waybill.single-number")
def test_a_single_number(api: Api) -> None:
    """The official client sends one plain number."""
    assert api.call("trackAirWaybills", {"track_number": NUMBER}).raw == RESPONSE


@pytest.mark.behaviour("air-waybill.separators")
@pytest.mark.parametrize("number", ["17228891936", "172 28891936", "172-2889193"])
def test_separators_in_the_number(api: Api, number: str) -> None:
    """The same air waybill is found, under the number as it was sent."""
    data = api.call("trackAirWaybills", {"track_number": [number], "lang": "en"}).data
    documented = json.loads(RESPONSE)["data"][NUMBER]

    assert data == {number: {**documented, "track_number": number}}


@pytest.mark.behaviour("air-waybill.documented")
def test_the_documented_air_waybill_never_changes(api: Api) -> None:
    """Years later, it is what it was."""
    api.advance(days=1000)

    assert api.call("trackAirWaybills", {"track_number": NUMBER}).raw == RESPONSE


@pytest.mark.behaviour("air-waybill.unknown")
def test_an_unknown_number(api: Api) -> None:
    """Nothing is known of it but its airline, and of some not even that."""
    numbers = ["172-00000000", "000-0000000", "172-28891937"]
    data = api.call("trackAirWaybills", {"track_number": numbers}).data
    example = contract()["components"]["examples"]["AirWaybillUnknown"]["value"]["data"]

    assert list(data) == numbers
    assert data["172-00000000"] == example["172-00000000"]
    assert data["172-28891937"]["return_data"] is None
    assert data["000-0000000"] == {
        "track_number": "000-0000000",
        "return_data": None,
        "airline_info": None,
    }


def track(api: Api, number: str) -> dict[str, Any]:
    """Ask for one air waybill that is known."""
    data = api.call("trackAirWaybills", {"track_number": number}).data
    details: dict[str, Any] = data[number]["return_data"]
    return details


@pytest.mark.behaviour("air-waybill.event-order", "air-waybill.status-number")
def test_any_number_has_events_from_booking_to_delivery(api: Api) -> None:
    """Events appear one by one, newest first, and the status is that of the newest."""
    number = "618-12345675"
    plan = plan_flights(number, int(NOON.timestamp()))
    assert plan is not None
    statuses: list[int] = []
    for number_of_events, event in enumerate(plan.events, start=1):
        if number_of_events > 1:
            api.clock.set(NOON + timedelta(seconds=event.actual - 1 - NOON.timestamp()))
            assert len(track(api, number)["track_info"]) == number_of_events - 1
        api.clock.set(NOON + timedelta(seconds=event.actual - NOON.timestamp()))
        details = track(api, number)
        newest = details["track_info"][0]
        statuses.append(details["status_number"])

        assert len(details["track_info"]) == number_of_events
        assert (newest["status"], newest["station"]) == (event.code, event.station.code)
        assert details["last_event"] == ", ".join(
            newest[key] for key in ("actual_date", "event", "station", "flight_number")
        )

    assert (statuses[0], statuses[-1]) == (1, 4)
    assert statuses == sorted(statuses)
    assert {2, 3} < set(statuses)


@pytest.mark.behaviour("air-waybill.key-order")
def test_the_keys_are_those_of_the_documented_one(api: Api) -> None:
    """In its order, and with its JSON types."""
    documented = json.loads(RESPONSE)["data"][NUMBER]["return_data"]
    details = track(api, "020-76543213")

    assert list(details) == list(documented)
    assert [type(value) for value in details.values()] == [
        type(value) for value in documented.values()
    ]
    for event in details["track_info"]:
        assert list(event) == list(documented["track_info"][0])
    for flight in details["flight_info"].values():
        assert list(flight) == list(documented["flight_info"]["CV7493"])
    assert details["flight_way_station"][0] == details["origin"]
    assert details["flight_way_station"][-1] == details["destination"]


@pytest.mark.behaviour("air-waybill.event-order")
def test_a_flight_to_come_has_no_actual_times(api: Api) -> None:
    """All flights are planned from the booking on; actual times are added afterwards."""
    number = "618-12345675"
    plan = plan_flights(number, int(NOON.timestamp()))
    assert plan is not None
    first = plan.flights[0]
    actual = []
    for at in (first.departure - 1, first.departure, first.arrival):
        api.clock.set(NOON + timedelta(seconds=at - NOON.timestamp()))
        flight = track(api, number)["flight_info"][first.number]
        assert flight["plan_depart_time"]
        assert flight["plan_arrival_time"]
        actual.append([flight["depart_time"] is None, flight["arrival_time"] is None])

    assert actual == [[True, True], [False, True], [False, False]]


@pytest.mark.behaviour("air-waybill.local-time")
def test_times_are_those_of_the_station(api: Api) -> None:
    """They are written as the clocks on its walls show them."""
    number = "618-12345675"
    plan = plan_flights(number, int(NOON.timestamp()))
    assert plan is not None
    event = plan.events[0]
    api.clock.set(NOON + timedelta(seconds=event.actual - NOON.timestamp()))
    local = api.clock.now() + timedelta(hours=event.station.utc_offset)

    assert event.station.utc_offset
    assert track(api, number)["track_info"][0]["actual_date"] == f"{local:%Y-%m-%d %H:%M:%S}"


def test_every_airline_has_a_name(api: Api) -> None:
    """Each prefix of the table gives its airline's name, and a plan that the contract allows."""
    numbers = [f"{prefix}-0000017" for prefix in AIRLINES]
    for start in range(0, len(numbers), 40):
        asked = numbers[start : start + 40]
        data = api.call("trackAirWaybills", {"track_number": asked}).data
        for number in asked:
            assert data[number]["airline_info"]["name"] == AIRLINES[number[:3]].name
            assert data[number]["return_data"]["track_info"]


@pytest.mark.behaviour("air-waybill.bad-number")
@pytest.mark.parametrize(
    ("track_number", "code"),
    [
        (None, 4013),
        ("", 4013),
        ([""], 4013),
        ([None], 4013),
        ("172-288919", 4014),
        ("172--28891936", 4014),
        ([NUMBER, "LK664578623CN"], 4014),
        ([NUMBER + "\n"], 4014),
        ([], 4012),
        ({}, 4012),
        ({NUMBER: NUMBER}, 4012),
        ([[NUMBER]], 4012),
    ],
)
def test_an_invalid_number_is_rejected(api: Api, track_number: object, code: int) -> None:
    """One invalid number fails the request."""
    assert api.call("trackAirWaybills", {"track_number": track_number}).code == code


def test_a_language_of_a_wrong_type_is_rejected(api: Api) -> None:
    """Options are of the JSON types that the contract states."""
    assert api.call("trackAirWaybills", {"track_number": NUMBER, "lang": [1]}).code == 4012
    assert api.call("trackAirWaybills", {}).code == 4013
