import json
from typing import Any

import pytest

from tests.contract.examples import payload
from tests.sandbox.harness import PAIR, Api, NewApi
from trackingmore_v2_api import META_CODES, OPERATIONS
from trackingmore_v2_sandbox import Settings

SINGAPORE = {"tracking_number": "RP893531375SG", "carrier_code": "singapore-post"}
UNKNOWN = {"tracking_number": "LK894734223CN", "carrier_code": "china-ems"}
BAD_ITEMS = [
    ({"carrier_code": "usps"}, 4013),
    ({"tracking_number": "", "carrier_code": "usps"}, 4013),
    ({"tracking_number": "1", "carrier_code": "usps"}, 4014),
    ({"tracking_number": "12345"}, 4015),
    ({"tracking_number": "12345", "carrier_code": "upss"}, 4015),
]
ON_PAIRS = ["createTrackingBatch", "updateTrackingBatch", "stopTrackingUpdates"]


def items(count: int) -> list[dict[str, str]]:
    """Return pairs."""
    return [
        {"tracking_number": f"RB{number:09}CN", "carrier_code": "china-post"}
        for number in range(count)
    ]


def rejected(item: dict[str, str], code: int) -> dict[str, Any]:
    """Return the error of one item."""
    return {
        "tracking_number": item.get("tracking_number"),
        "carrier_code": item.get("carrier_code"),
        "code": code,
        "message": META_CODES[code].message,
    }


@pytest.mark.behaviour("create-batch.response")
def test_a_batch_creates_and_rejects_items(api: Api) -> None:
    """Each item has its own result; the response has code 201 and the recorded shape."""
    api.create(**SINGAPORE)
    response = api.call("createTrackingBatch", [PAIR, SINGAPORE, PAIR])
    recorded = payload("createTrackingBatch", "200")

    assert response.meta == recorded["meta"]
    assert list(response.data) == list(recorded["data"])
    assert response.data["submitted"] == 3
    assert response.data["added"] == 1
    assert [item["tracking_number"] for item in response.data["trackings"]] == ["LK664578623CN"]
    assert list(response.data["trackings"][0]) == list(recorded["data"]["trackings"][0])
    assert response.data["errors"] == [rejected(SINGAPORE, 4016), rejected(PAIR, 4016)]
    assert list(response.data["errors"][0]) == list(recorded["data"]["errors"][0])


@pytest.mark.behaviour("create-batch.none-added")
def test_a_batch_succeeds_when_all_items_are_rejected(api: Api) -> None:
    """The response has code 201."""
    response = api.call("createTrackingBatch", [item for item, _ in BAD_ITEMS])

    assert response.code == 201
    assert response.data["added"] == 0
    assert response.data["errors"] == [rejected(item, code) for item, code in BAD_ITEMS]


@pytest.mark.behaviour("quota.exhausted")
def test_without_quota_items_are_rejected(new_api: NewApi) -> None:
    """The items that the quota allows are created, the others get 4021."""
    api = new_api(Settings(quota=1))
    first, second = items(2)
    response = api.call("createTrackingBatch", [first, second])

    assert response.data["added"] == 1
    assert response.data["errors"] == [rejected(second, 4021)]


@pytest.mark.behaviour("batch.item-error")
@pytest.mark.parametrize("operation_id", ON_PAIRS)
def test_invalid_items_are_rejected_individually(api: Api, operation_id: str) -> None:
    """With a code of their own; the others are carried out."""
    api.create(**SINGAPORE)
    good = PAIR if operation_id == "createTrackingBatch" else SINGAPORE
    response = api.call(operation_id, [item for item, _ in BAD_ITEMS] + [good])

    assert response.data["errors"] == [rejected(item, code) for item, code in BAD_ITEMS]
    assert len(response.data["trackings"]) == 1


@pytest.mark.parametrize("operation_id", [*ON_PAIRS, "deleteTrackingBatch"])
def test_a_carrier_of_a_wrong_type_is_not_echoed(api: Api, operation_id: str) -> None:
    """The item is rejected, and its carrier is null in the error."""
    response = api.call(operation_id, [{"tracking_number": "1Z?", "carrier_code": ["443"]}])

    (error,) = response.data.get("errors") or [it["meta"] for it in response.data["trackings"]]
    assert (error["code"], error["carrier_code"]) == (4012, None)


@pytest.mark.behaviour("batch.unparsable-item")
@pytest.mark.parametrize("operation_id", [*ON_PAIRS, "deleteTrackingBatch"])
@pytest.mark.parametrize("invalid", [1, None, [1]])
def test_an_item_that_is_not_an_object_fails_the_batch(
    api: Api, operation_id: str, invalid: object
) -> None:
    """Nothing is carried out."""
    api.create(**SINGAPORE, title="before")
    good = PAIR if operation_id == "createTrackingBatch" else {**SINGAPORE, "title": "after"}

    assert api.call(operation_id, [good, invalid]).code == 4012
    assert api.call("getTracking", **PAIR).code == 4017
    assert api.get(**SINGAPORE)["title"] == "before"


@pytest.mark.behaviour("batch.invalid-field")
@pytest.mark.parametrize("operation_id", [*ON_PAIRS, "deleteTrackingBatch"])
@pytest.mark.parametrize("invalid", [[], {}, ["LK664578623CN"]])
def test_an_array_in_place_of_a_number_fails_the_item(
    api: Api, operation_id: str, invalid: object
) -> None:
    """It is not echoed, and the other items are carried out."""
    api.create(**SINGAPORE)
    good = PAIR if operation_id == "createTrackingBatch" else SINGAPORE
    response = api.call(operation_id, [{**good, "tracking_number": invalid}, good])

    results = response.data.get("errors") or [it["meta"] for it in response.data["trackings"]]
    assert results[0]["code"] == 4012
    assert not results[0]["tracking_number"]
    assert response.data["submitted"] == 2
    assert len(results) + len(response.data["trackings"]) in {2, 4}


@pytest.mark.behaviour("body.wrong-type")
def test_odd_items_do_not_spoil_a_batch(api: Api) -> None:
    """A plugin for shops sends `auto_correct` as text and order ids as integers."""
    items: list[dict[str, object]] = [
        {"tracking_number": f"SHOP{index:08}", "carrier_code": "usps", "auto_correct": "0"}
        for index in range(40)
    ]
    items[7]["order_id"] = 5
    items[8]["title"] = []
    response = api.call("createTrackingBatch", items)

    assert (response.data["added"], response.data["errors"][0]["code"]) == (39, 4012)
    assert api.get(carrier_code="usps", tracking_number="SHOP00000007")["order_id"] == "5"
    assert "body/0/auto_correct" in response.headers["X-Sandbox-Hint"]


@pytest.mark.behaviour("batch.too-many", "batch.limit")
@pytest.mark.parametrize(
    "operation_id", sorted(each.id for each in OPERATIONS.values() if each.batch)
)
def test_more_items_than_the_limit_fail_the_batch(api: Api, operation_id: str) -> None:
    """Nothing is carried out; up to the limit everything is."""
    batch = OPERATIONS[operation_id].batch
    assert batch is not None
    limit, code = batch.max_items, batch.over_limit_code
    assert code is not None
    fill = {
        **SINGAPORE,
        "country": "JP",
        "postcode": "1",
        "original": "CN",
        "destination": "US",
    }

    def body(count: int) -> object:
        if operation_id == "trackAirWaybills":
            return {"track_number": ["172-28891936"] * count}
        return [fill] * count

    assert api.call(operation_id, body(limit)).code in {200, 201}
    assert api.call(operation_id, body(limit + 1)).meta == {
        "code": code,
        "type": META_CODES[code].type,
        "message": META_CODES[code].message,
    }


@pytest.mark.behaviour("create-batch.too-many")
def test_the_error_of_a_batch_over_the_limit_is_the_recorded_one(api: Api) -> None:
    """Byte for byte, and nothing is created."""
    assert api.call("createTrackingBatch", items(41)).raw == (
        b'{"meta":{"code":202,"type":"Bad Request",'
        b'"message":"The largest number of 40 each operation."},"data":[]}'
    )
    assert api.call("listTrackings").code == 4031


@pytest.mark.behaviour("update-batch.documented", "update-batch.response")
def test_updating_a_batch(api: Api) -> None:
    """The documented request, with a response as in the contract."""
    api.create(**SINGAPORE)
    response = api.call("updateTrackingBatch", payload("updateTrackingBatch", "request"))

    assert json.loads(response.raw) == payload("updateTrackingBatch", "200")
    seen = api.get(**SINGAPORE)
    assert (seen["title"], seen["order_id"]) == ("new title", "#123")
    assert (seen["status"], seen["archived"]) == ("exception", True)


@pytest.mark.behaviour("update-batch.bad-status")
@pytest.mark.parametrize("status", [0, 9, "5", "delivered", "", True, 4.5, [4]])
def test_an_invalid_status_is_rejected_individually(api: Api, status: object) -> None:
    """With 4033."""
    api.create(**SINGAPORE)
    response = api.call("updateTrackingBatch", [{**SINGAPORE, "status": status}])

    assert response.data["updated"] == 0
    assert response.data["errors"] == [rejected(SINGAPORE, 4033)]


@pytest.mark.behaviour("batch.item-error", "stop.track-update")
def test_unknown_pairs_are_rejected_individually(api: Api) -> None:
    """Unknown trackings can neither be updated nor stopped."""
    for operation_id in ("updateTrackingBatch", "stopTrackingUpdates"):
        assert api.call(operation_id, [UNKNOWN]).data["errors"] == [rejected(UNKNOWN, 4017)]


@pytest.mark.behaviour("delete-batch.response", "delete-batch.errors")
def test_deleting_a_batch(api: Api) -> None:
    """Each item is wrapped in a meta of its own, as documented, errors too."""
    documented = payload("deleteTrackingBatch", "200")
    two = [{name: it["meta"][name] for name in PAIR} for it in documented["data"]["trackings"]]
    api.call("createTrackingBatch", two)
    response = api.call("deleteTrackingBatch", two)

    assert json.loads(response.raw) == documented
    assert api.call("listTrackings").code == 4031

    again = api.call(
        "deleteTrackingBatch", [two[0], {"carrier_code": "ups", "tracking_number": "1"}]
    ).data
    assert again["delete"] == 0
    assert again["trackings"] == [
        {"meta": rejected(two[0], 4017)},
        {"meta": rejected({"carrier_code": "ups", "tracking_number": "1"}, 4014)},
    ]


@pytest.mark.behaviour("delete-batch.errors")
def test_deleting_a_pair_twice_in_a_batch(api: Api) -> None:
    """The second one is not found."""
    api.create()
    items_of_response = api.call("deleteTrackingBatch", [PAIR, PAIR, {}]).data["trackings"]

    assert [item["meta"]["code"] for item in items_of_response] == [200, 4017, 4015]


@pytest.mark.behaviour("stop.response", "stop.track-update")
def test_stopping_updates(api: Api) -> None:
    """The documented request, with the documented response."""
    two = payload("stopTrackingUpdates", "request")
    api.call("createTrackingBatch", two)
    response = api.call("stopTrackingUpdates", two)

    assert json.loads(response.raw) == payload("stopTrackingUpdates", "200")


@pytest.mark.behaviour("get.track-update", "stop.last-query", "stop.track-update")
def test_a_stopped_tracking_is_not_refreshed(api: Api) -> None:
    """It keeps the data of the last query."""
    api.create()
    api.advance(hours=7)
    before = api.get()
    api.call("stopTrackingUpdates", [PAIR])
    api.advance(days=100)
    api.call("stopTrackingUpdates", [PAIR])

    assert before["track_update"] is True
    assert api.get() == {**before, "track_update": False}


@pytest.mark.behaviour("stop.last-query")
def test_a_tracking_stopped_before_its_first_query_stays_pending(api: Api) -> None:
    """It has never been queried."""
    api.create()
    api.call("stopTrackingUpdates", [PAIR])
    api.advance(days=1)

    assert api.get()["status"] == "pending"
