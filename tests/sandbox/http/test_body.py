import json
from typing import Any

import pytest

from tests.sandbox.harness import PAIR, Api
from trackingmore_v2_api import OPERATIONS
from trackingmore_v2_sandbox import Settings

WITH_BODY = sorted(each.id for each in OPERATIONS.values() if each.request is not None)
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
UNREADABLE = {
    "empty": b"",
    "blank": b" ",
    "cut": b'{"tracking_number": "LK6645',
    "html": b"<html></html>",
    "not UTF-8": b'{"tracking_number": "\xff\xfe\xfd\xfc\xfb"}',
    "UTF-16": '{"tracking_number": "LK664578623CN"}'.encode("utf-16"),
    "too deep": b"[" * 100_000,
    "half a surrogate pair": b'{"tracking_number": "LK664578623CN", "title": "\\ud800 and more"}',
    "NaN": b"NaN",
    "infinite": b"[1e999]",
    "null": b"null",
    "text": b'"LK664578623CN"',
    "number": b"1",
    "empty array": b"[]",
    "array of numbers": b"[1]",
    "two documents": b"{}{}",
}


def send(api: Api, operation_id: str, body: bytes, headers: dict[str, str] | None = None) -> int:
    """Send a body, and return the code of the response."""
    parameters: dict[str, Any] = dict(PAIR) if OPERATIONS[operation_id].path_parameters else {}
    return api.call(operation_id, raw=body, headers=headers, **parameters).code


@pytest.mark.behaviour("body.not-json", "body.other-type", "batch.empty")
@pytest.mark.parametrize("operation_id", WITH_BODY)
@pytest.mark.parametrize("fault", UNREADABLE)
def test_an_unreadable_body_is_rejected(api: Api, operation_id: str, fault: str) -> None:
    """A body that is not the JSON of the operation is rejected."""
    assert send(api, operation_id, UNREADABLE[fault]) == 4012


@pytest.mark.behaviour("body.form")
@pytest.mark.parametrize("operation_id", WITH_BODY)
def test_a_form_is_rejected_as_the_faq_says(api: Api, operation_id: str) -> None:
    """Parameters that are not JSON but a form are rejected with 4015."""
    form = b"tracking_number=LK664578623CN&carrier_code=china-ems"

    assert send(api, operation_id, form, FORM) == 4015


@pytest.mark.behaviour("body.content-type")
@pytest.mark.parametrize(
    "content_type",
    [None, "", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "?"],
)
def test_json_is_parsed_with_any_content_type(api: Api, content_type: str | None) -> None:
    """The official C# sample sends JSON as a form."""
    headers = {} if content_type is None else {"Content-Type": content_type}

    assert send(api, "createTracking", json.dumps(PAIR).encode(), headers) == 200


@pytest.mark.behaviour("response.body-limit")
def test_a_body_that_is_too_long_is_rejected_and_changes_nothing() -> None:
    """It is not read."""
    api = Api(Settings(max_body_bytes=200))
    body = json.dumps({**PAIR, "title": "x" * 200}).encode()

    assert send(api, "createTracking", body) == 4012
    assert send(api, "getTracking", b"") == 4017
    assert send(api, "createTracking", json.dumps(PAIR).encode()) == 200
    api.close()


@pytest.mark.behaviour("body.not-taken")
def test_an_unexpected_body_is_ignored(api: Api) -> None:
    """Reads and deletes ignore their body."""
    api.create()

    assert api.call("getTracking", raw=b"{", **PAIR).code == 200
    assert api.call("deleteTracking", raw=b"\xff", **PAIR).code == 200


@pytest.mark.behaviour("body.no-number", "body.bad-number", "body.number-first")
@pytest.mark.behaviour("body.no-carrier", "body.bad-carrier")
@pytest.mark.parametrize("operation_id", ["createTracking", "trackInRealtime", "changeCarrier"])
@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"tracking_number": None}, 4013),
        ({"tracking_number": ""}, 4013),
        ({"tracking_number": "ABCD"}, 4014),
        ({"tracking_number": "LK 664578623CN"}, 4014),
        ({"tracking_number": "LK664578623CN\n"}, 4014),
        ({"tracking_number": "LK66457862\u0663CN"}, 4014),
        ({"tracking_number": {}}, 4012),
        ({"tracking_number": ["LK664578623CN"]}, 4012),
        ({"carrier_code": None}, 4015),
        ({"carrier_code": ""}, 4015),
        ({"carrier_code": "china ems"}, 4015),
        ({"carrier_code": "no-such-carrier"}, 4015),
        ({"carrier_code": [True]}, 4012),
        ({"carrier_code": True}, 4015),
        ({"tracking_number": None, "carrier_code": None}, 4013),
    ],
)
def test_an_invalid_pair_is_rejected(
    api: Api, operation_id: str, wrong: dict[str, object], code: int
) -> None:
    """The number is validated before the carrier, each with its own code."""
    body = {**PAIR, "update_carrier_code": "usps", **wrong}

    assert api.call(operation_id, body).code == code


@pytest.mark.behaviour("body.null")
def test_a_missing_key_counts_as_null(api: Api) -> None:
    """Absent and null are the same."""
    assert api.call("createTracking", {"carrier_code": "usps"}).code == 4013
    assert api.call("createTracking", {"tracking_number": "LK664578623CN"}).code == 4015


@pytest.mark.behaviour("body.bad-number", "body.bad-carrier")
@pytest.mark.parametrize(
    ("tracking_number", "carrier_code", "code"),
    [("ABCD", "usps", 4014), ("LK664578623CN", "nobody", 4015), ("ABCD", "nobody", 4014)],
)
def test_an_invalid_pair_in_the_path_is_rejected(
    api: Api, tracking_number: str, carrier_code: str, code: int
) -> None:
    """A path is judged like a body."""
    pair: dict[str, Any] = {"tracking_number": tracking_number, "carrier_code": carrier_code}

    assert api.call("getTracking", **pair).code == code
    assert api.call("getLocalizedTracking", **pair, lang="en").code == code
    assert api.call("updateTracking", {}, **pair).code == code
    assert api.call("deleteTracking", **pair).code == code
