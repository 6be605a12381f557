"""Targets do not wait for each other, and each gets one delivery at a time."""

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from datetime import timedelta

import pytest

from tests.sandbox.databases import Database
from tests.sandbox.webhooks.harness import ACCOUNT, HOOK, OK, PATIENT, START, DeliveryHarness
from trackingmore_v2_sandbox.core.time_engine import TimeEngine
from trackingmore_v2_sandbox.store.models import DeliveryRecord
from trackingmore_v2_sandbox.store.sql import Store
from trackingmore_v2_sandbox.webhooks.outbox import Outbox
from trackingmore_v2_sandbox.webhooks.sender import SendResult
from trackingmore_v2_sandbox.webhooks.worker import LONGEST, DueWork, StepResult, WebhookWorker

GOOD = f"{HOOK}/good"
SILENT = f"{HOOK}/silent"
FOREVER = float("inf")


def engine_of(
    harness: DeliveryHarness,
    send: Callable[[str, str], Awaitable[SendResult]],
    *,
    patience: float,
    store: Store | None = None,
) -> TimeEngine:
    """Return an engine that sends with a function."""
    store = store or harness.store
    outbox = Outbox(store, send, "user@example.com")
    return TimeEngine(store, harness.api.clock, outbox.on_change, outbox.deliver, patience=patience)


class SilentReceiver:
    """A receiver of two targets, of which one does not respond until it may."""

    def __init__(self) -> None:
        self.received: asyncio.Queue[str] = asyncio.Queue()
        """Statuses that the good target received."""

        self.may_respond = asyncio.Event()
        self.silent: list[str] = []
        """Statuses that the silent target received."""

    async def __call__(self, url: str, body: str) -> SendResult:
        """Receive something."""
        status = json.loads(body)["data"]["status"]
        if url == GOOD:
            self.received.put_nowait(status)
            return OK
        self.silent.append(status)
        await self.may_respond.wait()
        return OK

    async def next(self) -> str:
        """Return what the good target receives next."""
        return await asyncio.wait_for(self.received.get(), PATIENT)


@pytest.mark.behaviour("delivery.side-by-side")
async def test_a_silent_target_does_not_delay_another_one(harness: DeliveryHarness) -> None:
    """In one advance over several changes; what waits for it follows in order."""
    for url in (SILENT, GOOD):
        harness.add(url)
    harness.follow()
    receiver = SilentReceiver()
    engine = engine_of(harness, receiver, patience=0)
    advancing = asyncio.create_task(engine.advance(ACCOUNT, timedelta(days=1)))
    statuses = [await receiver.next() for _ in range(3)]

    assert statuses == ["transit", "pickup", "delivered"]
    assert receiver.silent == ["transit"]
    assert not advancing.done()
    receiver.may_respond.set()
    await asyncio.wait_for(advancing, PATIENT)
    assert receiver.silent == statuses
    assert {each.state for each in harness.deliveries} == {"delivered"}


@pytest.mark.behaviour("time.advance-stops")
@pytest.mark.parametrize(
    ("urls", "patience"),
    [([GOOD, SILENT], FOREVER), ([GOOD], 0.0)],
    ids=["a patient clock", "one target"],
)
async def test_the_clock_stops_for_a_receiver(
    harness: DeliveryHarness, urls: list[str], patience: float
) -> None:
    """It shows the time of the change until all have responded, or has no target to go on for."""
    shown: Counter[int] = Counter()

    async def send(url: str, _body: str) -> SendResult:
        for _ in range(20 if url == urls[-1] else 1):
            owner = harness.store.find_account(ACCOUNT)
            shown[int(harness.engine.now(owner).timestamp()) - START] += 1
            await asyncio.sleep(0)
        return OK

    for url in urls:
        harness.add(url)
    harness.follow()
    engine = engine_of(harness, send, patience=patience)
    await asyncio.wait_for(engine.advance(ACCOUNT, timedelta(hours=2)), PATIENT)

    assert shown == dict.fromkeys((0, 3600, 7200), 20 + len(urls) - 1)


@pytest.mark.behaviour("delivery.side-by-side")
async def test_the_worker_sends_past_a_silent_target(harness: DeliveryHarness) -> None:
    """When it stops, what was not received is kept, and sent by the next one."""
    for url in (SILENT, GOOD):
        harness.add(url)
    receiver = SilentReceiver()
    due_work = DueWork(harness.store, engine_of(harness, receiver, patience=0))
    worker = WebhookWorker(due_work, lambda: [ACCOUNT])
    worker.watch()
    for number in range(3):
        harness.follow(f"SANDBOX-TRANSIT_{number}")
        worker.wake(ACCOUNT)
        assert await receiver.next() == "transit"
    assert receiver.silent == ["transit"]
    await worker.stop()

    await asyncio.wait_for(harness.advance(), PATIENT)
    assert {each.state for each in harness.deliveries} == {"delivered"}
    assert [url for url, _ in harness.receiver.received] == [SILENT] * 3


@pytest.mark.behaviour("delivery.killed")
@pytest.mark.parametrize("database", ["postgres"], indirect=True)
async def test_what_a_killed_process_was_sending_is_sent_at_once(database: Database) -> None:
    """By the process that uses the database next; `advance` does not wait."""
    on_its_way = asyncio.Event()

    async def hang(_url: str, _body: str) -> SendResult:
        on_its_way.set()
        await asyncio.Event().wait()
        return OK

    with ExitStack() as stack:
        killed = database.connect()
        stack.callback(killed.close)
        harness = DeliveryHarness(stack.enter_context(database.open()))
        stack.callback(harness.api.http.close)
        harness.add()
        harness.follow("SANDBOX-DELIVERED")
        engine = engine_of(harness, hang, patience=0, store=killed)
        sending = asyncio.create_task(engine.advance(ACCOUNT, timedelta()))
        await asyncio.wait_for(on_its_way.wait(), PATIENT)
        killed.close()
        await asyncio.wait_for(harness.advance(), PATIENT)
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)

        assert [each.state for each in harness.deliveries] == ["delivered"]


async def test_a_cancelled_attempt_releases_its_target(harness: DeliveryHarness) -> None:
    """Also one that is cancelled before it begins, which never runs."""
    harness.add()
    harness.follow("SANDBOX-DELIVERED")
    for steps in range(2):
        (claimed,) = harness.engine.claim_due(ACCOUNT).claimed
        task = harness.engine.start_attempt(claimed, START)
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert harness.engine.claim_due(ACCOUNT).busy == frozenset()


async def test_a_resend_does_not_wait_for_other_targets(harness: DeliveryHarness) -> None:
    """Only its own target's earlier deliveries come first."""
    for url in (SILENT, GOOD):
        harness.add(url)
    harness.follow("SANDBOX-DELIVERED")
    receiver = SilentReceiver()
    engine = engine_of(harness, receiver, patience=0)
    advancing = asyncio.create_task(engine.advance(ACCOUNT, timedelta()))
    await receiver.next()
    good: DeliveryRecord = harness.deliveries[1]
    with harness.store.transaction(write=True, account=ACCOUNT):
        harness.outbox.resend(ACCOUNT, good.id, START)
    await asyncio.wait_for(engine.process_due(ACCOUNT, good.target_id), PATIENT)

    assert await receiver.next() == "delivered"
    assert not advancing.done()
    receiver.may_respond.set()
    await asyncio.wait_for(advancing, PATIENT)


async def test_the_worker_finds_accounts_of_other_processes() -> None:
    """One that gets its first target elsewhere is found without a request; errors end nothing."""
    accounts: list[str] = ["a"]
    found: asyncio.Queue[str] = asyncio.Queue()

    def look(account: str) -> StepResult:
        found.put_nowait(account)
        return StepResult(delay=LONGEST)

    def read() -> list[str]:
        if not accounts:
            raise RuntimeError
        return accounts

    async def wait(_woken: asyncio.Event, _seconds: float) -> None:
        await asyncio.sleep(0)

    worker = WebhookWorker(look, read, wait)
    worker.watch()
    assert await asyncio.wait_for(found.get(), PATIENT) == "a"
    accounts.clear()
    await asyncio.sleep(0)
    accounts.append("b")
    while await asyncio.wait_for(found.get(), PATIENT) != "b":
        pass
    await worker.stop()


async def test_a_failed_attempt_is_not_repeated_at_once(caplog: pytest.LogCaptureFixture) -> None:
    """Its error is logged, and the next step comes as usual."""
    pauses: list[tuple[float, bool]] = []
    finished = asyncio.Event()

    async def attempt() -> None:
        if not pauses:
            raise RuntimeError("disk full")

    def look(_account: str) -> StepResult:
        return StepResult([asyncio.create_task(attempt())], LONGEST)

    async def wait(woken: asyncio.Event, seconds: float) -> None:
        for _ in range(5):
            await asyncio.sleep(0)
        pauses.append((seconds, woken.is_set()))
        if len(pauses) == 2:
            finished.set()

    worker = WebhookWorker(look, wait=wait)
    worker.start("a")
    await asyncio.wait_for(finished.wait(), PATIENT)
    await worker.stop()

    assert pauses[:2] == [(LONGEST, False), (LONGEST, True)]
    assert "disk full" in caplog.text
