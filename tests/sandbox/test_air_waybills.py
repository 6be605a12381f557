import json

import pytest

from .harness import Api, contract

NUMBER = "172-28891936"
ANSWER = (
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
"""The documented answer, with the order of its keys and the types of its values."""


def test_the_documented_air_waybill(api: Api) -> None:
    """The documented question, which asks twice, gets the documented answer, byte for byte."""
    examples = contract()["components"]["examples"]
    answer = api.call("trackAirWaybills", examples["AirWaybillsDocumented"]["value"])

    assert answer.raw == ANSWER
    assert json.loads(answer.raw) == examples["AirWaybills"]["value"]


def test_a_single_number(api: Api) -> None:
    """The official client sends one plain number."""
    assert api.call("trackAirWaybills", {"track_number": NUMBER}).raw == ANSWER


@pytest.mark.parametrize("number", ["17228891936", "172 28891936"])
def test_other_ways_to_write_the_number(api: Api, number: str) -> None:
    """The same air waybill is found, under the number as it was sent."""
    data = api.call("trackAirWaybills", {"track_number": [number], "lang": "en"}).data
    documented = json.loads(ANSWER)["data"][NUMBER]

    assert data == {number: {**documented, "track_number": number}}


def test_an_unknown_number(api: Api) -> None:
    """Nothing is known of it but its airline, and of some not even that."""
    numbers = ["172-00000000", "000-0000000"]
    data = api.call("trackAirWaybills", {"track_number": numbers}).data
    example = contract()["components"]["examples"]["AirWaybillUnknown"]["value"]["data"]

    assert list(data) == numbers
    assert data["172-00000000"] == example["172-00000000"]
    assert data["000-0000000"] == {
        "track_number": "000-0000000",
        "return_data": None,
        "airline_info": None,
    }


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
        (17228891936, 4012),
        ([17228891936], 4012),
        ([[NUMBER]], 4012),
    ],
)
def test_a_bad_number_is_refused(api: Api, track_number: object, code: int) -> None:
    """One bad number spoils the request."""
    assert api.call("trackAirWaybills", {"track_number": track_number}).code == code


def test_a_language_of_a_wrong_type_is_refused(api: Api) -> None:
    """Options are of the JSON types that the contract states."""
    assert api.call("trackAirWaybills", {"track_number": NUMBER, "lang": 1}).code == 4012
    assert api.call("trackAirWaybills", {}).code == 4013
