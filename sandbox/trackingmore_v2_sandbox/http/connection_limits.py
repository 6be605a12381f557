"""Limits of what a connection may send, and of the time that it may take, for uvicorn protocols."""

import asyncio
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from itertools import chain
from typing import Any, Final, Protocol

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

HEAD_BYTES: Final = 64 * 1024
"""Maximum size of a request's head: target and headers."""

HEAD_SECONDS: Final = 30.0
"""Time that a request's head may take, from the connection or the first byte."""

BODY_SECONDS: Final = 60.0
"""Time that the body may take, from the end of the head."""

IDLE_SECONDS: Final = 75
"""Time that a connection stays open after a response without another request."""

_SHORT: Final = 8 * 1024
"""Size up to which a request needs no further look at its parts."""

_TOO_LARGE: Final = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
_REASONS: Final = {
    _TOO_LARGE: f"the head of a request may have at most {HEAD_BYTES} bytes",
    HTTPStatus.REQUEST_TIMEOUT: (
        f"the head of a request may take {HEAD_SECONDS:g} seconds, its body {BODY_SECONDS:g}"
    ),
}


class _Cycle(Protocol):
    """uvicorn's state of a request and its response."""

    body: bytearray
    more_body: bool
    response_started: bool
    response_complete: bool


class LimitsRequests(asyncio.Protocol):
    """A mixin for a uvicorn protocol."""

    app: ASGIApp
    loop: asyncio.AbstractEventLoop
    transport: asyncio.Transport
    flow: Any
    cycle: _Cycle | None
    """The latest request."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Wait for the head of the first request."""
        super().connection_made(transport)
        self.app = self._with_limited_head(self.app)
        self._unread = 0
        self._may_be_large = False
        self._deadline: float | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._awaited: tuple[float | None, object] = (None, None)
        self._await_more()

    def data_received(self, data: bytes) -> None:
        """Count bytes without a result, and restart the timer if another part is awaited."""
        cycle = self.cycle
        before = _progress(cycle)
        super().data_received(data)
        if self._is_whole_request(cycle, data):
            return
        # A head that arrives at once is complete before its bytes are counted.
        self._may_be_large |= self._unread + len(data) > HEAD_BYTES
        if self.cycle is not cycle or _progress(cycle) != before or _is_ignored(cycle):
            self._unread = 0
        else:
            # Headers, or trailers and extensions of chunks, which are not given to the app.
            self._unread += len(data)
        if self._unread > HEAD_BYTES:
            self._reject(_TOO_LARGE)
        self._await_more()

    def _is_whole_request(self, before: _Cycle | None, data: bytes) -> bool:
        """Return whether data was one request with its body, as nearly always."""
        cycle = self.cycle
        if cycle is None or cycle is before or cycle.more_body or self._unread + len(data) > _SHORT:
            return False
        self._unread = 0
        self._awaited = (None, cycle)
        self._deadline = None
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the timer."""
        if self._timer:
            self._timer.cancel()
        self._deadline = None
        super().connection_lost(exc)

    def timeout_keep_alive_handler(self) -> None:
        """Close an idle connection, also if the client does not read the last response."""
        self._close(b"")

    def _await_more(self) -> None:
        awaited = (self._seconds(), self.cycle)
        if awaited != self._awaited:
            self._awaited = awaited
            self._start_timer(awaited[0])

    def _seconds(self) -> float | None:
        cycle = self.cycle
        if cycle is not None and cycle.more_body:
            return BODY_SECONDS
        return HEAD_SECONDS if cycle is None or cycle.response_complete else None

    def _start_timer(self, seconds: float | None) -> None:
        """Have `_expire` called after some seconds; None: not any more."""
        self._deadline = None if seconds is None else self.loop.time() + seconds
        # A timer that runs is left to find a later deadline, which is cheaper than a new one.
        if self._timer and (self._deadline is None or self._timer.when() <= self._deadline):
            return
        if self._timer:
            self._timer.cancel()
        self._timer = None if seconds is None else self.loop.call_later(seconds, self._look)

    def _look(self) -> None:
        """Expire if the deadline has passed, or wait for it."""
        deadline, self._timer = self._deadline, None
        if deadline is None:
            return
        if deadline > self.loop.time():
            self._timer = self.loop.call_at(deadline, self._look)
        else:
            self._expire()

    def _expire(self) -> None:
        # While the server does not read, the client is not slow.
        if self.flow.read_paused:
            self._start_timer(self._awaited[0])
        elif self.cycle is None and not self._unread:
            self._close(b"")
        else:
            self._reject(HTTPStatus.REQUEST_TIMEOUT)

    def _reject(self, status: HTTPStatus) -> None:
        cycle = self.cycle
        in_progress = cycle if cycle is not None and not cycle.response_complete else None
        # The client would take it for the response to that request, or for a part of it.
        if in_progress and (in_progress.response_started or not in_progress.more_body):
            self.transport.abort()
        else:
            self._close(_response(status))

    def _close(self, last: bytes) -> None:
        # A client that reads nothing would keep the connection open.
        if self.transport.get_write_buffer_size():
            self.transport.abort()
        elif not self.transport.is_closing():
            self.transport.write(last)
            self.transport.close()

    def _with_limited_head(self, app: ASGIApp) -> Callable[[Scope, Receive, Send], Awaitable[None]]:
        # Not `async def`: that would add a coroutine to every request.
        def call(scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
            # Counted only on the few connections that have sent so much.
            if self._may_be_large and _head_size(scope) > HEAD_BYTES:
                return _TOO_LARGE_APP(scope, receive, send)
            return app(scope, receive, send)

        return call


def _progress(cycle: _Cycle | None) -> object:
    return cycle and (len(cycle.body), cycle.more_body)


def _is_ignored(cycle: _Cycle | None) -> bool:
    """Return whether the rest of a body is discarded, as the response was sent without it."""
    return cycle is not None and cycle.more_body and cycle.response_complete


def _head_size(scope: Scope) -> int:
    headers = sum(map(len, chain.from_iterable(scope["headers"])))
    return headers + len(scope["path"]) + len(scope["query_string"])


_TOO_LARGE_APP: Final = PlainTextResponse(
    _REASONS[_TOO_LARGE], _TOO_LARGE, {"Connection": "close", "X-Sandbox": "1"}
)


def _response(status: HTTPStatus) -> bytes:
    reason = _REASONS[status]
    return (
        f"HTTP/1.1 {status.value} {status.phrase}\r\nConnection: close\r\nX-Sandbox: 1\r\n"
        f"Content-Type: text/plain; charset=utf-8\r\nContent-Length: {len(reason)}\r\n\r\n{reason}"
    ).encode()
