"""Concurrent calls of one client: each caller gets its own response."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from random import Random

import httpx2
import pytest

from tests.overlay.stubs import KEY, URL
from trackingmore_v2 import AsyncTrackingMore, TrackingMore
from trackingmore_v2_sandbox import Sandbox

CARRIER = "ups"


def numbers(count: int) -> list[str]:
    """Return distinct tracking numbers."""
    return [f"1Z{number:016}" for number in range(count)]


def echo(request: httpx2.Request) -> httpx2.Response:
    """Respond with the requested tracking."""
    _, carrier, number = request.url.path.rsplit("/", 2)
    return httpx2.Response(
        200,
        json={
            "meta": {"code": 200},
            "data": {
                "id": number[::-1],
                "tracking_number": number,
                "carrier_code": carrier,
                "status": "transit",
                "created_at": "",
            },
        },
    )


async def slow_echo(request: httpx2.Request) -> httpx2.Response:
    """Respond after all other requests have arrived."""
    await asyncio.sleep(0)
    return echo(request)


def test_threads_share_a_client() -> None:
    """32 threads share one client, and each reads its own trackings, over real connections."""
    wanted = numbers(40)
    with Sandbox() as sandbox, TrackingMore(sandbox.api_key, base_url=sandbox.base_url) as client:
        for number in wanted:
            client.trackings.create(CARRIER, number, title=number)
        with ThreadPoolExecutor(32) as threads:
            requested = wanted * 8
            found = list(
                threads.map(lambda number: client.trackings.get(CARRIER, number), requested)
            )

    assert [parcel.tracking_number for parcel in found] == requested
    assert [parcel.title for parcel in found] == requested


async def test_tasks_share_a_client() -> None:
    """1,000 tasks on one client, all under way together."""
    wanted = numbers(1_000)
    http = httpx2.AsyncClient(transport=httpx2.MockTransport(slow_echo))
    async with AsyncTrackingMore(KEY, base_url=URL, http_client=http) as client:
        found = await asyncio.gather(*(client.trackings.get(CARRIER, each) for each in wanted))

    assert [parcel.tracking_number for parcel in found] == wanted
    assert [parcel.id for parcel in found] == [number[::-1] for number in wanted]


async def test_tasks_share_real_connections() -> None:
    """1,000 tasks share the connections, and none gets the response of another."""
    wanted = numbers(50)
    with Sandbox() as sandbox:
        async with AsyncTrackingMore(sandbox.api_key, base_url=sandbox.base_url) as client:
            for number in wanted:
                await client.trackings.create(CARRIER, number, title=number)
            requested = wanted * 20
            found = await asyncio.gather(
                *(client.trackings.get(CARRIER, each) for each in requested)
            )

    assert [parcel.title for parcel in found] == requested


async def test_cancelled_calls_take_no_connection_with_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Calls are cancelled at any step, in a pool of five; then as many as before succeed."""
    monkeypatch.setattr(
        "trackingmore_v2._transport.connections._LIMITS", httpx2.Limits(max_connections=5)
    )
    chance, cancelled = Random(7), 0  # noqa: S311 - the same steps in each run
    with Sandbox() as sandbox:
        async with AsyncTrackingMore(
            sandbox.api_key, base_url=sandbox.base_url, deadline=60
        ) as client:
            for _ in range(40):
                calls = [asyncio.ensure_future(client.account.get()) for _ in range(10)]
                for _ in range(chance.randrange(40)):
                    await asyncio.sleep(0)
                for call in calls[::2]:
                    call.cancel()
                found = await asyncio.gather(*calls, return_exceptions=True)

                assert not any(isinstance(one, Exception) for one in found)
                cancelled += sum(call.cancelled() for call in calls)
            accounts = await asyncio.gather(*(client.account.get() for _ in range(20)))

    assert cancelled > 0
    assert len(accounts) == 20
