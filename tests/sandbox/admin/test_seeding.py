"""Any number of trackings at once: nothing is left to do, and other requests come in between."""

import asyncio
import gc
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from starlette.types import Message

from tests.sandbox.harness import ADMIN_TOKEN, NOON, OTHER_KEY, PAIR, AdminClient, Api, finish
from trackingmore_v2_api import API_KEY_HEADER
from trackingmore_v2_sandbox import API_KEY
from trackingmore_v2_sandbox.admin import snapshots
from trackingmore_v2_sandbox.admin.pieces import WORK, PieceRunner, Pieces, split
from trackingmore_v2_sandbox.admin.schemas import Seed, SeedTrackingInput
from trackingmore_v2_sandbox.admin.seeding import seed
from trackingmore_v2_sandbox.admin.snapshots import reset, restore, take_snapshot
from trackingmore_v2_sandbox.http.api_keys import account_of
from trackingmore_v2_sandbox.store.models import Standing, TrackingFilter, WebhookTarget
from trackingmore_v2_sandbox.webhooks.sender import SendResult

ACCOUNT = account_of(API_KEY)
PAST = NOON - timedelta(days=15)
MANY = 3 * WORK


def inputs(number: int, prefix: str = "RB") -> list[SeedTrackingInput]:
    """Return trackings with 15 days of past."""
    return [
        SeedTrackingInput(
            carrier_code="china-ems", tracking_number=f"{prefix}{index:09}CN", created_at=PAST
        )
        for index in range(number)
    ]


def seed_all(api: Api, trackings: list[SeedTrackingInput]) -> Pieces:
    """Return the pieces of a seed."""
    return seed(api.admin_service.time_engine, ACCOUNT, trackings)


def restore_old(api: Api, trackings: list[SeedTrackingInput]) -> Pieces:
    """Return the pieces of a restore, 15 days after the snapshot."""
    finish(seed_all(api, trackings))
    snapshot = take_snapshot(api.store, ACCOUNT)
    api.advance(days=15)
    return restore(api.admin_service.time_engine, ACCOUNT, snapshot)


FILL = pytest.mark.parametrize("fill", [seed_all, restore_old])
Fill = Callable[[Api, list[SeedTrackingInput]], Pieces]


def count(api: Api) -> int:
    """Return the number of trackings."""
    return api.store.count(ACCOUNT, TrackingFilter())


def used(api: Api) -> int:
    """Return the number of charged trackings."""
    owner = api.store.find_account(ACCOUNT)
    return owner.trackings if owner else 0


@FILL
def test_nothing_is_left_to_the_first_list(
    api: Api, monkeypatch: pytest.MonkeyPatch, fill: Fill
) -> None:
    """It takes as many statements as the second one, although the trackings have a past."""
    AdminClient(api).call("GET", "/account")  # registers the key
    finish(fill(api, inputs(20)))
    api.call("getAccount")  # the first request reads the account
    statements: list[int] = []
    execute = api.store._execute  # noqa: SLF001 - every statement passes through it

    def counted(*arguments: object) -> object:
        statements[-1] += 1
        return execute(*arguments)  # type: ignore[arg-type]  # passed through

    monkeypatch.setattr(api.store, "_execute", counted)
    listed = []
    for _ in range(2):
        statements.append(0)
        listed.append(api.call("listTrackings", status="delivered", limit=100).success())

    assert statements[0] == statements[1]
    assert listed[0] == listed[1]
    assert 0 < listed[0]["count"] < 20


@FILL
def test_trackings_and_quota_agree_after_each_piece(api: Api, fill: Fill) -> None:
    """So a process that is killed leaves what it inserted, and charged for no more."""
    seen = []
    for _ in fill(api, inputs(MANY)):
        assert used(api) == count(api)
        seen.append(count(api))

    assert sorted(set(seen)) == [0, WORK, 2 * WORK, MANY]


def test_an_account_is_erased_in_pieces(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """By a reset and a restore; other accounts keep their trackings."""
    monkeypatch.setattr(snapshots, "_ERASED", 10)
    empty = take_snapshot(api.store, ACCOUNT)
    api.call("createTracking", PAIR, key=OTHER_KEY).success()
    engine = api.admin_service.time_engine
    for erase in (reset(api.store, ACCOUNT), restore(engine, ACCOUNT, empty)):
        finish(seed_all(api, inputs(25)))
        left = {count(api) for _ in erase}

        assert left - {25} == {15, 5, 0}
        assert api.store.search(ACCOUNT, TrackingFilter()) == []
    assert api.store.count(account_of(OTHER_KEY), TrackingFilter()) == 1


@pytest.mark.parametrize("number", [0, 5, MANY + 5])
def test_the_quota_of_a_snapshot_is_restored(api: Api, number: int) -> None:
    """Also if it was changed, to less than the number of trackings or to more."""
    finish(seed_all(api, inputs(MANY)))
    AdminClient(api).call("PATCH", "/account", {"used": number})
    for _ in restore_old(api, []):
        assert 0 <= used(api) <= number

    assert used(api) == number
    assert count(api) == MANY


def begin_seed(api: Api) -> tuple[Pieces, dict[str, Any]]:
    """Insert the first of many trackings; return the other pieces, and the last pair."""
    pieces = seed_all(api, inputs(MANY))
    while not count(api):
        next(pieces)
    last = inputs(MANY)[-1]
    return pieces, {"carrier_code": last.carrier_code, "tracking_number": last.tracking_number}


def test_a_request_may_create_one_of_the_pairs_meanwhile(api: Api) -> None:
    """It stays as it is, nothing is charged twice, and the rest is inserted."""
    pieces, pair = begin_seed(api)
    api.create(**pair, title="Teapot")
    created = api.get(**pair)
    finish(pieces)

    assert api.get(**pair) == created
    assert count(api) == used(api) == MANY


def test_a_request_may_delete_and_pay_meanwhile(api: Api) -> None:
    """A pair that was created and deleted between two pieces is not charged again."""
    pieces, pair = begin_seed(api)
    api.create(**pair)
    api.call("deleteTracking", **pair).success()
    finish(pieces)

    assert api.store.standing(ACCOUNT, **pair) is Standing.TRACKED
    assert count(api) == used(api) == MANY


def test_other_coroutines_run_between_pieces(api: Api) -> None:
    """They see the account grow piece by piece."""

    async def run() -> list[int]:
        filling = asyncio.create_task(api.admin_service.seed(ACCOUNT, Seed(trackings=inputs(MANY))))
        seen = []
        while not filling.done():
            seen.append(count(api))
            await asyncio.sleep(0)
        await filling
        return seen

    assert sorted(set(asyncio.run(run()))) == [0, WORK, 2 * WORK, MANY]


def test_an_account_is_filled_by_one_request_at_a_time(api: Api) -> None:
    """The result of two restores at once is that of the second one."""
    service = api.admin_service
    snapshots = []
    for prefix in ("RA", "RB"):
        finish(seed_all(api, inputs(MANY, prefix)))
        snapshots.append(take_snapshot(api.store, ACCOUNT))
        asyncio.run(service.reset(ACCOUNT))

    async def run() -> None:
        await asyncio.gather(*(service.restore_snapshot(ACCOUNT, each) for each in snapshots))

    asyncio.run(run())

    assert take_snapshot(api.store, ACCOUNT) == snapshots[1]


def test_the_last_of_many_trackings_is_validated_first(api: Api) -> None:
    """None is inserted if it is invalid."""
    wrong = SeedTrackingInput(carrier_code="upss", tracking_number="12345")
    for last, message in ((wrong, "unknown carrier"), (inputs(1)[0], "duplicate pair")):
        with pytest.raises(ValueError, match=message):
            finish(seed_all(api, [*inputs(MANY), last]))
    api.create(**PAIR)
    with pytest.raises(ValueError, match="already exists"):
        finish(seed_all(api, [*inputs(MANY), SeedTrackingInput(**PAIR)]))

    assert count(api) == 1


def test_a_seed_continues_when_its_client_is_gone(api: Api) -> None:
    """Otherwise it would be cut off between two pieces."""
    fields = [{"carrier_code": "ups", "tracking_number": f"12345{index}"} for index in range(MANY)]
    messages: list[Message] = [
        {"type": "http.request", "body": json.dumps({"trackings": fields}).encode()},
        {"type": "http.disconnect"},
    ]
    headers = {"host": "localhost", API_KEY_HEADER.lower(): API_KEY, "x-sandbox-token": ADMIN_TOKEN}
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/_sandbox/seed",
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }

    async def receive() -> Message:
        return messages.pop(0)

    async def send(_message: Message) -> None:
        pass

    async def run() -> None:
        await api.http.app(scope, receive, send)

    asyncio.run(run())

    assert count(api) == MANY


def test_a_request_may_seed_more_than_ten_thousand(api: Api) -> None:
    """Only the size of its body is limited."""
    fields = [{"carrier_code": "ups", "tracking_number": f"12345{n}"} for n in range(10_001)]

    assert AdminClient(api).call("POST", "/seed", {"trackings": fields})["used"] == 10_001


def test_webhooks_of_past_changes_are_sent_in_order() -> None:
    """Of all trackings together, as if they had been created at the time."""
    received: list[str] = []

    async def send_webhook(_url: str, body: str) -> SendResult:
        received.append(json.loads(body)["data"]["tracking_number"])
        return SendResult(200)

    def run(api: Api, change: Callable[[], object]) -> list[str]:
        received.clear()
        url = "http://127.0.0.1:9"
        asyncio.run(api.admin_service.add_webhook(ACCOUNT, {"url": url}))
        change()
        asyncio.run(api.admin_service.time_engine.process_due(ACCOUNT))
        return received.copy()

    trackings = inputs(5)
    later = Api(send_webhook=send_webhook)
    seeded = run(later, lambda: finish(seed_all(later, trackings)))
    later.close()
    at_once = Api(send_webhook=send_webhook)
    at_once.clock.set(PAST)

    def pass_time() -> None:
        finish(seed_all(at_once, trackings))
        at_once.advance(days=15)

    created = run(at_once, pass_time)
    at_once.close()

    assert seeded == created
    assert len(seeded) >= 3 * len(trackings)


def test_deliveries_count_as_work(api: Api) -> None:
    """A piece has fewer trackings if each of their changes is sent."""
    for number in range(2):
        url = f"http://127.0.0.1:{number + 1}"
        api.store.save_target(WebhookTarget(ACCOUNT, str(number), url))
    before = 0
    for _ in seed_all(api, inputs(MANY)):
        deliveries = len(api.store.deliveries(ACCOUNT))
        assert deliveries - before <= WORK
        before = deliveries

    assert before > 5 * WORK


def test_items_are_split_by_their_work() -> None:
    """Each list has as many items as the limit allows, but at least one."""
    assert list(split([1, 2, 3, 9, 1, 1], lambda item: item, limit=3)) == [
        [1, 2],
        [3],
        [9],
        [1, 1],
    ]
    assert list(split([])) == []


@pytest.mark.parametrize(("pieces", "collections"), [(3, 0), (30, 1)])
async def test_much_garbage_is_not_left_to_the_next_request(pieces: int, collections: int) -> None:
    """It is collected at the end, once."""
    gc.disable()  # so that only what is asked for counts
    try:
        before = gc.get_stats()[2]["collections"]
        await PieceRunner().run(ACCOUNT, iter([None] * pieces))
        after = gc.get_stats()[2]["collections"]
    finally:
        gc.enable()

    assert after - before == collections
