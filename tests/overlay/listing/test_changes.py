"""Changes since a saved cursor, against a server that is refreshed meanwhile, and the sandbox."""

import json
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import httpx2
import pytest

from tests.overlay.listing.refreshing_server import START, RefreshingServer, State, state_of
from tests.overlay.stubs import async_client_of, client_of
from trackingmore_v2 import (
    AsyncTrackingMore,
    InvalidInput,
    NoResult,
    ServerFailed,
    TrackingChanges,
    TrackingMore,
    models,
)
from trackingmore_v2._listing.changes import OVERLAP, ChangeCursor
from trackingmore_v2_sandbox import Sandbox


def read(server: RefreshingServer, since: str | datetime | None = None) -> tuple[set[State], str]:
    """Return the states since a cursor, which come once each, and the next cursor."""
    changes = client_of(server).trackings.changes(since, page_size=2)
    found = [state_of(tracking) for tracking in changes]

    assert len(found) == len(set(found))
    return set(found), changes.cursor


def test_nothing_is_sent_before_it_is_iterated() -> None:
    """And a cursor can be saved all the same."""
    server = RefreshingServer()
    changes = client_of(server).trackings.changes()

    assert server.requests == []
    assert list(client_of(server).trackings.changes(changes.cursor)) == []
    assert repr(changes) == "<TrackingChanges, 2000 items a page>"


def test_what_is_refreshed_after_the_cursor_is_returned() -> None:
    """Each state once; nothing new costs two requests."""
    server = RefreshingServer()
    for number in "abcde":
        server.refresh(number)
    first, saved = read(server)
    server.requests.clear()
    nothing, unchanged = read(server, saved)
    assert len(server.requests) == 4  # five states of the last two minutes are three pages
    server.now += OVERLAP * 2
    server.refresh("b")
    second, last = read(server, saved)

    assert first == server.states() - second | first
    assert len(first) == 5
    assert (nothing, unchanged) == (set(), saved)
    assert second == {state for state in server.states() if state[0] == "b"}
    assert len(json.loads(last)[3]) == 1


def test_states_of_one_second_are_all_returned() -> None:
    """Also those of the second in which the last ones were read, and a second one of a tracking."""
    server = RefreshingServer()
    server.refresh("a")
    first, saved = read(server)
    server.refresh("b")
    server.refresh("a")
    second, saved = read(server, saved)

    assert [sorted(number for number, _, _ in found) for found in (first, second)] == [
        ["a"],
        ["a", "b"],
    ]
    assert read(server, saved)[0] == set()


def test_states_that_are_listed_late_are_returned() -> None:
    """Up to two minutes, although later ones were returned before."""
    server = RefreshingServer()
    server.refresh("late", delay=OVERLAP)
    server.now += OVERLAP
    server.hidden["late"] += 1
    server.refresh("a")
    first, saved = read(server)
    server.now += 1
    second, saved = read(server, saved)

    assert [{number for number, _, _ in found} for found in (first, second)] == [{"a"}, {"late"}]
    assert read(server, saved)[0] == set()


def test_the_clients_clock_does_not_matter() -> None:
    """A server years behind or ahead gives the same: all times are its own."""
    for years in (-5, 0, 5):
        server = RefreshingServer()
        server.now += years * 365 * 24 * 3600
        server.refresh("a")
        found, saved = read(server)
        server.now += 1
        server.refresh("b")

        assert len(found) == len(read(server, saved)[0]) == 1


def test_a_time_is_included() -> None:
    """States of that second or later ones are returned, not those before."""
    server = RefreshingServer()
    for number in "abc":
        server.refresh(number)
        server.now += 1
    since = datetime.fromtimestamp(START + 1, UTC)

    assert {number for number, _, _ in read(server, since)[0]} == {"b", "c"}
    assert {number for number, _, _ in read(server, since + timedelta(microseconds=1))[0]} == {"c"}
    assert read(server, since + timedelta(days=1)) == (set(), read(server, since + timedelta(1))[1])


def test_more_than_one_page_of_changes_is_read_to_its_end() -> None:
    """Also if the newest trackings were refreshed first."""
    server = RefreshingServer()
    for number in "abcdefgh":
        server.refresh(number)
    _, saved = read(server)
    for number in "hgfedcba":
        server.now += OVERLAP
        server.refresh(number)

    assert read(server, saved)[0] == server.states()


def test_what_is_refreshed_while_pages_are_read_is_not_lost() -> None:
    """A tracking on a page that was read already, with a time before another one's on the next."""
    server = RefreshingServer()
    for number in "abcdef":
        server.refresh(number)
    refreshed = iter("fa")

    def refresh() -> None:
        server.now += OVERLAP * 2
        if len(server.requests) in {2, 3}:
            server.refresh(next(refreshed))

    server.before_response = refresh
    first, saved = read(server)
    server.before_response = int
    second, _ = read(server, saved)

    assert server.states() <= first | second
    assert not first & second


def test_a_deletion_while_pages_are_read_loses_no_other() -> None:
    """Although as many trackings are refreshed: those are in a later window."""
    server = RefreshingServer()
    saved = None
    for numbers in ("a", "h", "bcde", "fg"):
        saved = read(server, saved)[1] if numbers == "bcde" else saved
        server.now += OVERLAP * 2
        for number in numbers:
            server.refresh(number)

    def change() -> None:
        if len(server.requests) == 2:
            server.now += 1
            del server.trackings["g"]
            server.refresh("a")

    server.requests.clear()
    server.before_response = change
    found, _ = read(server, saved)

    assert {number for number, _, _ in found} >= set("bcdef")


def test_a_list_without_times_ends() -> None:
    """Pages that bring the window no further are not requested for ever."""
    cursor = ChangeCursor(None)
    page = models.TrackingPage(items=[tracking_at(None)], total="1000")

    assert cursor.open_window(page) == (None, False)
    cursor = ChangeCursor("[1,0,5,[]]")
    window, has_later = cursor.open_window(page)
    assert window
    assert not has_later


async def test_a_cursor_inside_a_loop_covers_what_was_returned() -> None:
    """Whoever breaks and continues, in one client or another, gets each state once."""
    server = RefreshingServer()
    for number in "abcdef":
        server.refresh(number)
    changes = client_of(server).trackings.changes(page_size=2)
    found = [state_of(next(iter(changes))) for _ in range(2)]
    others = async_client_of(server).trackings.changes(changes.cursor, page_size=2)
    found += [state_of(tracking) async for tracking in others]

    assert sorted(found) == sorted(server.states())
    assert sorted(map(state_of, changes)) == sorted(found[2:])


def test_an_error_loses_nothing() -> None:
    """The same iterator continues after it."""
    server = RefreshingServer()
    for number in "abcdef":
        server.refresh(number)

    def answer(request: httpx2.Request) -> httpx2.Response:
        response = server(request)
        return httpx2.Response(502) if len(server.requests) == 3 else response

    changes = client_of(answer).trackings.changes(page_size=2)
    found: list[State] = []
    with suppress(ServerFailed):
        for tracking in changes:
            found.append(state_of(tracking))  # noqa: PERF401 - the error must not take them along
        found.clear()

    assert len(found) == 2
    assert sorted([*found, *map(state_of, changes)]) == sorted(server.states())


@pytest.mark.parametrize("updated_at", [None, "", "yesterday", "2026-03-01 12:00:00"])
def test_a_tracking_without_a_time_is_returned_once(updated_at: str | None) -> None:
    """The API has results without `updated_at`; the window has them as long as the API says so."""
    cursor = ChangeCursor(datetime(2026, 3, 1, tzinfo=UTC))
    timed = tracking_at("2026-03-01T12:00:00+00:00")
    page = models.TrackingPage(items=[timed, tracking_at(updated_at)])
    cursor.open_window(page)

    assert [cursor.is_new(item) for item in page.items] == [True, True]
    cursor.close_window()
    cursor.open_window(models.TrackingPage(items=[]))
    assert [cursor.is_new(item) for item in page.items] == [False, False]


def tracking_at(updated_at: str | None) -> models.Tracking:
    """Build a tracking with a time of its last refresh."""
    data = {
        "tracking_number": "LK664578623CN",
        "carrier_code": "ups",
        "status": "transit",
        "id": "",
    }
    times = {"created_at": "2026-03-01T12:00:00+00:00", "updated_at": updated_at}
    content = {"meta": {"code": 200}, "data": {**data, **times}}
    client = client_of(lambda _: httpx2.Response(200, content=json.dumps(content)))
    return client.trackings.get("ups", "LK664578623CN")


def test_days_that_count_on_are_no_change() -> None:
    """The number of days in transit may grow without a refresh."""
    cursor = ChangeCursor(None)
    tracking = models.Tracking(
        id="", tracking_number="LK664578623CN", carrier_code="ups", status="transit", created_at=""  # type: ignore[arg-type]  # as on the wire
    )  # fmt: skip
    cursor.is_new(tracking)
    later: dict[str, Any] = {name: getattr(tracking, name) for name in tracking.__struct_fields__}

    assert not cursor.is_new(models.Tracking(**later | {"item_time_length": 2}))
    assert not cursor.is_new(models.Tracking(**later | {"stay_time_length": 2}))
    assert cursor.is_new(models.Tracking(**later | {"last_event": "delivered"}))


@pytest.mark.parametrize(
    "since",
    [
        *("", "now", "[]", "[2,0,0,[]]", "[1,-2,0,[]]", "[1,0,1e99,[]]", '[1,0,0,["?"]]', "\ud800"),
        *(datetime(2026, 3, 1), datetime(1969, 1, 1, tzinfo=UTC), 5, b"[1,0,0,[]]"),  # noqa: DTZ001 - without a time zone
        f"[1,0,{10**11},[]]",
    ],
    ids=repr,
)
def test_anything_else_is_invalid(since: Any) -> None:
    """At once, and by the name of the argument."""
    is_time = isinstance(since, datetime)
    allowed = "since" if is_time else "since must be the cursor of an earlier call, or a datetime"
    for client in (client_of(RefreshingServer()), async_client_of(RefreshingServer())):
        with pytest.raises(InvalidInput, match=allowed):
            client.trackings.changes(since)


class Reader:
    """A reader of changes in the sandbox, which saves its cursor, and is restored from it."""

    def __init__(self, client: TrackingMore, page_size: int) -> None:
        self._client = client
        self._page_size = page_size
        self._saved: str | None = None
        self.found: Counter[bytes] = Counter()

    def read(self, limit: int | None, meanwhile: Callable[[], object] = int) -> None:
        """Read a number of changes, or all, and save the cursor."""
        changes = self.restore()
        for count, tracking in enumerate(changes, 1):
            self.found[identity(tracking)] += 1
            meanwhile()
            if count == limit:
                break
        self._saved = changes.cursor

    def restore(self) -> TrackingChanges:
        """Return the changes since the saved cursor."""
        return self._client.trackings.changes(self._saved, page_size=self._page_size)


def identity(tracking: models.Tracking) -> bytes:
    """Return all that is in a tracking."""
    return repr(tracking).encode()


@pytest.mark.parametrize("seed", range(8))
def test_no_state_is_lost_or_returned_twice(seed: int) -> None:
    """
    Creations, refreshes, deletions and steps of time alternate with reads that break at any place.

    Afterwards, the present state of each refreshed tracking has been returned exactly once, and no
    other state more often.
    """
    random = Random(seed)  # noqa: S311 - a test
    hops = (0, 0, 1, 59, 60, 3600, 3 * 3600, 24 * 3600)
    with Sandbox() as sandbox, TrackingMore(sandbox.api_key, base_url=sandbox.base_url) as client:
        sandbox.clock.freeze()
        sandbox.account.update(quota=1000)
        reader = Reader(client, page_size=random.randint(1, 4))

        def act(step: int) -> None:
            numbers = [one.tracking_number for one in client.trackings.list()]
            action = random.choice(("create", "create", "advance", "query", "query", "delete"))
            if action == "create" or not numbers:
                client.trackings.create("ups", f"1Z97X17XYW06605{step:03}")
            elif action == "advance":
                sandbox.clock.advance(random.choice(hops))
            elif action == "query":
                with suppress(NoResult):
                    client.trackings.realtime("ups", random.choice(numbers))
            elif len(numbers) > 3:
                client.trackings.delete("ups", random.choice(numbers))

        steps = iter(range(1000))
        for _ in range(8):
            for _ in range(random.randint(0, 6)):
                act(next(steps))
            limit = random.choice((None, 1, 2, 5))
            reader.read(limit, lambda: act(next(steps)) if random.random() < 0.4 else None)
        reader.read(None)
        present = [one for one in client.trackings.list() if one.updated_at]

    assert present
    assert all(reader.found[identity(one)] == 1 for one in present)
    assert set(reader.found.values()) == {1}


async def test_refreshes_inside_the_loop_are_returned() -> None:
    """What the loop itself refreshes comes in the next iteration, if not in this one."""
    found: list[State] = []
    with Sandbox() as sandbox:
        sandbox.seed(
            {"carrier_code": "ups", "tracking_number": f"1Z97X17XYW06605{n}"} for n in "abcd"
        )
        sandbox.clock.freeze()
        sandbox.clock.advance(3600)
        async with AsyncTrackingMore(sandbox.api_key, base_url=sandbox.base_url) as client:
            changes = client.trackings.changes(page_size=2)
            for _ in range(2):
                async for tracking in changes:
                    found.append(state_of(tracking))
                    sandbox.clock.advance(1)
                    if len(found) <= 3:
                        await client.trackings.realtime("ups", tracking.tracking_number)
            present = {state_of(tracking) async for tracking in client.trackings.list()}

    assert len(found) == len(set(found)) == 7
    assert present <= set(found)


@pytest.mark.parametrize("since", [None, datetime(1970, 1, 1, tzinfo=UTC)])
def test_trackings_that_were_never_refreshed_hide_no_others(since: datetime | None) -> None:
    """A page of new ones, which no carrier was queried for yet, does not end the first run."""
    with Sandbox() as sandbox, TrackingMore(sandbox.api_key, base_url=sandbox.base_url) as client:
        client.trackings.create("ups", "SANDBOX-SINCE-2D-TRANSIT001")
        for number in ("SANDBOX-PENDING", "SANDBOX-PENDING-2H-TRANSIT"):
            client.trackings.create("ups", number)

        changes = client.trackings.changes(since, page_size=1)

        assert [each.tracking_number for each in changes] == ["SANDBOX-SINCE-2D-TRANSIT001"]
