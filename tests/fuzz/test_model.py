"""The sandbox and a model of it stay equal through any calls of the client."""

from contextlib import AbstractContextManager, nullcontext
from itertools import product
from operator import itemgetter
from typing import Any, ClassVar, Final

import msgspec
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from tests.fuzz.model import HOUR, JOURNEYS, TEXTS, ModelAccount, ModelTracking, Pair
from tests.fuzz.profile import CASES, fuzzed
from tests.fuzz.seeded_app import NOW
from trackingmore_v2 import (
    BatchReport,
    NoResult,
    TrackingExists,
    TrackingMore,
    TrackingMoreError,
    TrackingNotFound,
    models,
)
from trackingmore_v2.hooks import AttemptEvent, Hooks
from trackingmore_v2_sandbox import Sandbox, Settings

QUICK: Final = 20
STEPS: Final = 30
OTHER_KEY: Final = "00000000-0000-4000-8000-00000000000f"
"""The key of another account."""

CARRIERS: Final = ("china-ems", "ups")
PAIRS: Final = [Pair(*pair) for pair in product(CARRIERS, JOURNEYS)]

pairs = st.sampled_from(PAIRS)
texts = st.sampled_from(["", "a", "%_'\"", "Ä\n"]) | st.text(max_size=4)
orders = st.sampled_from(["", "#1", "#2"])
chosen = {"title": texts, "order_id": orders, "customer_name": texts}
details = st.fixed_dictionaries({}, optional={**chosen, "comment": texts})
changes = st.fixed_dictionaries(
    {},
    optional={
        **chosen,
        "archived": st.booleans(),
        "status": st.sampled_from(models.SettableStatus),
    },
)
filters = st.fixed_dictionaries(
    {},
    optional={
        "status": st.sets(st.sampled_from(["pending", "transit", "delivered"]), min_size=1),
        "numbers": st.sets(st.sampled_from(sorted(JOURNEYS)), min_size=1),
        "orders": st.sets(st.sampled_from(["#1", "#2"]), min_size=1),
    },
)
MODEL_NAMES: Final = {"numbers": "tracking_number", "orders": "order_id"}
"""Fields of filters with another name."""


def test_the_sandbox_matches_its_model(sandbox: Sandbox) -> None:
    """After every step details, statuses, ids, pages, counts and charges are equal."""

    def count(event: AttemptEvent) -> None:
        CASES[event.operation, "server"] += 1

    class BoundComparison(Comparison):
        """The comparison with this sandbox."""

    hooks, url = Hooks(on_attempt=count), sandbox.base_url
    with (
        TrackingMore(sandbox.api_key, base_url=url, retries=0, hooks=hooks) as client,
        TrackingMore(OTHER_KEY, base_url=url, retries=0, hooks=hooks) as other_client,
    ):
        BoundComparison.sandbox = sandbox
        BoundComparison.client, BoundComparison.other_client = client, other_client
        run_state_machine_as_test(fuzzed(QUICK, stateful_step_count=STEPS)(BoundComparison))


def as_dicts(items: list[tuple[Pair, dict[str, Any]]]) -> list[Any]:
    """Return the items of a batch as dicts."""
    return [{**pair._asdict(), **given} for pair, given in items]


def given_only(items: list[tuple[Pair, dict[str, Any]]]) -> list[tuple[Pair, dict[str, Any]]]:
    """Return items without blank fields, which a batch of dicts does not send."""
    return [
        (pair, {name: value for name, value in given.items() if str(value).strip()})
        for pair, given in items
    ]


def raises(error: type[TrackingMoreError], *, when: bool) -> AbstractContextManager[object]:
    """Return a context that expects an error, or no error."""
    return pytest.raises(error) if when else nullcontext()


def view(tracking: models.Tracking) -> dict[str, Any]:
    """Return what is compared of a tracking."""
    return {
        **pair_of(tracking)._asdict(),
        **{name: getattr(tracking, name) or None for name in TEXTS},
        "archived": tracking.archived,
        "status": tracking.status.value,
    }


def pair_of(tracking: Any) -> Pair:
    """Return the pair of a tracking."""
    return Pair(tracking.carrier_code, tracking.tracking_number)


def unique(items: st.SearchStrategy[Any], **more: Any) -> st.SearchStrategy[Any]:
    """Return the items of a batch."""
    return st.lists(st.tuples(pairs, items), unique_by=lambda item: item[0], min_size=1, **more)


class Comparison(RuleBasedStateMachine):
    """Calls whose effects on a sandbox and on its model are compared."""

    sandbox: ClassVar[Sandbox]
    client: ClassVar[TrackingMore]
    other_client: ClassVar[TrackingMore]

    @initialize()
    def begin(self) -> None:
        """Start with two trackings, and one of another account."""
        for key in (None, OTHER_KEY):
            self.sandbox.reset(api_key=key)
        self.trackings = self.client.trackings
        self.account = ModelAccount(int(NOW.timestamp()))
        self.ids: dict[Pair, str] = {}
        self.other_client.trackings.create(*PAIRS[0], title="Other account")
        self.create_many([(pair, {}) for pair in (PAIRS[0], PAIRS[-1])])

    @rule(pair=pairs, given=details)
    def create(self, pair: Pair, given: dict[str, Any]) -> None:
        """Create a tracking, unless it exists."""
        with raises(TrackingExists, when=pair in self.account.trackings):
            created = self.trackings.create(*pair, **given)
            assert created.status == "pending"
            self.check_id(created)
        if pair not in self.account.trackings:
            self.account.add(pair, given)

    @rule(pair=pairs, given=changes)
    def update(self, pair: Pair, given: dict[str, Any]) -> None:
        """Update a tracking; the response has its new state."""
        tracking = self.account.trackings.get(pair)
        if tracking:
            tracking.update(given)
        with raises(TrackingNotFound, when=tracking is None):
            changed = self.trackings.update(*pair, **given)
            assert tracking
            assert changed.title == tracking.view(self.account.now)["title"]
            assert changed.status == tracking.status(self.account.now)

    @rule(pair=pairs)
    def delete(self, pair: Pair) -> None:
        """Delete a tracking."""
        with raises(TrackingNotFound, when=pair not in self.account.trackings):
            self.trackings.delete(*pair)
        self.account.trackings.pop(pair, None)

    @rule(pair=pairs, to=st.sampled_from(CARRIERS))
    def change_carrier(self, pair: Pair, to: str) -> None:
        """Change the carrier of a tracking, unless the new one has the same number."""
        moved = Pair(to, pair.tracking_number)
        unknown = pair not in self.account.trackings
        exists = not unknown and moved in self.account.trackings
        with raises(TrackingNotFound, when=unknown), raises(TrackingExists, when=exists):
            self.trackings.change_carrier(*pair, to=to)
        if not unknown and not exists:
            self.account.move(pair, moved)

    @rule(pair=pairs)
    def realtime(self, pair: Pair) -> None:
        """Poll the carrier of a tracking, or create it."""
        now = self.account.now
        tracking = self.account.trackings.get(pair) or ModelTracking(pair, now, {})
        is_pending = tracking.carrier_status(now) == "pending"
        with raises(NoResult, when=is_pending):
            polled = self.trackings.realtime(*pair)
            assert polled.status == (tracking.set_status or tracking.carrier_status(now))
            self.check_id(polled)
        if not is_pending:
            if pair not in self.account.trackings:
                self.account.add(pair, {})
            self.account.trackings[pair].polled_at = now

    @rule(items=unique(details))
    def create_many(self, items: list[tuple[Pair, dict[str, Any]]]) -> None:
        """Create trackings, some of which exist."""
        report = self.trackings.create_many(as_dicts(items))
        self.check_report(report, items, "already_existed", "created")
        for pair, given in given_only(items):
            if pair not in self.account.trackings:
                self.account.add(pair, given)

    @rule(items=unique(changes))
    def update_many(self, items: list[tuple[Pair, dict[str, Any]]]) -> None:
        """Update trackings, some of which are unknown."""
        report = self.trackings.update_many(as_dicts(items))
        self.check_report(report, items, "updated", "not_found")
        for pair, given in given_only(items):
            if pair in self.account.trackings:
                self.account.trackings[pair].update(given)

    @rule(items=unique(st.none()))
    def stop_updates(self, items: list[tuple[Pair, None]]) -> None:
        """Stop updates of trackings, some of which are unknown."""
        report = self.trackings.stop_updates([pair for pair, _ in items])
        self.check_report(report, items, "stopped", "not_found")
        for pair, _ in items:
            if pair in self.account.trackings:
                self.account.stop(pair)

    @rule(items=unique(st.none(), max_size=2))
    def delete_many(self, items: list[tuple[Pair, None]]) -> None:
        """Delete trackings, some of which are unknown."""
        report = self.trackings.delete_many([pair for pair, _ in items])
        self.check_report(report, items, "deleted", "not_found")
        for pair, _ in items:
            self.account.trackings.pop(pair, None)

    @rule(hours=st.integers(1, 30))
    def advance(self, hours: int) -> None:
        """Advance the clock."""
        self.sandbox.clock.advance(hours * HOUR)
        self.account.now += hours * HOUR

    @rule(given=filters, size=st.integers(1, 3))
    def list_some(self, given: dict[str, Any], size: int) -> None:
        """List the trackings that pass filters, on pages of any size."""
        wanted = {
            MODEL_NAMES.get(name, name): values if isinstance(values, set) else {values}
            for name, values in given.items()
        }
        found, expected = self.trackings.list(page_size=size, **given), self.account.find(**wanted)
        assert found.total() == len(expected)
        # Each status is a query of its own.
        self.check_equal(
            sorted(found, key=pair_of), sorted(expected, key=itemgetter(*Pair._fields))
        )

    @invariant()
    def lists_are_equal(self) -> None:
        """The whole list is equal, in its order, page by page."""
        expected = self.account.find()
        pages = [*self.trackings.list(page_size=2).pages()]
        assert [page.total for page in pages] == [str(len(expected))] * len(pages)
        assert [page.count for page in pages] == [len(page.items) for page in pages]
        self.check_equal([item for page in pages for item in page.items], expected)

    @invariant()
    def archived_lists_are_equal(self) -> None:
        """The lists of archived trackings and of others are equal."""
        for archived in (True, False):
            found = [*self.trackings.list(archived=archived)]
            self.check_equal(found, self.account.find(archived={archived}))

    @invariant()
    def trackings_are_equal(self) -> None:
        """Each tracking is equal when it is read alone, or unknown to both."""
        for pair in PAIRS:
            tracking = self.account.trackings.get(pair)
            with raises(TrackingNotFound, when=tracking is None):
                found = self.trackings.get(*pair)
                self.check_equal([found], [tracking.view(self.account.now)] if tracking else [])

    @invariant()
    def counts_are_equal(self) -> None:
        """The numbers by status and the remaining quota are equal."""
        counts = msgspec.to_builtins(self.trackings.count_by_status())
        assert {name: count for name, count in counts.items() if count} == self.account.counts()
        assert self.client.account.get().track_number == Settings().quota - self.account.used

    @invariant()
    def other_accounts_are_unchanged(self) -> None:
        """Another account has its own tracking, unchanged, and no other."""
        (other,) = self.other_client.trackings.list()
        assert (other.title, other.status) == ("Other account", JOURNEYS[PAIRS[0][1]][0][1])
        assert other.id not in self.ids.values()

    def check_report(
        self, report: BatchReport[Any], items: list[tuple[Pair, Any]], known: str, unknown: str
    ) -> None:
        """Check the result of each item, by whether its tracking is known."""
        expected = [known if pair in self.account.trackings else unknown for pair, _ in items]
        assert [outcome.result.value for outcome in report] == expected

    def check_equal(self, found: list[models.Tracking], expected: list[dict[str, Any]]) -> None:
        """Check that trackings are the expected ones."""
        assert [*map(view, found)] == expected
        for item in found:
            self.check_id(item)

    def check_id(self, tracking: Any) -> None:
        """Check that a pair has the same id each time, and no other pair has it."""
        assert self.ids.setdefault(pair_of(tracking), tracking.id) == tracking.id
        assert len(set(self.ids.values())) == len(self.ids)
