from typing import Any

import pytest

from tests.contract.examples import payload
from tests.sandbox.harness import NOON, PAIR, Api, NewApi, find_number
from trackingmore_v2_sandbox import Settings
from trackingmore_v2_sandbox.scenarios.journey import Journey


@pytest.mark.behaviour("realtime.response")
def test_the_response_has_the_recorded_shape(api: Api) -> None:
    """Exactly one item, with the keys that were recorded, in that order."""
    response = api.call("trackInRealtime", PAIR)
    recorded = payload("trackInRealtime", "200")["data"]
    (item,) = response.data["items"]

    assert list(item) == list(recorded["items"][0])
    assert list(item["origin_info"]) == list(recorded["items"][0]["origin_info"])
    assert item["status"] == "transit"


@pytest.mark.behaviour("quota.create", "realtime.new-number")
def test_a_new_pair_is_registered(api: Api) -> None:
    """The call creates the tracking, charges it, and what it saw can be read afterwards."""
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


@pytest.mark.behaviour("realtime.query")
def test_the_carrier_is_queried_immediately(api: Api) -> None:
    """Without waiting for the next regular query."""
    api.create()
    assert api.get()["status"] == "pending"
    api.advance(seconds=30)
    (item,) = api.call("trackInRealtime", PAIR).data["items"]

    assert item["status"] == "transit"
    assert api.get()["status"] == "transit"


@pytest.mark.behaviour("realtime.query")
def test_a_stopped_tracking_can_be_queried(api: Api) -> None:
    """Stopping ends the regular queries only."""
    api.create()
    api.call("stopTrackingUpdates", [PAIR])
    api.advance(days=20)
    (item,) = api.call("trackInRealtime", PAIR).data["items"]

    assert item["status"] == api.get()["status"] == "delivered"
    assert item["track_update"] is False


@pytest.mark.behaviour("get.item-time-length", "get.stay-time-length")
def test_a_late_query_counts_days_since_delivery(api: Api) -> None:
    """The days in transit end with the delivery, the days since the last event with the query."""
    api.create()
    api.advance(days=20)
    delivered = api.get()
    api.advance(days=300)
    (item,) = api.call("trackInRealtime", PAIR).data["items"]

    assert item["status"] == "delivered"
    assert item["itemTimeLength"] == delivered["itemTimeLength"] < 20
    assert 300 < item["stayTimeLength"] < 320


@pytest.mark.behaviour("realtime.echo")
def test_sent_fields_are_returned(api: Api) -> None:
    """Order time and destination are returned as text, empty if not given."""
    api.create()
    (plain,) = api.call("trackInRealtime", PAIR).data["items"]
    sent = {"order_create_time": "2017/8/27 16:51", "destination_code": "us"}
    (echoed,) = api.call("trackInRealtime", {**PAIR, **sent}).data["items"]

    assert (plain["order_create_time"], plain["destination_code"]) == ("", "")
    assert {name: echoed[name] for name in sent} == sent


@pytest.mark.behaviour("realtime.no-events", "realtime.new-number")
def test_a_query_without_checkpoints_is_an_error(api: Api) -> None:
    """4031, and a new pair is not registered."""

    def is_silent(journey: Journey) -> bool:
        return not journey.checkpoints

    pair: dict[str, Any] = {"carrier_code": "ups", "tracking_number": find_number("ups", is_silent)}

    assert api.call("trackInRealtime", pair).raw == (
        b'{"meta":{"code":4031,"type":"No Content",'
        b'"message":"The request was successful but the response is empty."},"data":[]}'
    )
    assert api.call("getTracking", **pair).code == 4017


@pytest.mark.behaviour("quota.exhausted")
def test_without_quota_nothing_is_registered(new_api: NewApi) -> None:
    """A new pair costs a tracking here too."""
    api = new_api(Settings(quota=0))

    assert api.call("trackInRealtime", PAIR).code == 4021


@pytest.mark.behaviour("body.wrong-type")
@pytest.mark.parametrize("wrong", [{"order": {}}, {"auto_correct": 2}, {"lang": []}])
def test_options_of_a_wrong_type_are_rejected(api: Api, wrong: dict[str, object]) -> None:
    """Options are of the JSON types that the contract states, and within its bounds."""
    assert api.call("trackInRealtime", {**PAIR, **wrong}).code == 4012
