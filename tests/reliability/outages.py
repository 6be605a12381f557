"""
Total outages.

Ten thousand calls of one client, half of them reads and half of them creates, while the server is
away in one way: it accepts no connection, closes each connection without a response, or responds
with HTTP 503. Delays before retries are not waited for. Requests are attempts, also those that find
no server.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from random import Random
from typing import Final

import httpx2

from tests.overlay.stubs import KEY, URL, FakeClock
from tests.reliability.rows import Row, Settings
from trackingmore_v2 import Hooks, TrackingMore, TrackingMoreError
from trackingmore_v2._calls.clock import CallClock

MOST: Final = 1.01
CALLS: Final = 10_000


def _refuse(request: httpx2.Request) -> httpx2.Response:
    raise httpx2.ConnectError("Connection refused", request=request)


def _close(request: httpx2.Request) -> httpx2.Response:
    raise httpx2.RemoteProtocolError("Server disconnected", request=request)


OUTAGES: Final[dict[str, Callable[[httpx2.Request], httpx2.Response]]] = {
    "no connection": _refuse,
    "no response": _close,
    "HTTP 503": lambda _request: httpx2.Response(503),
}


def measure(settings: Settings) -> Iterator[Row]:
    """Call a server that is away."""
    calls = settings.pick(CALLS, CALLS // 10)
    for name, server in OUTAGES.items():
        with _without_waits():
            requests = _requests(server, calls, Random(settings.seed))  # noqa: S311 - calls
        ratio = requests / calls
        claim = f"{name}: requests a call, over {calls:,} calls"
        yield Row(claim, f"≤ {MOST}", f"{ratio:.4f}", ratio <= MOST)


def _requests(
    server: Callable[[httpx2.Request], httpx2.Response], calls: int, random: Random
) -> int:
    attempts, numbers = count(), count()
    hooks = Hooks(on_attempt=lambda _event: next(attempts))
    http = httpx2.Client(transport=httpx2.MockTransport(server))
    with TrackingMore(KEY, base_url=URL, http_client=http, hooks=hooks) as client:
        for _ in range(calls):
            methods: list[Callable[..., object]] = [client.trackings.get, client.trackings.create]
            with suppress(TrackingMoreError):
                random.choice(methods)("ups", f"1Z{next(numbers):016}")
    return next(attempts)


@contextmanager
def _without_waits() -> Iterator[None]:
    """Replace the clock of clients by one that advances by itself."""
    clock, names = FakeClock(), ("now", "sleep")
    originals = {name: getattr(CallClock, name) for name in names}
    for name in names:
        replacement = getattr(clock, name)
        setattr(CallClock, name, lambda _, *args, call=replacement: call(*args))
    try:
        yield
    finally:
        for name, original in originals.items():
            setattr(CallClock, name, original)
