import json

import pytest

from tests.contract.examples import payload
from tests.sandbox.harness import Api
from trackingmore_v2_sandbox.scenarios.reference_data import CARRIERS


@pytest.mark.behaviour("remote.documented")
def test_the_documented_places(api: Api) -> None:
    """The documented question gets the documented response."""
    response = api.call("checkRemoteAreas", payload("checkRemoteAreas", "request"))

    assert json.loads(response.raw) == payload("checkRemoteAreas", "200")
    assert list(response.data) == ["submitted", "other", "remote"]


@pytest.mark.behaviour("remote.company")
def test_a_company_restricts_the_response(api: Api) -> None:
    """In any case of its letters; a place that this company finds near is not remote."""
    place = {"country": "jp", "postcode": "7621094"}
    response = api.call(
        "checkRemoteAreas",
        [{**place, "company": "TNT"}, {**place, "company": "DHL"}, {**place, "company": None}],
    ).data

    assert [hit["far_express_company"] for hit in response["remote"]] == ["tnt", "ups", "tnt"]
    assert response["other"] == [place]


@pytest.mark.behaviour("remote.places")
def test_every_place_is_either_remote_or_other(api: Api) -> None:
    """About a quarter is remote, and the same places always are."""
    places = [{"country": "United States", "postcode": f"{code:05}"} for code in range(200)]
    response = api.call("checkRemoteAreas", places)
    remote = {hit["far_city_postcode"] for hit in response.data["remote"]}
    other = {place["postcode"] for place in response.data["other"]}

    assert not remote & other
    assert len(remote) + len(other) == response.data["submitted"] == 200
    assert 20 < len(remote) < 80
    assert {hit["far_express_company"] for hit in response.data["remote"]} == {
        "dhl",
        "ups",
        "fedex",
        "tnt",
    }
    assert {(hit["two_code"], hit["far_country"]) for hit in response.data["remote"]} == {
        ("US", "United States")
    }
    assert api.call("checkRemoteAreas", places).raw == response.raw


@pytest.mark.behaviour("remote.places")
def test_an_unknown_country_is_not_remote(api: Api) -> None:
    """It stands among the others, as it was sent."""
    place = {"country": "Atlantis", "postcode": "7621094"}

    assert api.call("checkRemoteAreas", [place]).data["other"] == [place]


@pytest.mark.behaviour("remote.incomplete")
@pytest.mark.parametrize(
    "wrong",
    [
        {"country": None},
        {"country": ""},
        {"postcode": None},
        {"postcode": ""},
        {"postcode": [7621094]},
        {"company": {}},
    ],
)
def test_an_incomplete_place_is_rejected(api: Api, wrong: dict[str, object]) -> None:
    """Country and postcode are needed, as text."""
    assert api.call("checkRemoteAreas", [{"country": "JP", "postcode": "1", **wrong}]).code == 4012
    assert api.call("checkRemoteAreas", [{"country": "JP"}]).code == 4012


@pytest.mark.behaviour("transit.response", "transit.figures")
def test_the_documented_route(api: Api) -> None:
    """The documented route gets the contract's example."""
    response = api.call("getTransitTimes", payload("getTransitTimes", "request"))
    (expected,) = payload("getTransitTimes", "200")["data"]

    assert response.data[0] == expected
    assert list(response.data[0]) == list(expected)
    assert b'"range1":0.5,"range3":0.3,"range4":0.15,"range5":0.05,"range6":0,' in response.raw
    assert len(response.data) == 2


@pytest.mark.behaviour("transit.response", "transit.figures")
@pytest.mark.parametrize("carrier_code", CARRIERS)
def test_figures_are_plausible(api: Api, carrier_code: str) -> None:
    """Shares add up to one, and parts are not larger than the whole."""
    route = {"carrier_code": carrier_code, "original": "cn", "destination": "Atlantis"}
    (figures,) = api.call("getTransitTimes", [route]).data
    shares = [figures[f"range{number}"] for number in (1, 3, 4, 5, 6)]

    assert {name: figures[name] for name in route} == route
    assert 0 < figures["delivered"] <= figures["total"]
    assert all(0 <= share <= 1 for share in shares)
    assert sum(shares) == pytest.approx(1)
    assert 4 <= figures["average"] <= 45


@pytest.mark.behaviour("transit.incomplete")
@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"carrier_code": None}, 4015),
        ({"carrier_code": "upss"}, 4015),
        ({"carrier_code": []}, 4012),
        ({"original": None}, 4012),
        ({"original": ""}, 4012),
        ({"destination": ""}, 4012),
        ({"destination": {}}, 4012),
    ],
)
def test_an_incomplete_route_is_rejected(api: Api, wrong: dict[str, object], code: int) -> None:
    """All three parts are needed."""
    route = {"carrier_code": "dhl", "original": "CN", "destination": "US", **wrong}

    assert api.call("getTransitTimes", [route]).code == code
