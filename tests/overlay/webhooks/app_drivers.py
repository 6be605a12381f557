"""Calls of the ASGI and the WSGI app by hand, and a log that shows what is done with it."""

import threading
from collections.abc import Callable, Iterable, Mapping
from io import BytesIO
from typing import Any, Protocol, TypeAlias
from wsgiref.util import setup_testing_defaults

import anyio
import msgspec

from trackingmore_v2.webhooks import (
    Claim,
    EventLogUnavailable,
    MemoryEventLog,
    Outcome,
    WebhookEvent,
    asgi,
    example,
    wsgi,
)

App: TypeAlias = asgi.WebhookApp | wsgi.WebhookApp
EMAIL = "user@example.com"
TOKEN = "a-token_of.24~characters"  # noqa: S105 - of a test
TIMEOUT = 10.0
"""Seconds after which a test that hangs fails."""

SHORT = 0.05
"""Seconds of a time limit that a handler exceeds."""


class Response(msgspec.Struct, frozen=True):
    """A response."""

    status: int
    headers: Mapping[str, str] = {}
    body: bytes = b""


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """A request."""

    method: str = "POST"
    path: str = ""
    headers: Mapping[str, str] = {}
    body: bytes = b""
    root: str = ""


class Driver(Protocol):
    """A way to call an app."""

    def app(self, handler: Callable[[WebhookEvent], object], **settings: Any) -> App:
        """Build an app with a plain function as its handler."""

    def call(self, app: Any, request: Request) -> Response:
        """Return the response of an app, after all its work has ended."""

    def handle_pending(self, app: Any) -> int:
        """Handle the pending events of the log, and return their number."""


class AsgiDriver:
    """Calls of the ASGI app."""

    def app(self, handler: Callable[[WebhookEvent], object], **settings: Any) -> asgi.WebhookApp:
        """Build an app."""
        return asgi.WebhookApp(handler, **settings)

    def call(self, app: asgi.WebhookApp, request: Request) -> Response:
        """Return the response, after the app has returned."""
        parts = [{"type": "http.request", "body": request.body, "more_body": False}]
        return anyio.run(call_asgi, app, scope_of(request), parts)

    def handle_pending(self, app: asgi.WebhookApp) -> int:
        """Handle the pending events."""
        return anyio.run(app.handle_pending)


class WsgiDriver:
    """Calls of the WSGI app."""

    def app(self, handler: Callable[[WebhookEvent], object], **settings: Any) -> wsgi.WebhookApp:
        """Build an app."""
        return wsgi.WebhookApp(handler, **settings)

    def call(self, app: wsgi.WebhookApp, request: Request) -> Response:
        """Return the response, after the threads of the app have ended."""
        response = call_wsgi(app, environ_of(request))
        join_handlers()
        return response

    def handle_pending(self, app: wsgi.WebhookApp) -> int:
        """Handle the pending events."""
        return app.handle_pending()


def join_handlers() -> None:
    """Wait for the threads of the WSGI app."""
    for thread in threading.enumerate():
        if thread.name == "trackingmore-webhook":
            thread.join(TIMEOUT)


def scope_of(request: Request) -> dict[str, Any]:
    """Return the ASGI scope of a request; as under uvicorn, its path has the mount point."""
    headers = {"content-length": str(len(request.body))} | dict(request.headers)
    return {
        "type": "http",
        "method": request.method,
        "path": request.root + request.path,
        "root_path": request.root,
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }


async def call_asgi(
    app: Any, scope: Mapping[str, Any], parts: Iterable[Mapping[str, Any]]
) -> Response:
    """Call an app with the parts of a body; status 0 if it does not respond."""
    messages = iter(parts)
    sent: list[Any] = []

    async def receive() -> Any:
        return next(messages)

    async def send(message: Any) -> None:
        sent.append(message)

    await app(dict(scope), receive, send)
    return response_of(sent)


def response_of(sent: list[Any]) -> Response:
    """Return the response that consists of these ASGI messages."""
    if not sent:
        return Response(0)
    start, body = sent
    headers = {name.decode(): value.decode() for name, value in start["headers"]}
    return Response(start["status"], headers, body["body"])


def environ_of(request: Request) -> dict[str, Any]:
    """Return the WSGI environment of a request."""
    environ: dict[str, Any] = {}
    setup_testing_defaults(environ)
    headers = {"content-length": str(len(request.body))} | dict(request.headers)
    names = {name: name.upper().replace("-", "_") for name in headers}
    return environ | {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": request.root,
        "PATH_INFO": request.path,
        "QUERY_STRING": "",
        "wsgi.input": BytesIO(request.body),
        **{
            (names[name] if names[name] == "CONTENT_LENGTH" else f"HTTP_{names[name]}"): value
            for name, value in headers.items()
        },
    }


def call_wsgi(app: wsgi.WebhookApp, environ: dict[str, Any]) -> Response:
    """Call an app."""
    started: list[Any] = []
    body = b"".join(app(environ, lambda *args: started.append(args)))
    [(status, headers)] = started
    return Response(int(status.split()[0]), dict(headers), body)


class WatchedLog(MemoryEventLog):
    """An event log that records its calls, and can be away."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[str] = []
        self.has_ended = threading.Event()
        """Set when an event is done or released."""

        self.away: set[str] = set()
        """Methods that fail."""

    def _note(self, method: str) -> None:
        self.calls.append(method)
        if method in self.away:
            raise EventLogUnavailable(repr(self), "it is away")

    def claim(self, event: WebhookEvent) -> Claim:
        """Claim an event."""
        self._note("claim")
        return super().claim(event)

    def done(self, claim: Claim) -> bool:
        """Record that an event has been handled."""
        self._note("done")
        result = super().done(claim)
        self.has_ended.set()
        return result

    def release(self, claim: Claim) -> None:
        """Release an event."""
        self._note("release")
        super().release(claim)
        self.has_ended.set()

    def outcome(self, event: WebhookEvent) -> Outcome:
        """Return what the log says about an event."""
        return MemoryEventLog.claim(self, event).outcome


def changed(body: bytes, **data: Any) -> bytes:
    """Return a webhook with other fields in its tracking."""
    parsed = msgspec.json.decode(body)
    parsed["data"].update(data)
    return msgspec.json.encode(parsed)


BODY = example()
