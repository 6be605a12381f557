"""The cursor and the queries, without client and server; `test_lists.py` has the lists."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from itertools import combinations, product
from typing import Any, Final

import pytest

from trackingmore_v2 import models
from trackingmore_v2._listing.cursor import MAX_PAGES_WITHOUT_NEW_ITEMS, PageCursor
from trackingmore_v2._listing.filters import FiltersDict, page_size, queries, span
from trackingmore_v2_api import Call
from trackingmore_v2_api.operations.trackings import list_trackings

EVERYTHING: Final = queries({})
Wire = dict[str, str]


def parcel(number: str, carrier: str = "ups", id: str = "") -> models.Tracking:  # noqa: A002 - its name
    """Build a tracking."""
    return models.Tracking(
        id=id,
        tracking_number=number,
        carrier_code=carrier,
        status=models.TrackingStatus.TRANSIT,
        created_at=None,
    )


def page_of(numbers: Sequence[str], **counters: Any) -> models.TrackingPage:
    """Build a page of trackings with these numbers."""
    return models.TrackingPage(items=[parcel(number) for number in numbers], **counters)


def numbers_of(page: models.TrackingPage) -> list[str]:
    """Return the numbers of a page's trackings."""
    return [item.tracking_number for item in page.items]


def requested(cursor: PageCursor) -> Wire:
    """Return the requests of a cursor."""
    call = cursor.next_call()
    assert call is not None
    return dict(call.query)


def walk(
    cursor: PageCursor, response: Callable[[Wire], models.TrackingPage]
) -> tuple[list[str], int]:
    """Lead a cursor to its end; give what was new, and how many calls it took."""
    found: list[str] = []
    for calls in range(1000):
        call = cursor.next_call()
        if call is None:
            return found, calls
        found += numbers_of(cursor.accept(response(dict(call.query))))
    raise AssertionError("it does not end")


def slice_of(everything: Sequence[str], query: Wire) -> list[str]:
    """Return the page that a query requests."""
    number, limit = int(query["page"]), int(query["limit"])
    return list(everything[(number - 1) * limit : number * limit])


def test_asks_page_after_page_until_the_total_is_covered() -> None:
    """Two pages of two cover a total of four; no third is requested."""
    cursor = PageCursor(EVERYTHING, 2)

    assert requested(cursor) == {"page": "1", "limit": "2"}
    assert requested(cursor) == {"page": "1", "limit": "2"}
    assert numbers_of(cursor.accept(page_of("ab", total="4"))) == ["a", "b"]
    assert requested(cursor) == {"page": "2", "limit": "2"}
    assert numbers_of(cursor.accept(page_of("cd", total="4"))) == ["c", "d"]
    assert cursor.next_call() is None


def test_a_page_that_is_all_new_is_given_as_it_came() -> None:
    """Nothing is copied that need not be."""
    page = page_of("ab", total="2", count=2)

    assert PageCursor(EVERYTHING, 2).accept(page) is page


@pytest.mark.parametrize(
    ("total", "calls"),
    [("5", 3), (5, 3), ("5 ", 3), (None, 3), ("", 3), ("many", 3), ("-1", 3), (-1, 3)],
    ids=repr,
)
def test_a_short_page_is_the_last_where_the_total_cannot_be_read(total: object, calls: int) -> None:
    """Text, a number, or no total at all: the list is complete, and no page requested too often."""
    found = walk(
        PageCursor(EVERYTHING, 2), lambda query: page_of(slice_of("abcde", query), total=total)
    )

    assert found == (list("abcde"), calls)


@pytest.mark.parametrize("total", ["0", 1, "3", 10**30, "9" * 5000], ids=lambda it: str(it)[:9])
def test_a_wrong_total_costs_no_tracking(total: object) -> None:
    """A total smaller than what was seen is not believed; one too large ends at the empty page."""
    found, calls = walk(
        PageCursor(EVERYTHING, 2), lambda query: page_of(slice_of("abcdef", query), total=total)
    )

    assert found == list("abcdef")
    assert calls <= 4


def test_an_empty_page_is_the_end() -> None:
    """Whatever the total says."""
    cursor = PageCursor(EVERYTHING, 2)
    cursor.accept(page_of("", total="100", count=0))

    assert cursor.next_call() is None


@pytest.mark.parametrize("total", [None, "4", "1000000"])
def test_a_server_that_ignores_the_page_is_asked_twice(total: str | None) -> None:
    """A page that brings nothing new is the end."""
    found = walk(PageCursor(EVERYTHING, 2), lambda _: page_of("ab", total=total))

    assert found == (["a", "b"], 2)


def test_a_server_that_ignores_the_size_costs_no_tracking() -> None:
    """Pages larger than requested are accepted."""
    found, calls = walk(
        PageCursor(EVERYTHING, 2),
        lambda query: page_of(slice_of("abcdefg", {**query, "limit": "5"})),
    )

    assert found == list("abcdefg")
    assert calls <= 3


def test_a_server_with_smaller_pages_costs_no_tracking() -> None:
    """A server that returns smaller pages than requested, and says so, is queried to the end."""

    def stingy(query: Wire) -> models.TrackingPage:
        return page_of(slice_of("abcdefg", {**query, "limit": "3"}), limit=3, total="7")

    assert walk(PageCursor(EVERYTHING, 100), stingy) == (list("abcdefg"), 3)


def test_a_list_that_grows_repeats_nothing() -> None:
    """What is pushed to the next page by new trackings does not come again."""
    cursor = PageCursor(EVERYTHING, 3)
    found = [
        numbers_of(cursor.accept(page_of("def", total="6"))),
        numbers_of(cursor.accept(page_of("efg", total="8"))),
        numbers_of(cursor.accept(page_of("hi", total="8"))),
    ]

    assert found == [["d", "e", "f"], ["g"], ["h", "i"]]
    assert cursor.next_call() is None


def test_a_list_that_shrinks_is_read_again() -> None:
    """From the first page, once, if the second pass brings nothing new and does not shrink."""
    cursor = PageCursor(EVERYTHING, 3)
    cursor.accept(page_of("abc", total="9"))
    cursor.accept(page_of("ghi", total="6"))

    assert requested(cursor)["page"] == "1"
    assert numbers_of(cursor.accept(page_of("def", total="6"))) == ["d", "e", "f"]
    assert requested(cursor)["page"] == "2"
    assert numbers_of(cursor.accept(page_of("ghi", total="6"))) == []
    assert cursor.next_call() is None


def test_a_list_that_shrinks_below_its_next_page_is_read_again() -> None:
    """The API reports the missing page as an error without a total."""
    cursor = PageCursor(EVERYTHING, 3)
    cursor.accept(page_of("abc", total="9"))
    cursor.accept(models.TrackingPage(items=[]))

    assert requested(cursor)["page"] == "1"
    assert numbers_of(cursor.accept(page_of("def", total="3"))) == ["d", "e", "f"]
    assert cursor.next_call() is None


def test_a_query_that_shrinks_is_read_again_before_the_next() -> None:
    """The others, which did not shrink, are read once."""
    cursor = PageCursor(queries({"status": ["transit", "pickup"]}), 2)
    cursor.accept(page_of("ab", total="4"))
    cursor.accept(page_of("", total="2"))

    assert requested(cursor) == {"page": "1", "limit": "2", "status": "transit"}
    assert numbers_of(cursor.accept(page_of("cd", total="2"))) == ["c", "d"]
    assert requested(cursor) == {"page": "1", "limit": "2", "status": "pickup"}
    cursor.accept(page_of("ef", total="2"))
    assert cursor.next_call() is None


def test_a_list_that_always_shrinks_ends() -> None:
    """A server whose total decreases from page to page for ever is read three times."""
    totals = iter(range(10**6, 0, -1))
    found, calls = walk(
        PageCursor(EVERYTHING, 2),
        lambda query: page_of(slice_of("abcd", query), total=next(totals)),
    )

    assert (found, calls) == (list("abcd"), 9)


class ChangingServer:
    """
    A server whose list, newest first, changes between two requests.

    Args:
        whole: The list.
        changes: For each gap between two requests, the places of the trackings that are deleted,
            and how many are created.
    """

    def __init__(self, whole: str, changes: Mapping[int, tuple[Collection[int], int]]) -> None:
        self.whole = list(whole)
        self.pages: list[int] = []
        self._changes = changes

    def __call__(self, query: Wire) -> models.TrackingPage:
        """Respond to a request for a page, as the API does."""
        deleted, created = self._changes.get(len(self.pages), ((), 0))
        kept = [one for place, one in enumerate(self.whole) if place not in deleted]
        self.whole = [f"{len(self.pages)}/{number}" for number in range(created)] + kept
        self.pages.append(int(query["page"]))
        items = slice_of(self.whole, query)
        if not items:
            return models.TrackingPage(items=[])
        return page_of(items, page=self.pages[-1], count=len(items), total=str(len(self.whole)))

    def assert_complete(self, whole: str, size: int) -> list[str]:
        """Check that what was there before and after is given once; return all that is given."""
        found, _ = walk(PageCursor(EVERYTHING, size), self)

        assert len(found) == len(set(found))
        assert {*whole}.intersection(self.whole) <= set(found)
        return found


@pytest.mark.parametrize("size", [1, 2, 3])
def test_no_change_between_two_pages_costs_a_tracking(size: int) -> None:
    """
    Any k trackings are deleted and j created between any two pages: the others come once each.

    If no fewer are created than deleted, each page is requested once.
    """
    for length, gap, created in product(range(6), range(1, 6), range(2 * size + 1)):
        whole = "abcde"[:length]
        for k in range(length + 1):
            for deleted in combinations(range(length), k):
                server = ChangingServer(whole, {gap: (deleted, created)})
                server.assert_complete(whole, size)

                if created >= k:
                    assert server.pages == list(range(1, len(server.pages) + 1))


@pytest.mark.parametrize("size", [1, 2, 3])
def test_no_changes_between_all_pages_cost_a_tracking(size: int) -> None:
    """Changes between the pages of the second pass count too: first, last or middle ones go."""
    for k, created, events, start in product(range(4), range(3), range(5), (-8, 0, 1, 3)):
        whole = "abcdefgh"
        deleted = range(start % len(whole), start % len(whole) + k)
        server = ChangingServer(whole, dict.fromkeys(range(1, events + 1), (deleted, created)))
        server.assert_complete(whole, size)


@pytest.mark.parametrize("size", [1, 2, 3])
def test_a_loop_that_deletes_what_it_is_given_deletes_all(size: int) -> None:
    """However many of each page it deletes, it is given all."""
    for limit in range(size + 1):
        server = ChangingServer("abcdefgh", {})
        cursor = PageCursor(EVERYTHING, size)
        found: list[str] = []
        while call := cursor.next_call():
            new = numbers_of(cursor.accept(server(dict(call.query))))
            found += new
            server.whole = [one for one in server.whole if one not in new[:limit]]

        assert sorted(found) == list("abcdefgh")


def test_a_tracking_twice_on_a_page_comes_once() -> None:
    """The identity is carrier and number: another carrier's number is another tracking."""
    page = models.TrackingPage(items=[parcel("a"), parcel("a"), parcel("a", "dhl")])
    given = PageCursor(EVERYTHING, 3).accept(page)

    assert [(item.carrier_code, item.tracking_number) for item in given.items] == [
        ("ups", "a"),
        ("dhl", "a"),
    ]


def test_trackings_without_a_number_are_distinguished_by_their_id() -> None:
    """A field that could not be read costs no tracking."""
    page = models.TrackingPage(items=[parcel("", id="1"), parcel("", id="2"), parcel("", id="1")])
    given = PageCursor(EVERYTHING, 3).accept(page)

    assert [item.id for item in given.items] == ["1", "2"]


@pytest.mark.parametrize("numbers", ["a", ""], ids=["some", "all"])
def test_dropped_items_do_not_end_a_list(numbers: str) -> None:
    """A page is short, or even empty, because items could not be read: the rest still comes."""
    cursor = PageCursor(EVERYTHING, 2)
    cursor.accept(page_of(numbers, count=2, total="4"))

    assert requested(cursor) == {"page": "2", "limit": "2"}
    assert numbers_of(cursor.accept(page_of("cd", count=2, total="4"))) == ["c", "d"]
    assert cursor.next_call() is None


def test_dropped_items_do_not_end_a_list_without_a_total() -> None:
    """The count shows that the page was full."""
    cursor = PageCursor(EVERYTHING, 2)
    cursor.accept(page_of("a", count=2))

    assert requested(cursor) == {"page": "2", "limit": "2"}


@pytest.mark.parametrize("total", [None, "6"])
def test_items_that_are_always_dropped_end_too(total: str | None) -> None:
    """Pages that cannot be parsed are requested as far as the total goes, or once."""
    found = walk(PageCursor(EVERYTHING, 2), lambda _: page_of("", count=2, total=total))

    assert found == ([], 3 if total else 1)


def test_a_list_ends_although_the_total_is_too_large() -> None:
    """A hundred pages in a row that bring nothing are enough, whatever is said to follow."""
    found = walk(PageCursor(EVERYTHING, 1), lambda _: page_of("", count=1, total=10**9))

    assert found == ([], MAX_PAGES_WITHOUT_NEW_ITEMS)


def test_what_comes_late_still_comes() -> None:
    """Fewer than a hundred unreadable pages cost nothing, as often as that happens."""
    everything = ["" if index % MAX_PAGES_WITHOUT_NEW_ITEMS else str(index) for index in range(300)]

    def response(query: Wire) -> models.TrackingPage:
        return page_of(list(filter(None, slice_of(everything, query))), count=1, total=300)

    assert walk(PageCursor(EVERYTHING, 1), response) == (["0", "100", "200"], 300)


def test_queries_follow_each_other() -> None:
    """Each from its first page to its last; an empty one is passed over."""
    cursor = PageCursor(queries({"status": ["transit", "pickup", "expired"]}), 2)

    assert requested(cursor) == {"page": "1", "limit": "2", "status": "transit"}
    cursor.accept(page_of("ab", total="3"))
    assert requested(cursor) == {"page": "2", "limit": "2", "status": "transit"}
    cursor.accept(page_of("c", total="3"))
    assert requested(cursor) == {"page": "1", "limit": "2", "status": "pickup"}
    cursor.accept(page_of(""))
    assert requested(cursor) == {"page": "1", "limit": "2", "status": "expired"}
    cursor.accept(page_of("d", total="1"))
    assert cursor.next_call() is None


def test_a_tracking_that_changes_its_status_meanwhile_comes_once() -> None:
    """It is left out of the second query, which goes on behind it all the same."""
    cursor = PageCursor(queries({"status": ["transit", "delivered"]}), 2)
    cursor.accept(page_of("ab", total="2"))

    assert numbers_of(cursor.accept(page_of("ab", total="3"))) == []
    assert requested(cursor) == {"page": "2", "limit": "2", "status": "delivered"}
    assert numbers_of(cursor.accept(page_of("c", total="3"))) == ["c"]
    assert cursor.next_call() is None


def wires(filters: FiltersDict) -> list[Wire]:
    """Return the queries that filters become."""
    calls: list[Call[Any]] = [query(page=1, limit=1) for query in queries(filters)]
    return [
        {name: value for name, value in call.query if name not in {"page", "limit"}}
        for call in calls
    ]


def test_filters_of_any_count_are_cut_as_the_contract_says() -> None:
    """81 numbers are three queries, and the last holds one; a number given twice is sent once."""
    most = list_trackings.OPERATION.bounds_of("numbers").max_items or 0
    numbers = [f"LK{index:09}CN" for index in range(2 * most + 1)]
    cut = wires({"numbers": iter([*numbers, numbers[0]])})

    assert [len(wire["numbers"].split(",")) for wire in cut] == [most, most, 1]
    assert ",".join(wire["numbers"] for wire in cut) == ",".join(numbers)


def test_every_status_meets_every_cut() -> None:
    """Where two filters need several queries, each pair of values is requested once."""
    most = list_trackings.OPERATION.bounds_of("orders").max_items or 0
    orders = [f"#{index}" for index in range(most + 1)]
    first, second = ",".join(orders[:most]), orders[most]

    assert wires(
        {"status": ["transit", models.TrackingStatus.EXPIRED, "transit"], "orders": orders}
    ) == [
        {"status": "transit", "orders": first},
        {"status": "transit", "orders": second},
        {"status": "expired", "orders": first},
        {"status": "expired", "orders": second},
    ]


@pytest.mark.parametrize(
    ("moment", "after", "before"),
    [
        (datetime(2026, 3, 1, 12, tzinfo=UTC), 1772366400, 1772366400),
        (datetime(2026, 3, 1, 12, 0, 0, 1, tzinfo=UTC), 1772366401, 1772366400),
        (datetime(2026, 3, 1, 11, 59, 59, 999999, tzinfo=UTC), 1772366400, 1772366399),
        (datetime(2026, 3, 1, 20, tzinfo=timezone(timedelta(hours=8))), 1772366400, 1772366400),
        (datetime(1970, 1, 1, tzinfo=UTC), 0, 0),
        (datetime(2100, 1, 1, tzinfo=UTC), 4102444800, 4102444800),
    ],
    ids=str,
)
def test_a_time_is_rounded_inwards(moment: datetime, after: int, before: int) -> None:
    """The API's whole seconds include no moment that the window leaves out."""
    (wire,) = wires(
        {
            "created_after": moment,
            "updated_after": moment,
            "ordered_after": moment,
            "archived": True,
            "lang": "EN",
        }
    )

    assert wire == {
        "created_at_min": str(after),
        "update_time_min": str(after),
        "order_created_time_min": str(after),
        "archived": "true",
        "lang": "en",
    }
    assert wires(
        {"created_before": moment, "updated_before": moment, "ordered_before": moment}
    ) == [
        {
            "created_at_max": str(before),
            "update_time_max": str(before),
            "order_created_time_max": str(before),
        }
    ]


def test_counts_take_the_same_windows() -> None:
    """Created and ordered, in the API's words."""
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)

    assert span({"created_after": noon, "ordered_before": noon}) == {
        "created_at_min": 1772366400,
        "created_at_max": None,
        "order_created_time_min": None,
        "order_created_time_max": 1772366400,
    }


def test_a_page_is_as_large_as_can_be() -> None:
    """The contract says how large."""
    paging = list_trackings.OPERATION.pagination

    assert paging
    assert page_size(None) == paging.max_size
    assert page_size(7) == 7
