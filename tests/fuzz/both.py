"""Does the same with both clients, the one that blocks and the one that is awaited."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import httpx2

from tests.overlay.stubs import KEY, URL, Handler, Recorder
from trackingmore_v2 import AsyncTrackingMore, Hooks, TrackingMore, TrackingMoreError
from trackingmore_v2.hooks import DriftEvent


class Told(NamedTuple):
    """What became of a verb, which was the same with both clients."""

    requests: list[httpx2.Request]
    drift: list[DriftEvent]
    result: Any
    """What it gave; a list where it gave bit by bit."""

    error: TrackingMoreError | None


def with_both(
    handler: Handler,
    run: Callable[[TrackingMore], Any],
    run_async: Callable[[AsyncTrackingMore], Any],
    max_response_size: int = 2**20,
) -> Told:
    """Run a verb with both clients against a server, and see that they do the same."""
    server, drift = Recorder(handler), list[DriftEvent]()
    with httpx2.Client(transport=httpx2.MockTransport(server)) as http:
        client = TrackingMore(http_client=http, **_settings(drift, max_response_size))
        result, error = _outcome(lambda: run(client))
    told = Told(server.requests, drift, result, error)
    twin = asyncio.run(_with_async(handler, run_async, max_response_size))

    assert list(map(_bytes, told.requests)) == list(map(_bytes, twin.requests))
    assert told.drift == twin.drift
    assert repr(told.result) == repr(twin.result)
    assert type(told.error) is type(twin.error)
    assert str(told.error) == str(twin.error)
    return told


async def _with_async(
    handler: Handler, run: Callable[[AsyncTrackingMore], Any], max_response_size: int
) -> Told:
    server, drift = Recorder(handler), list[DriftEvent]()
    async with httpx2.AsyncClient(transport=httpx2.MockTransport(server)) as http:
        client = AsyncTrackingMore(http_client=http, **_settings(drift, max_response_size))
        try:
            return Told(server.requests, drift, await _finished(run(client)), None)
        except TrackingMoreError as error:
            return Told(server.requests, drift, None, error)


def _settings(drift: list[DriftEvent], max_response_size: int) -> dict[str, Any]:
    return {
        "api_key": KEY,
        "base_url": URL,
        "retries": 0,
        "hooks": Hooks(on_drift=drift.append),
        "max_response_size": max_response_size,
    }


def _outcome(run: Callable[[], Any]) -> tuple[Any, TrackingMoreError | None]:
    try:
        result = run()
        is_bits = isinstance(result, Iterator) or hasattr(result, "pages")
        return list(result) if is_bits else result, None
    except TrackingMoreError as error:
        return None, error


async def _finished(result: Any) -> Any:
    if hasattr(result, "__await__"):
        return await result
    return [one async for one in result]


def _bytes(request: httpx2.Request) -> tuple[str, bytes, list[tuple[str, str]], bytes]:
    return request.method, request.url.raw_path, request.headers.multi_items(), request.content
