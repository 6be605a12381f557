from typing import Any

import pytest

from tests.contract.examples import payload
from tests.sandbox.harness import NOON, PAIR, Api

DETAILS = {
    "title": "title",
    "logistics_channel": "channel",
    "customer_name": "sandy",
    "customer_email": "user@example.com",
    "customer_phone": "+86123456789",
    "order_id": "#1",
    "destination_code": "CN",
}


@pytest.mark.behaviour("update.documented", "update.updated-at")
def test_the_documented_change(api: Api) -> None:
    """The documented request gets a response of the documented shape."""
    pair: dict[str, Any] = {"tracking_number": "402934299065", "carrier_code": "sto"}
    documented = payload("updateTracking", "200")
    created = api.create(**pair)
    response = api.call("updateTracking", payload("updateTracking", "request"), **pair)

    volatile = {"id": created["id"], "created_at": NOON.isoformat(), "updated_at": None}
    assert response.meta == documented["meta"]
    assert response.data == {**documented["data"], **volatile}
    assert list(response.data) == list(documented["data"])


def update(api: Api, **changes: object) -> dict[str, Any]:
    """Change the tracking."""
    response = api.call("updateTracking", changes, **PAIR)
    assert response.code == 200
    data: dict[str, Any] = response.data
    return data


@pytest.mark.behaviour("update.absent", "update.null-and-empty")
def test_absent_and_null_change_nothing(api: Api) -> None:
    """The official client sends null for everything that is not given."""
    created = api.create(**DETAILS)
    nulls = dict.fromkeys([*DETAILS, "archived", "status"])

    assert update(api) == update(api, **nulls)
    assert {name: update(api)[name] for name in DETAILS} == DETAILS
    assert created["title"] == "title"


@pytest.mark.behaviour("update.null-and-empty")
def test_an_empty_text_clears(api: Api) -> None:
    """A detail can be taken away again."""
    api.create(**DETAILS)
    cleared = update(api, **dict.fromkeys(DETAILS, ""))

    assert {name: cleared[name] for name in DETAILS} == dict.fromkeys(DETAILS)


@pytest.mark.behaviour("update.archived")
def test_archiving(api: Api) -> None:
    """It is asked for by a text, and shown as a boolean."""
    api.create()

    assert update(api, archived="true")["archived"] is True
    assert update(api, title="t")["archived"] is True
    assert api.get()["archived"] is True
    assert update(api, archived="false")["archived"] is False


@pytest.mark.behaviour("update.archived")
@pytest.mark.parametrize("archived", ["yes", "", 2, ["true"]])
def test_archiving_by_another_value_is_rejected(api: Api, archived: object) -> None:
    """Only `true` and `false` archive, and what PHP takes for them."""
    api.create()

    assert api.call("updateTracking", {"archived": archived}, **PAIR).code == 4012


@pytest.mark.behaviour("update.status", "update.status-type")
@pytest.mark.parametrize(
    ("status", "word"), [(4, "delivered"), ("4", "delivered"), (7, "exception"), ("7", "exception")]
)
def test_a_manual_status(api: Api, status: int | str, word: str) -> None:
    """4 and 7 set the status, as number or text; 8 gives the original one back."""
    api.create()

    assert update(api, status=status)["status"] == word
    assert api.get()["status"] == word
    api.advance(hours=1)
    assert api.get()["status"] == word
    assert api.call("countTrackings").data[word] == 1
    assert update(api, status=8)["status"] == "transit"
    assert update(api, status="8")["status"] == "transit"


@pytest.mark.behaviour("update.status-substatus")
def test_a_manual_status_has_no_substatus(api: Api) -> None:
    """The substatus of what was seen does not belong to it."""
    pair = {**PAIR, "tracking_number": "SANDBOX-TRANSIT001"}
    api.create(**pair)
    details = []
    for status in (4, 8):
        api.call("updateTracking", {"status": status}, **pair)
        details.append(api.get(**pair)["substatus"])

    assert details == [None, "transit001"]


@pytest.mark.behaviour("get.track-update-ended")
def test_a_tracking_set_to_delivered_is_not_refreshed(api: Api) -> None:
    """A delivered tracking is never queried."""
    api.create()
    update(api, status=4)

    assert api.get()["track_update"] is False


@pytest.mark.behaviour("update.null-and-empty")
@pytest.mark.parametrize("status", [0, 1, 2, 3, 5, 6, 9, -4, "5", "delivered", "", True, 4.5, []])
def test_an_invalid_status_is_rejected(api: Api, status: object) -> None:
    """Any other status is rejected with 4033, and nothing else is changed."""
    api.create(title="before")
    response = api.call("updateTracking", {"title": "after", "status": status}, **PAIR)

    assert response.meta == {
        "code": 4033,
        "type": "No Content",
        "message": "The value of `package status` is invalid.",
    }
    assert api.get()["title"] == "before"


@pytest.mark.behaviour("update.unknown-pair")
def test_an_unknown_pair_is_rejected(api: Api) -> None:
    """Only what the account follows can be changed."""
    assert api.call("updateTracking", {"title": "t"}, **PAIR).code == 4017


@pytest.mark.behaviour("body.wrong-type")
@pytest.mark.parametrize("wrong", [{"title": {}}, {"customer_phone": ["1"]}])
def test_details_of_a_wrong_type_are_rejected(api: Api, wrong: dict[str, object]) -> None:
    """No array or object is converted."""
    api.create()

    assert api.call("updateTracking", wrong, **PAIR).code == 4012


@pytest.mark.behaviour("delete.response", "delete.unknown-pair")
def test_deleting(api: Api) -> None:
    """The documented response, byte for byte; a second time there is nothing to delete."""
    api.create()

    assert api.call("deleteTracking", **PAIR).raw == (
        b'{"meta":{"code":200,"type":"Success","message":"Success"},"data":[]}'
    )
    assert api.call("getTracking", **PAIR).code == 4017
    assert api.call("deleteTracking", **PAIR).code == 4017


MOVE = {**PAIR, "update_carrier_code": "usps"}
MOVED = {**PAIR, "carrier_code": "usps"}


@pytest.mark.behaviour("change-carrier.response", "change-carrier.free")
def test_changing_the_carrier(api: Api) -> None:
    """The tracking keeps its details and gets a new id; the move is free."""
    created = api.create(title="kept")
    left = api.call("getAccount").data["track_number"]
    response = api.call("changeCarrier", MOVE)
    moved = api.get(**MOVED)

    assert response.raw == (
        b'{"meta":{"code":200,"type":"Success","message":"Success"},"data":{"Usertag":""}}'
    )
    assert moved["title"] == "kept"
    assert moved["created_at"] == created["created_at"]
    assert moved["id"] != created["id"]
    assert api.call("getTracking", **PAIR).code == 4017
    assert api.call("listTrackings").data["total"] == "1"
    assert api.call("getAccount").data["track_number"] == left


@pytest.mark.behaviour("identity.stable-id", "change-carrier.free")
def test_a_changed_carrier_gives_the_id_of_the_pair(api: Api) -> None:
    """The id follows from the pair, however it came to be."""
    api.create()
    api.call("changeCarrier", MOVE)
    moved = api.get(**MOVED)
    api.call("deleteTracking", **MOVED)

    assert api.create(**MOVED)["id"] == moved["id"]


@pytest.mark.behaviour("change-carrier.errors")
@pytest.mark.parametrize("carrier", [None, "", "upss"])
def test_a_change_to_an_invalid_carrier_is_rejected(api: Api, carrier: str | None) -> None:
    """The new carrier must exist, and the tracking stays where it is."""
    api.create()

    assert api.call("changeCarrier", {**MOVE, "update_carrier_code": carrier}).code == 4015
    assert api.call("changeCarrier", PAIR).code == 4015
    assert api.call("getTracking", **PAIR).code == 200


@pytest.mark.behaviour("change-carrier.errors")
def test_a_change_to_an_existing_pair_is_rejected(api: Api) -> None:
    """Neither a tracking of the new carrier nor the tracking itself can be moved onto."""
    api.create()
    api.create(carrier_code="usps")

    assert api.call("changeCarrier", MOVE).code == 4016
    assert api.call("changeCarrier", {**MOVE, "update_carrier_code": "china-ems"}).code == 4016
    assert api.call("listTrackings").data["total"] == "2"


@pytest.mark.behaviour("change-carrier.errors")
def test_a_change_of_an_unknown_pair_is_rejected(api: Api) -> None:
    """There is nothing to move."""
    assert api.call("changeCarrier", MOVE).code == 4017
    assert api.call("changeCarrier", {**MOVE, "update_carrier_code": "upss"}).code == 4017
