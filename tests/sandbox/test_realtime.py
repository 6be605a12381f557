from typing import Any

import pytest

from trackingmore_v2_sandbox import Settings
from trackingmore_v2_sandbox.scenarios.journey import Journey

from .harness import NOON, PAIR, Api, contract, find_number


def test_the_answer_has_the_recorded_shape(api: Api) -> None:
    """Exactly one item, with the keys that were recorded, in that order."""
    answer = api.call("trackInRealtime", PAIR)
    recorded = contract()["components"]["examples"]["RealtimeRecorded2021"]["value"]["data"]
    (item,) = answer.data["items"]

    assert list(item) == list(recorded["items"][0])
    assert list(item["origin_info"]) == list(recorded["items"][0]["origin_info"])
    assert item["status"] == "transit"


def test_a_new_pair_is_registered(api: Api) -> None:
    """The call creates the parcel, charges it, and what it saw can be read afterwards."""
    before = api.call("getAccount").data["track_number"]
    (item,) = api.call("trackInRealtime", {**PAIR, "order": "#9", "comment": "c"}).data["items"]
    seen = api.get()

    assert seen["id"] == item["id"]
    assert (seen["order_id"], seen["comment"]) == ("#9", "c")
    assert seen["updated_at"] == NOON.isoformat()
    assert seen["origin_info"]["trackinfo"] == item["origin_info"]["trackinfo"]
    assert api.call("getAccount").data["track_number"] == before - 1
    api.call("trackInRealtime", PAIR)
    assert api.call("getAccount").data["track_number"] == before - 1


def test_it_looks_now(api: Api) -> None:
    """A look on demand does not wait for the next one in the background."""
    api.create()
    assert api.get()["status"] == "pending"
    api.advance(seconds=30)
    (item,) = api.call("trackInRealtime", PAIR).data["items"]

    assert item["status"] == "transit"
    assert api.get()["status"] == "transit"


def test_it_looks_also_after_updates_were_stopped(api: Api) -> None:
    """Stopping ends the looks in the background only."""
    api.create()
    api.call("stopTrackingUpdates", [PAIR])
    api.advance(days=20)
    (item,) = api.call("trackInRealtime", PAIR).data["items"]

    assert item["status"] == api.get()["status"] == "delivered"
    assert item["track_update"] is False


def test_a_late_look_counts_days_since_delivery(api: Api) -> None:
    """The days in transit end with the delivery, the days without news with the look."""
    api.create()
    api.advance(days=20)
    delivered = api.get()
    api.advance(days=300)
    (item,) = api.call("trackInRealtime", PAIR).data["items"]

    assert item["status"] == "delivered"
    assert item["itemTimeLength"] == delivered["itemTimeLength"] < 20
    assert 300 < item["stayTimeLength"] < 320


def test_what_was_sent_comes_back(api: Api) -> None:
    """The order's time and the destination are echoed as text, empty when there are none."""
    api.create()
    (plain,) = api.call("trackInRealtime", PAIR).data["items"]
    sent = {"order_create_time": "2017/8/27 16:51", "destination_code": "us"}
    (echoed,) = api.call("trackInRealtime", {**PAIR, **sent}).data["items"]

    assert (plain["order_create_time"], plain["destination_code"]) == ("", "")
    assert {name: echoed[name] for name in sent} == sent


def test_without_news_it_refuses(api: Api) -> None:
    """A carrier that knows nothing gives 4031, and a new pair is not registered."""

    def is_silent(journey: Journey) -> bool:
        return not journey.checkpoints

    pair: dict[str, Any] = {"carrier_code": "ups", "tracking_number": find_number("ups", is_silent)}

    assert api.call("trackInRealtime", pair).raw == (
        b'{"meta":{"code":4031,"type":"No Content",'
        b'"message":"The request was successful but the response is empty."},"data":[]}'
    )
    assert api.call("getTracking", **pair).code == 4017


def test_without_quota_nothing_is_registered() -> None:
    """A new pair costs a tracking here too."""
    api = Api(Settings(quota=0))

    assert api.call("trackInRealtime", PAIR).code == 4021
    api.close()


@pytest.mark.parametrize("wrong", [{"order": 1}, {"auto_correct": 2}, {"lang": []}])
def test_options_of_a_wrong_type_are_refused(api: Api, wrong: dict[str, object]) -> None:
    """Options are of the JSON types that the contract states, and within its bounds."""
    assert api.call("trackInRealtime", {**PAIR, **wrong}).code == 4012
