"""Time passes: what becomes due is stored and told in its order, and nothing twice."""

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any

import pytest
from msgspec.structs import replace

from trackingmore_v2_sandbox import SettableClock
from trackingmore_v2_sandbox.admin.snapshots import take_snapshot
from trackingmore_v2_sandbox.core import tracking_state
from trackingmore_v2_sandbox.core.time_engine import Settle, TimeEngine
from trackingmore_v2_sandbox.core.tracking_state import (
    next_change,
    observe,
    with_observed_state,
)
from trackingmore_v2_sandbox.scenarios.journey import State
from trackingmore_v2_sandbox.scenarios.planner import plan_journey
from trackingmore_v2_sandbox.scenarios.reference_data import CARRIERS
from trackingmore_v2_sandbox.store.models import DeliveryRecord, TrackingFilter, TrackingRecord
from trackingmore_v2_sandbox.store.sql import Store
from trackingmore_v2_sandbox.store.sqlite import SqliteStore

from .harness import NOON, PAIR, Api
from .stores import Database

START = int(NOON.timestamp())
HOUR = 3600
DAY = 24 * HOUR
ACCOUNT = "a"
NUMBERS = (
    "SANDBOX-TRANSIT-90S-PICKUP-2H-DELIVERED",
    "SANDBOX-SINCE-3D-TRANSIT-1D-TRANSIT-1D-PICKUP-5D-DELIVERED003",
    "SANDBOX-PENDING-1H-NOTFOUND-1H-TRANSIT",
    "SANDBOX-PENDING",
    "SANDBOX-EXPIRED",
    "SANDBOX-TRANSIT-1M-TRANSIT-1M-TRANSIT001",
    *(f"TEST{index:09}" for index in range(14)),
)


def parcels(now: int = START) -> list[TrackingRecord]:
    """Ensure parcels of many kinds: programs and ordinary ones, stopped, looked at, and set."""
    carriers = ("china-ems", "ups", "usps")
    plain = [
        TrackingRecord(ACCOUNT, carriers[index % 3], number, now)
        for index, number in enumerate(NUMBERS)
    ]
    odd = Random(7)  # noqa: S311 - the same in every run
    return [
        *plain,
        *(
            replace(
                parcel,
                carrier_code="sto",
                stopped_at=odd.choice((None, now, now + 60, now + odd.randrange(9 * DAY))),
                looked_at=odd.choice((None, now, now + odd.randrange(9 * DAY))),
                status=odd.choice((None, None, None, "delivered")),
                created_at=now - odd.choice((0, 0, 1, 40 * DAY)),
            )
            for parcel in plain
        ),
    ]


def seen(parcel: TrackingRecord, at: int) -> tuple[str, str | None]:
    """Return what is seen of a parcel."""
    observed = observe(parcel, at)
    return observed.status, observed.substatus


@pytest.mark.parametrize("parcel", parcels(), ids=lambda parcel: parcel.tracking_number)
def test_between_changes_nothing_changes(parcel: TrackingRecord) -> None:
    """From one change to the next the same is seen, and what is written down tells the rest."""
    store = SqliteStore()
    store.insert(parcel)
    moment = max(parcel.created_at, parcel.looked_at or 0)
    until: int | None = moment
    while until is not None:
        moment = until
        noted, until = with_observed_state(parcel, moment), next_change(parcel, moment)
        store.replace(parcel, noted)
        assert until is None or until > moment
        assert until is None or is_change(parcel, moment, until)
        assert noted.due_at == until
        end = moment + 200 * DAY if until is None else until - 1
        for at in (moment, (moment + end) // 2, end):
            assert seen(parcel, at) == seen(parcel, moment)
            assert is_last_look(store, observe(parcel, at).polled_at, at)
    store.close()


def test_no_change_is_foretold_that_does_not_come(monkeypatch: pytest.MonkeyPatch) -> None:
    """A round that finds everything as it was is none, though something happened in between."""
    carrier, number = CARRIERS["china-ems"], "ONLYHERE1"  # which no other test may remember
    states = ("transit", 0), ("undelivered", 2 * HOUR), ("transit", 3 * HOUR), ("pickup", 13 * HOUR)
    journey = replace(
        plan_journey(carrier, number, START),
        states=tuple(State(START + after, status, None) for status, after in states),
        settles_at=START + 30 * DAY,
    )
    monkeypatch.setattr(tracking_state, "plan_journey", lambda *_: journey)
    parcel = TrackingRecord(ACCOUNT, carrier.code, number, START)

    assert next_change(parcel, START) == START + 60
    assert next_change(parcel, START + 60) == START + 60 + 18 * HOUR
    assert next_change(parcel, START + 60 + 18 * HOUR) is None


def is_change(parcel: TrackingRecord, before: int, at: int) -> bool:
    """Return whether something else is seen, or a program has the provider look at the carrier."""
    looks = observe(parcel, at).journey.poll_times or ()
    return seen(parcel, at) != seen(parcel, before) or at in looks


def is_last_look(store: Store, looked_at: int | None, at: int) -> bool:
    """Return whether a store finds its parcel by the last look, and by nothing else."""
    if looked_at is None:
        return not store.count(ACCOUNT, TrackingFilter(looked_min=0, now=at))
    return (
        store.count(ACCOUNT, TrackingFilter(looked_min=looked_at, looked_max=looked_at, now=at))
        == 1
        and store.count(ACCOUNT, TrackingFilter(looked_min=looked_at + 1, now=at)) == 0
    )


def test_most_changes_are_told_of_by_themselves() -> None:
    """The programs say what to expect: the exact moments, also where the rounds come later."""
    parcel = TrackingRecord(ACCOUNT, "china-ems", NUMBERS[0], START)
    moments = []
    moment: int | None = START
    while moment is not None:
        moments.append((moment - START, seen(parcel, moment)[0]))
        moment = next_change(parcel, moment)

    assert moments == [(0, "transit"), (90, "pickup"), (90 + 2 * HOUR, "delivered")]


class World:
    """One account, its clock, and all that is told of it."""

    def __init__(self, store: Store) -> None:
        self.summary: list[tuple[int, str, str, str | None]] = []
        self.sent: list[tuple[int, str, int]] = []
        self.machine = SettableClock(NOON)
        self.store = store
        self.passage = TimeEngine(store, self.machine, self.on_change, self.deliver)
        self.passage.run(ACCOUNT, 0)

    def on_change(
        self, account: str, before: TrackingRecord, after: TrackingRecord, moment: int
    ) -> None:
        """Write down what is told, and have it delivered."""
        assert account == after.account
        assert before.tracking_number == after.tracking_number
        self.summary.append((moment, after.id, after.seen_status, after.seen_substatus))
        self.store.save_delivery(
            DeliveryRecord(
                account,
                f"{len(self.summary):05}",
                "t",
                after.id,
                after.seen_status,
                moment,
                moment + 30,
                "",
            )
        )

    async def deliver(self, delivery: DeliveryRecord, now: int) -> Settle:
        """Fail twice, an hour apart."""
        assert self.now() == now
        self.sent.append((now, delivery.id, delivery.attempt))
        if delivery.attempt == 3:
            return partial(replace, due_at=None, state="delivered")
        return partial(replace, due_at=now + HOUR, attempt=delivery.attempt + 1)

    def now(self) -> int:
        """Return the account's time."""
        return int(self.passage.now(self.store.find_account(ACCOUNT)).timestamp())

    def fill(self) -> None:
        """Add parcels of many kinds."""
        with self.store.transaction(write=True, account=ACCOUNT):
            for parcel in parcels():
                self.passage.add([replace(parcel, looked_at=None, created_at=START)], START)

    def advance(self, *seconds: float) -> None:
        """Advance the clock in steps."""
        for step in seconds:
            asyncio.run(self.passage.advance(ACCOUNT, timedelta(seconds=step)))


@pytest.fixture
def world() -> Iterator[World]:
    """Yield a world in memory."""
    world = World(SqliteStore())
    yield world
    world.store.close()


def test_news_is_told_in_its_order(store: Store) -> None:
    """What happens first is told first, with its own moment, and is stored by then."""
    world = World(store)
    world.fill()
    world.advance(20 * DAY)

    moments = [moment for moment, *_ in world.summary]
    assert moments == sorted(moments)
    assert len(set(world.summary)) == len(world.summary) > 90
    for parcel in world.store.search(ACCOUNT, TrackingFilter()):
        assert (parcel.seen_status, parcel.seen_substatus) == seen(parcel, START + 20 * DAY)
        told = [status for _, number, *status in world.summary if number == parcel.id]
        assert told.count(["pending", None]) == 0
    due = [delivery.due_at for delivery in world.store.deliveries(ACCOUNT)]
    assert all(at is None or at > START + 20 * DAY for at in due)


def test_deliveries_are_tried_when_they_are_due(world: World) -> None:
    """Each attempt comes at its moment of the account's clock, in the order of the moments."""
    world.fill()
    world.advance(2 * DAY)

    moments = [at for at, *_ in world.sent]
    assert moments == sorted(moments)
    for moment, name, attempt in world.sent:
        told_at = world.summary[int(name) - 1][0]
        assert moment == told_at + 30 + (attempt - 1) * HOUR
    attempts = {(name, attempt) for _, name, attempt in world.sent}
    assert len(attempts) == len(world.sent)


def test_two_steps_are_one() -> None:
    """advance(a) and advance(b) leave the state of advance(a + b), and have told the same."""
    odd = Random(20)  # noqa: S311 - the same in every run
    for _ in range(12):
        steps = [odd.choice((0, 1, 59, 60, 61, odd.uniform(0, DAY), odd.uniform(0, 20 * DAY)))]
        steps += [odd.uniform(0, 3 * DAY) for _ in range(odd.randrange(1, 5))]
        outcomes = []
        for split in (steps, [sum(map(timedelta_of, steps), timedelta()).total_seconds()]):
            world = World(SqliteStore())
            world.fill()
            world.advance(*split)
            outcomes.append((world.summary, world.sent, take_snapshot(world.store, ACCOUNT)))
            world.store.close()

        assert outcomes[0] == outcomes[1]


def timedelta_of(seconds: float) -> timedelta:
    """Return seconds as an interval, whole microseconds."""
    return timedelta(seconds=seconds)


def test_stored_by_queries_or_on_the_way_is_the_same(world: World) -> None:
    """Whether news is stored all at once or bit by bit, the same is told."""
    world.fill()
    with world.store.transaction(write=True, account=ACCOUNT):
        world.passage.catch_up(ACCOUNT, START + 9 * DAY)
    once = list(world.summary)
    with world.store.transaction(write=True, account=ACCOUNT):
        world.passage.catch_up(ACCOUNT, START + 9 * DAY)

    assert world.summary == once
    other = World(SqliteStore())
    other.fill()
    other.advance(*[DAY / 2] * 18)
    assert other.summary == once
    other.store.close()


def test_a_change_by_hand_is_told(world: World) -> None:
    """It has the moment at which it was made, and from then on nothing else is told."""
    world.fill()
    parcel = world.store.search(ACCOUNT, TrackingFilter(numbers=(NUMBERS[3],)))[0]
    world.summary.clear()
    with world.store.transaction(write=True, account=ACCOUNT):
        changed = world.passage.change(parcel, replace(parcel, status="exception"), START + 5)
        world.passage.change(changed, replace(changed, title="shoes"), START + 6)

    assert world.summary == [(START + 5, parcel.id, "exception", None)]
    assert (changed.seen_status, changed.due_at) == ("exception", None)


def test_a_clock_of_its_own_survives(anywhere: Database) -> None:
    """It is kept with the account, and no other account has it."""
    if anywhere.kind == "memory":
        return
    with anywhere.open() as store:
        passage = TimeEngine(store, SettableClock(NOON))
        asyncio.run(passage.set(ACCOUNT, NOON - timedelta(days=9)))
        passage.run(ACCOUNT, 60)
    with anywhere.open() as store:
        passage = TimeEngine(store, SettableClock(NOON + timedelta(minutes=1)))
        account = store.find_account(ACCOUNT)
        assert passage.now(account) == NOON - timedelta(days=9) + timedelta(hours=1)
        assert passage.now(store.find_account("b")) == NOON + timedelta(minutes=1)


def test_to_set_ahead_is_to_advance(world: World) -> None:
    """All that lies between is told and sent."""
    world.fill()
    asyncio.run(world.passage.set(ACCOUNT, NOON + timedelta(days=3)))
    told, sent = list(world.summary), list(world.sent)

    other = World(SqliteStore())
    other.fill()
    other.advance(3 * DAY)
    assert (told, sent) == (other.summary, other.sent)
    assert world.now() == other.now() == START + 3 * DAY
    other.store.close()


def test_time_goes_back_only_before_anything_happened(world: World) -> None:
    """An account without trackings may go back; one with them is refused, and stays as it is."""
    asyncio.run(world.passage.set(ACCOUNT, NOON - timedelta(days=3)))
    assert world.now() == START - 3 * DAY
    asyncio.run(world.passage.set(ACCOUNT, NOON))
    world.fill()
    before = take_snapshot(world.store, ACCOUNT)

    with pytest.raises(ValueError, match="reset"):
        asyncio.run(world.passage.set(ACCOUNT, NOON - timedelta(seconds=1)))
    with pytest.raises(ValueError, match="negative duration"):
        world.advance(-1)
    assert take_snapshot(world.store, ACCOUNT) == before


def test_to_keep_up_leaves_the_clock(world: World) -> None:
    """What is due by now is done, and an account without a clock of its own gets none."""
    world.fill()
    account = world.store.find_account(ACCOUNT)
    assert account
    world.store.save_account(replace(account, anchor_machine=None))
    world.machine.advance(timedelta(days=1))
    asyncio.run(world.passage.process_due(ACCOUNT))

    account = world.store.find_account(ACCOUNT)
    assert account
    assert account.anchor_machine is None
    assert world.summary
    assert world.sent


def test_an_account_that_was_erased_meanwhile_stays_away(world: World) -> None:
    """A delivery that was on its way does not come back with its outcome."""

    async def erase(_delivery: DeliveryRecord, _now: int) -> Settle:
        world.store.erase(ACCOUNT)
        return lambda stored: stored

    world.fill()
    world.passage = TimeEngine(world.store, world.machine, world.on_change, erase)
    world.advance(60)

    assert world.store.deliveries(ACCOUNT) == []
    assert world.now() == START + 60


def test_what_another_worker_sends_is_waited_for(anywhere: Database) -> None:
    """advance() ends when all was sent, also what another worker took, and sends nothing twice."""
    if anywhere.kind == "memory":
        return
    with anywhere.open() as mine, anywhere.open() as others:
        one, two = World(mine), World(others)
        one.fill()
        one.advance(10)
        one.summary.clear()
        taken = others.claim_due_deliveries(ACCOUNT, START + 40, machine_now=START, limit=99)
        assert taken

        async def finish() -> None:
            await asyncio.sleep(0)
            with others.transaction(write=True, account=ACCOUNT):
                for delivery in taken:
                    others.save_delivery(replace(delivery, due_at=None, state="delivered"))

        async def both() -> None:
            advancing = asyncio.create_task(one.passage.advance(ACCOUNT, timedelta(seconds=30)))
            await asyncio.gather(advancing, finish())

        asyncio.run(both())
        assert not {name for _, name, _ in one.sent} & {delivery.id for delivery in taken}
        assert two.sent == []
        assert one.now() == START + 40


@pytest.fixture
def api() -> Iterator[Api]:
    """Yield a sandbox whose news is written down."""
    api = Api()
    yield api
    api.close()


def stored(api: Api) -> TrackingRecord:
    """Get the one parcel as it is stored."""
    (account,) = api.store.accounts()
    (parcel,) = api.store.search(account.account, TrackingFilter())
    return parcel


@pytest.mark.parametrize(
    ("operation", "body"),
    [
        ("updateTracking", {"status": "7"}),
        ("updateTracking", {"destination_code": "US", "title": "x"}),
        ("trackInRealtime", PAIR),
        ("stopTrackingUpdates", [PAIR]),
        ("changeCarrier", {**PAIR, "update_carrier_code": "china-post"}),
        ("updateTrackingBatch", [{**PAIR, "destination_code": "NZ"}]),
    ],
)
@pytest.mark.parametrize("days", [0, 1, 9])
def test_every_write_keeps_what_is_seen(api: Api, operation: str, body: Any, days: int) -> None:
    """After each of them, what is stored is what is seen, until the moment that is stored."""
    api.create()
    api.advance(days=days)
    pair = PAIR if operation == "updateTracking" else {}
    assert api.call(operation, body, **pair).code == 200
    parcel = stored(api)
    now = int(api.clock.now().timestamp())

    assert parcel == with_observed_state(parcel, now)
    api.advance(days=1)
    api.call("countTrackings")
    later = stored(api)
    assert (later.seen_status, later.seen_substatus) == seen(later, now + DAY)


def test_a_created_parcel_is_written_down(api: Api) -> None:
    """Also one that is looked at in the moment of its creation."""
    for number in ("SANDBOX-DELIVERED", "TEST000000001"):
        api.create(tracking_number=number, carrier_code="ups")
    (account,) = api.store.accounts()

    ordinary, program = api.store.search(account.account, TrackingFilter())
    assert (program.seen_status, program.due_at) == ("delivered", None)
    assert (ordinary.seen_status, ordinary.due_at) == ("pending", START + 60)
    assert account.key_hint == "0001"


def test_a_refused_list_keeps_the_news(api: Api) -> None:
    """What a list stored on its way is not undone when nothing is found."""
    api.create()
    api.advance(days=1)

    assert api.call("listTrackings", status="expired").code == 4031
    assert stored(api).seen_status == "transit"


def test_each_account_has_its_own_time(api: Api) -> None:
    """A request is answered by the clock of its key."""
    api.create()
    (account,) = api.store.accounts()
    passage = TimeEngine(api.store, api.clock)
    asyncio.run(passage.advance(account.account, timedelta(days=30)))

    assert api.get()["status"] == "delivered"
    created = api.call("createTracking", PAIR, key="00000000-0000-4000-8000-000000000002").data
    assert created["created_at"] == NOON.isoformat()
    assert datetime.fromisoformat(api.get()["updated_at"]) > NOON + timedelta(days=1)
