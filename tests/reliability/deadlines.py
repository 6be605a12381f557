"""
Calls that end at their deadline.

Servers send a part of a response, of a TLS handshake or of a proxy's tunnel, and then nothing, or
further pieces without end; a name lookup takes four seconds; a limiter has no slot for a minute,
or its store does not respond. Each call has a deadline of half a second; what counts is how much
later it returns.
"""

import asyncio
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, Final
from unittest.mock import patch

from tests.overlay.limiters.redis_server import redis_server
from tests.overlay.stubs import KEY
from tests.overlay.transport.dripping import HANDSHAKES, RESPONSES, TUNNELS, serving
from tests.reliability.rows import Row, Settings
from tests.reliability.server import echo_server
from trackingmore_v2 import AsyncTrackingMore, Limiter, TrackingMore, TrackingMoreError
from trackingmore_v2.limiters.redis import RedisLimiter

DEADLINE: Final = 0.5
LATEST: Final = 0.1
LOOKUP: Final = 4.0
"""Seconds."""

SLOW_HOST: Final = "slow.example"


def measure(settings: Settings) -> Iterator[Row]:
    """Measure both clients with each server."""
    for name, call in {"blocking": _call, "awaited": _call_async}.items():
        late = {where: call(options) for where, options in _cases(settings)}
        worst = max(late, key=lambda where: late[where])
        claim = f"{name}: latest return after the deadline, of {len(late)} calls"
        value = f"{late[worst] * 1e3:.0f} ms ({worst})"
        yield Row(claim, f"≤ {LATEST * 1e3:.0f} ms", value, late[worst] <= LATEST)


def _cases(settings: Settings) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what keeps a call waiting, and the options of a client that meets it."""
    handlers = list({**RESPONSES, **HANDSHAKES, **TUNNELS}.items())
    for name, handler in handlers[:: settings.pick(1, 5)]:
        with serving(handler) as port:
            yield name, _options_of(name, port)
    with _slow_lookups():
        yield "name-lookup", {"base_url": f"https://{SLOW_HOST}/v2"}
    with ExitStack() as stack:
        server = stack.enter_context(echo_server())
        store = stack.enter_context(redis_server())
        full = Limiter(1 / 60)
        with TrackingMore(KEY, base_url=server.base_url, limiter=full) as client:
            client.account.get()
        yield "full-limiter", {"base_url": server.base_url, "limiter": full}
        hung = RedisLimiter(store.url, per_second=100, timeout=5)
        with TrackingMore(KEY, base_url=server.base_url, limiter=hung) as client:
            client.account.get()
        store.signal(signal.SIGSTOP)
        yield "hung-limiter", {"base_url": server.base_url, "limiter": hung}
        store.signal(signal.SIGCONT)


def _options_of(name: str, port: int) -> dict[str, Any]:
    if name in TUNNELS:
        return {"base_url": "https://api.example/v2", "proxy": f"http://127.0.0.1:{port}"}
    scheme = "https" if name in HANDSHAKES else "http"
    return {"base_url": f"{scheme}://127.0.0.1:{port}/v2"}


def _call(options: dict[str, Any]) -> float:
    """Return how much later than its deadline a call returns."""
    with TrackingMore(KEY, **_with_defaults(options)) as client:
        start = time.monotonic()
        try:
            client.account.get()
        except TrackingMoreError:
            return time.monotonic() - start - DEADLINE
    raise AssertionError("the call succeeded")


def _call_async(options: dict[str, Any]) -> float:
    async def call() -> float:
        async with AsyncTrackingMore(KEY, **_with_defaults(options)) as client:
            start = time.monotonic()
            try:
                await client.account.get()
            except TrackingMoreError:
                return time.monotonic() - start - DEADLINE
        raise AssertionError("the call succeeded")

    return asyncio.run(call())


def _with_defaults(options: dict[str, Any]) -> dict[str, Any]:
    return {"limiter": Limiter(1_000), "retries": 0, "deadline": DEADLINE, **options}


@contextmanager
def _slow_lookups() -> Iterator[None]:
    """Delay lookups of one name by seconds."""
    lookup: Callable[..., Any] = socket.getaddrinfo

    def slow(host: Any, *arguments: Any, **options: Any) -> Any:
        if host in {SLOW_HOST, SLOW_HOST.encode()}:
            time.sleep(LOOKUP)
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return lookup(host, *arguments, **options)

    with patch("socket.getaddrinfo", slow):
        yield
