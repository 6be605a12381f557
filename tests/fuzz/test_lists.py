"""Lists of any length, on pages of any size, while trackings are created and deleted."""

from itertools import islice
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz.profile import fuzzed
from trackingmore_v2 import models
from trackingmore_v2._listing.cursor import PageCursor
from trackingmore_v2._listing.filters import queries

sizes = st.integers(1, 7)
lists = st.lists(st.integers(0, 40), unique=True, max_size=30)
changes = st.lists(
    st.tuples(st.integers(0, 30), st.none() | st.integers(41, 99)), min_size=1, max_size=20
)
"""Indexes of changes, and the tracking inserted there; None deletes one."""

totals = st.none() | st.integers(-5, 60) | st.integers(0, 60).map(str) | st.sampled_from(["", "x"])
counts = st.none() | st.integers(-1, 10)


def tracking(number: int) -> models.Tracking:
    """Return a tracking."""
    return models.Tracking(
        id="",
        tracking_number=f"LK{number:09}CN",
        carrier_code="china-ems",
        status=models.TrackingStatus.TRANSIT,
        created_at=None,
    )


def page_of(whole: list[int], query: dict[str, str], **counters: Any) -> models.TrackingPage:
    """Return the page of a query, with any counters."""
    page, limit = int(query["page"]), int(query["limit"])
    items = [tracking(number) for number in whole[(page - 1) * limit : page * limit]]
    return models.TrackingPage(items=items, **counters)


def change(whole: list[int], place: int, number: int | None) -> None:
    """Insert a tracking, unless it exists, or delete one."""
    if number is None:
        del whole[place : place + 1]
    elif number not in whole:
        whole.insert(place, number)


def read_all(cursor: PageCursor, respond: Any) -> list[str]:
    """Return the numbers of all pages of a cursor, which must end."""
    found: list[str] = []
    for _ in range(2000):
        call = cursor.next_call()
        if call is None:
            return found
        page = cursor.accept(respond(dict(call.query)))
        found += [item.tracking_number for item in page.items]
    raise AssertionError("the list does not end")


@fuzzed(400)
@given(whole=lists, size=sizes, has_total=st.booleans(), count_of_queries=st.integers(1, 3))
def test_joined_pages_are_the_whole_list(
    *, whole: list[int], size: int, has_total: bool, count_of_queries: int
) -> None:
    """For any page size, with a total or without, for one query or several."""
    statuses = list(models.TrackingStatus)[:count_of_queries]

    def respond(query: dict[str, str]) -> models.TrackingPage:
        part = whole[statuses.index(models.TrackingStatus(query["status"])) :: count_of_queries]
        return page_of(part, query, total=str(len(part)) if has_total else None)

    found = read_all(PageCursor(queries({"status": statuses}), size), respond)

    assert sorted(found) == sorted(tracking(number).tracking_number for number in whole)
    assert count_of_queries > 1 or found == [tracking(number).tracking_number for number in whole]


@fuzzed(400)
@given(whole=lists, size=sizes, changing=changes, has_total=st.booleans())
def test_changes_between_pages_cause_no_duplicates(
    *, whole: list[int], size: int, changing: list[tuple[int, int | None]], has_total: bool
) -> None:
    """With an insertion or deletion after each page, none comes twice, and the list ends."""
    present = list(whole)
    pending = list(changing)

    def respond(query: dict[str, str]) -> models.TrackingPage:
        page = page_of(present, query, total=str(len(present)) if has_total else None)
        if pending:
            change(present, *pending.pop())
        return page

    found = read_all(PageCursor(queries({}), size), respond)

    assert len(found) == len(set(found))
    assert found[: min(size, len(whole))] == [tracking(it).tracking_number for it in whole[:size]]


@fuzzed(400)
@given(whole=lists, size=st.integers(2, 7), changing=changes, has_total=st.booleans())
def test_insertions_between_pages_skip_no_tracking(
    *, whole: list[int], size: int, changing: list[tuple[int, int | None]], has_total: bool
) -> None:
    """With insertions only, fewer than fit on a page, every earlier tracking is returned."""
    present = list(whole)
    pending = [(place, number) for place, number in changing if number is not None]

    def respond(query: dict[str, str]) -> models.TrackingPage:
        page = page_of(present, query, total=str(len(present)) if has_total else None)
        if pending:
            change(present, *pending.pop())
        return page

    found = read_all(PageCursor(queries({}), size), respond)

    assert {tracking(number).tracking_number for number in whole} <= set(found)
    assert len(found) == len(set(found))


@fuzzed(400)
@given(whole=lists, size=sizes, data=st.data())
def test_changes_between_pages_skip_no_tracking(
    *, whole: list[int], size: int, data: st.DataObject
) -> None:
    """With any deletions, and insertions in front, every tracking that stays is returned once."""
    present = list(whole)
    unused = iter(range(41, 10_000))

    def respond(query: dict[str, str]) -> models.TrackingPage:
        page = page_of(present, query, page=int(query["page"]), total=str(len(present)))
        if pending:
            deleted, inserted = pending.pop()
            present[:] = [*islice(unused, inserted), *(it for it in present if it not in deleted)]
        return page if page.items else models.TrackingPage(items=[])

    pending = data.draw(
        st.lists(
            st.tuples(st.sets(st.sampled_from([*whole, 41, 42])), st.integers(0, 9)), max_size=5
        )
    )
    found = read_all(PageCursor(queries({}), size), respond)

    assert {tracking(it).tracking_number for it in set(whole).intersection(present)} <= set(found)
    assert len(found) == len(set(found))


@fuzzed(400)
@given(lists, sizes, st.data())
def test_wrong_counters_lose_nothing(whole: list[int], size: int, data: st.DataObject) -> None:
    """With wrong counters that differ from page to page, the list ends without duplicates."""

    def respond(query: dict[str, str]) -> models.TrackingPage:
        return page_of(
            whole, query, total=data.draw(totals), count=data.draw(counts), limit=data.draw(counts)
        )

    found = read_all(PageCursor(queries({}), size), respond)

    assert found == [tracking(number).tracking_number for number in whole][: len(found)]


@fuzzed(400)
@given(lists, sizes, st.sets(st.integers(0, 29)))
def test_unreadable_items_lose_no_others(whole: list[int], size: int, bad: set[int]) -> None:
    """Unreadable items are missing; all others are returned, on any page."""

    def respond(query: dict[str, str]) -> models.TrackingPage:
        page = page_of(whole, query)
        readable = [item for item in page.items if item.tracking_number not in unreadable]
        return models.TrackingPage(items=readable, count=len(page.items), total=str(len(whole)))

    unreadable = {tracking(number).tracking_number for number in bad}
    found = read_all(PageCursor(queries({}), size), respond)

    assert found == [tracking(number).tracking_number for number in whole if number not in bad]
