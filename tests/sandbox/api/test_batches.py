import json
from typing import Any

import pytest

from tests.contract.document import contract
from tests.sandbox.harness import PAIR, Api
from trackingmore_v2_api import META_CODES, OPERATIONS
from trackingmore_v2_sandbox import Settings

SINGAPORE = {"tracking_number": "RP893531375SG", "carrier_code": "singapore-post"}
UNKNOWN = {"tracking_number": "LK894734223CN", "carrier_code": "china-ems"}
BAD_ITEMS = [
    ({"carrier_code": "usps"}, 4013),
    ({"tracking_number": "", "carrier_code": "usps"}, 4013),
    ({"tracking_number": "1", "carrier_code": "usps"}, 4014),
    ({"tracking_number": "12345"}, 4015),
    ({"tracking_number": "12345", "carrier_code": "nobody"}, 4015),
]
ON_PAIRS = ["createTrackingBatch", "updateTrackingBatch", "stopTrackingUpdates"]


def items(count: int) -> list[dict[str, str]]:
    """Ensure parcels."""
    return [
        {"tracking_number": f"RB{number:09}CN", "carrier_code": "china-post"}
        for number in range(count)
    ]


def example(name: str) -> Any:
    """Get a named example of the contract."""
    return contract()["components"]["examples"][name]["value"]


def refused(item: dict[str, str], code: int) -> dict[str, Any]:
    """Report how the refusal of one item looks."""
    return {
        "tracking_number": item.get("tracking_number"),
        "carrier_code": item.get("carrier_code"),
        "code": code,
        "message": META_CODES[code].message,
    }


@pytest.mark.behaviour("create-batch.response")
def test_a_batch_creates_and_refuses(api: Api) -> None:
    """Each item gets its verdict; the call itself answers 201, in the recorded shape."""
    api.create(**SINGAPORE)
    answer = api.call("createTrackingBatch", [PAIR, SINGAPORE, PAIR])
    recorded = example("CreatedBatchRecorded")

    assert answer.meta == recorded["meta"]
    assert list(answer.data) == list(recorded["data"])
    assert answer.data["submitted"] == 3
    assert answer.data["added"] == 1
    assert [item["tracking_number"] for item in answer.data["trackings"]] == ["LK664578623CN"]
    assert list(answer.data["trackings"][0]) == list(recorded["data"]["trackings"][0])
    assert answer.data["errors"] == [refused(SINGAPORE, 4016), refused(PAIR, 4016)]
    assert list(answer.data["errors"][0]) == list(recorded["data"]["errors"][0])


@pytest.mark.behaviour("create-batch.none-added")
def test_a_batch_may_be_refused_item_by_item(api: Api) -> None:
    """When no item passes, the call still succeeds."""
    answer = api.call("createTrackingBatch", [item for item, _ in BAD_ITEMS])

    assert answer.code == 201
    assert answer.data["added"] == 0
    assert answer.data["errors"] == [refused(item, code) for item, code in BAD_ITEMS]


@pytest.mark.behaviour("quota.exhausted")
def test_without_quota_items_are_refused() -> None:
    """The items that the quota allows are created, the others get 4021."""
    api = Api(Settings(quota=1))
    first, second = items(2)
    answer = api.call("createTrackingBatch", [first, second])

    assert answer.data["added"] == 1
    assert answer.data["errors"] == [refused(second, 4021)]
    api.close()


@pytest.mark.behaviour("batch.item-error")
@pytest.mark.parametrize("operation_id", ON_PAIRS)
def test_bad_items_are_refused_alone(api: Api, operation_id: str) -> None:
    """An item without a good pair is refused with its own code, and the others are carried out."""
    api.create(**SINGAPORE)
    good = PAIR if operation_id == "createTrackingBatch" else SINGAPORE
    answer = api.call(operation_id, [item for item, _ in BAD_ITEMS] + [good])

    assert answer.data["errors"] == [refused(item, code) for item, code in BAD_ITEMS]
    assert len(answer.data["trackings"]) == 1


@pytest.mark.parametrize("operation_id", [*ON_PAIRS, "deleteTrackingBatch"])
def test_a_carrier_that_is_no_text_is_not_told_again(api: Api, operation_id: str) -> None:
    """An item whose number is bad is refused for that, and its carrier may be anything."""
    answer = api.call(operation_id, [{"tracking_number": "1Z?", "carrier_code": 443}])

    (told,) = answer.data.get("errors") or [it["meta"] for it in answer.data["trackings"]]
    assert (told["code"], told["carrier_code"]) == (4014, None)


@pytest.mark.behaviour("batch.unparsable-item")
@pytest.mark.parametrize("operation_id", [*ON_PAIRS, "deleteTrackingBatch"])
@pytest.mark.parametrize("spoiler", [1, None, [], {"tracking_number": 12345}])
def test_an_unreadable_item_spoils_the_batch(api: Api, operation_id: str, spoiler: object) -> None:
    """When an item is not even of the right JSON type, nothing at all is done."""
    api.create(**SINGAPORE, title="before")
    good = PAIR if operation_id == "createTrackingBatch" else {**SINGAPORE, "title": "after"}

    assert api.call(operation_id, [good, spoiler]).code == 4012
    assert api.call("getTracking", **PAIR).code == 4017
    assert api.get(**SINGAPORE)["title"] == "before"


@pytest.mark.behaviour("batch.too-many", "batch.limit")
@pytest.mark.parametrize(
    "operation_id", sorted(each.id for each in OPERATIONS.values() if each.batch)
)
def test_more_than_the_limit_is_refused_whole(api: Api, operation_id: str) -> None:
    """One item too many, and nothing is done; up to the limit all is."""
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
def test_a_batch_over_the_limit_answers_as_recorded(api: Api) -> None:
    """The recorded refusal, byte for byte, and nothing is created."""
    assert api.call("createTrackingBatch", items(41)).raw == (
        b'{"meta":{"code":202,"type":"Bad Request",'
        b'"message":"The largest number of 40 each operation."},"data":[]}'
    )
    assert api.call("listTrackings").code == 4031


@pytest.mark.behaviour("update-batch.documented", "update-batch.response")
def test_an_update_of_many(api: Api) -> None:
    """The documented request, answered in the contract's shape."""
    api.create(**SINGAPORE)
    answer = api.call("updateTrackingBatch", example("UpdateBatchDocumented"))

    assert json.loads(answer.raw) == example("UpdatedBatch")
    seen = api.get(**SINGAPORE)
    assert (seen["title"], seen["order_id"]) == ("new title", "#123")
    assert (seen["status"], seen["archived"]) == ("exception", True)


@pytest.mark.behaviour("update-batch.bad-status")
@pytest.mark.parametrize("status", [0, 9, "5", "delivered", "", True, 4.5, [4]])
def test_a_bad_status_is_refused_alone(api: Api, status: object) -> None:
    """An item with a status that cannot be set is refused with 4033."""
    api.create(**SINGAPORE)
    answer = api.call("updateTrackingBatch", [{**SINGAPORE, "status": status}])

    assert answer.data["updated"] == 0
    assert answer.data["errors"] == [refused(SINGAPORE, 4033)]


@pytest.mark.behaviour("batch.item-error", "stop.track-update")
def test_unknown_pairs_are_refused_alone(api: Api) -> None:
    """A pair that nobody follows can be neither changed nor stopped."""
    for operation_id in ("updateTrackingBatch", "stopTrackingUpdates"):
        assert api.call(operation_id, [UNKNOWN]).data["errors"] == [refused(UNKNOWN, 4017)]


@pytest.mark.behaviour("delete-batch.response", "delete-batch.errors")
def test_a_deletion_of_many(api: Api) -> None:
    """Each verdict is wrapped in a meta of its own, as documented, refusals among them."""
    two = example("DeleteBatchTwo")
    api.call("createTrackingBatch", two)
    answer = api.call("deleteTrackingBatch", two)

    assert json.loads(answer.raw) == example("DeletedBatch")
    assert api.call("listTrackings").code == 4031

    again = api.call("deleteTrackingBatch", [two[0], {"tracking_number": "1"}]).data
    assert again["delete"] == 0
    assert again["trackings"] == [
        {"meta": refused(two[0], 4017)},
        {"meta": refused({"tracking_number": "1"}, 4014)},
    ]


@pytest.mark.behaviour("delete-batch.errors")
def test_a_deletion_of_a_pair_twice(api: Api) -> None:
    """The second mention finds nothing any more."""
    api.create()
    verdicts = api.call("deleteTrackingBatch", [PAIR, PAIR, {}]).data["trackings"]

    assert [verdict["meta"]["code"] for verdict in verdicts] == [200, 4017, 4013]


@pytest.mark.behaviour("stop.response", "stop.track-update")
def test_stopping_updates(api: Api) -> None:
    """The documented request, answered in the documented shape."""
    two = example("StopUpdatesDocumented")
    api.call("createTrackingBatch", two)

    assert json.loads(api.call("stopTrackingUpdates", two).raw) == example("StoppedUpdates")


@pytest.mark.behaviour("get.track-update", "stop.last-query", "stop.track-update")
def test_a_stopped_parcel_stands_still(api: Api) -> None:
    """It is not refreshed any more: it shows what the last look showed, for ever."""
    api.create()
    api.advance(hours=7)
    before = api.get()
    api.call("stopTrackingUpdates", [PAIR])
    api.advance(days=100)
    api.call("stopTrackingUpdates", [PAIR])

    assert before["track_update"] is True
    assert api.get() == {**before, "track_update": False}


@pytest.mark.behaviour("stop.last-query")
def test_a_parcel_stopped_at_once_stays_pending(api: Api) -> None:
    """Without a first look, nothing is ever known."""
    api.create()
    api.call("stopTrackingUpdates", [PAIR])
    api.advance(days=1)

    assert api.get()["status"] == "pending"
