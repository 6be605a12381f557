"""The request log in the admin API: whose requests it lists, and which accounts were used last."""

import asyncio
from collections.abc import Awaitable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest

from tests.sandbox.harness import NOON, OTHER_KEY, AdminClient, Api
from trackingmore_v2_api import API_KEY_HEADER
from trackingmore_v2_sandbox import API_KEY, Sandbox
from trackingmore_v2_sandbox.admin import schemas
from trackingmore_v2_sandbox.admin.pieces import WORK
from trackingmore_v2_sandbox.http.api_keys import account_of
from trackingmore_v2_sandbox.store.models import AccountRecord

MINE, OTHER = account_of(API_KEY)[:12], account_of(OTHER_KEY)[:12]


@pytest.fixture
def admin(api: Api) -> AdminClient:
    """Return the admin API of a sandbox with requests of two accounts and of none."""
    api.call("listCarriers")
    api.send("GET", "/carriers", key="a-wrong-key-1234")
    api.call("listCarriers", key=OTHER_KEY)
    api.send("GET", "/carriers", key="short")
    api.send("GET", "/carriers", key=None)
    api.call("getAccount")
    return AdminClient(api)


def sequences(admin: AdminClient, **query: object) -> list[int]:
    """Return the numbers of the exchanges that are listed, which is done without a key."""
    page = admin.call("GET", "/log", key=None, **query)
    return [each["sequence"] for each in page["items"]]


@pytest.mark.behaviour("state.request-log")
def test_requests_without_an_account_are_listed(admin: AdminClient) -> None:
    """With what is safe to show of the key that was sent."""
    rows = admin.call("GET", "/log", key=None, scope="without_account")["items"]

    assert [(row["account"], row["key"], row["code"]) for row in rows] == [
        (None, "****1234", 4001),
        (None, "****", 4001),
        (None, None, 4001),
    ]
    assert [row["sequence"] for row in rows] == [2, 4, 5]
    assert "a-wrong" not in str(rows)


def test_requests_of_all_accounts_are_listed(admin: AdminClient) -> None:
    """In their order, each with its account and masked key; in parts as well."""
    rows = admin.call("GET", "/log", scope="all")["items"]

    assert [(row["sequence"], row["account"], row["key"]) for row in rows] == [
        (1, MINE, "****0001"),
        (2, None, "****1234"),
        (3, OTHER, "****0002"),
        (4, None, "****"),
        (5, None, None),
        (6, MINE, "****0001"),
    ]
    assert sequences(admin, scope="all", after=2, before=6, limit=2) == [4, 5]
    assert sequences(admin, scope="account", account=MINE) == [1, 6]


def test_a_scope_contradicts_an_account(admin: AdminClient) -> None:
    """A key is no choice then, as a client may always send it; an id is. A token is needed."""
    assert admin.send("GET", "/log", key=None).code == 422
    for scope in ("all", "without_account"):
        assert admin.send("GET", "/log", key=API_KEY, scope=scope).code == 200
        response = admin.send("GET", "/log", key=None, scope=scope, account=MINE)
        assert response.code == 422
        assert f"contradicts scope={scope}" in response.meta["message"]
        for wrong in (None, "wrong"):
            assert admin.send("GET", "/log", scope=scope, token=wrong).code == 401
    assert admin.send("GET", "/log", scope="mine").code == 422


def test_any_part_of_the_log_is_cleared(admin: AdminClient) -> None:
    """The others stay."""
    assert admin.call("DELETE", "/log", scope="without_account") == {"items": [], "last": 6}
    assert sequences(admin, scope="all") == [1, 3, 6]
    admin.call("DELETE", "/log", key=OTHER_KEY)
    assert sequences(admin, scope="all") == [1, 6]
    admin.call("DELETE", "/log", key=None, scope="all")
    assert sequences(admin, scope="all") == []


async def test_all_accounts_can_be_waited_for(api: Api) -> None:
    """The response comes with the next request, whoever sends it."""
    service = api.admin_service
    for account, key in ((None, OTHER_KEY), ("", "wrong")):
        query = schemas.LogQuery(wait=60.0, after=service.log.last)
        waiting = asyncio.ensure_future(service.list_exchanges(account, query))
        await asyncio.sleep(0)
        assert not waiting.done()
        api.send("GET", "/carriers", key=key)
        async with asyncio.timeout(10):
            page = await waiting
        assert [each.key for each in page.items] == [f"****{key[-4:]}" if len(key) > 8 else "****"]


def test_accounts_are_listed_by_their_last_use(admin: AdminClient) -> None:
    """With the number of requests in the log, and both clocks; unused ones come last."""
    began = datetime.now(UTC)
    admin.call("PATCH", "/clock", {"now": "2030-01-01T00:00:00Z", "frozen": True}, key=OTHER_KEY)
    admin.call("PATCH", "/account", {"quota": 1}, key="00000000-0000-4000-8000-000000000003")
    first, second, third = admin.call("GET", "/accounts", key=None)["items"]

    assert [first["id"], second["id"]] == [MINE, OTHER]
    assert [each["requests"] for each in (first, second, third)] == [2, 1, 0]
    assert [each["key"] for each in (first, second, third)] == ["****0001", "****0002", "****0003"]
    assert (third["last_request_at"], third["last_request_arrived_at"]) == (None, None)
    admin.api.call("listCarriers", key=OTHER_KEY)
    first, second, _ = admin.call("GET", "/accounts", key=None)["items"]
    assert [first["id"], second["id"]] == [OTHER, MINE]
    assert first["last_request_at"] == "2030-01-01T00:00:00Z"
    assert second["last_request_at"] == "2026-03-01T12:00:00Z"
    arrived = [datetime.fromisoformat(each["last_request_arrived_at"]) for each in (first, second)]
    assert began - timedelta(seconds=60) < arrived[1] < began < arrived[0] < datetime.now(UTC)


def test_an_exchange_has_both_times(admin: AdminClient) -> None:
    """That of the account's clock, and the real one."""
    row: dict[str, Any] = admin.call("GET", "/log")["items"][0]
    arrived = datetime.fromisoformat(row["arrived_at"])

    assert datetime.fromisoformat(row["at"]) == NOON
    assert datetime.now(UTC) - timedelta(seconds=60) < arrived < datetime.now(UTC)


def test_python_has_the_same() -> None:
    """Scopes of the log, and the accounts by their last use."""
    with Sandbox() as sandbox:
        for key in (API_KEY, "wrong", OTHER_KEY):
            headers = {API_KEY_HEADER: key}
            httpx2.get(f"{sandbox.base_url}/carriers", headers=headers, trust_env=False)

        assert [each.account for each in sandbox.log(scope="all")] == [MINE, None, OTHER]
        assert [each.sequence for each in sandbox.log(scope="all", before=3, limit=1)] == [2]
        assert [each.key for each in sandbox.log(scope="without_account")] == ["****"]
        assert [each.id for each in sandbox.accounts()] == [OTHER, MINE]
        assert [each.requests for each in sandbox.accounts()] == [1, 1]
        with pytest.raises(ValueError, match="api_key contradicts scope='all'"):
            sandbox.log(scope="all", api_key=API_KEY)
        sandbox.clear_log(scope="without_account")
        assert [each.account for each in sandbox.log(scope="all")] == [MINE, OTHER]
        sandbox.clear_log(scope="all")
        assert sandbox.log(scope="all") == []


async def turns_during(work: Awaitable[object]) -> int:
    """Return how often other work gets its turn until some work is done."""
    task = asyncio.ensure_future(work)
    turns = 0
    while not task.done():
        turns += 1
        await asyncio.sleep(0)
    return turns


def test_many_accounts_are_listed_in_pieces(api: Api) -> None:
    """Other requests are served in between, as each key that was ever used is an account."""
    pieces = 5
    with api.store.transaction(write=True):
        for number in range(pieces * WORK):
            api.store.save_account(AccountRecord(account_of(f"key {number}")))

    turns = asyncio.run(turns_during(api.admin_service.list_accounts()))

    assert turns >= pieces
    accounts = AdminClient(api).call("GET", "/accounts", key=None)["items"]
    assert len({each["id"] for each in accounts}) == pieces * WORK
