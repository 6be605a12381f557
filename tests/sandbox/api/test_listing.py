from typing import Any

import pytest

from tests.contract.examples import payload
from tests.sandbox.harness import NOON, PAIR, Api
from trackingmore_v2_api import models
from website.contract import contract

START = int(NOON.timestamp())
HINT = "X-Sandbox-Hint"


@pytest.fixture
def numbers(api: Api) -> list[str]:
    """Create five trackings, an hour apart, and name them in that order."""
    numbers = [f"RB{index:09}CN" for index in range(5)]
    for index, number in enumerate(numbers):
        api.create(
            tracking_number=number,
            carrier_code="china-post",
            order_id=f"#{index}",
            order_create_time=f"2026-02-0{index + 1} 00:00",
        )
        api.advance(hours=1)
    return numbers


def found(api: Api, **query: Any) -> list[str]:
    """List, and return the numbers, the first created first."""
    response = api.call("listTrackings", **query)
    if response.code == 4031:
        return []
    assert response.code == 200
    data: dict[str, Any] = response.data
    assert data["count"] == len(data["items"])
    assert int(data["total"]) >= data["count"]
    return [item["tracking_number"] for item in reversed(data["items"])]


@pytest.mark.behaviour("list.page", "list.items", "list.order-and-end")
def test_the_page_has_the_recorded_shape(api: Api, numbers: list[str]) -> None:
    """The total is a text, and the items are as in a single read."""
    response = api.call("listTrackings", limit=2, page=2)
    recorded = payload("listTrackings", "200")["data"]

    assert list(response.data) == list(recorded)
    assert {**response.data, "items": None} == {
        "page": 2,
        "limit": 2,
        "total": "5",
        "count": 2,
        "items": None,
    }
    assert [item["tracking_number"] for item in response.data["items"]] == [numbers[2], numbers[1]]
    single = api.get(tracking_number=numbers[2], carrier_code="china-post")
    assert response.data["items"][0] == single


@pytest.mark.behaviour("list.pages", "list.order-and-end")
def test_pages_together_are_the_whole_list(api: Api, numbers: list[str]) -> None:
    """With every page size, each tracking once, and then 4031."""
    for limit in (1, 2, 3, 5, 2000):
        pages = [found(api, limit=limit, page=page) for page in range(1, 7)]
        assert [number for page in reversed(pages) for number in page] == numbers
        assert api.call("listTrackings", limit=limit, page=6).code == 4031


@pytest.mark.behaviour("list.order-and-end")
def test_an_empty_result_is_an_error(api: Api) -> None:
    """An account without trackings gets 4031, for any page."""
    assert api.call("listTrackings").raw == (
        b'{"meta":{"code":4031,"type":"No Content",'
        b'"message":"The request was successful but the response is empty."},"data":[]}'
    )
    assert api.call("listTrackings", page=1_000_000_000, limit=2000).code == 4031


@pytest.mark.behaviour("list.defaults")
def test_the_defaults(api: Api, numbers: list[str]) -> None:
    """The first page, of a hundred."""
    assert len(found(api)) == len(numbers)
    data = api.call("listTrackings").data
    assert (data["page"], data["limit"]) == (1, 100)


@pytest.mark.behaviour("list.empty-value")
def test_empty_values_count_as_not_given(api: Api, numbers: list[str]) -> None:
    """The official samples send every parameter, mostly empty."""
    operation = contract()["paths"]["/trackings/get"]["get"]
    names = [
        parameter.get("name") or parameter["$ref"].rsplit("/")[-1]
        for parameter in operation["parameters"]
    ]

    assert found(api, **dict.fromkeys(names, "")) == numbers


@pytest.mark.behaviour("list.time-ranges", "list.range-ends")
def test_by_time_of_creation(api: Api, numbers: list[str]) -> None:
    """Both bounds belong to the window."""
    hour = 3600

    assert found(api, created_at_min=START + hour) == numbers[1:]
    assert found(api, created_at_max=START + hour) == numbers[:2]
    assert found(api, created_at_min=START + 1, created_at_max=START + 2 * hour) == numbers[1:3]


@pytest.mark.behaviour("list.time-ranges", "list.no-time")
def test_by_time_of_the_order(api: Api, numbers: list[str]) -> None:
    """Trackings without a time of their order are in windows without a beginning."""
    api.create()
    second = START - 27 * 86400 - 12 * 3600 - 0  # 2026-02-02 00:00

    assert found(api, order_created_time_min=second) == numbers[1:]
    assert found(api, order_created_time_max=second) == [*numbers[:2], PAIR["tracking_number"]]
    assert found(api, order_created_time_min=second, order_created_time_max=second) == numbers[1:2]


@pytest.mark.behaviour("list.time-ranges", "list.no-time")
def test_by_last_query(api: Api, numbers: list[str]) -> None:
    """Pending trackings were never queried, and are in ranges without a beginning."""
    api.create()
    queried = START + 3600 + 60  # at the second tracking

    assert found(api, update_time_min=queried) == numbers[1:]
    assert found(api, update_time_max=queried) == [*numbers[:2], PAIR["tracking_number"]]
    assert found(api, update_time_min=queried, update_time_max=queried) == numbers[1:2]


@pytest.mark.behaviour("list.status", "count.response")
def test_by_status(api: Api, numbers: list[str]) -> None:
    """Lists by status hold what the counts say, page by page."""
    api.create()
    counts = api.call("countTrackings").data

    assert found(api, status="pending") == [PAIR["tracking_number"]]
    for status, count in counts.items():
        hits = found(api, status=status)
        assert len(hits) == count
        one_by_one = [found(api, status=status, limit=1, page=page + 1) for page in range(count)]
        assert [number for page in reversed(one_by_one) for number in page] == hits
    assert sum(counts.values()) == len(numbers) + 1


@pytest.mark.behaviour("list.status")
@pytest.mark.parametrize("status", ["nowhere", "DELIVERED", "0", " "])
def test_an_unknown_status_is_rejected(api: Api, status: str) -> None:
    """There are eight statuses."""
    assert api.call("listTrackings", status=status).code == 4033


@pytest.mark.behaviour("list.numbers", "list.too-many-numbers")
def test_by_numbers(api: Api, numbers: list[str]) -> None:
    """Up to forty numbers, separated by commas; unknown ones do no harm."""
    assert found(api, numbers=f"{numbers[3]},{numbers[0]},UNKNOWN") == [numbers[0], numbers[3]]
    assert found(api, numbers=",".join(numbers[:1] * 40)) == numbers[:1]
    assert api.call("listTrackings", numbers=",".join(numbers[:1] * 41)).code == 4012
    assert api.call("listTrackings", numbers="abc").code == 4014
    assert api.call("listTrackings", numbers=f"{numbers[0]},").code == 4014


@pytest.mark.behaviour("list.numbers", "list.too-many-numbers")
def test_by_orders(api: Api, numbers: list[str]) -> None:
    """Up to forty order ids, separated by commas."""
    assert found(api, orders="#4,#1,#99") == [numbers[1], numbers[4]]
    assert api.call("listTrackings", orders=",".join(["#1"] * 41)).code == 4012
    assert api.call("listTrackings", orders="#1,,#2").code == 4012


@pytest.mark.behaviour("list.archived")
def test_by_archived(api: Api, numbers: list[str]) -> None:
    """`true` gives archived ones, `false` the others, anything else both."""
    pair: dict[str, Any] = {"tracking_number": numbers[1], "carrier_code": "china-post"}
    api.call("updateTracking", {"archived": "true"}, **pair)

    assert found(api, archived="true") == [numbers[1]]
    assert found(api, archived="false") == [numbers[0], *numbers[2:]]
    assert found(api, archived="maybe") == numbers


@pytest.mark.behaviour("list.filters")
def test_filters_are_combined_with_and(api: Api, numbers: list[str]) -> None:
    """A tracking must match all of them."""
    both = ",".join(numbers[:2])

    assert found(api, numbers=both, created_at_min=START + 1) == [numbers[1]]
    assert found(api, numbers=both, orders="#4") == []


@pytest.mark.behaviour("list.bad-number")
@pytest.mark.parametrize(
    "query",
    [
        *(
            {"page": bad}
            for bad in ("0", "-1", "1000000001", "x", "1.5", "1e3", "\u0661", "9" * 99)
        ),
        *({"limit": bad} for bad in ("0", "2001", "ten", " 1", "true")),
        *({"created_at_min": bad} for bad in ("-1", "4102444801", "yesterday", "null")),
        {"created_at_max": "-1"},
        {"update_time_min": "-1"},
        {"update_time_max": "x"},
        {"order_created_time_min": "x"},
        {"order_created_time_max": "x"},
        {"lang": "eng"},
    ],
)
def test_an_invalid_value_is_rejected(api: Api, query: dict[str, Any]) -> None:
    """Values that are not integers, or out of bounds."""
    assert api.call("listTrackings", **query).code == 4012


@pytest.mark.behaviour("list.given-twice")
def test_the_last_of_repeated_parameters_counts(api: Api, numbers: list[str]) -> None:
    """A hint names each."""
    response = api.send("GET", "/trackings/get?limit=3&limit=2&page=7&page=&foo=1&foo=2")

    assert (response.data["limit"], response.data["count"], response.data["page"]) == (2, 2, 1)
    assert response.data["total"] == str(len(numbers))
    for name in ("limit", "page"):
        assert f"query/{name}: expected one value, got 2 values" in response.headers[HINT]


@pytest.mark.behaviour("count.response")
def test_counts(api: Api, numbers: list[str]) -> None:
    """All eight statuses are counted, in the contract's order, within a window if asked."""
    counts = api.call("countTrackings").data
    hour = 3600

    assert list(counts) == [status.value for status in models.TrackingStatus]
    assert sum(counts.values()) == len(numbers)
    window: dict[str, Any] = {"created_at_min": START + hour, "created_at_max": START + 2 * hour}
    assert sum(api.call("countTrackings", **window).data.values()) == 2
    ordered: dict[str, Any] = {"order_created_time_min": START, "order_created_time_max": ""}
    assert sum(api.call("countTrackings", **ordered).data.values()) == 0


@pytest.mark.behaviour("count.none")
def test_counts_without_trackings(api: Api) -> None:
    """Eight zeros, not an error."""
    assert set(api.call("countTrackings").data.values()) == {0}


@pytest.mark.behaviour("list.bad-number")
@pytest.mark.parametrize("name", ["created_at_min", "order_created_time_max"])
def test_counts_in_an_invalid_range_are_rejected(api: Api, name: str) -> None:
    """The bounds are those of the list."""
    window: dict[str, Any] = {name: "x"}

    assert api.call("countTrackings", **window).code == 4012
