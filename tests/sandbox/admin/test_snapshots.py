"""The whole state of an account: taken, put back, emptied and filled."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest

from tests.sandbox.harness import NOON, PAIR, Api, finish
from trackingmore_v2_sandbox import SettableClock, SqliteStore
from trackingmore_v2_sandbox.admin import seeding, snapshots
from trackingmore_v2_sandbox.admin.schemas import SeedTrackingInput
from trackingmore_v2_sandbox.admin.serializers import moment_of
from trackingmore_v2_sandbox.admin.snapshots import SnapshotError, take_snapshot
from trackingmore_v2_sandbox.core.time_engine import TimeEngine
from trackingmore_v2_sandbox.store.models import (
    AccountRecord,
    DeliveryRecord,
    FaultPlanRecord,
    Standing,
    TrackingFilter,
    WebhookTarget,
)
from trackingmore_v2_sandbox.store.sql import Store
from trackingmore_v2_sandbox.webhooks.payload import compose

START = int(NOON.timestamp())
EVERYTHING = TrackingFilter()
FAULTS = '{"instructions":{"*":[{"fault":"reset-before"}]}}'


def engine(store: Store) -> TimeEngine:
    """Return clocks that show noon."""
    return TimeEngine(store, SettableClock(NOON))


def seed(store: Store, account: str, trackings: list[SeedTrackingInput]) -> None:
    """Seed an account."""
    finish(seeding.seed(engine(store), account, trackings))


def restore(store: Store, account: str, content: bytes) -> None:
    """Restore a snapshot."""
    finish(snapshots.restore(engine(store), account, content))


def reset(store: Store, account: str) -> None:
    """Reset an account."""
    finish(snapshots.reset(store, account))


def populate(store: Store, account: str = "a") -> None:
    """Store one record of each kind."""
    store.save_account(
        AccountRecord(
            account, "beef", quota=9, rate_limited=True, rate_limit_state='{"locked_at":1}'
        )
    )
    seed(store, account, [seed_input(index) for index in range(5)])
    gone = store.search(account, EVERYTHING)[0]
    store.delete(gone)
    store.count_detection(account)
    store.save_target(WebhookTarget(account, "t", "http://127.0.0.1:9", ("transit",)))
    passage = engine(store)
    with store.transaction(write=True, account=account):
        passage.catch_up(account, START)
    asyncio.run(passage.advance(account, timedelta(days=1, microseconds=1)))
    passage.run(account, 2.5)
    for number in range(3):
        due_at = START + number if number else None
        body = compose({"status": "transit", "title": "\x00 \U0001f4e6"}, "a@b.example", START)
        store.save_delivery(
            DeliveryRecord(account, str(number), "t", "p", "transit", START, due_at, body)
        )
    store.save_plan(FaultPlanRecord(account, account, FAULTS, 7, 0.25))
    store.save_plan(FaultPlanRecord(f"header of {account}", account, FAULTS))


def seed_input(index: int, **fields: Any) -> SeedTrackingInput:
    """Return a seed."""
    return SeedTrackingInput(
        carrier_code="china-post", tracking_number=f"RB{index:09}CN", title="\x00 shoes", **fields
    )


@pytest.mark.behaviour("state.snapshots")
def test_a_snapshot_restores_the_whole_account(store: Store) -> None:
    """Whatever happened to it in between."""
    populate(store)
    populate(store, "b")
    before = take_snapshot(store, "a"), take_snapshot(store, "b")
    rows = store.search("a", EVERYTHING), store.deliveries("a"), store.find_account("a")

    reset(store, "a")
    asyncio.run(engine(store).set("a", NOON - timedelta(days=99)))
    seed(store, "a", [seed_input(77)])
    restore(store, "a", before[0])

    assert (take_snapshot(store, "a"), take_snapshot(store, "b")) == before
    assert (store.search("a", EVERYTHING), store.deliveries("a"), store.find_account("a")) == rows
    assert store.standing("a", "china-post", seed_input(4).tracking_number) is Standing.CHARGED
    restore(store, "a", before[0])
    assert take_snapshot(store, "a") == before[0]


def test_snapshots_are_portable_between_databases(store: Store) -> None:
    """Between SQLite and PostgreSQL, there and back, byte for byte."""
    populate(store)
    here = take_snapshot(store, "a")
    elsewhere = SqliteStore()
    restore(elsewhere, "a", here)
    there = take_snapshot(elsewhere, "a")
    elsewhere.close()
    reset(store, "a")
    restore(store, "a", there)

    assert here == there == take_snapshot(store, "a")


def test_a_snapshot_can_be_restored_into_another_account(store: Store) -> None:
    """Trackings, charges and fault plans become that account's own."""
    populate(store)
    store.save_account(AccountRecord("b", "cafe", trackings=99))
    content = json.loads(take_snapshot(store, "a"))
    content["plans"] = content["plans"][:1]
    restore(store, "b", json.dumps(content).encode())

    owner = store.find_account("b")
    assert owner is not None
    assert (owner.key_hint, owner.trackings, owner.quota) == ("cafe", 5, 9)
    assert [tracking.account for tracking in store.search("b", EVERYTHING)] == ["b"] * 4
    assert len(store.search("a", EVERYTHING)) == 4
    assert store.charges("b") == store.charges("a")
    assert store.find_plan("b") == FaultPlanRecord("b", "b", FAULTS, 7, 0.25)
    assert store.find_plan("a") == FaultPlanRecord("a", "a", FAULTS, 7, 0.25)


def test_a_snapshot_of_an_older_version_is_restored(store: Store) -> None:
    """Its targets have the default form, and retries are signed anew."""
    populate(store)
    content = json.loads(take_snapshot(store, "a"))
    for target in content["targets"]:
        del target["form"], target["re_sign"]
    restore(store, "a", json.dumps(content).encode())

    (target,) = store.targets("a")
    assert (target.form, target.re_sign) == ("now", True)


def test_an_empty_account_has_a_snapshot(store: Store) -> None:
    """Restoring it empties an account."""
    nothing = take_snapshot(store, "a")
    populate(store)
    restore(store, "a", nothing)

    assert take_snapshot(store, "a") == nothing
    assert store.search("a", EVERYTHING) == []


def broken(**changes: Any) -> bytes:
    """Build a snapshot that has some of its parts replaced."""
    store = SqliteStore()
    populate(store)
    content = json.loads(take_snapshot(store, "a"))
    store.close()
    for name, change in changes.items():
        content[name] = change(content[name]) if callable(change) else change
    return json.dumps(content).encode()


def first(**fields: Any) -> Any:
    """Change fields of the first record of a list."""
    return lambda records: [{**records[0], **fields}, *records[1:]]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"{}",
        b"[" * 100_000,
        b'{"format": "trackingmore-sandbox 1"}',
        broken()[:-1],
        broken(format="trackingmore-sandbox 2"),
        broken(trackings=None),
        broken(trackings=lambda trackings: trackings + trackings[:1]),
        broken(trackings=first(carrier_code="no body")),
        broken(trackings=first(tracking_number="a/b\n")),
        broken(trackings=first(created_at=2**63)),
        broken(trackings=first(created_at=-1)),
        broken(trackings=first(created_at=4_102_444_801)),
        broken(trackings=first(due_at=10**30)),
        broken(trackings=first(poll_interval=0)),
        broken(trackings=first(archived=1)),
        broken(trackings=first(title=5)),
        broken(trackings=first(status="lost")),
        broken(trackings=first(seen_status="lost")),
        broken(charges=[["no body", "12345"]]),
        broken(charges=[["usps"]]),
        broken(account=lambda account: {**account, "trackings": 2**63}),
        broken(account=lambda account: {**account, "clock_speed": -1}),
        broken(account=lambda account: {**account, "clock_speed": 1e999}),
        broken(targets=lambda targets: targets * 2),
        broken(deliveries=lambda deliveries: deliveries[:1] * 2),
        broken(deliveries=first(state="lost")),
        broken(deliveries=first(id="x")),
        broken(deliveries=first(id="9" * 5000)),
        broken(deliveries=first(attempts="[{}]")),
        broken(deliveries=first(body="[]")),
        broken(deliveries=first(body='{"data":{},"verifyInfo":{"signature":""}}')),
        broken(plans=first(instructions="[]")),
        broken(plans=first(instructions='{"instructions":{"*":["html"]}}')),
        broken(plans=first(probability=1.5)),
        broken(account=lambda account: {**account, "rate_limit_state": "x"}),
        broken(plans=lambda plans: plans + plans[:1]),
        broken().replace(b"shoes", b"\\ud800"),
        broken().replace(b"shoes", b"\xff"),
    ],
    ids=range(41),
)
def test_an_invalid_snapshot_changes_nothing(store: Store, content: bytes) -> None:
    """It is rejected, and the state stays as it was."""
    populate(store, "c")
    before = take_snapshot(store, "c")

    with pytest.raises(SnapshotError):
        restore(store, "c", content)
    assert take_snapshot(store, "c") == before


def test_a_snapshot_cannot_replace_plans_of_other_accounts(store: Store) -> None:
    """A snapshot cannot put its own in the place of one that requests of others name."""
    populate(store)
    content = take_snapshot(store, "a")
    populate(store, "c")
    before = take_snapshot(store, "c")

    with pytest.raises(SnapshotError, match="header of a"):
        restore(store, "c", content)
    assert take_snapshot(store, "c") == before


@pytest.mark.behaviour("state.snapshots")
def test_a_reset_removes_everything(store: Store) -> None:
    """Trackings, charges, webhooks, faults, quota and clock; the account's masked key stays."""
    populate(store)
    populate(store, "b")
    others = take_snapshot(store, "b")
    reset(store, "a")
    reset(store, "never seen")

    assert store.find_account("a") == AccountRecord("a", "beef")
    assert store.find_account("never seen") is None
    assert store.charges("a") == []
    assert take_snapshot(store, "b") == others


@pytest.mark.behaviour("state.snapshots")
def test_seeds_are_charged_once(store: Store) -> None:
    """Like creations; a pair that was charged before costs nothing."""
    seed(store, "a", [seed_input(1), seed_input(2)])
    store.delete(store.search("a", EVERYTHING)[0])
    seed(store, "a", [seed_input(2), seed_input(3, archived=True, created_at=moment_of(5))])

    owner = store.find_account("a")
    assert owner
    assert owner.trackings == 3
    assert [tracking.created_at for tracking in store.search("a", EVERYTHING)] == [5, START, START]
    seed(store, "a", [])


@pytest.mark.parametrize(
    "wrong",
    [
        [seed_input(1)],
        [seed_input(7), seed_input(7)],
        [seed_input(7), seed_input(8, created_at=moment_of(START + 1))],
        [SeedTrackingInput(carrier_code="upss", tracking_number="12345")],
        [SeedTrackingInput(carrier_code="usps", tracking_number="1")],
        [SeedTrackingInput(carrier_code="usps", tracking_number="12345\n")],
        [SeedTrackingInput(carrier_code="usps", tracking_number="SANDBOX-DELIVERD")],
    ],
    ids=range(7),
)
def test_invalid_seeds_change_nothing(store: Store, wrong: list[SeedTrackingInput]) -> None:
    """Existing pairs, duplicates, future times, unknown carriers, invalid numbers and scenarios."""
    seed(store, "a", [seed_input(1)])
    before = take_snapshot(store, "a")

    expected = (
        r"duplicate pair|already exists|in the future|unknown carrier|invalid tracking number|"
        r"invalid scenario"
    )
    with pytest.raises(ValueError, match=expected):
        seed(store, "a", wrong)
    assert take_snapshot(store, "a") == before


def test_a_seed_is_like_a_creation_in_the_past(api: Api) -> None:
    """It is read and listed like a tracking created at that time."""
    api.create()
    api.advance(days=9)
    created = api.get()
    listed = api.call("listTrackings", status="delivered").data
    (account,) = api.store.accounts()
    reset(api.store, account.account)
    past = SeedTrackingInput(**PAIR, created_at=moment_of(START))
    finish(seeding.seed(api.admin_service.time_engine, account.account, [past]))

    assert api.get() == created
    assert api.call("listTrackings", status="delivered").data == listed
