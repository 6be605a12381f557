"""Clients whose server is a function."""

from collections.abc import Callable
from inspect import isawaitable
from typing import Any, TypeAlias

import httpx2

from trackingmore_v2 import AsyncTrackingMore, TrackingMore
from trackingmore_v2._calls.clock import CallClock

KEY = "5e91b9a4-canary-4d0c-9c1e-2f6f0c7d8a11"
URL = "http://127.0.0.1:9/v2"
DATE = {"Date": "Sun, 01 Mar 2026 06:14:56 GMT"}
"""The header of a server's clock."""

Handler: TypeAlias = Callable[[httpx2.Request], httpx2.Response]


class FakeClock(CallClock):
    """A clock that advances only by waits."""

    def __init__(self) -> None:
        self.moment = 1_000.0
        self.waits: list[float] = []

    def now(self) -> float:
        """Return the current time."""
        return self.moment

    def sleep(self, seconds: float) -> None:
        """Advance the time without waiting."""
        self.waits.append(seconds)
        self.moment += seconds

    async def sleep_async(self, seconds: float) -> None:
        """Advance the time without waiting."""
        self.sleep(seconds)


class Recorder:
    """A handler that returns the same response to each request, and records the requests."""

    def __init__(self, response: Handler | bytes = b"") -> None:
        self.requests: list[httpx2.Request] = []
        self._answer = response

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        """Respond to a request."""
        self.requests.append(request)
        if isinstance(self._answer, bytes):
            return httpx2.Response(200, content=self._answer)
        return self._answer(request)


def client_of(handler: Handler, retries: int = 0) -> TrackingMore:
    """Build a client whose server is a function; without retries by default."""
    http = httpx2.Client(transport=httpx2.MockTransport(handler))
    return TrackingMore(KEY, base_url=URL, retries=retries, http_client=http)


def async_client_of(handler: Handler, retries: int = 0) -> AsyncTrackingMore:
    """Build an async client whose server is a function; without retries by default."""
    http = httpx2.AsyncClient(transport=httpx2.MockTransport(handler))
    return AsyncTrackingMore(KEY, base_url=URL, retries=retries, http_client=http)


async def result_of(outcome: Any) -> Any:
    """Return the result of a method of either client."""
    return await outcome if isawaitable(outcome) else outcome


def error_response(code: int, message: str = "Rejected.") -> bytes:
    """Return an error response with a meta code."""
    return (
        f'{{"meta":{{"code":{code},"type":"Bad Request","message":"{message}"}},"data":[]}}'
    ).encode()
