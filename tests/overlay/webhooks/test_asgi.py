"""The ASGI app: bodies in parts, coroutine functions, lifespan, and a real server."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator
from itertools import chain, repeat
from threading import Semaphore
from typing import Any

import anyio
import anyio.lowlevel
import pytest
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.routing import Mount

from tests.overlay.webhooks.app_drivers import (
    BODY,
    SHORT,
    TIMEOUT,
    TOKEN,
    Request,
    Response,
    WatchedLog,
    call_asgi,
    response_of,
    scope_of,
)
from tests.overlay.webhooks.servers import chunk, exchange, head, serve_asgi
from trackingmore_v2.webhooks import MAX_BODY_SIZE, WebhookEvent, parse
from trackingmore_v2.webhooks.asgi import WebhookApp

SCOPE = scope_of(Request())
GONE = {"type": "http.disconnect"}
BOTH = pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])


def part(content: bytes, *, more: bool = True) -> dict[str, Any]:
    """Return a message with a part of a body."""
    return {"type": "http.request", "body": content, "more_body": more}


def in_bytes(content: bytes) -> Iterator[dict[str, Any]]:
    """Yield a body byte by byte, with its end in a part of its own."""
    yield from (part(bytes([byte])) for byte in content)
    yield {"type": "http.request"}


@pytest.mark.parametrize(
    ("parts", "status"),
    [
        pytest.param(in_bytes(BODY), 200, id="bytes"),
        pytest.param(
            chain(repeat(part(b""), 100_000), [part(BODY, more=False)]), 200, id="empty parts"
        ),
        pytest.param(in_bytes(BODY[:-40]), 400, id="shorter"),
        pytest.param([part(BODY), GONE], 0, id="client gone at the end"),
        pytest.param([part(BODY[:50]), GONE], 0, id="client gone"),
        pytest.param([GONE], 0, id="client gone at once"),
        pytest.param(repeat(part(b"x" * 1000)), 413, id="endless"),
        pytest.param([part(b" " * 2**22, more=False)], 413, id="one large part"),
        pytest.param([part(BODY + b" " * MAX_BODY_SIZE, more=False)], 413, id="valid but for size"),
    ],
)
async def test_bodies_in_parts(parts: Iterable[dict[str, Any]], status: int) -> None:
    """The limit counts what was received, and an incomplete webhook is not handled."""
    handled: list[WebhookEvent] = []

    response = await call_asgi(WebhookApp(handled.append), SCOPE, parts)

    assert (response.status, len(handled)) == (status, status == 200)


async def test_no_more_is_read_than_the_limit() -> None:
    """What an endless body costs is bounded, and an announced one is not read."""
    app = WebhookApp(print)
    endless = iter(repeat(part(b"x" * 2**10), 2**20))
    announced = iter([part(b"x", more=False)])

    await call_asgi(app, SCOPE, endless)
    scope = scope_of(Request(headers={"content-length": str(MAX_BODY_SIZE + 1)}))
    assert (await call_asgi(app, scope, announced)).status == 413

    assert sum(1 for _ in endless) == 2**20 - 2**10 - 1
    assert list(announced)


class Exchange:
    """A request that runs, and what has been sent of its response."""

    def __init__(self) -> None:
        self.sent: list[Any] = []
        self.has_responded = anyio.Event()

    async def run(self, app: WebhookApp, body: bytes = BODY) -> None:
        """Send a webhook to an app."""
        await app(dict(SCOPE), self.receiving(body), self._send)

    @staticmethod
    def receiving(body: bytes) -> Callable[[], Awaitable[Any]]:
        """Return a function that receives a body."""
        messages = iter([part(body, more=False)])

        async def receive() -> Any:
            return next(messages)

        return receive

    async def _send(self, message: Any) -> None:
        await anyio.lowlevel.checkpoint()
        self.sent.append(message)
        if message["type"] == "http.response.body":
            self.has_responded.set()

    @property
    def response(self) -> Response:
        """The response."""
        return response_of(self.sent)


class Held:
    """A handler that is held until it may end."""

    def __init__(self) -> None:
        self.has_begun, self.may_end = anyio.Event(), anyio.Event()
        self.ended = 0

    async def __call__(self, _event: WebhookEvent) -> None:
        """Handle an event."""
        self.has_begun.set()
        await self.may_end.wait()
        self.ended += 1


@BOTH
async def test_a_coroutine_function_is_awaited() -> None:
    """The response comes after the handler has ended, and its exception is an error."""
    log, handler = WatchedLog(), Held()
    exchange = Exchange()

    async with anyio.create_task_group() as group:
        group.start_soon(exchange.run, WebhookApp(handler, log=log, timeout=TIMEOUT))
        await handler.has_begun.wait()
        assert not exchange.sent
        handler.may_end.set()

    assert (exchange.response.status, log.calls) == (200, ["claim", "done"])


@BOTH
async def test_work_continues_after_the_time_limit() -> None:
    """The response is sent, and the event is done when the handler has ended."""
    log, handler = WatchedLog(), Held()
    exchange = Exchange()

    async with anyio.create_task_group() as group:
        group.start_soon(exchange.run, WebhookApp(handler, log=log, timeout=SHORT))
        await exchange.has_responded.wait()
        assert (exchange.response.status, log.calls, handler.ended) == (200, ["claim"], 0)
        handler.may_end.set()

    assert (handler.ended, log.calls) == (1, ["claim", "done"])


@BOTH
async def test_work_that_fails_after_the_time_limit_is_pending(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The event was accepted, so it is not forgotten; our log does not call it rejected."""
    log, may_fail = WatchedLog(), anyio.Event()
    exchange = Exchange()

    async def handle(_event: WebhookEvent) -> None:
        await may_fail.wait()
        raise ValueError

    async with anyio.create_task_group() as group:
        group.start_soon(exchange.run, WebhookApp(handle, log=log, timeout=SHORT))
        await exchange.has_responded.wait()
        may_fail.set()

    assert (exchange.response.status, len(list(log.pending()))) == (200, 1)
    assert "rejected" not in caplog.text
    assert "handling failed after the response: ValueError" in caplog.text


@BOTH
async def test_work_is_cancelled_after_the_time_limit() -> None:
    """With "cancel", the event is released, and the sender retries it."""
    log, handler = WatchedLog(), Held()
    exchanges = [Exchange(), Exchange()]

    await exchanges[0].run(WebhookApp(handler, log=log, timeout=SHORT, after_timeout="cancel"))
    handler.may_end.set()
    await exchanges[1].run(WebhookApp(handler, log=log, timeout=TIMEOUT))

    assert [each.response.status for each in exchanges] == [500, 200]
    assert (handler.ended, log.calls) == (1, ["claim", "release", "claim", "done"])


@BOTH
async def test_a_cancelled_request_releases_its_event() -> None:
    """A server that stops cancels the task of the app."""
    log, handler = WatchedLog(), Held()

    async with anyio.create_task_group() as group:
        group.start_soon(Exchange().run, WebhookApp(handler, log=log))
        await handler.has_begun.wait()
        group.cancel_scope.cancel()

    assert log.calls == ["claim", "release"]


async def test_a_task_that_asyncio_cancels_releases_its_event() -> None:
    """Servers such as uvicorn cancel the task itself, which shields do not notice."""
    log, handler = WatchedLog(), Held()
    task = asyncio.create_task(Exchange().run(WebhookApp(handler, log=log)))
    await handler.has_begun.wait()

    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert log.calls == ["claim", "release"]


async def test_a_handler_that_is_cancelled_from_inside_has_failed() -> None:
    """A handler may raise `CancelledError` of a task that it waited for."""
    log = WatchedLog()

    async def handle(_event: WebhookEvent) -> None:
        raise asyncio.CancelledError

    exchange = Exchange()
    await exchange.run(WebhookApp(handle, log=log))

    assert (exchange.response.status, log.calls) == (500, ["claim", "release"])


async def test_a_client_that_leaves_early_stops_nothing() -> None:
    """Servers may raise `OSError` if the response cannot be sent."""
    log, handler = WatchedLog(), Held()
    app = WebhookApp(handler, log=log, timeout=SHORT)
    has_failed = anyio.Event()

    async def send(_message: Any) -> None:
        has_failed.set()
        raise BrokenPipeError

    async with anyio.create_task_group() as group:
        group.start_soon(app, dict(SCOPE), Exchange.receiving(BODY), send)
        await has_failed.wait()
        handler.may_end.set()

    assert (handler.ended, log.calls) == (1, ["claim", "done"])


class Lifespan:
    """The life of an app, as a server announces it."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.may_stop = anyio.Event()

    async def run(self, app: WebhookApp) -> None:
        """Start an app, and stop it later."""
        await app({"type": "lifespan"}, self._receive, self._send)

    async def _receive(self) -> Any:
        if not self.sent:
            return {"type": "lifespan.startup"}
        await self.may_stop.wait()
        return {"type": "lifespan.shutdown"}

    async def _send(self, message: Any) -> None:
        self.sent.append(message["type"])


@BOTH
async def test_pending_events_are_handled_at_startup() -> None:
    """An app that runs alone handles what a process before it has left."""
    log, handler = WatchedLog(), Held()
    log.release(log.claim(parse(BODY)))
    life = Lifespan()

    async with anyio.create_task_group() as group:
        group.start_soon(life.run, WebhookApp(handler, log=log))
        await handler.has_begun.wait()
        log.has_ended.clear()
        handler.may_end.set()
        await anyio.to_thread.run_sync(log.has_ended.wait, TIMEOUT)
        life.may_stop.set()

    assert life.sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    assert log.calls == ["claim", "release", "done"]


@BOTH
async def test_a_stop_releases_pending_events() -> None:
    """A handler that is held does not hold up the server."""
    log, handler = WatchedLog(), Held()
    log.release(log.claim(parse(BODY)))
    life = Lifespan()

    async with anyio.create_task_group() as group:
        group.start_soon(life.run, WebhookApp(handler, log=log))
        await handler.has_begun.wait()
        life.may_stop.set()

    assert log.calls == ["claim", "release", "release"]


@pytest.mark.parametrize("error", [OSError, KeyError])
async def test_a_log_that_fails_at_startup_does_not_end_the_server(error: type[Exception]) -> None:
    """Webhooks are responded to with 500 meanwhile, and pending events are looked for later."""
    has_failed = anyio.Event()

    class BrokenLog(WatchedLog):
        def pending(self) -> Any:
            anyio.from_thread.run_sync(has_failed.set)
            raise error

    life = Lifespan()
    async with anyio.create_task_group() as group:
        group.start_soon(life.run, WebhookApp(print, log=BrokenLog()))
        await has_failed.wait()
        life.may_stop.set()

    assert life.sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


async def test_other_protocols() -> None:
    """A WebSocket is closed, and a type that does not exist yet is an error."""
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        raise AssertionError

    await WebhookApp(print)({"type": "websocket"}, receive, send)
    with pytest.raises(NotImplementedError, match="future"):
        await WebhookApp(print)({"type": "future"}, receive, send)

    assert sent == [{"type": "websocket.close"}]


def mounted_in_fastapi(app: WebhookApp) -> FastAPI:
    """Return an application of FastAPI."""
    outer = FastAPI()
    outer.mount("/hooks", app)
    return outer


def mounted_in_starlette(app: WebhookApp) -> Starlette:
    """Return an application of Starlette, with the app two levels down."""
    return Starlette(routes=[Mount("/hooks", routes=[Mount("/in", app), Mount("/", app)])])


@pytest.mark.parametrize("mounted", [mounted_in_fastapi, mounted_in_starlette])
@pytest.mark.parametrize(
    ("path", "root", "status"),
    [
        (f"/hooks/{TOKEN}", "", 200),
        (f"/hooks/{TOKEN}", "/proxy", 200),
        ("/hooks/", "", 404),
        (f"/{TOKEN}", "", 404),
        (f"/hooks/hooks/{TOKEN}", "", 404),
    ],
)
async def test_mounted(mounted: Callable[[Any], Any], path: str, root: str, status: int) -> None:
    """The token follows the mount point."""
    app = mounted(WebhookApp(print, token=TOKEN))
    scope = scope_of(Request(path=path, root=root))

    assert (await call_asgi(app, scope, [part(BODY, more=False)])).status == status


async def test_a_mount_point_that_the_token_begins_with() -> None:
    """Not all servers put the mount point before the path."""
    scope = scope_of(Request(path=f"/{TOKEN}")) | {"root_path": f"/{TOKEN[:5]}"}

    response = await call_asgi(WebhookApp(print, token=TOKEN), scope, [part(BODY, more=False)])

    assert response.status == 200


@pytest.fixture
def served() -> Iterator[tuple[int, list[WebhookEvent], Any]]:
    """Return the port of an app, the events that it handles, and whether it has returned."""
    handled, returned = list[WebhookEvent](), Semaphore(0)
    inner = WebhookApp(handled.append)

    async def app(scope: Any, receive: Any, send: Any) -> None:
        try:
            await inner(scope, receive, send)
        finally:
            if scope["type"] == "http":
                returned.release()

    with serve_asgi(app, lifespan="on") as port:
        yield port, handled, returned


CHUNKED = head("Transfer-Encoding: chunked")
LENGTH = len(BODY)
TOO_LARGE = f"{2**30:x}\r\n".encode() + b"x" * (MAX_BODY_SIZE + 1)
"""No more than the server reads, so that it does not reset the connection when it closes it."""


@pytest.mark.parametrize(
    ("parts", "status"),
    [
        pytest.param([CHUNKED, chunk(BODY), chunk(b"")], 200, id="chunked"),
        pytest.param(
            [CHUNKED, *(chunk(bytes([byte])) for byte in BODY), chunk(b"")], 200, id="bytes"
        ),
        pytest.param([CHUNKED, TOO_LARGE], 413, id="too large"),
        pytest.param([head(f"Content-Length: {2**40}")], 413, id="announced"),
        pytest.param([head(f"Content-Length: {LENGTH}"), BODY * 2], 200, id="longer"),
        pytest.param([head(f"Content-Length: {LENGTH + 1}"), BODY], 0, id="shorter"),
        pytest.param([CHUNKED, chunk(BODY)], 0, id="without an end"),
        pytest.param([head()], 400, id="without a body"),
    ],
)
def test_what_arrives_at_a_server(
    served: tuple[int, list[WebhookEvent], Any], parts: list[bytes], status: int
) -> None:
    """A webhook is handled if it arrived completely, and only then."""
    port, handled, returned = served

    received = exchange(port, *parts, leave=not status)

    assert returned.acquire(timeout=TIMEOUT)
    assert received[9:12] == (str(status).encode() if status else b"")
    assert len(handled) == (status == 200)
