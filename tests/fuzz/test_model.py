"""The sandbox beside a model of it: whatever the client asks of both, they stay the same."""

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

from tests.fuzz.model import HOUR, LIVES, TEXTS, Account, Pair, Parcel
from tests.fuzz.plan import TRIED, fuzzed
from tests.fuzz.world import NOW, live_world
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
STEPS: Final = 15
STRANGER: Final = "00000000-0000-4000-8000-00000000000f"
"""The key of another account."""

CARRIERS: Final = ("china-ems", "ups")
PAIRS: Final = [Pair(*pair) for pair in product(CARRIERS, LIVES)]

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
        "numbers": st.sets(st.sampled_from(sorted(LIVES)), min_size=1),
        "orders": st.sets(st.sampled_from(["#1", "#2"]), min_size=1),
    },
)
WANTED: Final = {"numbers": "tracking_number", "orders": "order_id"}
"""The fields that filters are about, where they have other names."""


def test_the_sandbox_is_what_its_model_is() -> None:
    """After every step the parcels are the same: details, statuses, ids, pages, counts, costs."""
    with live_world() as sandbox:
        compare(sandbox, QUICK)


def compare(sandbox: Sandbox, quick: int, **more: Any) -> None:
    """
    Do many things to a sandbox and its model, and compare after each.

    Args:
        sandbox: It is emptied.
        quick: How often it begins anew, in a quick run.
        more: Other settings of hypothesis.
    """

    class Both(Comparison):
        """With this sandbox."""

    def note(event: AttemptEvent) -> None:
        TRIED.note(event.operation, "server", "beside a model")

    hooks, where = Hooks(on_attempt=note), sandbox.base_url
    with (
        TrackingMore(sandbox.api_key, base_url=where, retries=0, hooks=hooks) as client,
        TrackingMore(STRANGER, base_url=where, retries=0, hooks=hooks) as stranger,
    ):
        Both.sandbox, Both.client, Both.stranger = sandbox, client, stranger
        run_state_machine_as_test(fuzzed(quick, stateful_step_count=STEPS, **more)(Both))


def as_dicts(items: list[tuple[Pair, dict[str, Any]]]) -> list[Any]:
    """Write the items of a batch as the client takes them."""
    return [{**pair._asdict(), **given} for pair, given in items]


def refusal(error: type[TrackingMoreError], *, when: bool) -> AbstractContextManager[object]:
    """Expect an error, or none."""
    return pytest.raises(error) if when else nullcontext()


def shown(parcel: models.Tracking) -> dict[str, Any]:
    """Return what is compared of a parcel."""
    return {
        **pair_of(parcel)._asdict(),
        **{name: getattr(parcel, name) or None for name in TEXTS},
        "archived": parcel.archived,
        "status": parcel.status.value,
    }


def pair_of(parcel: Any) -> Pair:
    """Name a parcel."""
    return Pair(parcel.carrier_code, parcel.tracking_number)


def unique(items: st.SearchStrategy[Any], **more: Any) -> st.SearchStrategy[Any]:
    """Build the items of a batch."""
    return st.lists(st.tuples(pairs, items), unique_by=lambda item: item[0], min_size=1, **more)


class Comparison(RuleBasedStateMachine):
    """Does the same to an account of a sandbox and to its model."""

    sandbox: ClassVar[Sandbox]
    client: ClassVar[TrackingMore]
    stranger: ClassVar[TrackingMore]

    @initialize()
    def begin(self) -> None:
        """Begin with two parcels, and one of a stranger."""
        for key in (None, STRANGER):
            self.sandbox.reset(api_key=key)
        self.verbs = self.client.trackings
        self.account = Account(int(NOW.timestamp()))
        self.ids: dict[Pair, str] = {}
        self.stranger.trackings.create(*PAIRS[0], title="Not yours")
        self.create_many([(pair, {}) for pair in (PAIRS[0], PAIRS[-1])])

    @rule(pair=pairs, given=details)
    def create(self, pair: Pair, given: dict[str, Any]) -> None:
        """Follow a parcel, unless it is followed."""
        with refusal(TrackingExists, when=pair in self.account.parcels):
            made = self.verbs.create(*pair, **given)
            assert made.status == "pending"
            self.see_id(made)
        if pair not in self.account.parcels:
            self.account.add(pair, given)

    @rule(pair=pairs, given=changes)
    def update(self, pair: Pair, given: dict[str, Any]) -> None:
        """Change a parcel; the answer tells what it is then."""
        parcel = self.account.parcels.get(pair)
        if parcel:
            parcel.change(given)
        with refusal(TrackingNotFound, when=parcel is None):
            changed = self.verbs.update(*pair, **given)
            assert parcel
            assert changed.title == parcel.told(self.account.now)["title"]
            assert changed.status == parcel.status(self.account.now)

    @rule(pair=pairs)
    def delete(self, pair: Pair) -> None:
        """Follow a parcel no more."""
        with refusal(TrackingNotFound, when=pair not in self.account.parcels):
            self.verbs.delete(*pair)
        self.account.parcels.pop(pair, None)

    @rule(pair=pairs, to=st.sampled_from(CARRIERS))
    def change_carrier(self, pair: Pair, to: str) -> None:
        """Return a parcel another carrier, unless that has one with its number."""
        moved = Pair(to, pair.tracking_number)
        unknown = pair not in self.account.parcels
        taken = not unknown and moved in self.account.parcels
        with refusal(TrackingNotFound, when=unknown), refusal(TrackingExists, when=taken):
            self.verbs.change_carrier(*pair, to=to)
        if not unknown and not taken:
            self.account.move(pair, moved)

    @rule(pair=pairs)
    def realtime(self, pair: Pair) -> None:
        """Read the tracking now; one with a new status is expected from then on."""
        now = self.account.now
        parcel = self.account.parcels.get(pair) or Parcel(pair, now, {})
        is_silent = parcel.life(now) == "pending"
        with refusal(NoResult, when=is_silent):
            seen = self.verbs.realtime(*pair)
            assert seen.status == (parcel.by_hand or parcel.life(now))
            self.see_id(seen)
        if not is_silent:
            if pair not in self.account.parcels:
                self.account.add(pair, {})
            self.account.parcels[pair].looked_at = now

    @rule(items=unique(details))
    def create_many(self, items: list[tuple[Pair, dict[str, Any]]]) -> None:
        """Follow parcels, among them some that are followed."""
        report = self.verbs.create_many(as_dicts(items))
        self.judge(report, items, "already_existed", "created")
        for pair, given in items:
            if pair not in self.account.parcels:
                self.account.add(pair, given)

    @rule(items=unique(changes))
    def update_many(self, items: list[tuple[Pair, dict[str, Any]]]) -> None:
        """Change parcels, among them some that are unknown."""
        report = self.verbs.update_many(as_dicts(items))
        self.judge(report, items, "updated", "not_found")
        for pair, given in items:
            if pair in self.account.parcels:
                self.account.parcels[pair].change(given)

    @rule(items=unique(st.none()))
    def stop_updates(self, items: list[tuple[Pair, None]]) -> None:
        """Refresh parcels no more, among them some that are unknown."""
        report = self.verbs.stop_updates([pair for pair, _ in items])
        self.judge(report, items, "stopped", "not_found")
        for pair, _ in items:
            if pair in self.account.parcels:
                self.account.stop(pair)

    @rule(items=unique(st.none(), max_size=2))
    def delete_many(self, items: list[tuple[Pair, None]]) -> None:
        """Follow parcels no more, among them some that are unknown."""
        report = self.verbs.delete_many([pair for pair, _ in items])
        self.judge(report, items, "deleted", "not_found")
        for pair, _ in items:
            self.account.parcels.pop(pair, None)

    @rule(hours=st.integers(1, 30))
    def advance(self, hours: int) -> None:
        """Advance the clock."""
        self.sandbox.clock.advance(hours * HOUR)
        self.account.now += hours * HOUR

    @rule(given=filters, size=st.integers(1, 3))
    def list_some(self, given: dict[str, Any], size: int) -> None:
        """Find those that pass the filters, on pages of any size."""
        wanted = {
            WANTED.get(name, name): values if isinstance(values, set) else {values}
            for name, values in given.items()
        }
        found, expected = self.verbs.list(page_size=size, **given), self.account.found(**wanted)
        assert found.total() == len(expected)
        # Each status is a query of its own.
        self.same(sorted(found, key=pair_of), sorted(expected, key=itemgetter(*Pair._fields)))

    @invariant()
    def is_the_same(self) -> None:
        """The whole list is the same, in its order, page by page."""
        expected = self.account.found()
        pages = [*self.verbs.list(page_size=2).pages()]
        assert [page.total for page in pages] == [str(len(expected))] * len(pages)
        assert [page.count for page in pages] == [len(page.items) for page in pages]
        self.same([item for page in pages for item in page.items], expected)

    @invariant()
    def is_archived_the_same(self) -> None:
        """What is archived is the same, and what is not."""
        for archived in (True, False):
            found = [*self.verbs.list(archived=archived)]
            self.same(found, self.account.found(archived={archived}))

    @invariant()
    def is_the_same_one_by_one(self) -> None:
        """Each parcel is the same when it is read alone, or unknown to both."""
        for pair in PAIRS:
            parcel = self.account.parcels.get(pair)
            with refusal(TrackingNotFound, when=parcel is None):
                found = self.verbs.get(*pair)
                self.same([found], [parcel.told(self.account.now)] if parcel else [])

    @invariant()
    def counts_the_same(self) -> None:
        """The numbers by status are the same, and what was paid."""
        counts = msgspec.to_builtins(self.verbs.count_by_status())
        assert {name: count for name, count in counts.items() if count} == self.account.counts()
        assert self.client.account.get().track_number == Settings().quota - self.account.used

    @invariant()
    def leaves_strangers_alone(self) -> None:
        """Another account sees its own parcel, as it was, and nothing else."""
        (theirs,) = self.stranger.trackings.list()
        assert (theirs.title, theirs.status) == ("Not yours", LIVES[PAIRS[0][1]][0][1])
        assert theirs.id not in self.ids.values()

    def judge(
        self, report: BatchReport[Any], items: list[tuple[Pair, Any]], known: str, unknown: str
    ) -> None:
        """Check that each item became what it had to, as the parcel was known or not."""
        expected = [known if pair in self.account.parcels else unknown for pair, _ in items]
        assert [outcome.result.value for outcome in report] == expected

    def same(self, found: list[models.Tracking], expected: list[dict[str, Any]]) -> None:
        """Check that parcels are what they are to be."""
        assert [*map(shown, found)] == expected
        for item in found:
            self.see_id(item)

    def see_id(self, seen: Any) -> None:
        """Check that a pair has the same id whenever it comes back, and no other pair has it."""
        assert self.ids.setdefault(pair_of(seen), seen.id) == seen.id
        assert len(set(self.ids.values())) == len(self.ids)
