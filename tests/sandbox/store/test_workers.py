"""Several workers on one PostgreSQL database, each with a connection of its own."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Barrier
from typing import Any, TypeVar

import pytest
from msgspec.structs import replace
from psycopg.conninfo import make_conninfo

from tests.sandbox.databases import WORKERS, end_sessions, new_schema
from tests.sandbox.harness import NOON, PAIR, Api
from trackingmore_v2_sandbox.store.models import DeliveryRecord, TrackingFilter, TrackingRecord
from trackingmore_v2_sandbox.store.postgres import PostgresStore
from trackingmore_v2_sandbox.store.sql import Store, StoreUnavailable

T = TypeVar("T")
ACCOUNT = "a"
START = int(NOON.timestamp())


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
    """Workers that claim deliveries at the same time get each one once, and a target at a time."""
    due = [f"{index:03}" for index in range(60)]
    for index, name in enumerate(due):
        target_id = f"target {index % 3}"
        stores[0].save_delivery(DeliveryRecord(ACCOUNT, name, target_id, "p", "transit", 1, 1, ""))
    claimed: set[str] = set()

    def work(store: Store) -> list[str]:
        done: list[str] = []
        while waiting := store.next_deliveries(ACCOUNT):
            for target_id in waiting:
                with store.transaction(write=True, account=ACCOUNT):
                    found = store.claim_delivery(ACCOUNT, target_id, 1)
                if found:
                    assert target_id not in claimed
                    claimed.add(target_id)
                    done.append(found.id)
                    with store.transaction(write=True, account=ACCOUNT):
                        store.save_delivery(replace(found, due_at=None, state="delivered"))
                    claimed.remove(target_id)
                    store.release_target(ACCOUNT, target_id)
        return done

    assert sorted(name for names in together(stores, work) for name in names) == due


def test_a_claim_ends_with_its_connection(postgres_url: str) -> None:
    """As when the worker is killed; if it lives on, it does not send the same at the same time."""
    with new_schema(postgres_url) as name, ExitStack() as stack:
        urls = make_conninfo(postgres_url, application_name=name), postgres_url
        one, two = (PostgresStore(url, name) for url in urls)
        stack.callback(one.close)
        stack.callback(two.close)
        one.save_delivery(DeliveryRecord(ACCOUNT, "1", "t", "p", "transit", 1, 1, ""))

        def claim(store: Store) -> bool:
            with store.transaction(write=True, account=ACCOUNT):
                return store.claim_delivery(ACCOUNT, "t", 1) is not None

        assert [claim(store) for store in (one, two)] == [True, False]
        end_sessions(postgres_url, "application_name", name)
        with pytest.raises(StoreUnavailable):
            claim(one)
        assert [claim(store) for store in (one, two)] == [False, True]
        one.release_target(ACCOUNT, "t")
        assert not claim(one)
        two.release_target(ACCOUNT, "t")
        assert claim(one)


def test_accounts_do_not_block_each_other(stores: list[Store]) -> None:
    """One account's writer stops neither the writers nor the claims of others."""
    one, two = stores[:2]
    one.save_delivery(DeliveryRecord("b", "1", "t", "p", "transit", 1, 1, ""))
    with one.transaction(write=True, account="a"):
        one.count_detection("a")
        with two.transaction(write=True, account="b"):
            two.count_detection("b")
            assert two.claim_delivery("b", "t", 1)

    owners = [one.find_account(name) for name in ("a", "b")]
    assert [owner and owner.detections for owner in owners] == [1, 1]


def test_workers_can_start_together(postgres_url: str) -> None:
    """Of those that find no tables yet, one makes them."""
    with new_schema(postgres_url) as name:
        for store in together([name] * WORKERS, lambda name: PostgresStore(postgres_url, name)):
            assert store.accounts() == []
            store.close()
