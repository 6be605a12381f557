import json
from contextlib import closing
from typing import Any, get_origin

import pytest

from tests.sandbox.harness import PAIR, Api, NewApi
from trackingmore_v2_api import OPERATIONS
from trackingmore_v2_sandbox import Settings

WITH_BODY = sorted(each.id for each in OPERATIONS.values() if each.request is not None)
FORM = "application/x-www-form-urlencoded"
NOT_JSON = {
    "form": b"tracking_number=LK664578623CN&carrier_code=china-ems",
    "cut": b'{"tracking_number": "LK6645',
    "html": b"<html></html>",
    "not UTF-8": b'{"tracking_number": "\xff\xfe\xfd\xfc\xfb"}',
    "UTF-16": '{"tracking_number": "LK664578623CN"}'.encode("utf-16"),
    "too deep": b"[" * 100_000,
    "half a surrogate pair": b'{"tracking_number": "LK664578623CN", "title": "\\ud800 and more"}',
    "NaN": b"NaN",
    "infinite": b"[1e999]",
    "two documents": b"{}{}",
}
OTHER_JSON = {
    "null": b"null",
    "text": b'"LK664578623CN"',
    "number": b"1",
    "array of numbers": b"[1]",
}
BATCHES = [name for name in WITH_BODY if get_origin(OPERATIONS[name].request) is list]
JSON = {"Content-Type": "application/json"}


def send(api: Api, operation_id: str, body: bytes, headers: dict[str, str] | None = None) -> int:
    """Send a body, and return the code of the response."""
    parameters: dict[str, Any] = dict(PAIR) if OPERATIONS[operation_id].path_parameters else {}
    return api.call(operation_id, raw=body, headers=headers, **parameters).code


@pytest.mark.behaviour("body.not-json")
@pytest.mark.parametrize("operation_id", WITH_BODY)
@pytest.mark.parametrize("content_type", [None, "application/json", FORM])
def test_a_body_that_is_not_json_is_rejected_as_the_faq_says(
    api: Api, operation_id: str, content_type: str | None
) -> None:
    """With 4015, whatever its content type says."""
    headers = {"Content-Type": content_type} if content_type else None
    codes = {name: send(api, operation_id, body, headers) for name, body in NOT_JSON.items()}

    assert codes == dict.fromkeys(NOT_JSON, 4015)


@pytest.mark.behaviour("body.other-type")
@pytest.mark.parametrize("operation_id", WITH_BODY)
@pytest.mark.parametrize("fault", OTHER_JSON)
def test_a_body_of_another_type_is_rejected(api: Api, operation_id: str, fault: str) -> None:
    """JSON that is not what the operation takes."""
    assert send(api, operation_id, OTHER_JSON[fault]) == 4012


@pytest.mark.behaviour("batch.empty")
@pytest.mark.parametrize("operation_id", BATCHES)
def test_an_empty_batch_is_rejected(api: Api, operation_id: str) -> None:
    """Like JSON of another type."""
    assert send(api, operation_id, b"[]") == 4012


@pytest.mark.behaviour("body.empty-array")
@pytest.mark.parametrize("operation_id", sorted({*WITH_BODY, "listTrackings"} - {*BATCHES}))
def test_an_empty_array_is_an_object_without_fields(api: Api, operation_id: str) -> None:
    """PHP encodes an empty list of options so; there is a hint."""
    api.create(title="t")
    path = OPERATIONS[operation_id].path.format(**PAIR)
    method = "PUT" if operation_id == "updateTracking" else "POST"
    response = api.send(method, path, content=b"[]", headers=JSON)

    assert response.raw == api.send(method, path, content=b"{}", headers=JSON).raw
    assert "body: expected an object" in response.headers["X-Sandbox-Hint"]


@pytest.mark.behaviour("body.empty-array")
@pytest.mark.parametrize("operation_id", BATCHES)
def test_an_empty_array_in_a_batch_is_an_item_without_fields(api: Api, operation_id: str) -> None:
    """It does not reject the other items."""
    response = api.call(operation_id, raw=b"[[]]", headers=JSON)

    assert response.raw == api.call(operation_id, raw=b"[{}]", headers=JSON).raw
    assert (
        "body/0: expected an object, got an array of length 0" in response.headers["X-Sandbox-Hint"]
    )


@pytest.mark.behaviour("body.empty-array", "response.strict")
def test_a_strict_sandbox_rejects_an_empty_array() -> None:
    """Though it would change nothing."""
    with closing(Api(Settings(strict=True))) as api:
        api.call("createTracking", PAIR, headers=JSON).success()
        update = api.call("updateTracking", raw=b"[]", headers=JSON, **PAIR)

    assert update.code == 4012


@pytest.mark.behaviour("body.missing")
@pytest.mark.parametrize("operation_id", sorted(set(WITH_BODY) - {"updateTracking"}))
@pytest.mark.parametrize("body", [b"", b" \n"])
def test_a_missing_body_is_not_json(api: Api, operation_id: str, body: bytes) -> None:
    """It is rejected like form data."""
    assert send(api, operation_id, body) == 4015


@pytest.mark.behaviour("update.no-body")
@pytest.mark.parametrize("body", [b"", b" \n"])
def test_an_update_without_a_body_changes_nothing(api: Api, body: bytes) -> None:
    """Existence is checked first; a client in use has never sent a body."""
    assert send(api, "updateTracking", body) == 4017
    api.create(title="t")
    before = api.get()
    response = api.call("updateTracking", raw=body, **PAIR)

    assert response.success()["title"] == "t"
    assert "got an empty body" in response.headers["X-Sandbox-Hint"]
    assert api.get() == before


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
def test_a_body_that_is_too_long_is_rejected_and_changes_nothing(new_api: NewApi) -> None:
    """It is not read."""
    api = new_api(Settings(max_body_bytes=200))
    body = json.dumps({**PAIR, "title": "x" * 200}).encode()

    assert send(api, "createTracking", body) == 4012
    assert send(api, "getTracking", b"") == 4017
    assert send(api, "createTracking", json.dumps(PAIR).encode()) == 200


@pytest.mark.behaviour("body.not-taken")
def test_an_unexpected_body_is_ignored(api: Api) -> None:
    """Reads and deletes ignore their body."""
    api.create()

    assert api.call("getTracking", raw=b"{", **PAIR).code == 200
    assert api.call("deleteTracking", raw=b"\xff", **PAIR).code == 200


@pytest.mark.behaviour("body.no-number", "body.bad-number", "body.carrier-first")
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
        ({"carrier_code": "upss"}, 4015),
        ({"carrier_code": [True]}, 4012),
        ({"tracking_number": None, "carrier_code": None}, 4015),
    ],
)
def test_an_invalid_pair_is_rejected(
    api: Api, operation_id: str, wrong: dict[str, object], code: int
) -> None:
    """The carrier is validated before the number, each with its own code."""
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
    [("ABCD", "usps", 4014), ("LK664578623CN", "chin-post", 4015), ("ABCD", "chin-post", 4015)],
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
