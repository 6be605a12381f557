"""One odd field costs no more than itself, and is reported without its value."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any
from unittest.mock import patch

import pytest
from msgspec import Struct
from msgspec.structs import replace

from tests.generated.examples import ABSENT, IDS, encoded, put, read, success
from tests.naming import stable_repr
from trackingmore_v2_api import OPERATIONS, ContractViolated, Repair, models, salvage

CANARY = "canary-4711"
SIZE = 2_000
ODD = 1_234
REQUIRED = ["id", "tracking_number", "carrier_code", "status"]


def page() -> Any:
    """Return a full page."""
    response = success("listTrackings")
    (item,) = response["data"]["items"]
    response["data"]["items"] = [{**item, "id": f"{number:032x}"} for number in range(SIZE)]
    return response


CLEAN: list[models.Tracking] = read("listTrackings", page())[0].data.items


def read_odd_page(wire: str, value: object) -> tuple[list[models.Tracking], list[str]]:
    """Read a page whose item number ODD has an odd field."""
    response = page()
    item = deepcopy(response["data"]["items"][ODD])
    put(item, [wire], value)
    response["data"]["items"][ODD] = item
    found, repairs = read("listTrackings", response)
    return found.data.items, repairs


@pytest.mark.parametrize(
    ("wire", "value", "changes", "problem"),
    [
        ("title", {"a": CANARY}, {"title": None}, "expected str | null, got object"),
        ("title", 5, {"title": "5"}, "expected str, got int"),
        ("weight", 3.5, {"weight": "3.5"}, "expected str, got float"),
        ("itemTimeLength", "12", {"item_time_length": 12}, "expected int, got str"),
        ("itemTimeLength", CANARY, {"item_time_length": None}, "expected int | null, got str"),
        ("archived", "1", {"archived": True}, "expected bool, got str"),
        ("origin_info", CANARY, {"origin_info": None}, "expected object | null, got str"),
        ("singed_by", [], {"signed_by": None}, "expected str | null, got array"),
        *((name, None, {name: ""}, "expected str, got null") for name in REQUIRED[:3]),
        *((name, ABSENT, {name: ""}, "missing") for name in REQUIRED),
        *((name, {"a": CANARY}, {name: ""}, "expected str, got object") for name in REQUIRED[:3]),
    ],
    ids=stable_repr,
)
def test_one_odd_field_costs_only_itself(
    wire: str, value: object, changes: dict[str, Any], problem: str
) -> None:
    """In a page of 2,000, all but the one field is read as if nothing had happened."""
    items, repairs = read_odd_page(wire, value)
    odd = replace(CLEAN[ODD], **changes)

    assert items == [*CLEAN[:ODD], odd, *CLEAN[ODD + 1 :]]
    assert repairs == [f"$.data.items[{ODD}].{wire}: {problem}"]


@pytest.mark.parametrize("original", ["2019-05-17T14:00:00", CANARY, 1558072800, 0.5, True])
@pytest.mark.parametrize("wire", ["created_at", "updated_at"])
def test_a_time_without_an_offset_is_kept_in_its_repair(wire: str, original: object) -> None:
    """It is never guessed; the original is an attribute, and not in the texts."""
    response = success("getTracking")
    response["data"][wire] = original
    repairs: list[Repair] = []
    found = OPERATIONS["getTracking"].parse(200, {}, encoded(response), on_repair=repairs.append)

    assert getattr(found.data, wire) is None
    assert [(repair.path, repair.original) for repair in repairs] == [(f"$.data.{wire}", original)]
    assert str(original) not in f"{repairs!r} {repairs[0].problem}"


def test_other_repairs_keep_no_value() -> None:
    """A value may be personal data; only a time is kept."""
    response = success("getTracking")
    response["data"] |= {"title": 5, "itemTimeLength": CANARY, "created_at": {"a": CANARY}}
    repairs: list[Repair] = []
    OPERATIONS["getTracking"].parse(200, {}, encoded(response), on_repair=repairs.append)

    assert [repair.original for repair in repairs] == [None, None, None]


@pytest.mark.parametrize("number", [b"1e999", b"9" * 5_000])
def test_a_number_out_of_range_costs_only_its_field(number: bytes) -> None:
    """A number that no type of Python's can hold is left out."""
    response = page()
    response["data"]["items"][ODD]["weight"] = CANARY
    found, repairs = read("listTrackings", encoded(response).replace(b'"canary-4711"', number))

    assert found.data.items[ODD] == replace(CLEAN[ODD], weight=None)
    assert repairs == [
        f"$.data.items[{ODD}].weight: expected str | null, got a number out of range"
    ]


class Anything(Struct):
    """A response in which any value is allowed."""

    value: Any = None


@pytest.mark.parametrize("value", [b"1e999", b'{"a":1e999}', b"[1,[1e999]]"])
def test_a_number_out_of_range_is_left_out_where_any_value_is_allowed(value: bytes) -> None:
    """With all that holds it; nothing that is not decoded remains."""
    repairs: list[Repair] = []

    assert salvage.salvage(b'{"value":' + value + b"}", Anything, repairs) == Anything()
    assert len(repairs) == 1


@pytest.mark.parametrize("space", [b" ", b"\r\n\t"])
def test_whitespace_before_a_response_changes_nothing(space: bytes) -> None:
    """Nor before the byte that tells an object from an array."""
    response = success("getTracking")
    response["data"] = [[{"tracking_number": 5}]]
    body = encoded(response)
    reasons = []
    for each in (body, space + body):
        with pytest.raises(ContractViolated) as caught:
            read("getTracking", each)
        reasons.append(caught.value.reason)
    response["data"] = {**success("getTracking")["data"], "title": 5}

    assert reasons[0] == reasons[1]
    assert read("getTracking", space + encoded(response)) == read("getTracking", encoded(response))


@pytest.mark.parametrize(
    ("item", "problem"),
    [
        ("busy", "expected object, got str"),
        (5, "expected object, got int"),
        (None, "missing at $.data.items[1234].id"),
        ([], "missing at $.data.items[1234].id"),
        ({}, "missing at $.data.items[1234].id"),
        ({"error": CANARY}, "missing at $.data.items[1234].id"),
        ({"title": CANARY}, "missing at $.data.items[1234].id"),
        ({"created_at": None}, "missing at $.data.items[1234].id"),
        ([CANARY], "expected object, got array"),
    ],
    ids=stable_repr,
)
def test_what_is_not_an_item_is_dropped(item: object, problem: str) -> None:
    """An item that is not a tracking is dropped and reported, and the others stay."""
    response = page()
    response["data"]["items"][ODD] = item
    found, repairs = read("listTrackings", response)

    assert found.data.items == [*CLEAN[:ODD], *CLEAN[ODD + 1 :]]
    (repair,) = repairs
    assert repair.startswith(f"$.data.items[{ODD}]: dropped: {problem}")


def test_every_odd_item_is_reported_once() -> None:
    """Where each item is odd, each is repaired, and each repair reported once and in order."""
    response = page()
    for item in response["data"]["items"]:
        item["weight"] = 3.5
    found, repairs = read("listTrackings", response)

    assert found.data.items == [replace(item, weight="3.5") for item in CLEAN]
    assert repairs == [
        f"$.data.items[{index}].weight: expected str, got float" for index in range(SIZE)
    ]


def test_only_the_malformed_object_is_opened() -> None:
    """What is beside an empty array that stands for an object is decoded at once."""
    response = success("getTracking")
    response["data"]["destination_info"] = []
    name = "_with_raw_items"
    with patch.object(salvage, name, wraps=vars(salvage)[name]) as open_items:
        _, repairs = read("getTracking", response)

    assert repairs == ["$.data.destination_info: expected object | null, got array"]
    assert [bytes(call.args[0]) for call in open_items.call_args_list] == [b"[]"]


def test_a_response_with_too_many_repairs_is_rejected(monkeypatch: pytest.MonkeyPatch) -> None:
    """The number of repairs is bounded, and so is their time."""
    monkeypatch.setattr(salvage, "MAX_REPAIRS", 100)
    response = page()
    for item in response["data"]["items"][:100]:
        item["weight"] = 3.5
    _, repairs = read("listTrackings", response)
    response["data"]["items"].append("")
    with pytest.raises(ContractViolated) as caught:
        read("listTrackings", response)

    assert len(repairs) == 100
    assert caught.value.reason == "more than 100 repairs needed at $"


def test_repairs_of_dropped_items_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """An item that is dropped in the end has taken time."""
    monkeypatch.setattr(salvage, "MAX_REPAIRS", 100)
    response = success("stopTrackingUpdates")
    response["data"]["trackings"] = [{"carrier_code": 5}] * 51
    with pytest.raises(ContractViolated):
        read("stopTrackingUpdates", response)


def test_repairs_of_dropped_items_are_not_reported() -> None:
    """What was repaired on the way to dropping an item does not count."""
    response = success("stopTrackingUpdates")
    response["data"]["trackings"] = [{"carrier_code": 5}, {"tracking_number": "RP893531375SG"}]
    found, repairs = read("stopTrackingUpdates", response)

    assert found.data.trackings == [models.BatchItem(tracking_number="RP893531375SG")]
    assert repairs == [
        "$.data.trackings[0]: dropped: missing at $.data.trackings[0].tracking_number"
    ]


@pytest.mark.parametrize("present", REQUIRED)
def test_one_required_field_makes_it_a_tracking(present: str) -> None:
    """A tracking with any required field is read, the missing texts being empty."""
    response = {"meta": {"code": 200}, "data": {present: "x"}}
    found, repairs = read("createTracking", response)

    assert {name: getattr(found.data, name) for name in REQUIRED} == {
        name: "x" if name == present else "" for name in REQUIRED
    }
    assert repairs == [f"$.data.{name}: missing" for name in REQUIRED if name != present]


@pytest.mark.parametrize("data", [[], {}, "", None, {"error": 1}, {"title": "x"}], ids=stable_repr)
@pytest.mark.parametrize(
    "operation",
    [
        *("createTracking", "getTracking", "getLocalizedTracking", "updateTracking"),
        *("getAccount", "listTrackings", "trackInRealtime"),
        *("createTrackingBatch", "updateTrackingBatch", "deleteTrackingBatch"),
        *("stopTrackingUpdates", "checkRemoteAreas"),
    ],
)
def test_missing_data_is_not_made_up(operation: str, data: object) -> None:
    """Under a code of success, an empty or foreign `data` is not made up to be a model."""
    with pytest.raises(ContractViolated, match=r"missing at \$\.data\.") as caught:
        read(operation, {"meta": {"code": 200}, "data": data})

    assert caught.value.status == 200


@pytest.mark.parametrize("operation", ["createTracking", "getTracking", "getAccount"])
def test_an_object_in_an_array_of_one_is_read(operation: str) -> None:
    """A sister API wraps one tracking in an array; of several, none is the one that was meant."""
    plain = success(operation)
    found, repairs = read(operation, {**plain, "data": [plain["data"]]})

    assert found == read(operation, plain)[0]
    assert repairs == ["$.data: expected object, got array"]
    for data in ([plain["data"], plain["data"]], [[plain["data"]]], ["x"]):
        with pytest.raises(ContractViolated, match="expected object, got array"):
            read(operation, {**plain, "data": data})


@pytest.mark.parametrize("data", [{"delivered": 4}, {"delivered": 4, "new": 1}], ids=stable_repr)
def test_missing_counts_are_0(data: dict[str, int]) -> None:
    """A map of counts may lack those of 0, each of which is a repair."""
    found, repairs = read("countTrackings", {"meta": {"code": 200}, "data": data})
    others = [name for name in found.data.__struct_fields__ if name != "delivered"]

    assert found.data == models.StatusCounts(**dict.fromkeys(others, 0), delivered=4)
    assert repairs == [f"$.data.{name}: missing" for name in others]


@pytest.mark.parametrize("data", [[], {}], ids=stable_repr)
def test_an_empty_map_of_counts_is_8_times_0(data: object) -> None:
    """An account without trackings may have an empty map, as PHP encodes it."""
    found, _ = read("countTrackings", {"meta": {"code": 200}, "data": data})

    assert {getattr(found.data, name) for name in found.data.__struct_fields__} == {0}


@pytest.mark.parametrize("data", ["", None, {"error": 1}, {"title": "x"}, [1]], ids=stable_repr)
def test_counts_are_not_made_up_of_other_data(data: object) -> None:
    """What is no map of counts is none of zeros either."""
    with pytest.raises(ContractViolated, match=r"at \$\.data"):
        read("countTrackings", {"meta": {"code": 200}, "data": data})


@pytest.mark.parametrize("value", [ABSENT, None, "", "x", [], {}], ids=stable_repr)
def test_other_missing_counts_are_not_made_up(value: object) -> None:
    """The counts of a batch stand beside its items: 0 would be a statement."""
    response = success("createTrackingBatch")
    put(response, ["data", "added"], value)

    with pytest.raises(ContractViolated, match=r"at \$\.data\.added$"):
        read("createTrackingBatch", response)


@pytest.mark.parametrize("value", [None, "", "x", [], {}], ids=stable_repr)
def test_a_required_number_is_not_made_up(value: object) -> None:
    """No count is written where the response has another value: 0 would be a statement."""
    response = success("countTrackings")
    put(response, ["data", "pending"], value)

    with pytest.raises(ContractViolated, match=r"at \$\.data\.pending$"):
        read("countTrackings", response)


def places(node: Any, path: list[str | int]) -> Iterator[list[str | int]]:
    """Walk every place in plain JSON."""
    if path:
        yield path
    if isinstance(node, dict | list):
        for key, child in node.items() if isinstance(node, dict) else enumerate(node):
            yield from places(child, [*path, key])


@pytest.mark.parametrize(
    "odd",
    [CANARY, [CANARY], {CANARY: CANARY}, [{CANARY: [CANARY]}], f'{{"{CANARY}": 1}}', f"[{CANARY}"],
    ids=["text", "list", "object", "nested", "JSON in text", "broken JSON in text"],
)
@pytest.mark.parametrize("operation", IDS)
def test_a_repair_never_holds_the_value(operation: str, odd: object) -> None:
    """Wherever an odd value stands, no repair and no error repeats it: it may be personal."""
    whole = success(operation)
    for path in places(whole["data"], ["data"]):
        response = deepcopy(whole)
        put(response, path, odd)
        try:
            _, reported = read(operation, response)
        except ContractViolated as error:
            reported = [str(error), repr(error)]

        assert CANARY not in " ".join(reported), path


def test_a_key_of_a_map_is_not_reported() -> None:
    """The keys of a map are values, too."""
    response = success("trackAirWaybills")
    response["data"] = {CANARY: 5, **response["data"]}
    found, repairs = read("trackAirWaybills", response)

    assert list(found.data) == ["172-28891936"]
    assert repairs == ["$.data[...]: dropped: expected object, got int at $.data[...]"]


def test_repairs_are_reported_only_of_a_returned_model() -> None:
    """An error instead of a model reports no repairs."""
    response = success("countTrackings")
    response["data"] |= {"pending": None, "transit": "5"}
    reported: list[Repair] = []

    with pytest.raises(ContractViolated):
        OPERATIONS["countTrackings"].parse(200, {}, encoded(response), on_repair=reported.append)

    assert reported == []


def test_the_callback_is_optional() -> None:
    """Without `on_repair` the same response is read in the same way."""
    response = b'\xef\xbb\xbf{"meta": {"code": "200"}, "data": []}'

    assert OPERATIONS["deleteTracking"].parse(200, {}, response).meta.code == 200


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (rb"a\ud800b", "a\ufffdb"),
        (rb"\udc00\ud83d", "\ufffd\ufffd"),
        (rb"\ud83d\udce6\ud83d", "\U0001f4e6\ufffd"),
        (rb"\\\udfff", "\\\ufffd"),
        (b"a\xffb", "a\ufffdb"),
        (b"a\xed\xa0\x80b", "a\ufffd\ufffd\ufffdb"),
    ],
)
def test_a_broken_character_costs_one_character(text: bytes, expected: str) -> None:
    """Half a surrogate pair, or a byte that is not UTF-8, costs no more than itself."""
    body = b'{"meta":{"code":200},"data":[{"name":"' + text + rb'","code":"\\ud800 \ud83d\udce6"}]}'
    response, repairs = read("listCarriers", body)

    assert response.data == [models.Carrier(name=expected, code="\\ud800 \U0001f4e6")]
    assert [repair.partition(":")[0] for repair in repairs] == ["$"]
