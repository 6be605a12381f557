import json
from contextlib import closing
from pathlib import Path

import httpx2
import pytest

from tests.sandbox.harness import OTHER_KEY, PAIR, SCENARIO, Api, NewApi
from trackingmore_v2 import TrackingMore
from trackingmore_v2_api import models
from trackingmore_v2_sandbox import CarrierList, Sandbox, SandboxError, Settings, read_carriers
from trackingmore_v2_sandbox.scenarios.reference_data import CARRIERS, COUNTRIES
from website.contract import contract


@pytest.mark.behaviour("request.encoding", "carriers.documented", "carriers.meta")
def test_the_documented_carriers_are_listed(api: Api) -> None:
    """The documented entries are among them word for word, and `meta` is whole."""
    response = api.call("listCarriers")
    documented = contract()["components"]["examples"]["CarriersDocumented"]["value"]

    assert response.raw.startswith(
        b'{"meta":{"code":200,"type":"Success","message":"Success"},"data":['
        b'{"name":"DHL","code":"dhl","phone":"1 800 225 5345",'
        b'"homepage":"\\/\\/www.dhl.com\\/","type":"express",'
        b'"picture":"\\/\\/cdn.trackingmore.com\\/images\\/icons\\/express\\/dhl.png"},'
    )
    for carrier in documented["data"]:
        assert carrier in response.data
    assert len(response.data) >= 75


@pytest.mark.behaviour("carriers.picture")
def test_pictures_follow_their_rule(api: Api) -> None:
    """Couriers have an icon by their code, postal services a logo by a number of their own."""
    carriers = api.call("listCarriers").data
    icons = "//cdn.trackingmore.com/images/icons/express"
    logos = [each["picture"] for each in carriers if each["type"] == "globalpost"]
    known = {
        "china-post": 3010,
        "china-ems": 3011,
        "usps": 21050,
        "hong-kong-post": 8010,
        "singapore-post": 19131,
    }

    for each in carriers:
        if each["type"] == "express":
            assert each["picture"] == f"{icons}/{each['code']}.png"
    for code, number in known.items():
        assert CARRIERS[code].picture == f"{icons}/companylogo/{number}.jpg"
    assert len(set(logos)) == len(logos)


def test_the_reference_data_is_consistent() -> None:
    """Each carrier has a home, and each country services that exist."""
    for carrier in CARRIERS.values():
        assert carrier.country in COUNTRIES
    for country in COUNTRIES.values():
        assert CARRIERS[country.post].country == country.code
        assert CARRIERS[country.ems].country == country.code
        assert country.cities


@pytest.mark.behaviour("carriers.language")
@pytest.mark.parametrize("language", models.CarrierLanguage)
def test_names_are_english_in_every_language(api: Api, language: str) -> None:
    """A language is accepted and has no effect."""
    plain = api.call("listCarriers")

    assert api.call("listCarriers", headers={"Lang": language}).raw == plain.raw


@pytest.mark.behaviour("carriers.language")
@pytest.mark.parametrize("language", ["xx", "EN", ""])
def test_an_unknown_language_is_rejected(api: Api, language: str) -> None:
    """Only the documented languages are accepted."""
    assert api.call("listCarriers", headers={"Lang": language}).code == 4012


@pytest.mark.behaviour("detect.documented")
def test_the_documented_number_is_detected(api: Api) -> None:
    """The documented guess, byte for byte."""
    assert api.call("detectCarrier", {"tracking_number": "RN123456789CN"}).raw == (
        b'{"meta":{"code":200,"type":"Success","message":"Success"},'
        b'"data":[{"name":"China post","code":"china-post"}]}'
    )


@pytest.mark.behaviour("detect.documented", "detect.formats")
@pytest.mark.parametrize(
    ("number", "codes"),
    [
        ("LK664578623CN", ["china-ems", "china-post"]),
        ("EE123456789SG", ["singapore-speedpost", "singapore-post"]),
        ("CP123456789US", ["usps"]),
        ("1Z97X17XYW06605211", ["ups"]),
        ("1z97x17xyw06605211", ["ups"]),
        ("402934299065", ["fedex", "dhl-germany"]),
        ("1234567890", ["dhl"]),
        ("LP00123456789012", ["cainiao"]),
    ],
)
def test_common_forms_are_detected(api: Api, number: str, codes: list[str]) -> None:
    """The best guess comes first."""
    guesses = api.call("detectCarrier", {"tracking_number": number, "lang": "en"}).data

    assert [guess["code"] for guess in guesses] == codes
    assert [guess["name"] for guess in guesses] == [CARRIERS[code].name for code in codes]


@pytest.mark.behaviour("detect.get")
def test_a_body_sent_by_get_is_read(api: Api) -> None:
    """The official Python class sends it so; without a body, the method is wrong."""
    body = b'{"tracking_number":"RN123456789CN"}'
    response = api.send("GET", "/carriers/detect", content=body)
    unreadable = api.send("GET", "/carriers/detect", content=b"{")
    without = api.send("GET", "/carriers/detect")

    assert response.raw == api.call("detectCarrier", raw=body).raw
    assert response.headers["X-Sandbox-Hint"].startswith("method: expected POST, got GET")
    assert unreadable.code == 4015
    assert unreadable.headers["X-Sandbox-Hint"].startswith("body: expected JSON in UTF-8")
    assert without.code == 405
    assert without.headers["Allow"] == "POST"


@pytest.mark.behaviour("detect.none")
@pytest.mark.parametrize("number", ["HELLO", "RN123456789ZZ", "RN12345678CN"])
def test_a_number_of_no_carrier_is_rejected(api: Api, number: str) -> None:
    """Without a guess the error is 4032."""
    assert api.call("detectCarrier", {"tracking_number": number}).meta == {
        "code": 4032,
        "type": "No Content",
        "message": "Cannot detect courier.",
    }


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, 4013),
        ({"tracking_number": None}, 4013),
        ({"tracking_number": ""}, 4013),
        ({"tracking_number": "ABCD"}, 4014),
        ({"tracking_number": "RN123456789CN "}, 4014),
        ({"tracking_number": [123456]}, 4012),
        ({"tracking_number": "RN123456789CN", "lang": [1]}, 4012),
    ],
)
def test_an_invalid_query_is_rejected(api: Api, body: dict[str, object], code: int) -> None:
    """The number must be there, and have the form of one."""
    assert api.call("detectCarrier", body).code == code


@pytest.mark.behaviour("account.response", "account.phone", "tenant.default-quota")
def test_the_account_is_the_documented_one(api: Api) -> None:
    """The documented values, in the documented order."""
    response = api.call("getAccount")
    documented = contract()["components"]["examples"]["AccountDocumented"]["value"]["data"]

    assert response.data == {**documented, "track_number": 1_000_000}
    assert list(response.data) == list(documented)


@pytest.mark.behaviour("quota.five-detections", "quota.first-detection")
def test_five_detections_cost_one_tracking(new_api: NewApi) -> None:
    """The first of five is charged, and without quota nothing is detected."""
    api = new_api(Settings(quota=2))
    query = {"tracking_number": "RN123456789CN"}
    left = []
    for _ in range(6):
        assert api.call("detectCarrier", query).code == 200
        left.append(api.call("getAccount").data["track_number"])

    assert left == [1, 1, 1, 1, 1, 0]
    for _ in range(4):
        assert api.call("detectCarrier", query).code == 200
    assert api.call("detectCarrier", query).code == 4021
    assert api.call("createTracking", PAIR).code == 4021
    assert api.call("detectCarrier", query, key=OTHER_KEY).code == 200


@pytest.mark.behaviour("detect.none")
def test_a_failed_detection_is_free(api: Api) -> None:
    """Only guesses are charged."""
    api.call("detectCarrier", {"tracking_number": "HELLO"})

    assert api.call("getAccount").data["track_number"] == 1_000_000


NIMBUS = {"name": "Nimbus", "code": "Nimbus-Air", "type": "express", "country_code": "IS"}
JSON = {"Content-Type": "application/json"}
HINT = "X-Sandbox-Hint"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return a file with a response that lists one carrier."""
    path = tmp_path / "carriers.json"
    path.write_text(json.dumps({"meta": {"code": 200}, "data": [NIMBUS]}))
    return path


@pytest.mark.behaviour("response.carriers")
def test_the_carriers_of_a_file_are_listed(file: Path) -> None:
    """They are listed as they are in the file, and their trackings are like those of others."""
    with (
        Sandbox(carriers=file) as sandbox,
        TrackingMore(api_key=sandbox.api_key, base_url=sandbox.base_url) as client,
    ):
        headers = {"Trackingmore-Api-Key": sandbox.api_key}
        listed = httpx2.get(f"{sandbox.base_url}/carriers", headers=headers).json()["data"]
        client.trackings.create("Nimbus-Air", "SANDBOX-DELIVERED")

        assert listed == [NIMBUS]
        assert client.trackings.get("Nimbus-Air", "SANDBOX-DELIVERED").status == "delivered"


@pytest.mark.behaviour("response.carriers")
def test_a_strict_sandbox_accepts_listed_carriers_only(new_api: NewApi, file: Path) -> None:
    """The others are rejected with the code of an invalid carrier."""
    api = new_api(Settings(strict=True, carriers=read_carriers(file)))
    for code, expected in (("Nimbus-Air", 200), ("ups", 4015), ("nimbus-air", 4015)):
        assert (
            api.call("createTracking", {**PAIR, "carrier_code": code}, headers=JSON).code
            == expected
        )


@pytest.mark.behaviour("detect.listed")
def test_only_listed_carriers_are_detected(tmp_path: Path) -> None:
    """With the names of the list."""
    path = tmp_path / "carriers.json"
    china_ems = {"name": "EMS of China", "code": "china-ems"}
    path.write_text(json.dumps({"meta": {"code": 200}, "data": [china_ems]}))
    with closing(Api(Settings(carriers=read_carriers(path)))) as api:
        ems = api.call("detectCarrier", {"tracking_number": "LK664578623CN"})
        post = api.call("detectCarrier", {"tracking_number": "RN123456789CN"})

    assert ems.success() == [china_ems]
    assert post.code == 4032


@pytest.mark.behaviour("body.unlisted-carrier", "carriers.unlisted")
def test_a_carrier_that_is_not_listed_is_accepted_with_a_hint(api: Api) -> None:
    """It is created, polled, read, listed and moved like any other."""
    pair = {**SCENARIO, "carrier_code": "nimbus-air"}
    created = api.call("createTracking", pair)
    api.advance(days=1)
    tracking = api.call("getTracking", **pair)

    assert created.code == 200
    assert 'got "nimbus-air"' in created.headers[HINT]
    assert tracking.data["status"] == "delivered"
    assert tracking.data["origin_info"]["carrier_code"] == "nimbus-air"
    assert api.call("listTrackings").data["items"][0]["carrier_code"] == "nimbus-air"
    moved = {**pair, "update_carrier_code": "nimbus-sea"}
    assert api.call("changeCarrier", moved).code == 200


@pytest.mark.behaviour("body.unlisted-carrier")
@pytest.mark.parametrize(
    ("code", "meant"),
    [
        ("upss", "ups"),
        ("uups", "ups"),
        ("us", "ups"),
        ("upx", "ups"),
        ("UPS", "ups"),
        ("uspps", "usps"),
        ("sups", "ups"),
        ("chian-post", "china-post"),
        ("china_post", "china-post"),
    ],
)
def test_a_typing_error_in_a_carrier_is_rejected(api: Api, code: str, meant: str) -> None:
    """A doubled, missing, other or swapped letter has a hint at the carrier that is meant."""
    response = api.call("createTracking", {**PAIR, "carrier_code": code})
    batch = api.call("createTrackingBatch", [PAIR, {**PAIR, "carrier_code": code}], headers=JSON)

    assert response.code == 4015
    assert f"did you mean {meant}?" in response.headers[HINT]
    assert [error["code"] for error in batch.data["errors"]] == [4015]
    assert batch.headers[HINT].startswith("body/1/carrier_code: ")


@pytest.mark.parametrize("code", ["nimbus-air", "uspt", "upsss", "pus-", "chinapostt", "ch"])
def test_codes_two_letters_apart_are_not_alike(code: str) -> None:
    """They may be carriers of their own."""
    assert read_carriers_of("ups", "china-post").meant_by(code) is None


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ("", "truncated"),
        ("[]", "`object`"),
        ('{"meta": {"code": 4001}, "data": []}', "$.data"),
        ('{"data": [{"name": "UPS", "code": "u p s"}]}', "$.data[0].code"),
        ('{"data": [{"name": "UPS", "code": "ups"}, {"code": "dhl"}]}', "$.data[1]"),
        ('{"data": [{"name": "UPS", "code": "ups", "type": "post"}]}', "$.data[0].type"),
    ],
)
def test_an_invalid_carriers_file_is_named(tmp_path: Path, content: str, place: str) -> None:
    """The error names the file and the place in it."""
    path = tmp_path / "carriers.json"
    path.write_text(content)

    with pytest.raises(SandboxError) as caught, Sandbox(carriers=path):
        pass
    assert str(path) in str(caught.value)
    assert place in str(caught.value)


def read_carriers_of(*codes: str) -> CarrierList:
    """Return a list of carriers with these codes."""
    return CarrierList({code: {} for code in codes})
