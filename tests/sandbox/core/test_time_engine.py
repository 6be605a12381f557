"""Due changes are stored and reported in order, each once."""

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any

import pytest
from msgspec.structs import replace

from tests.sandbox.databases import Database, in_one_process
from tests.sandbox.harness import NOON, PAIR, Api
from trackingmore_v2_sandbox import SettableClock
from trackingmore_v2_sandbox.admin.snapshots import take_snapshot
from trackingmore_v2_sandbox.core import tracking_state
from trackingmore_v2_sandbox.core.time_engine import Settle, TimeEngine
from trackingmore_v2_sandbox.core.tracking_state import next_change, observe, with_observed_state
from trackingmore_v2_sandbox.scenarios.journey import State
from trackingmore_v2_sandbox.scenarios.planner import plan_journey
from trackingmore_v2_sandbox.scenarios.reference_data import CARRIERS
from trackingmore_v2_sandbox.store.models import DeliveryRecord, TrackingFilter, TrackingRecord
from trackingmore_v2_sandbox.store.sql import Store
from trackingmore_v2_sandbox.store.sqlite import SqliteStore

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


def trackings(now: int = START) -> list[TrackingRecord]:
    """Return trackings of many kinds: scenarios and ordinary ones, stopped, queried, and set."""
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
                tracking,
                carrier_code="sto",
                stopped_at=odd.choice((None, now, now + 60, now + odd.randrange(9 * DAY))),
                polled_at=odd.choice((None, now, now + odd.randrange(9 * DAY))),
                status=odd.choice((None, None, None, "delivered")),
                created_at=now - odd.choice((0, 0, 1, 40 * DAY)),
            )
            for tracking in plain
        ),
    ]


def seen(tracking: TrackingRecord, at: int) -> tuple[str, str | None]:
    """Return what is seen of a tracking."""
    observed = observe(tracking, at)
    return observed.status, observed.substatus


@pytest.mark.parametrize("tracking", trackings(), ids=lambda tracking: tracking.tracking_number)
def test_nothing_changes_between_two_changes(tracking: TrackingRecord) -> None:
    """The same state is shown from one change to the next."""
    store = SqliteStore()
    store.insert(tracking)
    moment = max(tracking.created_at, tracking.polled_at or 0)
    until: int | None = moment
    while until is not None:
        moment = until
        noted, until = with_observed_state(tracking, moment), next_change(tracking, moment)
        store.replace(tracking, noted)
        assert until is None or until > moment
        assert until is None or is_change(tracking, moment, until)
        assert noted.due_at == until
        end = moment + 200 * DAY if until is None else until - 1
        for at in (moment, (moment + end) // 2, end):
            assert seen(tracking, at) == seen(tracking, moment)
            assert is_last_poll(store, observe(tracking, at).polled_at, at)
    store.close()


def test_only_real_changes_are_scheduled(monkeypatch: pytest.MonkeyPatch) -> None:
    """A poll without a visible change is not one."""
    carrier, number = CARRIERS["china-ems"], "ONLYHERE1"  # which no other test may remember
    states = ("transit", 0), ("undelivered", 2 * HOUR), ("transit", 3 * HOUR), ("pickup", 13 * HOUR)
    journey = replace(
        plan_journey(carrier, number, START),
        states=tuple(State(START + after, status, None) for status, after in states),
        settles_at=START + 30 * DAY,
    )
    monkeypatch.setattr(tracking_state, "plan_journey", lambda *_: journey)
    tracking = TrackingRecord(ACCOUNT, carrier.code, number, START)

    assert next_change(tracking, START) == START + 60
    assert next_change(tracking, START + 60) == START + 60 + 18 * HOUR
    assert next_change(tracking, START + 60 + 18 * HOUR) is None


def is_change(tracking: TrackingRecord, before: int, at: int) -> bool:
    """Return whether the visible state changes, or a scenario is queried."""
    polls = observe(tracking, at).journey.poll_times or ()
    return seen(tracking, at) != seen(tracking, before) or at in polls


def is_last_poll(store: Store, polled_at: int | None, at: int) -> bool:
    """Return whether a store finds its tracking by the last query only."""
    if polled_at is None:
        return not store.count(ACCOUNT, TrackingFilter(polled_min=0, now=at))
    return (
        store.count(ACCOUNT, TrackingFilter(polled_min=polled_at, polled_max=polled_at, now=at))
        == 1
        and store.count(ACCOUNT, TrackingFilter(polled_min=polled_at + 1, now=at)) == 0
    )


def test_scenarios_change_at_their_exact_times() -> None:
    """Also where regular polls come later."""
    tracking = TrackingRecord(ACCOUNT, "china-ems", NUMBERS[0], START)
    moments = []
    moment: int | None = START
    while moment is not None:
        moments.append((moment - START, seen(tracking, moment)[0]))
        moment = next_change(tracking, moment)

    assert moments == [(0, "transit"), (90, "pickup"), (90 + 2 * HOUR, "delivered")]


class EngineHarness:
    """One account, its clock, and all reports of its changes."""

    def __init__(self, store: Store) -> None:
        self.summary: list[tuple[int, str, str, str | None]] = []
        self.sent: list[tuple[int, str, int]] = []
        self.machine = SettableClock(NOON)
        self.store = store
        self.engine = TimeEngine(store, self.machine, self.on_change, self.deliver)
        self.engine.run(ACCOUNT, 0)

    def on_change(
        self, account: str, before: TrackingRecord, after: TrackingRecord, moment: int
    ) -> None:
        """Record a report, and store a delivery."""
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
        return int(self.engine.now(self.store.find_account(ACCOUNT)).timestamp())

    def fill(self) -> None:
        """Add trackings of many kinds."""
        with self.store.transaction(write=True, account=ACCOUNT):
            for tracking in trackings():
                self.engine.add([replace(tracking, polled_at=None, created_at=START)], START)

    def advance(self, *seconds: float) -> None:
        """Advance the clock in steps."""
        for step in seconds:
            asyncio.run(self.engine.advance(ACCOUNT, timedelta(seconds=step)))


@pytest.fixture
def harness() -> Iterator[EngineHarness]:
    """Yield an account in memory."""
    harness = EngineHarness(SqliteStore())
    yield harness
    harness.store.close()


@pytest.mark.behaviour("time.advance")
def test_changes_are_reported_in_order(store: Store) -> None:
    """Each with its own time, and stored by then."""
    harness = EngineHarness(store)
    harness.fill()
    harness.advance(20 * DAY)

    moments = [moment for moment, *_ in harness.summary]
    assert moments == sorted(moments)
    assert len(set(harness.summary)) == len(harness.summary) > 90
    for tracking in harness.store.search(ACCOUNT, TrackingFilter()):
        assert (tracking.seen_status, tracking.seen_substatus) == seen(tracking, START + 20 * DAY)
        reported = [status for _, number, *status in harness.summary if number == tracking.id]
        assert reported.count(["pending", None]) == 0
    due = [delivery.due_at for delivery in harness.store.deliveries(ACCOUNT)]
    assert all(at is None or at > START + 20 * DAY for at in due)


def test_deliveries_are_attempted_when_due(harness: EngineHarness) -> None:
    """At their time of the account's clock, in order."""
    harness.fill()
    harness.advance(2 * DAY)

    moments = [at for at, *_ in harness.sent]
    assert moments == sorted(moments)
    for moment, name, attempt in harness.sent:
        reported_at = harness.summary[int(name) - 1][0]
        assert moment == reported_at + 30 + (attempt - 1) * HOUR
    attempts = {(name, attempt) for _, name, attempt in harness.sent}
    assert len(attempts) == len(harness.sent)


@pytest.mark.behaviour("time.additive")
def test_two_advances_equal_one() -> None:
    """advance(a) and advance(b) have the same state and reports as advance(a + b)."""
    odd = Random(20)  # noqa: S311 - the same in every run
    for _ in range(12):
        steps = [odd.choice((0, 1, 59, 60, 61, odd.uniform(0, DAY), odd.uniform(0, 20 * DAY)))]
        steps += [odd.uniform(0, 3 * DAY) for _ in range(odd.randrange(1, 5))]
        outcomes = []
        for split in (steps, [sum(map(timedelta_of, steps), timedelta()).total_seconds()]):
            harness = EngineHarness(SqliteStore())
            harness.fill()
            harness.advance(*split)
            outcomes.append((harness.summary, harness.sent, take_snapshot(harness.store, ACCOUNT)))
            harness.store.close()

        assert outcomes[0] == outcomes[1]


@pytest.mark.parametrize("notify", [True, False])
def test_overdue_trackings_are_inserted_as_if_time_had_passed(
    harness: EngineHarness, *, notify: bool
) -> None:
    """With the same state, and the same reports in the same order if they are wanted."""
    harness.fill()
    new = harness.store.search(ACCOUNT, TrackingFilter())[::-1]
    now = START + 9 * DAY
    harness.summary.clear()
    with harness.store.transaction(write=True, account=ACCOUNT):
        harness.engine.catch_up(ACCOUNT, now)
    inserted = EngineHarness(SqliteStore())
    with inserted.store.transaction(write=True, account=ACCOUNT):
        inserted.engine.add_overdue(new, now, notify=notify)

    everything = ACCOUNT, TrackingFilter()
    assert inserted.store.search(*everything) == harness.store.search(*everything)
    assert inserted.summary == (harness.summary if notify else [])
    assert len(harness.summary) > 50
    inserted.store.close()


def timedelta_of(seconds: float) -> timedelta:
    """Return seconds as an interval, whole microseconds."""
    return timedelta(seconds=seconds)


def test_reports_do_not_depend_on_earlier_reads(harness: EngineHarness) -> None:
    """Whether changes are stored all at once or bit by bit."""
    harness.fill()
    with harness.store.transaction(write=True, account=ACCOUNT):
        harness.engine.catch_up(ACCOUNT, START + 9 * DAY)
    once = list(harness.summary)
    with harness.store.transaction(write=True, account=ACCOUNT):
        harness.engine.catch_up(ACCOUNT, START + 9 * DAY)

    assert harness.summary == once
    other = EngineHarness(SqliteStore())
    other.fill()
    other.advance(*[DAY / 2] * 18)
    assert other.summary == once
    other.store.close()


def test_a_manual_change_is_reported(harness: EngineHarness) -> None:
    """With the time at which it was made; nothing else is reported afterwards."""
    harness.fill()
    tracking = harness.store.search(ACCOUNT, TrackingFilter(numbers=(NUMBERS[3],)))[0]
    harness.summary.clear()
    with harness.store.transaction(write=True, account=ACCOUNT):
        changed = harness.engine.change(tracking, replace(tracking, status="exception"), START + 5)
        harness.engine.change(changed, replace(changed, title="shoes"), START + 6)

    assert harness.summary == [(START + 5, tracking.id, "exception", None)]
    assert (changed.seen_status, changed.due_at) == ("exception", None)


def test_an_accounts_clock_is_stored(database: Database) -> None:
    """With the account, and with no other one."""
    if database.kind == "memory":
        return
    with database.open() as store:
        engine = TimeEngine(store, SettableClock(NOON))
        asyncio.run(engine.set(ACCOUNT, NOON - timedelta(days=9)))
        engine.run(ACCOUNT, 60)
    with database.open() as store:
        engine = TimeEngine(store, SettableClock(NOON + timedelta(minutes=1)))
        account = store.find_account(ACCOUNT)
        assert engine.now(account) == NOON - timedelta(days=9) + timedelta(hours=1)
        assert engine.now(store.find_account("b")) == NOON + timedelta(minutes=1)


async def test_an_advance_lets_others_run(harness: EngineHarness) -> None:
    """Between two times at which something is due, also without a delivery."""
    turns = 0

    async def take_turns() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    engine = harness.engine = TimeEngine(harness.store, harness.machine)
    harness.fill()
    other = asyncio.create_task(take_turns())
    await engine.advance(ACCOUNT, timedelta(days=20))
    other.cancel()

    assert turns > 20


def test_setting_a_clock_ahead_advances_it(harness: EngineHarness) -> None:
    """All changes in between are reported and sent."""
    harness.fill()
    asyncio.run(harness.engine.set(ACCOUNT, NOON + timedelta(days=3)))
    reported, sent = list(harness.summary), list(harness.sent)

    other = EngineHarness(SqliteStore())
    other.fill()
    other.advance(3 * DAY)
    assert (reported, sent) == (other.summary, other.sent)
    assert harness.now() == other.now() == START + 3 * DAY
    other.store.close()


@pytest.mark.parametrize(("before", "after", "meanwhile"), [(1, 60, 1), (60, 1, 1), (1, 0, 0)])
def test_a_clock_that_is_set_ahead_keeps_running(
    harness: EngineHarness, before: float, after: float, meanwhile: float
) -> None:
    """It would stay frozen if the sandbox was killed during a delivery."""
    speeds: set[float] = set()

    async def deliver(_delivery: DeliveryRecord, _now: int) -> Settle:
        speeds.add(harness.engine.speed(harness.store.find_account(ACCOUNT)))
        return partial(replace, due_at=None, state="delivered")

    harness.engine = replace(harness.engine, deliver=deliver)
    harness.fill()
    harness.engine.run(ACCOUNT, before)
    asyncio.run(harness.engine.set(ACCOUNT, NOON + timedelta(days=3), after))

    assert speeds == {meanwhile}
    assert harness.engine.speed(harness.store.find_account(ACCOUNT)) == after
    assert harness.now() == START + 3 * DAY


@pytest.mark.behaviour("time.backwards")
def test_a_clock_is_set_back_only_without_trackings(harness: EngineHarness) -> None:
    """With trackings it is rejected, and the clock stays as it is."""
    asyncio.run(harness.engine.set(ACCOUNT, NOON - timedelta(days=3)))
    assert harness.now() == START - 3 * DAY
    asyncio.run(harness.engine.set(ACCOUNT, NOON))
    harness.fill()
    before = take_snapshot(harness.store, ACCOUNT)

    with pytest.raises(ValueError, match="reset"):
        asyncio.run(harness.engine.set(ACCOUNT, NOON - timedelta(seconds=1)))
    with pytest.raises(ValueError, match="negative duration"):
        harness.advance(-1)
    assert take_snapshot(harness.store, ACCOUNT) == before


@pytest.mark.behaviour("time.backwards")
def test_a_clock_is_set_back_only_without_deliveries(harness: EngineHarness) -> None:
    """They stay when their tracking is deleted, and their times would be in the future."""
    harness.store.save_delivery(
        DeliveryRecord(ACCOUNT, "1", "target", "tracking", "transit", START, None, "{}")
    )

    with pytest.raises(ValueError, match="webhook deliveries exist"):
        asyncio.run(harness.engine.set(ACCOUNT, NOON - timedelta(seconds=1)))
    assert harness.now() == START


def test_catching_up_leaves_the_clock(harness: EngineHarness) -> None:
    """Due changes are applied, and an account without its own clock still follows the machine's."""
    harness.fill()
    account = harness.store.find_account(ACCOUNT)
    assert account
    harness.store.save_account(
        replace(account, anchor_machine=None, anchor_virtual=0, clock_speed=1.0)
    )
    for days in (1, 2):
        harness.machine.advance(timedelta(days=1))
        asyncio.run(harness.engine.process_due(ACCOUNT))
        assert harness.now() == START + days * DAY

    assert harness.summary
    assert harness.sent


@pytest.mark.behaviour("time.never-back")
@pytest.mark.parametrize("speed", [None, 1.0, 60.0])
def test_a_clock_never_shows_less_than_a_stored_time(
    harness: EngineHarness, speed: float | None
) -> None:
    """Also after a restart on a machine whose clock was set back; then it runs on."""
    if speed is None:
        harness.store.erase(ACCOUNT)
    else:
        harness.engine.run(ACCOUNT, speed)
    speed = speed or 1.0
    harness.fill()
    harness.machine.advance(timedelta(hours=5))
    asyncio.run(harness.engine.process_due(ACCOUNT))
    reached = harness.now()
    assert reached == START + 5 * HOUR * speed
    shown = statuses(harness)

    harness.machine.set(NOON - timedelta(days=1))
    assert harness.now() == reached
    assert statuses(harness) == shown
    with harness.store.transaction(write=True, account=ACCOUNT):
        harness.engine.add([TrackingRecord(ACCOUNT, "dhl", "SANDBOX-PENDING", reached)], reached)
    harness.machine.advance(timedelta(hours=1))
    assert harness.now() == reached + HOUR * speed


@pytest.mark.behaviour("time.never-back")
def test_seeded_changes_stay_stored(harness: EngineHarness) -> None:
    """Also after a restart on a machine whose clock was set back."""
    harness.store.erase(ACCOUNT)  # whose clock is frozen
    old = TrackingRecord(ACCOUNT, "dhl", "SANDBOX-TRANSIT-1H-DELIVERED", START, due_at=START)
    harness.machine.advance(timedelta(hours=5))
    with harness.store.transaction(write=True, account=ACCOUNT):
        harness.engine.add_overdue([old], START + 5 * HOUR, notify=False)
    harness.machine.set(NOON)

    assert statuses(harness) == ["delivered"]


def statuses(harness: EngineHarness) -> list[str]:
    """Return the statuses that the account's trackings have now."""
    found = harness.store.search(ACCOUNT, TrackingFilter())
    return [observe(each, harness.now()).status for each in found]


def test_an_account_erased_during_a_delivery_is_not_recreated(harness: EngineHarness) -> None:
    """The outcome of the delivery is dropped."""

    async def erase(_delivery: DeliveryRecord, _now: int) -> Settle:
        harness.store.erase(ACCOUNT)
        return lambda stored: stored

    harness.fill()
    harness.engine = TimeEngine(harness.store, harness.machine, harness.on_change, erase)
    harness.advance(60)

    assert harness.store.deliveries(ACCOUNT) == []
    assert harness.now() == START + 60


@pytest.mark.behaviour("time.advance")
def test_advance_waits_for_other_workers(database: Database) -> None:
    """All deliveries have been sent when advance() returns, each once."""
    if database.kind != "postgres":  # An SQLite file has one worker.
        return
    with database.open() as mine, database.open() as others:
        one, two = EngineHarness(mine), EngineHarness(others)
        one.fill()
        one.advance(10)
        one.summary.clear()
        with others.transaction(write=True, account=ACCOUNT):
            taken = others.claim_delivery(ACCOUNT, "t", START + 40)
        assert taken

        async def finish() -> None:
            await asyncio.sleep(0)
            with others.transaction(write=True, account=ACCOUNT):
                others.save_delivery(replace(taken, due_at=None, state="delivered"))
            others.release_target(ACCOUNT, "t")

        async def both() -> None:
            advancing = asyncio.create_task(one.engine.advance(ACCOUNT, timedelta(seconds=30)))
            await asyncio.gather(advancing, finish())

        asyncio.run(both())
        sent = {name for _, name, _ in one.sent}
        assert sent
        assert taken.id not in sent
        assert two.sent == []
        assert one.now() == START + 40


def stored(api: Api) -> TrackingRecord:
    """Get the one tracking as it is stored."""
    (account,) = api.store.accounts()
    (tracking,) = api.store.search(account.account, TrackingFilter())
    return tracking


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
def test_every_write_stores_the_visible_state(
    api: Api, operation: str, body: Any, days: int
) -> None:
    """The stored state is the visible one until the stored time of the next change."""
    api.create()
    api.advance(days=days)
    pair = PAIR if operation == "updateTracking" else {}
    assert api.call(operation, body, **pair).code == 200
    tracking = stored(api)
    now = int(api.clock.now().timestamp())

    assert tracking == with_observed_state(tracking, now)
    api.advance(days=1)
    api.call("countTrackings")
    later = stored(api)
    assert (later.seen_status, later.seen_substatus) == seen(later, now + DAY)


@pytest.mark.behaviour("time.never-back")
@in_one_process("each process goes on by a timer of its own, which the clock of a test has not")
def test_reads_show_no_earlier_status(api: Api) -> None:
    """If the machine's clock is set back, although reads store nothing."""
    api.create()
    api.advance(days=30)
    # Enough for each of several workers to have read the clock.
    assert {api.get()["status"] for _ in range(8)} == {"delivered"}
    api.clock.set(NOON)

    assert {api.get()["status"] for _ in range(8)} == {"delivered"}
    assert stored(api).seen_status == "pending"


def test_a_created_tracking_is_reported(api: Api) -> None:
    """Also one that is queried at the time of its creation."""
    for number in ("SANDBOX-DELIVERED", "TEST000000001"):
        api.create(tracking_number=number, carrier_code="ups")
    (account,) = api.store.accounts()

    ordinary, program = api.store.search(account.account, TrackingFilter())
    assert (program.seen_status, program.due_at) == ("delivered", None)
    assert (ordinary.seen_status, ordinary.due_at) == ("pending", START + 60)
    assert account.key_hint == "0001"


def test_a_list_without_results_stores_due_changes(api: Api) -> None:
    """They are not undone by the error."""
    api.create()
    api.advance(days=1)

    assert api.call("listTrackings", status="expired").code == 4031
    assert stored(api).seen_status == "transit"


def test_each_account_has_its_own_time(api: Api) -> None:
    """A request is handled at the time of its account's clock."""
    api.create()
    (account,) = api.store.accounts()
    engine = TimeEngine(api.store, api.clock)
    asyncio.run(engine.advance(account.account, timedelta(days=30)))

    assert api.get()["status"] == "delivered"
    created = api.call("createTracking", PAIR, key="00000000-0000-4000-8000-000000000002").data
    assert created["created_at"] == NOON.isoformat()
    assert datetime.fromisoformat(api.get()["updated_at"]) > NOON + timedelta(days=1)
