"""Lists of any length, on pages of any size, while parcels come and go."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz.plan import fuzzed
from trackingmore_v2 import models
from trackingmore_v2._listing.cursor import PageCursor
from trackingmore_v2._listing.filters import queries

sizes = st.integers(1, 7)
lists = st.lists(st.integers(0, 40), unique=True, max_size=30)
changes = st.lists(
    st.tuples(st.integers(0, 30), st.none() | st.integers(41, 99)), min_size=1, max_size=20
)
"""Where something changes, and the parcel that is put there; None takes one away."""

totals = st.none() | st.integers(-5, 60) | st.integers(0, 60).map(str) | st.sampled_from(["", "x"])
counts = st.none() | st.integers(-1, 10)


def parcel(number: int) -> models.Tracking:
    """Build a parcel."""
    return models.Tracking(
        id="",
        tracking_number=f"LK{number:09}CN",
        carrier_code="china-ems",
        status=models.TrackingStatus.TRANSIT,
        created_at="",
    )


def page_of(whole: list[int], query: dict[str, str], **counters: Any) -> models.TrackingPage:
    """Answer a query honestly, but for the counters."""
    page, limit = int(query["page"]), int(query["limit"])
    items = [parcel(number) for number in whole[(page - 1) * limit : page * limit]]
    return models.TrackingPage(items=items, **counters)


def change(whole: list[int], place: int, number: int | None) -> None:
    """Store a parcel in, unless it is there, or take one away."""
    if number is None:
        del whole[place : place + 1]
    elif number not in whole:
        whole.insert(place, number)


def walk(cursor: PageCursor, answer: Any) -> list[str]:
    """Lead a cursor to its end, which must come."""
    found: list[str] = []
    for _ in range(200):
        call = cursor.next_call()
        if call is None:
            return found
        page = cursor.accept(answer(dict(call.query)))
        found += [item.tracking_number for item in page.items]
    raise AssertionError("it does not end")


@fuzzed(400)
@given(whole=lists, size=sizes, told=st.booleans(), count_of_queries=st.integers(1, 3))
def test_joined_pages_are_the_whole_list(
    *, whole: list[int], size: int, told: bool, count_of_queries: int
) -> None:
    """For any page size, with a total or without, whether one query finds it all or several."""
    statuses = list(models.TrackingStatus)[:count_of_queries]

    def answer(query: dict[str, str]) -> models.TrackingPage:
        part = whole[statuses.index(models.TrackingStatus(query["status"])) :: count_of_queries]
        return page_of(part, query, total=str(len(part)) if told else None)

    found = walk(PageCursor(queries({"status": statuses}), size), answer)

    assert sorted(found) == sorted(parcel(number).tracking_number for number in whole)
    assert count_of_queries > 1 or found == [parcel(number).tracking_number for number in whole]


@fuzzed(400)
@given(whole=lists, size=sizes, changing=changes, told=st.booleans())
def test_whatever_comes_and_goes_nothing_repeats_and_it_ends(
    *, whole: list[int], size: int, changing: list[tuple[int, int | None]], told: bool
) -> None:
    """With a parcel put in or taken away after each page, none comes twice, and the end comes."""
    present = list(whole)
    pending = list(changing)

    def answer(query: dict[str, str]) -> models.TrackingPage:
        page = page_of(present, query, total=str(len(present)) if told else None)
        if pending:
            change(present, *pending.pop())
        return page

    found = walk(PageCursor(queries({}), size), answer)

    assert len(found) == len(set(found))
    assert found[: min(size, len(whole))] == [parcel(it).tracking_number for it in whole[:size]]


@fuzzed(400)
@given(whole=lists, size=st.integers(2, 7), changing=changes, told=st.booleans())
def test_what_comes_meanwhile_costs_no_parcel(
    *, whole: list[int], size: int, changing: list[tuple[int, int | None]], told: bool
) -> None:
    """Where parcels are only put in, fewer than a page holds, all that was there comes."""
    present = list(whole)
    pending = [(place, number) for place, number in changing if number is not None]

    def answer(query: dict[str, str]) -> models.TrackingPage:
        page = page_of(present, query, total=str(len(present)) if told else None)
        if pending:
            change(present, *pending.pop())
        return page

    found = walk(PageCursor(queries({}), size), answer)

    assert {parcel(number).tracking_number for number in whole} <= set(found)
    assert len(found) == len(set(found))


@fuzzed(400)
@given(lists, sizes, st.data())
def test_whatever_the_counters_say_it_ends(
    whole: list[int], size: int, data: st.DataObject
) -> None:
    """Totals, counts and sizes that are wrong, and differ from page to page, do no harm."""

    def answer(query: dict[str, str]) -> models.TrackingPage:
        return page_of(
            whole, query, total=data.draw(totals), count=data.draw(counts), limit=data.draw(counts)
        )

    found = walk(PageCursor(queries({}), size), answer)

    assert found == [parcel(number).tracking_number for number in whole][: len(found)]


@fuzzed(400)
@given(lists, sizes, st.sets(st.integers(0, 29)))
def test_dropped_items_cost_only_themselves(whole: list[int], size: int, bad: set[int]) -> None:
    """Items that could not be read are missing; all others are there, on whatever page."""

    def answer(query: dict[str, str]) -> models.TrackingPage:
        page = page_of(whole, query)
        good = [item for item in page.items if item.tracking_number not in unreadable]
        return models.TrackingPage(items=good, count=len(page.items), total=str(len(whole)))

    unreadable = {parcel(number).tracking_number for number in bad}
    found = walk(PageCursor(queries({}), size), answer)

    assert found == [parcel(number).tracking_number for number in whole if number not in bad]
