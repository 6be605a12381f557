"""
An ASGI app that receives webhooks.

    from trackingmore_v2.webhooks.asgi import WebhookApp

    async def handle(event):
        ...

    app.mount("/webhooks", WebhookApp(handle, token="…"))  # the URL is /webhooks/<token>
"""

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from contextlib import suppress
from functools import partial
from inspect import isawaitable
from io import BytesIO
from typing import Any, Final, TypeAlias

from anyio import CancelScope, CapacityLimiter, Event, create_task_group, move_on_after, sleep

from trackingmore_v2._config import checked_function
from trackingmore_v2._errors import EventLogUnavailable
from trackingmore_v2._storage.threads import in_thread
from trackingmore_v2.webhooks._event import WebhookEvent
from trackingmore_v2.webhooks._log import EventLog
from trackingmore_v2.webhooks._parsing import MAX_BODY_SIZE, Now
from trackingmore_v2.webhooks._processing import (
    AsyncHandler,
    Handler,
    handle_async,
    logger,
    process_async,
)
from trackingmore_v2.webhooks._receiver import (
    DEFAULT_TIMEOUT,
    FAILURE,
    SUCCESS,
    AfterTimeout,
    Receiver,
    Request,
    Response,
    checked_log,
    is_coroutine_function,
    note_late_error,
    response_of_error,
    response_to_outcome,
)

_Message: TypeAlias = MutableMapping[str, Any]
_Scope: TypeAlias = MutableMapping[str, Any]
_Receive: TypeAlias = Callable[[], Awaitable[_Message]]
_Send: TypeAlias = Callable[[_Message], Awaitable[None]]

MAX_THREADS: Final = 32
"""Threads of an app for a handler that is a plain function."""

PENDING_INTERVAL: Final = 60.0
"""Seconds between two looks at the pending events, if the app runs alone."""


class WebhookApp:
    """
    An ASGI app that receives webhooks, handles each event once, and responds.

    Run alone, it also handles the pending events of the log, when it starts and once a minute.
    Mounted in another app, it is not started by the server: call `handle_pending()`.

    Responses: 200 if the event was handled now or before, or is older than one that was; 400
    if the body is malformed, or too old for `max_age`; 401 if it is not signed with `account_email`
    or the credentials are wrong; 404 for other paths; 405 for other methods; 413 for a body of more
    than 1 MiB; 500 if the handler failed, the event is in hand elsewhere, or the log is
    unavailable.

    Args:
        handler: Called with each event: a coroutine function, or a plain function, which runs in a
            worker thread. If it raises an exception, the sender is expected to retry.
        log: The log of events. Default: in memory, which forgets them when the process ends.
        account_email: E-mail address of the account, or the addresses of several accounts; see
            `parse()`. Default: the signature is not checked.
        max_age: Maximum seconds between the time of sending and now. Default: no maximum; an old
            event has `is_stale`, and `confirm()` reads its tracking.
        now: The time, or a function that returns it. Default: the clock of this host.
        token: Secret last part of the URL: the path below the mount point must be `/<token>`. At
            least 16 characters. `TokenFilter` keeps it out of logs. Default: that path must be `/`
            or empty. Starlette and FastAPI redirect the empty one, so add the slash to the URL.
        basic_auth: User name and password that requests must have. Default: none.
        timeout: Seconds that the handler has until the response is sent. Default: 5.
        after_timeout: "continue": the response is 200, and the handler continues; the event is in
            the log, so if the handler fails or is killed, the event is pending. "cancel": the
            response is 500, and the handler is cancelled and the event released, so that the
            sender retries it. A plain function cannot be cancelled; it is recorded how it ends.
            With both, the `lease` of the log must exceed the time that the handler takes, or the
            event may be handled twice; and the number of handlers that continue has no limit, so
            their own requests need a timeout. Default: "continue".
        respond_to_get: Whether GET and HEAD are responded to with 200, for dashboards that check
            the URL. Default: False.

    Raises:
        ConfigurationError: An argument is invalid.
    """

    def __init__(  # noqa: PLR0913 - the settings
        self,
        handler: Handler | AsyncHandler,
        *,
        log: EventLog | None = None,
        account_email: str | Iterable[str] | None = None,
        max_age: float | None = None,
        now: Now | None = None,
        token: str | None = None,
        basic_auth: tuple[str, str] | None = None,
        timeout: float = DEFAULT_TIMEOUT,
        after_timeout: AfterTimeout = "continue",
        respond_to_get: bool = False,
    ) -> None:
        self._handler = _awaitable(checked_function("handler", handler))
        self._log = checked_log(log)
        self._receiver = Receiver(
            account_email=account_email,
            max_age=max_age,
            now=now,
            token=token,
            basic_auth=basic_auth,
            timeout=timeout,
            after_timeout=after_timeout,
            respond_to_get=respond_to_get,
        )

    async def __call__(self, scope: _Scope, receive: _Receive, send: _Send) -> None:
        """Respond to a request, as ASGI defines it."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._respond(_request(scope), receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close"})
        else:
            raise NotImplementedError(f"unknown type of ASGI scope {scope['type']!r}")

    async def handle_pending(self) -> int:
        """
        Handle the events of the log that are neither done nor in hand, without a time limit.

        An event whose handler fails remains pending.

        Returns:
            How many were handled.

        Raises:
            EventLogUnavailable: The store of the log cannot be reached.
        """
        claims = await in_thread(self._log.pending)
        handled = 0
        while claim := await in_thread(lambda: next(claims, None)):
            try:
                await handle_async(claim, self._handler, self._log)
                handled += 1
            except EventLogUnavailable:
                raise
            except Exception:  # noqa: BLE001, S110 - logged, and the event remains pending
                pass
        return handled

    async def _live(self, receive: _Receive, send: _Send) -> None:
        """Handle pending events from the server's start to its end."""
        await receive()
        async with create_task_group() as group:
            group.start_soon(self._handle_pending_regularly)
            await send({"type": "lifespan.startup.complete"})
            await receive()
            group.cancel_scope.cancel()
        await send({"type": "lifespan.shutdown.complete"})

    async def _handle_pending_regularly(self) -> None:
        while True:
            try:
                await self.handle_pending()
            except Exception as error:  # noqa: BLE001 - it must not end the server
                logger.warning("pending events not handled: %s", type(error).__name__)
            await sleep(PENDING_INTERVAL)

    async def _respond(self, request: Request, receive: _Receive, send: _Send) -> None:
        response = self._receiver.early_response(request)
        if response is None:
            body = await _read(receive)
            if body is None:
                return
            try:
                event = self._receiver.parse(body, request)
            except Exception as error:  # noqa: BLE001 - `now` may raise any
                response = response_of_error(error)
            else:
                await self._process(event, partial(_send, send))
                return
        await _send(send, response)

    async def _process(
        self, event: WebhookEvent, send: Callable[[Response], Awaitable[None]]
    ) -> None:
        """Handle an event, and respond once that has ended, or its time limit is over."""
        run = _Run(self._handler)
        async with create_task_group() as group:  # which ends with the handler
            group.start_soon(run.process, event, self._log)
            await run.has_begun.wait()
            with move_on_after(self._receiver.timeout):
                await run.has_ended.wait()
            if not run.has_ended.is_set():
                run.is_late = True
                await send(self._late_response(run))
        if not run.is_late:
            await send(run.response)

    def _late_response(self, run: "_Run") -> Response:
        if self._receiver.is_accepted_unfinished():
            return SUCCESS
        run.scope.cancel()
        return FAILURE


class _Run:
    """The handling of one event."""

    def __init__(self, handler: AsyncHandler) -> None:
        self._handler = handler
        self.response = FAILURE
        self.scope = CancelScope()
        self.has_begun = Event()
        """Set when the handler is called, or is not to be called."""

        self.has_ended = Event()
        self.is_late = False
        """Whether the response is sent before the handler has ended."""

    async def process(self, event: WebhookEvent, log: EventLog) -> None:
        try:
            with self.scope:
                self.response = response_to_outcome(await process_async(event, self._handle, log))
        except Exception as error:  # noqa: BLE001 - a handler may raise any
            if self.is_late:
                note_late_error(error)
            else:
                self.response = response_of_error(error)
        finally:
            self.has_begun.set()
            self.has_ended.set()

    async def _handle(self, event: WebhookEvent) -> None:
        self.has_begun.set()
        await self._handler(event)


class _HandlerExited(Exception):
    """What `SystemExit` of a handler becomes, since that would end the event loop."""


def _awaitable(handler: Handler | AsyncHandler) -> AsyncHandler:
    """Return a handler that is awaited, and runs in a worker thread if it is a plain function."""
    threads = CapacityLimiter(MAX_THREADS)
    is_awaited = is_coroutine_function(handler)

    async def handle(event: WebhookEvent) -> None:
        # Otherwise each retry of the event would end the server.
        try:
            result = (
                handler(event) if is_awaited else await in_thread(lambda: handler(event), threads)
            )
            if isawaitable(result):
                await result
        except SystemExit:
            raise _HandlerExited from None

    return handle


def _request(scope: _Scope) -> Request:
    path, root = scope["path"], scope.get("root_path", "")
    # Some servers put the mount point before the path, and some do not.
    if root and (path == root or path.startswith(f"{root}/")):
        path = path[len(root) :]
    return Request(
        method=scope["method"],
        path=path,
        authorization=_header(scope, b"authorization"),
        content_length=_header(scope, b"content-length"),
        content_encoding=_header(scope, b"content-encoding"),
    )


def _header(scope: _Scope, name: bytes) -> str:
    """Return the first header of a name; empty if there is none."""
    values = (value for key, value in scope["headers"] if key.lower() == name)
    return next(values, b"").decode("latin-1")


async def _read(receive: _Receive) -> bytes | None:
    """Return the body, a byte more than allowed if it is too large, or None if the client left."""
    body = BytesIO()  # holds any number of parts without a cost for each
    while body.tell() <= MAX_BODY_SIZE:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body.write(message.get("body", b""))
        if not message.get("more_body", False):
            break
    return body.getvalue()[: MAX_BODY_SIZE + 1]


async def _send(send: _Send, response: Response) -> None:
    headers = [(name.encode(), value.encode()) for name, value in response.headers]
    start = {"type": "http.response.start", "status": int(response.status), "headers": headers}
    with suppress(OSError):  # the client has left
        await send(start)
        await send({"type": "http.response.body", "body": response.body})
