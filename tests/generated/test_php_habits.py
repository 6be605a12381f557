"""
The habits of the API's PHP, one by one, in every form they were seen with.

Forms that the contract lists need no repair; the others are repaired, and reported.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, TypeAlias

import pytest
from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import fields

from tests.generated.examples import ABSENT, REFUSALS, SUCCESSES, Example, put, read, success
from trackingmore_v2_api import ApiRejected, models

Form: TypeAlias = tuple[object, object] | tuple[object, object, str]
"""What is sent, what it is read as, and what the repair says, if there is one."""

AWB = "172-28891936"
WORDS = ("", "x", "null", None)
NOON = datetime(2001, 1, 1, 12, tzinfo=UTC)
NO_TIME = "expected time with an offset | null"
EMPTY_LEG = dict.fromkeys(["ItemReceived", "weblink", "phone", "carrier_code", "trackinfo"])


def forms(
    operation: str,
    where: str,
    *read_as: Form,
    same: Iterable[object] = (),
    absent: object | UnsetType = UNSET,
) -> list[Any]:
    """
    Build a case of each form of one field.

    Args:
        operation: The operation of the response.
        where: Its place in `data`, with wire names and dots.
        read_as: Forms that are read as something else.
        same: Forms that are read as what they are, without a repair.
        absent: What it is read as where it is absent.
    """
    listed: list[Form] = [(value, value) for value in same]
    if absent is not UNSET:
        listed.append((ABSENT, absent))
    cases: list[Any] = []
    for sent, expected, *problem in [*listed, *read_as]:
        form = "absent" if sent is ABSENT else json.dumps(sent)[:40]
        cases.append(
            pytest.param(
                operation, where, sent, expected, problem, id=f"{operation} {where} {form}"
            )
        )
    return cases


def step(model: Any, key: str) -> Any:
    """Go to the child that a wire name, key or index leads to."""
    if isinstance(model, Struct):
        (name,) = (field.name for field in fields(model) if field.encode_name == key)
        return getattr(model, name)
    return model[int(key)] if isinstance(model, list) else model[key]


COUNTERS = [
    *forms("listTrackings", "total", ([], None, "expected str | int | null, got array")),
    *forms("listTrackings", "total", (3.0, 3, "expected int, got float")),
    *forms("listTrackings", "total", same=["3", 3, "", None], absent=None),
    *forms("listTrackings", "page", ("1", 1, "expected int, got str"), same=[1], absent=None),
    *forms("listTrackings", "count", ("", None, "expected int | null, got str"), absent=None),
    *forms("listTrackings", "limit", ("null", None, "expected null, got str"), same=[4, None]),
    *forms("createTrackingBatch", "added", ("1", 1, "expected int, got str"), same=[0, 1]),
    *forms("updateTrackingBatch", "updated", ("1", 1, "expected int, got str"), same=[0, 1]),
    *forms("deleteTrackingBatch", "delete", ("1", 1, "expected int, got str"), same=[0, 1]),
    *forms("stopTrackingUpdates", "change", ("1", 1, "expected int, got str"), same=[0, 1]),
    *forms("countTrackings", "pending", ("3", 3, "expected int, got str"), same=[0, 3]),
    *forms(
        "getTracking",
        "itemTimeLength",
        ("12", 12, "expected int, got str"),
        (12.0, 12, "expected int, got float"),
        ("", None, "expected int | null, got str"),
        ("null", None, "expected null, got str"),
        ([], None, "expected int | null, got array"),
        same=[12, None],
        absent=None,
    ),
]
EMAIL_AND_PHONE = [
    case
    for operation in ("getTracking", "updateTracking")
    for name in ("customer_email", "customer_phone")
    for case in forms(
        operation,
        name,
        ({}, [], "expected array, got object"),
        (5, "5", "expected str, got int"),
        same=[*WORDS, "a@example.com", ["a@example.com", "b@example.com"], []],
        absent=None,
    )
] + [
    case
    for name in ("customer_email", "customer_phone")
    for case in forms(
        "createTracking",
        name,
        (["a"], None, "expected str | null, got array"),
        ([], None, "expected str | null, got array"),
        same=[*WORDS],
        absent=None,
    )
]
TEXTS = [
    *forms(
        "getTracking",
        "title",
        (5, "5", "expected str, got int"),
        (3.5, "3.5", "expected str, got float"),
        (True, "true", "expected str, got bool"),
        ([], None, "expected str | null, got array"),
        ({}, None, "expected str | null, got object"),
        same=[*WORDS, 'a/b "c"', "\u4e2d\u56fd", "\U0001f4e6", "\x00"],
        absent=None,
    ),
    *forms("getTracking", "original_country", same=["", "Hong Kong [CN]", None], absent=None),
    *forms("getTracking", "destination_country", same=["", "Italy", None], absent=None),
    *forms("getTracking", "singed_by", same=["J. Doe", None, ""], absent=None),
    *forms("changeCarrier", "Usertag", same=["", None], absent=None),
    *forms("listCarriers", "0.homepage", same=["//www.dhl.com/", "http://www.dhl.com/", ""]),
    *forms("listCarriers", "0.picture", same=["//cdn.example.com/dhl.png", None], absent=None),
]
TIMES = [
    case
    for operation in ("createTracking", "getTracking", "updateTracking")
    for name in ("created_at", "updated_at")
    if (operation, name) != ("createTracking", "updated_at")
    for case in forms(
        operation,
        name,
        *((text, NOON) for text in ("2001-01-01T12:00:00+00:00", "2001-01-01T20:00:00+08:00")),
        *((text, NOON) for text in ("2001-01-01T12:00:00Z", "2001-01-01 06:30:00-0530")),
        *((text, None, f"{NO_TIME}, got str") for text in ("", "2001-01-01", "noon")),
        *((text, None, f"{NO_TIME}, got str") for text in ("2001-01-01T12:00:00", "978350400")),
        *((number, None, f"{NO_TIME}, got int") for number in (0, 978350400)),
        ("null", None, "expected null, got str"),
        ([], None, f"{NO_TIME}, got array"),
        ({}, None, f"{NO_TIME}, got object"),
        same=[None],
        absent=None,
    )
]
ORDER_CREATE_TIME = [
    *forms("createTracking", "order_create_time", same=[0, 1, *WORDS], absent=None),
    *forms("updateTracking", "order_create_time", same=[0, 1, *WORDS], absent=None),
    *forms("getTracking", "order_create_time", (0, "0", "expected str, got int")),
    *forms("getTracking", "order_create_time", same=["2018-04-01 10:08", *WORDS], absent=None),
    *forms("trackInRealtime", "items.0.order_create_time", same=["", None], absent=None),
]
LEGS = [
    case
    for operation in ("getTracking", "getLocalizedTracking")
    for name in ("origin_info", "destination_info")
    for case in forms(
        operation,
        name,
        (EMPTY_LEG, models.Leg()),
        ({}, models.Leg()),
        ({"phone": "1", "trackinfo": []}, models.Leg(phone="1", track_info=[])),
        ([], None, "expected object | null, got array"),
        ("", None, "expected object | null, got str"),
        ("null", None, "expected null, got str"),
        ('{"phone": "1"}', models.Leg(phone="1"), "expected object, got str"),
        same=[None],
        absent=None,
    )
] + forms(
    "getTracking",
    "origin_info.trackinfo",
    ([{}], [models.Checkpoint()]),
    ([{"Date": "2018-01-02 03:04"}], [models.Checkpoint(date="2018-01-02 03:04")]),
    ([{"Date": "2018-01-02 03:04:05"}], [models.Checkpoint(date="2018-01-02 03:04:05")]),
    ("", None, "expected array | null, got str"),
    ("null", None, "expected null, got str"),
    ({}, [], "expected array, got object"),
    (
        {"0": {"Date": "b"}, "2": {"Date": "a"}},
        [models.Checkpoint(date="b"), models.Checkpoint(date="a")],
        "expected array, got object",
    ),
    same=[[], None],
    absent=None,
)
TRUTH_VALUES = forms(
    "getTracking",
    "archived",
    ("true", True, "expected bool, got str"),
    ("false", False, "expected bool, got str"),
    ("1", True, "expected bool, got str"),
    (1, True, "expected bool, got int"),
    (0, False, "expected bool, got int"),
    ("", None, "expected bool | null, got str"),
    ("null", None, "expected null, got str"),
    ([], None, "expected bool | null, got array"),
    same=[True, False, None],
    absent=None,
)
BATCH_ERRORS = forms(
    "createTrackingBatch",
    "errors",
    ([{"code": 4016}], [models.BatchItemError(code=4016)]),
    ([{"code": 4016}, "{}"], [models.BatchItemError(code=4016), "{}"]),
    ("", None, "expected array | null, got str"),
    ({}, [], "expected array, got object"),
    same=[[], None, ['{"meta":{"code":4016,"type":"Bad Request"},"data":[]}']],
    absent=None,
)
ACCOUNT = [
    *forms("getAccount", "regtime", same=["1469097290", 1469097290, "", None], absent=None),
    *forms("getAccount", "phone", same=["+8612345678910", 8612345678910, "", None], absent=None),
    *forms("getAccount", "money", same=[999, 9.5, "9.50", "", None], absent=None),
    *forms("getAccount", "track_number", same=[9999, "9999", "", None], absent=None),
]
STATISTICS = [
    case
    for name in ("total", "delivered", "range1", "range3", "range4", "range5", "range6", "average")
    for case in forms("getTransitTimes", f"0.{name}", same=[0, 80, "80", "", None], absent=None)
]
AIR_WAYBILLS = [
    *forms("trackAirWaybills", f"{AWB}.return_data.piece", same=[5, "5", "", None], absent=None),
    *forms("trackAirWaybills", f"{AWB}.return_data.track_info.0.piece", same=[5, "5", "", None]),
    *forms("trackAirWaybills", f"{AWB}.return_data.weight", same=["1981K", "", None], absent=None),
    *forms(
        "trackAirWaybills",
        f"{AWB}.return_data",
        ({}, models.AirWaybillDetails()),
        ([], None, "expected object | null, got array"),
        ("", None, "expected object | null, got str"),
        same=[None],
        absent=None,
    ),
    *forms(
        "trackAirWaybills",
        f"{AWB}.airline_info",
        ({"name": "x", "url": ""}, models.Airline(name="x", url="")),
        ([], None, "expected object | null, got array"),
        same=[None],
        absent=None,
    ),
    *forms(
        "trackAirWaybills",
        f"{AWB}.return_data.flight_info",
        ({"CV1": {"depart_time": None}}, {"CV1": models.Flight()}),
        ([], None, "expected object | null, got array"),
        ("", None, "expected object | null, got str"),
        same=[{}, None],
        absent=None,
    ),
    *forms(
        "trackAirWaybills",
        f"{AWB}.return_data.status_number",
        (4.0, 4, "expected StatusNumber, got float"),
        (4.5, None, "expected StatusNumber | null, got float"),
        same=[4, None],
        absent=None,
    ),
    *forms(
        "trackAirWaybills",
        f"{AWB}.return_data.flight_way_station",
        ({"0": "LUX", "2": "MXP"}, ["LUX", "MXP"], "expected array, got object"),
        same=[["LUX", "MXP"], [], None],
        absent=None,
    ),
]
LISTS = [
    *forms("listTrackings", "items", ({}, [], "expected array, got object"), same=[[]]),
    *forms("listTrackings", "items", ("", [], "expected array, got str")),
    *forms("listTrackings", "items", (None, [], "expected array, got null")),
    *forms("checkRemoteAreas", "other", ("", None, "expected array | null, got str")),
    *forms("checkRemoteAreas", "other", same=[[], None, ["JP"]], absent=None),
    *forms("deleteTrackingBatch", "trackings", (None, [], "expected array, got null"), same=[[]]),
    *forms("stopTrackingUpdates", "trackings", ({}, [], "expected array, got object"), same=[[]]),
    *forms(
        "deleteTrackingBatch",
        "trackings",
        (
            [{"meta": {"tracking_number": "AB123"}}],
            [models.DeletedItem(meta=models.DeletedItemMeta(tracking_number="AB123"))],
        ),
    ),
    *forms(
        "stopTrackingUpdates",
        "trackings",
        ([{"tracking_number": "AB123"}], [models.BatchItem(tracking_number="AB123")]),
    ),
]


@pytest.mark.parametrize(
    ("operation", "where", "sent", "expected", "problem"),
    [
        *COUNTERS,
        *EMAIL_AND_PHONE,
        *TEXTS,
        *TIMES,
        *ORDER_CREATE_TIME,
        *LEGS,
        *TRUTH_VALUES,
        *BATCH_ERRORS,
        *ACCOUNT,
        *STATISTICS,
        *AIR_WAYBILLS,
        *LISTS,
    ],
)
def test_a_form_is_read(
    operation: str, where: str, sent: object, expected: object, problem: Sequence[str]
) -> None:
    """Each form of a field has one meaning; a repair is reported only if the contract lacks it."""
    response = success(operation)
    keys = where.split(".")
    put(response["data"], [int(key) if key.isdecimal() else key for key in keys], sent)
    model, repairs = read(operation, response)
    found = model.data
    for key in keys:
        found = step(found, key)
    shown = where.replace(AWB, "[...]").replace("items.0", "items[0]")
    place = f"$.data.{shown}".replace(".[", "[")

    assert found == expected
    assert type(found) is type(expected) or isinstance(expected, int | float)
    assert repairs == [f"{place}: {words}" for words in problem]


@pytest.mark.parametrize(
    ("operation", "data", "expected", "repairs"),
    [
        ("deleteTracking", [], [], []),
        ("deleteTracking", {}, [], ["$.data: expected array, got object"]),
        ("deleteTracking", None, [], ["$.data: expected array, got null"]),
        ("deleteTracking", "", [], ["$.data: expected array, got str"]),
        ("listCarriers", [], [], []),
        ("listCarriers", {}, [], ["$.data: expected array, got object"]),
        ("detectCarrier", [], [], []),
        ("getTransitTimes", None, [], ["$.data: expected array, got null"]),
        ("trackAirWaybills", {}, {}, []),
        ("trackAirWaybills", [], {}, ["$.data: expected object, got array"]),
        ("trackAirWaybills", None, {}, ["$.data: expected object, got null"]),
        (
            "changeCarrier",
            [],
            models.ChangedCarrier(),
            ["$.data: expected object, got array"],
        ),
    ],
    ids=repr,
)
def test_an_empty_map_or_list_is_empty_in_any_form(
    operation: str, data: object, expected: object, repairs: list[str]
) -> None:
    """`[]`, `{}`, null and "" all mean that there is nothing, where nothing is possible."""
    response, repaired = read(operation, {"meta": {"code": 200}, "data": data})

    assert response.data == expected
    assert repaired == repairs


@pytest.mark.parametrize("example", REFUSALS, ids=str)
@pytest.mark.parametrize("data", [[], {}, None, "", "null"], ids=repr)
def test_the_data_of_an_error_response_does_not_matter(example: Example, data: object) -> None:
    """An error response has `[]` where success has an object; nothing is read into it."""
    with pytest.raises(ApiRejected) as caught:
        read(example.operation, {**example.value, "data": data})

    assert caught.value.code == example.value["meta"]["code"]


@pytest.mark.parametrize(
    "meta",
    [
        {"code": 200},
        {"code": 200, "type": "Success", "message": "Success"},
        {"code": 201, "type": "Success", "message": "Success"},
        {"code": 201, "type": "Created", "message": "Created"},
    ],
    ids=["code only", "200", "201 of 2017", "201 of 2019"],
)
@pytest.mark.parametrize("operation", ["createTrackingBatch", "createTracking", "listCarriers"])
def test_success_has_two_codes(operation: str, meta: Any) -> None:
    """200 and 201 both are success, with either type or none at all."""
    response, repairs = read(operation, {**success(operation), "meta": meta})

    assert response.meta == models.SuccessMeta(**meta)
    assert repairs == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (rb"0065 \/ 6841 2000", "0065 / 6841 2000"),
        (rb"\/\/www.dhl.com\/", "//www.dhl.com/"),
        (rb"\u010cesk\u00e1 Po\u0161ta", "\u010cesk\xe1 Po\u0161ta"),
        ("\u4e2d\u56fd".encode(), "\u4e2d\u56fd"),
        (rb"\ud83d\udce6", "\U0001f4e6"),
    ],
    ids=["slash", "address", "escaped", "not escaped", "surrogate pair"],
)
def test_escapes_are_undone(text: bytes, expected: str) -> None:
    """PHP escapes slashes and all that is not ASCII; the model has the text."""
    body = b'{"meta":{"code":200},"data":[{"name":"' + text + b'","code":"x"}]}'
    response, repairs = read("listCarriers", body)

    assert response.data == [models.Carrier(name=expected, code="x")]
    assert repairs == []


@pytest.mark.parametrize(
    ("operation", "path", "value"),
    [
        ("getTracking", ["status"], "brand_new"),
        ("getTracking", ["status"], ""),
        ("getTracking", ["status"], "null"),
        ("getTracking", ["substatus"], "transit099"),
        ("getTracking", ["origin_info", "trackinfo", 0, "checkpoint_status"], "brand_new"),
        ("getTracking", ["origin_info", "trackinfo", 0, "substatus"], "brand_new"),
        ("getTracking", ["origin_info", "trackinfo", 0, "ItemNode"], "ItemLost"),
        ("createTracking", ["status"], "brand_new"),
        ("trackInRealtime", ["items", 0, "status"], "brand_new"),
        ("trackAirWaybills", [AWB, "return_data", "status_number"], 99),
        ("trackAirWaybills", [AWB, "return_data", "status_number"], -1),
        ("trackAirWaybills", [AWB, "return_data", "status_number"], 10**30),
        ("trackAirWaybills", [AWB, "return_data", "track_info", 0, "status"], "ZZZ"),
        ("listCarriers", [0, "type"], "drone"),
    ],
    ids=repr,
)
def test_an_unlisted_word_is_kept(operation: str, path: list[str | int], value: object) -> None:
    """A word that the contract does not list yet arrives as it is, and says so."""
    response = success(operation)
    put(response["data"], path, value)
    model, repairs = read(operation, response)
    found = model.data
    for key in path:
        found = step(found, str(key))

    assert found == value
    assert not found.is_known
    assert repairs == []


def extended(node: Any, maps: Sequence[object]) -> Any:
    """Add an unknown field to every object, but none to a map."""
    if isinstance(node, list):
        return [extended(item, maps) for item in node]
    if not isinstance(node, dict):
        return node
    children = {key: extended(child, maps) for key, child in node.items()}
    return children if node in maps else {"x_new": {"deep": [1]}, **children, "X-New": ""}


@pytest.mark.parametrize("example", SUCCESSES, ids=str)
def test_unknown_fields_do_not_matter(example: Example) -> None:
    """A field that is new to the API changes nothing, wherever it appears."""
    maps = [example.value["data"]] if example.operation == "trackAirWaybills" else []
    maps += [
        it["return_data"]["flight_info"]
        for it in (maps[0].values() if maps else ())
        if it["return_data"]
    ]
    plain, _ = read(example.operation, example.value)
    found, repairs = read(example.operation, extended(example.value, maps))

    assert found == plain
    assert repairs == []
