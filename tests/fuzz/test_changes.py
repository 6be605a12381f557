"""Changes since a saved cursor, while trackings are created, refreshed and deleted at any time."""

from typing import TypeAlias

from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz.profile import fuzzed
from tests.overlay.listing.refreshing_server import RefreshingServer, State, state_of
from tests.overlay.stubs import client_of
from trackingmore_v2._listing.changes import OVERLAP

Action: TypeAlias = tuple[str, int]
"""The number of a tracking to refresh, or `-` and one to delete, or nothing; and seconds."""

NUMBERS = "abcdefgh"
waits = st.sampled_from([0, 0, 1, OVERLAP - 1, OVERLAP, OVERLAP + 1, 10_000])
actions = st.tuples(st.sampled_from(["", *NUMBERS, *(f"-{number}" for number in NUMBERS)]), waits)
limits = st.none() | st.integers(1, 5)
sizes = st.integers(1, 4)


def act(server: RefreshingServer, action: Action) -> None:
    """Change the trackings of a server, and then its time."""
    number, seconds = action
    if number[:1] == "-":
        server.trackings.pop(number[1:], None)
    elif number:
        server.refresh(number)
    server.now += seconds


class Reader:
    """A reader that starts anew from its saved cursor each time."""

    def __init__(self, server: RefreshingServer, size: int) -> None:
        self.found: list[State] = []
        self._server = server
        self._size = size
        self._saved: str | None = None

    def read(self, limit: int | None = None) -> None:
        """Read the states since the cursor, up to a limit."""
        changes = client_of(self._server).trackings.changes(self._saved, page_size=self._size)
        for count, tracking in enumerate(changes, 1):
            self.found.append(state_of(tracking))
            if count == limit:
                break
        self._saved = changes.cursor

    def assert_complete(self) -> None:
        """Check that each present state was returned, and none more often than once."""
        assert self._server.states() <= set(self.found)
        assert len(self.found) == len(set(self.found))


@fuzzed(400)
@given(st.lists(st.tuples(st.lists(actions, max_size=9), limits), max_size=5), sizes, st.data())
def test_every_state_is_returned_once(
    steps: list[tuple[list[Action], int | None]], size: int, data: st.DataObject
) -> None:
    """Whatever happens between two reads or two responses, and wherever a read is left."""
    server = RefreshingServer()
    reader = Reader(server, size)

    def change() -> None:
        # The API allows one request per second.
        server.now += 1
        if pending:
            act(server, pending.pop())

    server.before_response = change
    for before, limit in steps:
        for action in before:
            act(server, action)
        pending = data.draw(st.lists(actions, max_size=9))
        reader.read(limit)
    pending = []
    reader.read()

    reader.assert_complete()


@fuzzed(400)
@given(
    st.lists(
        st.tuples(st.lists(st.tuples(st.sampled_from(NUMBERS), waits, waits), max_size=9), limits),
        max_size=5,
    ),
    sizes,
)
def test_states_that_are_listed_late_are_returned_once(
    steps: list[tuple[list[tuple[str, int, int]], int | None]], size: int
) -> None:
    """Up to two minutes after their time, between reads."""
    server = RefreshingServer()
    reader = Reader(server, size)
    for refreshes, limit in steps:
        for number, delay, seconds in refreshes:
            server.refresh(number, min(delay, OVERLAP))
            server.now += seconds
        reader.read(limit)
    server.now += OVERLAP
    reader.read()

    reader.assert_complete()
