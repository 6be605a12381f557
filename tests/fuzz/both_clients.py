"""The same call of the sync and the async client, asserted to have the same outcome."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import httpx2

from tests.overlay.stubs import KEY, URL, Handler, Recorder
from trackingmore_v2 import AsyncTrackingMore, Hooks, TrackingMore, TrackingMoreError
from trackingmore_v2.hooks import DriftEvent


class CallOutcome(NamedTuple):
    """The requests and the outcome of a call."""

    requests: list[httpx2.Request]
    drift: list[DriftEvent]
    result: Any = None
    """The result; a list of its items if it is lazy."""

    error: TrackingMoreError | None = None


def call_both(
    handler: Handler,
    run: Callable[[TrackingMore], Any],
    run_async: Callable[[AsyncTrackingMore], Any],
) -> CallOutcome:
    """Run a call with both clients against a server and assert that the outcomes are equal."""
    outcome = asyncio.run(_call(TrackingMore, httpx2.Client, handler, run))
    other = asyncio.run(_call(AsyncTrackingMore, httpx2.AsyncClient, handler, run_async))
    assert _comparable(outcome) == _comparable(other)
    return outcome


async def _call(
    kind: Callable[..., Any], http: Callable[..., Any], handler: Handler, run: Callable[[Any], Any]
) -> CallOutcome:
    server, drift = Recorder(handler), list[DriftEvent]()
    client = kind(
        KEY,
        base_url=URL,
        retries=0,
        http_client=http(transport=httpx2.MockTransport(server)),
        hooks=Hooks(on_drift=drift.append),
        max_response_size=2**20,
    )
    try:
        result = run(client)
        if hasattr(result, "__await__"):
            result = await result
        elif hasattr(result, "__aiter__"):
            result = [item async for item in result]
        elif isinstance(result, Iterator) or hasattr(result, "pages"):
            result = list(result)
    except TrackingMoreError as error:
        return CallOutcome(server.requests, drift, error=error)
    return CallOutcome(server.requests, drift, result)


def _comparable(outcome: CallOutcome) -> object:
    requests = [
        (request.method, request.url.raw_path, request.headers.multi_items(), request.content)
        for request in outcome.requests
    ]
    error = type(outcome.error), str(outcome.error)
    return requests, outcome.drift, repr(outcome.result), error
