"""What filters match, and that an index finds it: no query reads all trackings of an account."""

import random
import re
from collections.abc import Callable, Iterator
from typing import Any, Final, TypeAlias

import pytest
from msgspec.structs import replace

from trackingmore_v2_sandbox.store import sql
from trackingmore_v2_sandbox.store.migrations import number_of
from trackingmore_v2_sandbox.store.models import TrackingFilter, TrackingRecord
from trackingmore_v2_sandbox.store.sql import Store
from trackingmore_v2_sandbox.store.sqlite import SqliteStore

Statements: TypeAlias = list[tuple[str, tuple[Any, ...]]]

HOUR: Final = 3600
DAY: Final = 24 * HOUR
NOW: Final = 1_790_000_000
NUMBERS: Final = tuple(f"number{index}" for index in range(40))
ORDERS: Final = tuple(f"order{index}" for index in range(40))
STATUSES: Final = ("pending", "transit", "delivered")
BY_NUMBER: Final = "autoindex_trackings"
BY_POLL: Final = "by_(last_poll|extra_poll|poll_phase)"
FEW: Final = (
    (TrackingFilter(numbers=NUMBERS), BY_NUMBER),
    (TrackingFilter(numbers=NUMBERS, status="transit"), BY_NUMBER),
    (TrackingFilter(numbers=NUMBERS, archived=False), BY_NUMBER),
    (TrackingFilter(numbers=NUMBERS, polled_min=NOW - 40 * DAY, now=NOW), BY_NUMBER),
    (TrackingFilter(orders=ORDERS, status="transit"), "by_order "),
    (TrackingFilter(created_min=NOW - 2 * HOUR, created_max=NOW - HOUR), "by_creation"),
    (TrackingFilter(created_min=NOW - HOUR, status="transit"), "by_creation"),
    (TrackingFilter(created_min=NOW - HOUR, ordered_min=NOW - DAY), "by_creation"),
    (TrackingFilter(ordered_min=NOW - 2 * HOUR, ordered_max=NOW - HOUR), "by_order_time"),
    (TrackingFilter(ordered_min=NOW - 6 * HOUR, archived=False), "by_order_time"),
    (TrackingFilter(polled_min=NOW - 60, polled_max=NOW - 30, now=NOW), BY_POLL),
    (TrackingFilter(polled_min=NOW - 60, status="transit", now=NOW), BY_POLL),
    (TrackingFilter(polled_min=NOW - 9 * DAY, polled_max=NOW - 8 * DAY, now=NOW), BY_POLL),
    (TrackingFilter(archived=True), "by_archived"),
    (TrackingFilter(archived=True, status="transit"), "by_archived"),
    (TrackingFilter(status="pending"), "by_status"),
)
"""Filters that few of many trackings match, and the indexes of SQLite that find these."""

MANY: Final = 20_000


def record(index: int, chance: random.Random) -> TrackingRecord:
    """Return a tracking with random times: some are polled, some were, some never are."""
    created_at = NOW - chance.randrange(40 * DAY)
    interval = chance.choice((3 * HOUR, 6 * HOUR))
    first = created_at + chance.choice((60, 60, 2 * HOUR))
    last = first + interval * chance.randrange(200)
    return TrackingRecord(
        account="a",
        carrier_code="ups",
        tracking_number=f"number{index}",
        created_at=created_at,
        order_id=chance.choice((None, f"order{index}")),
        ordered_at=chance.choice((None, created_at - HOUR)),
        archived=chance.random() < 0.02,
        seen_status="pending" if chance.random() < 0.02 else chance.choice(STATUSES[1:]),
        due_at=NOW + 60 if last > NOW and chance.random() < 0.98 else chance.choice((None, NOW)),
        first_poll=first,
        poll_interval=interval,
        last_poll=last if chance.random() < 0.9 else None,
        extra_poll=chance.choice((None, None, chance.randint(created_at, NOW))),
    )


def records(count: int, seed: int = 1) -> list[TrackingRecord]:
    """Return trackings of an account, the first inserted first."""
    chance = random.Random(seed)  # noqa: S311 - test data
    return [record(index, chance) for index in range(count)]


def last_poll(tracking: TrackingRecord, now: int) -> int | None:
    """Return the last poll up to a time, by trying all of them."""
    end = min(now, -1 if tracking.last_poll is None else tracking.last_poll)
    polls = list(range(tracking.first_poll, end + 1, tracking.poll_interval))
    return max([*polls[-1:], *filter(None, [tracking.extra_poll])], default=None)


def is_within(value: int | None, minimum: int | None, maximum: int | None) -> bool:
    """Return whether a window has a time; without a beginning, it has what has none."""
    if value is None:
        return minimum is None
    return (minimum is None or minimum <= value) and (maximum is None or value <= maximum)


def matches(tracking: TrackingRecord, filters: TrackingFilter) -> bool:
    """Return whether a tracking matches all filters."""
    polled_at = last_poll(tracking, filters.now)
    return (
        is_within(tracking.created_at, filters.created_min, filters.created_max)
        and is_within(tracking.ordered_at, filters.ordered_min, filters.ordered_max)
        and is_within(polled_at, filters.polled_min, filters.polled_max)
        and (not filters.numbers or tracking.tracking_number in filters.numbers)
        and (not filters.orders or tracking.order_id in filters.orders)
        and filters.archived in {None, tracking.archived}
        and filters.status in {None, tracking.seen_status}
    )


def any_filters(count: int) -> Iterator[TrackingFilter]:
    """Yield random filters, of one or more kinds."""
    chance = random.Random(2)  # noqa: S311 - test data
    names = tuple(f"number{index}" for index in range(0, 400, 7))
    orders = tuple(f"order{index}" for index in range(0, 400, 9))

    def bound() -> int:
        return NOW - int(40 * DAY * chance.random() ** 8)

    kinds: tuple[Callable[[], dict[str, Any]], ...] = (
        lambda: {"numbers": names},
        lambda: {"orders": orders},
        lambda: {"archived": chance.random() < 0.5},
        lambda: {"status": chance.choice(STATUSES)},
        *(
            lambda window=window, side=side: {f"{window}_{side}": bound()}
            for window in ("created", "ordered", "polled", "polled")
            for side in ("min", "max")
        ),
    )
    for _ in range(count):
        chosen = chance.sample(kinds, chance.choice((1, 1, 2, 2, 3)))
        yield TrackingFilter(**{k: v for kind in chosen for k, v in kind().items()}, now=NOW)


def record_statements(store: Store, monkeypatch: pytest.MonkeyPatch) -> Statements:
    """Return the list that the queries of a store are added to."""
    execute = store._execute  # noqa: SLF001 - the statements are what this is about
    statements: Statements = []

    def spy(statement: str, parameters: tuple[Any, ...] = ()) -> object:
        statements.append((statement, parameters))
        return execute(statement, parameters)

    monkeypatch.setattr(store, "_execute", spy)
    return statements


def walks(store: Store, statement: str, parameters: tuple[Any, ...], index: str) -> list[str]:
    """Return the steps of a query's plan that read more trackings than an index finds."""
    execute = store._execute  # noqa: SLF001 - it explains what was executed
    if isinstance(store, SqliteStore):
        plan = execute(f"EXPLAIN QUERY PLAN {statement}", parameters).fetchall()
        steps = [text for *_, text in plan if "trackings" in text]
        return [step for step in steps if not re.search(rf"{index}|rowid=\?", step)]
    ((plans,),) = execute(f"EXPLAIN (FORMAT JSON) {statement}", parameters).fetchall()
    return [str(step) for step in _steps_of(plans[0]["Plan"]) if _reads_all(step)]


def _steps_of(step: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield step
    for each in step.get("Plans", ()):
        yield from _steps_of(each)


def _reads_all(step: dict[str, Any]) -> bool:
    if step["Node Type"] == "Seq Scan":
        return True
    if step.get("Index Name", "trackings_by_archived") == "trackings_by_archived":
        return False
    condition: str = step.get("Index Cond", "")
    return " AND " not in condition and "sequence =" not in condition


def test_an_index_finds_what_matches(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """For pages, totals and counts by status; each query names more than the account."""
    with store.transaction(write=True):
        store.insert(*records(MANY))
    if not isinstance(store, SqliteStore):
        store.execute("ANALYZE trackings")  # as autovacuum does
        store.execute("SET enable_seqscan = off")  # as if there were many more
    statements = record_statements(store, monkeypatch)
    for filters, index in FEW:
        statements.clear()
        assert store.search("a", filters, limit=40), filters
        assert store.count("a", filters) < MANY / 20, filters
        store.count_by_status("a", filters)
        for statement, parameters in tuple(statements):
            # Statuses are counted apart, and the intervals of polls are few.
            if "FROM trackings" in statement and "MIN(poll_interval)" not in statement:
                assert not walks(store, statement, parameters, index), filters


def test_filters_find_what_matches(store: Store) -> None:
    """Windows, lists, states, and several of them, as by comparing each tracking."""
    everything = records(400)
    with store.transaction(write=True):
        store.insert(*everything)
    found_any = 0
    for filters in any_filters(300):
        expected = [each for each in everything[::-1] if matches(each, filters)]
        assert store.search("a", filters) == expected, filters
        assert store.search("a", filters, limit=5, offset=3) == expected[3:8]
        assert store.count("a", filters) == len(expected)
        statuses = [each.seen_status for each in expected]
        counts = {status: statuses.count(status) for status in set(statuses)}
        assert store.count_by_status("a", filters) == counts
        found_any += bool(expected)
    assert found_any > 150


def test_windows_of_scheduled_polls_are_exact(store: Store) -> None:
    """At each time, of each length, and for each time of polls within their interval."""
    everything = [
        replace(
            records(1)[0],
            tracking_number=f"number{interval}-{first}",
            archived=False,
            due_at=due_at,
            first_poll=first,
            poll_interval=interval,
            last_poll=first + 4 * interval,
            extra_poll=None,
        )
        for interval in (10, 7)
        for first in range(100, 100 + interval)
        for due_at in ((500,) if first % 2 else (None,))
    ]
    store.insert(*everything)
    for now in range(97, 170, 3):
        for since in range(now - 22, now + 1, 3):
            for length in (0, 1, 8, 30):
                filters = TrackingFilter(polled_min=since, polled_max=since + length, now=now)
                expected = [each for each in everything[::-1] if matches(each, filters)]
                assert store.search("a", filters) == expected, filters


def test_a_page_skips_no_more_than_a_block(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also after deletions, and whatever the offset is."""
    monkeypatch.setattr(sql, "BLOCK", 10)
    others = [replace(each, account="b") for each in records(30)]
    everything = records(60)
    store.insert(*others[:15], *everything[:33], *others[15:], *everything[33:])
    for deleted in (*everything[5:9], *everything[20:36]):
        store.delete(deleted)
    left = [*everything[36:][::-1], *everything[9:20][::-1], *everything[:5][::-1]]
    statements = record_statements(store, monkeypatch)
    for offset in range(70):
        statements.clear()
        assert store.search("a", TrackingFilter(), limit=7, offset=offset) == left[offset:][:7]
        _, (*_, skipped) = statements[-1]
        assert skipped < 10


def test_no_count_is_left_of_what_is_deleted(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """An account whose trackings come and go does not leave a block for each of them."""
    monkeypatch.setattr(sql, "BLOCK", 1)
    statements = record_statements(store, monkeypatch)
    for each in records(20):
        store.insert(each)
        store.delete(each)
    assert store.search("a", TrackingFilter(), offset=1) == []
    counts = next(each for each, _ in statements[::-1] if "block_counts" in each)
    rows = store.execute(counts, (number_of("a"),)).fetchall()
    assert rows == []


def test_counts_of_an_account_read_no_tracking(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In all, by status, and of one status: they are kept as trackings change."""
    everything = records(50)
    store.insert(*everything)
    changed = replace(everything[3], seen_status="expired", due_at=None)
    store.replace(everything[3], changed)
    store.replace(everything[3], replace(changed, carrier_code="usps"))
    store.delete(replace(everything[4], seen_status="expired"))
    statuses = [each.seen_status for each in (*everything[:3], changed, *everything[5:])]
    statements = record_statements(store, monkeypatch)

    assert store.count("a", TrackingFilter()) == 49
    assert store.count("a", TrackingFilter(status="expired")) == 1
    assert store.count_by_status("a", TrackingFilter()) == {
        status: statuses.count(status) for status in set(statuses)
    }
    assert [each for each, _ in statements if "FROM trackings" in each] == []
