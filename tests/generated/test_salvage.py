"""One odd field costs no more than itself, and is told without its value."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from msgspec.structs import replace

from tests.generated.examples import ABSENT, IDS, encoded, put, read, success
from tests.naming import steady
from trackingmore_v2_api import OPERATIONS, ContractViolated, Repair, models, salvage

CANARY = "canary-4711"
SIZE = 2_000
ODD = 1_234
REQUIRED = ["id", "tracking_number", "carrier_code", "status", "created_at"]


def page() -> Any:
    """Return a full page."""
    answer = success("listTrackings")
    (item,) = answer["data"]["items"]
    answer["data"]["items"] = [{**item, "id": f"{number:032x}"} for number in range(SIZE)]
    return answer


CLEAN: list[models.Tracking] = read("listTrackings", page())[0].data.items


def read_odd_page(wire: str, value: object) -> tuple[list[models.Tracking], list[str]]:
    """Read a page whose item number ODD has an odd field."""
    answer = page()
    item = deepcopy(answer["data"]["items"][ODD])
    put(item, [wire], value)
    answer["data"]["items"][ODD] = item
    found, repairs = read("listTrackings", answer)
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
    ids=steady,
)
def test_one_odd_field_costs_only_itself(
    wire: str, value: object, changes: dict[str, Any], problem: str
) -> None:
    """In a page of 2,000, all but the one field is read as if nothing had happened."""
    items, repairs = read_odd_page(wire, value)
    odd = replace(CLEAN[ODD], **changes)

    assert items == [*CLEAN[:ODD], odd, *CLEAN[ODD + 1 :]]
    assert repairs == [f"$.data.items[{ODD}].{wire}: {problem}"]


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
        ([CANARY], "expected object, got array"),
    ],
    ids=steady,
)
def test_what_is_not_an_item_is_dropped(item: object, problem: str) -> None:
    """Something that is no parcel at all is left out and reported, and the others stay."""
    answer = page()
    answer["data"]["items"][ODD] = item
    found, repairs = read("listTrackings", answer)

    assert found.data.items == [*CLEAN[:ODD], *CLEAN[ODD + 1 :]]
    (repair,) = repairs
    assert repair.startswith(f"$.data.items[{ODD}]: dropped: {problem}")


def test_every_odd_item_is_told_once() -> None:
    """Where each item is odd, each is mended, and each repair told once and in order."""
    answer = page()
    for item in answer["data"]["items"]:
        item["weight"] = 3.5
    found, repairs = read("listTrackings", answer)

    assert found.data.items == [replace(item, weight="3.5") for item in CLEAN]
    assert repairs == [
        f"$.data.items[{index}].weight: expected str, got float" for index in range(SIZE)
    ]


def test_an_answer_with_too_much_to_mend_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is odd in ever so many places does not take ever so long."""
    monkeypatch.setattr(salvage, "MAX_REPAIRS", 100)
    answer = page()
    for item in answer["data"]["items"][:100]:
        item["weight"] = 3.5
    _, repairs = read("listTrackings", answer)
    answer["data"]["items"].append("")
    with pytest.raises(ContractViolated) as caught:
        read("listTrackings", answer)

    assert len(repairs) == 100
    assert caught.value.reason == "more than 100 repairs needed at $"


def test_what_is_mended_in_vain_is_counted_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """An item that is dropped in the end has taken its time."""
    monkeypatch.setattr(salvage, "MAX_REPAIRS", 100)
    answer = success("stopTrackingUpdates")
    answer["data"]["trackings"] = [{"carrier_code": 5}] * 51
    with pytest.raises(ContractViolated):
        read("stopTrackingUpdates", answer)


def test_an_attempt_that_fails_is_not_told() -> None:
    """What was mended on the way to dropping an item does not count."""
    answer = success("stopTrackingUpdates")
    answer["data"]["trackings"] = [{"carrier_code": 5}, {"tracking_number": "RP893531375SG"}]
    found, repairs = read("stopTrackingUpdates", answer)

    assert found.data.trackings == [models.BatchItem(tracking_number="RP893531375SG")]
    assert repairs == [
        "$.data.trackings[0]: dropped: missing at $.data.trackings[0].tracking_number"
    ]


@pytest.mark.parametrize("present", REQUIRED)
def test_one_required_field_makes_it_a_parcel(present: str) -> None:
    """A parcel with any required field is read, the missing texts being empty."""
    answer = {"meta": {"code": 200}, "data": {present: "x"}}
    found, repairs = read("createTracking", answer)

    assert {name: getattr(found.data, name) for name in REQUIRED} == {
        name: "x" if name == present else "" for name in REQUIRED
    }
    assert repairs == [f"$.data.{name}: missing" for name in REQUIRED if name != present]


@pytest.mark.parametrize("data", [[], {}, "", None, {"error": 1}, {"title": "x"}], ids=steady)
@pytest.mark.parametrize(
    "operation",
    [
        *("createTracking", "getTracking", "getLocalizedTracking", "updateTracking"),
        *("getAccount", "countTrackings", "listTrackings", "trackInRealtime"),
        *("createTrackingBatch", "updateTrackingBatch", "deleteTrackingBatch"),
        *("stopTrackingUpdates", "checkRemoteAreas"),
    ],
)
def test_nothing_is_not_mended_into_something(operation: str, data: object) -> None:
    """Under a code of success, an empty or foreign `data` is not made up to be a model."""
    with pytest.raises(ContractViolated, match=r"missing at \$\.data\.") as caught:
        read(operation, {"meta": {"code": 200}, "data": data})

    assert caught.value.status == 200


@pytest.mark.parametrize("value", [ABSENT, None, "", "x", [], {}], ids=steady)
def test_a_required_number_is_not_made_up(value: object) -> None:
    """No count is written where the answer has none: 0 would be a statement."""
    answer = success("countTrackings")
    put(answer, ["data", "pending"], value)

    with pytest.raises(ContractViolated, match=r"at \$\.data\.pending$"):
        read("countTrackings", answer)


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
        answer = deepcopy(whole)
        put(answer, path, odd)
        try:
            _, told = read(operation, answer)
        except ContractViolated as error:
            told = [str(error), repr(error)]

        assert CANARY not in " ".join(told), path


def test_a_key_of_a_map_is_not_told() -> None:
    """The keys of a map are values, too."""
    answer = success("trackAirWaybills")
    answer["data"] = {CANARY: 5, **answer["data"]}
    found, repairs = read("trackAirWaybills", answer)

    assert list(found.data) == ["172-28891936"]
    assert repairs == ["$.data[...]: dropped: expected object, got int at $.data[...]"]


def test_repairs_are_told_only_of_an_answer_that_is_given() -> None:
    """Who gets an error instead of a model is told of no repairs."""
    answer = success("countTrackings")
    answer["data"] |= {"pending": None, "transit": "5"}
    told: list[Repair] = []

    with pytest.raises(ContractViolated):
        OPERATIONS["countTrackings"].parse(200, {}, encoded(answer), on_repair=told.append)

    assert told == []


def test_nobody_need_listen() -> None:
    """Without `on_repair` the same answer is read in the same way."""
    answer = b'\xef\xbb\xbf{"meta": {"code": "200"}, "data": []}'

    assert OPERATIONS["deleteTracking"].parse(200, {}, answer).meta.code == 200


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
    answer, repairs = read("listCarriers", body)

    assert answer.data == [models.Carrier(name=expected, code="\\ud800 \U0001f4e6")]
    assert [repair.partition(":")[0] for repair in repairs] == ["$"]
