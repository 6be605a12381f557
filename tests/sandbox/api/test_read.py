from datetime import datetime, timedelta
from math import ceil
from typing import Any

import pytest

from tests.sandbox.harness import NOON, PAIR, Api, NewApi, find_number, statuses
from trackingmore_v2_sandbox.scenarios.journey import Journey
from trackingmore_v2_sandbox.scenarios.reference_data import CARRIERS
from website.contract import contract


def is_two_legged(journey: Journey) -> bool:
    """A second carrier delivers it, without trouble."""
    return bool(journey.destination_carrier) and statuses(journey) == [
        "transit",
        "pickup",
        "delivered",
    ]


def is_silent(journey: Journey) -> bool:
    """The carrier never has data."""
    return not journey.checkpoints


@pytest.mark.behaviour(
    "get.pending",
    "get.pending-fields",
    "get.pending-last-event",
    "get.no-time-lengths",
    "get.countries",
    "get.no-customer-email",
    "get.no-title",
)
def test_a_new_tracking_is_pending(api: Api) -> None:
    """Before the first query, the response has the shape of the contract's example."""
    examples = contract()["components"]["examples"]
    example = examples["TrackingPending"]["value"]["data"]
    created = api.create(**examples["CreateTrackingEveryOption"]["value"])
    pending = api.get(**{name: created[name] for name in PAIR})

    assert list(pending) == list(example)
    volatile = {"id", "created_at"}
    assert {k: v for k, v in pending.items() if k not in volatile} == {
        k: v for k, v in example.items() if k not in volatile
    }


@pytest.mark.behaviour("get.unknown-pair")
def test_an_unknown_pair_is_rejected(api: Api) -> None:
    """The error for a pair that the account does not follow, byte for byte."""
    assert api.call("getTracking", **PAIR).raw == (
        b'{"meta":{"code":4017,"type":"Bad Request","message":"Tracking does not exist."},'
        b'"data":[]}'
    )


@pytest.mark.behaviour("get.unknown-pair")
def test_an_unknown_scenario_can_be_rejected_with_the_other_code(api: Api) -> None:
    """The live API may use 4031 for reads; updates and deletions keep 4017."""
    pair: dict[str, Any] = {"carrier_code": "ups", "tracking_number": "SANDBOX-FAIL-4031-ON-GET"}

    assert api.call("getTracking", **pair).code == 4031
    assert api.call("getLocalizedTracking", **pair, lang="en").code == 4031
    assert api.call("updateTracking", {}, **pair).code == 4017
    assert api.call("deleteTracking", **pair).code == 4017


@pytest.mark.behaviour("get.key-order")
def test_keys_are_in_wire_order(api: Api) -> None:
    """A tracking on its way has the keys of the contract's example, in that order."""
    number = find_number("china-ems", is_two_legged)
    api.create(tracking_number=number, customer_phone="+420123456789")
    api.advance(minutes=1)
    example = contract()["components"]["examples"]["TrackingInTransit"]["value"]["data"]
    seen = api.get(tracking_number=number)

    assert list(seen) == list(example)
    assert list(seen["origin_info"]) == list(example["origin_info"])
    assert list(seen["origin_info"]["trackinfo"][-1]) == list(
        example["origin_info"]["trackinfo"][-1]
    )


@pytest.mark.behaviour("get.query-interval", "get.first-query", "get.last-query", "get.timestamps")
@pytest.mark.parametrize(("carrier_code", "hours"), [("ups", 3), ("china-ems", 6)])
def test_carriers_are_queried_every_few_hours(api: Api, carrier_code: str, hours: int) -> None:
    """The first query is after a minute, further ones every three hours, or six for posts."""
    number = find_number(carrier_code, is_silent)
    pair = {"carrier_code": carrier_code, "tracking_number": number}
    api.create(**pair)
    first = NOON + timedelta(minutes=1)
    seen: list[str | None] = []
    for until in (59, 1, hours * 3600 - 1, 1):
        api.advance(seconds=until)
        seen.append(api.get(**pair)["updated_at"])

    assert seen == [
        None,
        first.isoformat(),
        first.isoformat(),
        (first + timedelta(hours=hours)).isoformat(),
    ]


@pytest.mark.behaviour("get.last-query")
def test_the_state_does_not_depend_on_earlier_reads(new_api: NewApi, api: Api) -> None:
    """It follows from the clock alone."""
    number = find_number("china-ems", is_two_legged)
    other = {"tracking_number": number, "carrier_code": "china-ems"}
    api.create(**other)
    for _ in range(200):
        api.advance(hours=1)
        often = api.get(**other)
    seldom = new_api()
    seldom.create(**other)
    seldom.advance(hours=200)

    assert seldom.get(**other) == often


def newest(tracking: dict[str, Any]) -> dict[str, Any]:
    """Return the newest checkpoint: the second leg follows the first."""
    legs = (tracking["destination_info"], tracking["origin_info"])
    return next(leg["trackinfo"][0] for leg in legs if leg and leg["trackinfo"])


@pytest.mark.behaviour(
    "get.checkpoint-status",
    "get.item-time-length",
    "get.stay-time-length",
    "get.last-event",
    "get.last-update-time",
)
def test_derived_fields_follow_the_recorded_rules(api: Api) -> None:
    """Durations and the last event follow from checkpoints and last query."""
    number = find_number("china-ems", is_two_legged)
    api.create(tracking_number=number)
    for _ in range(30):
        api.advance(hours=10)
        seen = api.get(tracking_number=number)
        first, last = seen["origin_info"]["trackinfo"][-1], newest(seen)
        start = datetime.fromisoformat(first["Date"] + "+00:00")
        end = datetime.fromisoformat(last["Date"] + "+00:00")
        query = datetime.fromisoformat(seen["updated_at"])
        day = timedelta(days=1)
        until = end if seen["status"] == "delivered" else query

        assert seen["itemTimeLength"] == max(0, ceil((until - start) / day))
        assert seen["stayTimeLength"] == max(0, ceil((query - end) / day))
        assert seen["lastEvent"] == ",".join(
            [last["StatusDescription"], last["Details"], last["Date"]]
        )
        assert seen["lastUpdateTime"] == last["Date"]
        assert seen["substatus"] == last["substatus"]
        assert seen["status"] == last["checkpoint_status"]

    assert seen["status"] == "delivered"


@pytest.mark.behaviour(
    "get.newest-first",
    "get.milestones",
    "get.destination-leg",
    "get.reference-number",
    "get.countries",
)
def test_an_international_tracking_has_two_legs(api: Api) -> None:
    """The post of the destination takes over; each leg is newest first and sets milestones."""
    number = find_number("china-ems", is_two_legged)
    api.create(tracking_number=number)
    api.advance(days=20)
    seen = api.get(tracking_number=number)
    origin, destination = seen["origin_info"], seen["destination_info"]

    assert origin["carrier_code"] == "china-ems"
    assert origin["weblink"] == CARRIERS["china-ems"].homepage
    assert origin["phone"] == "11183"
    assert origin["ReferenceNumber"] is None
    assert destination["carrier_code"] != "china-ems"
    assert CARRIERS[destination["carrier_code"]].type == "globalpost"
    assert "ReferenceNumber" not in destination
    assert seen["original_country"] == "China"
    assert seen["destination_country"] not in {"", "China"}
    for leg in (origin, destination):
        dates = [checkpoint["Date"] for checkpoint in leg["trackinfo"]]
        assert dates == sorted(dates, reverse=True)
        for checkpoint in leg["trackinfo"]:
            if "ItemNode" in checkpoint:
                assert leg[checkpoint["ItemNode"]] == checkpoint["Date"]
    assert origin["ItemReceived"]
    assert destination["ArrivalfromAbroad"]


@pytest.mark.behaviour("progress.destination")
def test_the_destination_can_be_given(api: Api) -> None:
    """At registration, in either case."""
    number = find_number("china-ems", is_two_legged)
    api.create(tracking_number=number, destination_code="us")
    api.advance(days=20)
    seen = api.get(tracking_number=number)

    assert seen["destination_country"] == "United States"
    assert seen["destination_info"]["carrier_code"] == "usps"


@pytest.mark.behaviour("get.track-update")
def test_carriers_are_not_queried_after_delivery(api: Api) -> None:
    """A delivered tracking is not refreshed, and keeps its last query."""
    number = find_number("china-ems", is_two_legged)
    api.create(tracking_number=number)
    api.advance(days=20)
    delivered = api.get(tracking_number=number)
    api.advance(days=300)

    assert delivered["status"] == "delivered"
    assert delivered["track_update"] is False
    assert api.get(tracking_number=number) == delivered


@pytest.mark.behaviour(
    "get.no-events", "get.track-update-ended", "get.notfound", "get.expiry", "get.expiry-start"
)
@pytest.mark.parametrize(("carrier_code", "days"), [("ups", 30), ("china-ems", 60)])
def test_a_tracking_without_checkpoints_expires(api: Api, carrier_code: str, days: int) -> None:
    """It is notfound, and expires after 30 days, or 60 for posts."""
    number = find_number(carrier_code, is_silent)
    pair = {"tracking_number": number, "carrier_code": carrier_code}
    api.create(**pair)
    api.advance(days=days - 1)
    before = api.get(**pair)
    api.advance(days=2)
    after = api.get(**pair)

    assert (before["status"], before["substatus"]) == ("notfound", "notfound002")
    assert before["origin_info"]["trackinfo"] is None
    assert before["lastEvent"] is None
    assert before["track_update"] is True
    assert (after["status"], after["substatus"]) == ("expired", None)
    assert after["track_update"] is False


@pytest.mark.behaviour("get.language")
def test_a_language_has_no_effect(api: Api) -> None:
    """A language is accepted, in either case, and has no effect."""
    api.create()
    api.advance(days=1)
    plain = api.call("getTracking", **PAIR)

    assert api.call("getLocalizedTracking", **PAIR, lang="en").raw == plain.raw
    assert api.call("getLocalizedTracking", **PAIR, lang="CN").raw == plain.raw


@pytest.mark.behaviour("get.language")
@pytest.mark.parametrize("lang", ["e", "eng", "e1", "\u00e9\u00e9", "en\n"])
def test_an_invalid_language_is_rejected(api: Api, lang: str) -> None:
    """A language is two letters."""
    api.create()

    assert api.call("getLocalizedTracking", **PAIR, lang=lang).code == 4012


@pytest.mark.behaviour("get.checkpoint-times")
def test_checkpoint_times_are_local(api: Api) -> None:
    """Local time where the checkpoint occurred, without a zone."""
    number = "SANDBOX-TRANSIT001-1H-TO-US-DELIVERED"
    api.create(tracking_number=number)
    api.advance(hours=1)
    seen = api.get(tracking_number=number)

    assert seen["origin_info"]["trackinfo"][0]["Date"] == "2026-03-01 20:00:00"
    assert seen["origin_info"]["ItemReceived"] == "2026-03-01 20:00:00"
    assert seen["lastUpdateTime"] == "2026-03-01 08:00:00"


@pytest.mark.behaviour("get.countries-known")
def test_countries_are_known_with_the_first_checkpoint(api: Api) -> None:
    """Neither after the registration nor after a query without result."""
    number = "SANDBOX-PENDING-1H-NOTFOUND002-1H-TRANSIT"
    api.create(tracking_number=number, destination_code="US")
    countries = []
    for _ in range(3):
        seen = api.get(tracking_number=number)
        countries.append((seen["original_country"], seen.get("destination_country")))
        api.advance(hours=1)

    assert countries == [("", None), ("", None), ("China", "United States")]
