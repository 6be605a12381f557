"""Several workers on one PostgreSQL database, each with a connection of its own."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Barrier
from typing import Any, TypeVar

import pytest

from tests.sandbox.databases import new_schema
from tests.sandbox.harness import NOON, PAIR, Api
from trackingmore_v2_sandbox.store.models import DeliveryRecord, TrackingFilter, TrackingRecord
from trackingmore_v2_sandbox.store.postgres import PostgresStore
from trackingmore_v2_sandbox.store.sql import Store

T = TypeVar("T")
WORKERS = 4
ACCOUNT = "a"
START = int(NOON.timestamp())


@pytest.fixture
def stores(postgres_url: str) -> Iterator[list[Store]]:
    """Open a store for each worker, all in one database."""
    with new_schema(postgres_url) as name, ExitStack() as stack:
        stores: list[Store] = [PostgresStore(postgres_url, name) for _ in range(WORKERS)]
        for store in stores:
            stack.callback(store.close)
        yield stores


@pytest.fixture
def apis(stores: list[Store]) -> Iterator[list[Api]]:
    """Yield a sandbox of its own to each worker."""
    apis = [Api(store=store) for store in stores]
    yield apis
    for api in apis:
        api.close()


def together(workers: list[T], work: Callable[[T], Any]) -> list[Any]:
    """Run the same function in all workers at once."""
    barrier = Barrier(len(workers))

    def begin(worker: T) -> Any:
        barrier.wait()
        return work(worker)

    with ThreadPoolExecutor(len(workers)) as pool:
        return list(pool.map(begin, workers))


@pytest.mark.behaviour("state.workers")
def test_one_worker_creates_a_pair(apis: list[Api]) -> None:
    """For the others it exists; it is charged once, and no request fails."""
    numbers = [f"RB{index:09}CN" for index in range(25)]

    def create(api: Api) -> list[int]:
        pairs = [{"tracking_number": number, "carrier_code": "ups"} for number in numbers]
        return [api.call("createTracking", pair).code for pair in pairs]

    responses = together(apis, create)

    for codes in zip(*responses, strict=True):
        assert sorted(codes) == [200] + [4016] * (WORKERS - 1)
    (account,) = apis[0].store.accounts()
    assert account.trackings == len(numbers)
    assert apis[0].store.count(account.account, TrackingFilter()) == len(numbers)


def test_detections_of_all_workers_count(apis: list[Api]) -> None:
    """None is lost."""
    body = {"tracking_number": "RN123456789CN"}
    together(apis, lambda api: [api.call("detectCarrier", body).code for _ in range(10)])

    (account,) = apis[0].store.accounts()
    assert account.detections == 10 * WORKERS


@pytest.mark.behaviour("state.workers")
def test_changes_are_reported_once(apis: list[Api]) -> None:
    """When all workers store the changes of one account at once, each is stored once."""
    apis[0].create()
    (account,) = apis[0].store.accounts()
    store = apis[0].store
    store.erase(account.account)
    past = START - 86400
    overdue = [
        TrackingRecord(account.account, "ups", f"TEST{index:09}", past, due_at=past)
        for index in range(50)
    ]
    store.insert(*overdue)
    counts = together(apis, lambda api: api.call("countTrackings").data)

    assert counts[1:] == counts[:-1]
    assert sum(counts[0].values()) == len(overdue)
    assert counts[0]["pending"] == 0


def test_a_pair_can_be_deleted_and_created_concurrently(apis: list[Api]) -> None:
    """The first request succeeds, and none fails unexpectedly."""

    def work(api: Api) -> Counter[int]:
        codes: Counter[int] = Counter()
        for _ in range(15):
            codes[api.call("createTracking", PAIR).code] += 1
            codes[api.call("stopTrackingUpdates", [PAIR]).code] += 1
            codes[api.call("deleteTracking", **PAIR).code] += 1
        return codes

    total: Counter[int] = sum(together(apis, work), Counter())

    assert set(total) <= {200, 4016, 4017}
    (account,) = apis[0].store.accounts()
    assert account.trackings == 1


def test_every_delivery_has_one_worker(stores: list[Store]) -> None:
    """Due deliveries are divided between workers that claim them at the same time."""
    due = [f"{index:03}" for index in range(60)]
    for name in due:
        stores[0].save_delivery(DeliveryRecord(ACCOUNT, name, "t", "p", "transit", 1, 1, ""))

    def claim(store: Store) -> list[str]:
        claimed: list[str] = []
        for _ in range(30):
            with store.transaction(write=True):
                some = store.claim_due_deliveries(ACCOUNT, 1, machine_now=START, limit=2)
            claimed += [delivery.id for delivery in some]
        return claimed

    claimed = together(stores, claim)

    assert sorted(name for names in claimed for name in names) == due


def test_accounts_do_not_block_each_other(stores: list[Store]) -> None:
    """One account's writer stops neither the writers nor the claims of others."""
    one, two = stores[:2]
    one.save_delivery(DeliveryRecord("b", "1", "t", "p", "transit", 1, 1, ""))
    with one.transaction(write=True, account="a"):
        one.count_detection("a")
        with two.transaction(write=True, account="b"):
            two.count_detection("b")
            assert two.claim_due_deliveries("b", 1, machine_now=START, limit=9)

    owners = [one.find_account(name) for name in ("a", "b")]
    assert [owner and owner.detections for owner in owners] == [1, 1]


def test_workers_can_start_together(postgres_url: str) -> None:
    """Of those that find no tables yet, one makes them."""
    with new_schema(postgres_url) as name:
        for store in together([name] * WORKERS, lambda name: PostgresStore(postgres_url, name)):
            assert store.accounts() == []
            store.close()
