"""
The whole sandbox, asked stories of requests without a socket, under a clock that stands still.

It never fails inside, whatever is asked: its logger tells where it would.
"""

import asyncio
import logging
from collections.abc import Iterable, Iterator, MutableMapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final

from starlette.applications import Starlette

from trackingmore_v2_api import OPERATIONS
from trackingmore_v2_sandbox import SettableClock, Store, create_app
from trackingmore_v2_sandbox.admin.routes import BASE_PATH
from trackingmore_v2_sandbox.admin.routes import OPERATIONS as CONTROL
from trackingmore_v2_sandbox.webhooks.sender import SendResult

from . import requests
from .documents import documents
from .request_text import Scope, requests_of
from .scratch import empty_store
from .target import Target

TOKEN: Final = "token"  # noqa: S105 - of no other sandbox than these
NOW: Final = datetime(2026, 3, 1, 12, tzinfo=UTC)
_FIRST: Final = (
    b'POST /v2/trackings/post\n\n{"tracking_number":"LK664578623CN","carrier_code":"ups"}'
)
_CONTROL_BODIES: Final = {
    "/account": b'{"quota":null,"used":3,"rate_limited":true}',
    "/clock": b'{"now":"2026-03-01T12:00:00Z","speed":2.5}',
    "/clock/advance": b'{"seconds":86400}',
    "/faults": b'{"instructions":{"getTracking":["status=503"]},"name":"mine"}',
    "/webhooks": b'{"url":"http://127.0.0.1:9/","statuses":["transit"],"duplicate":true}',
    "/seed": b'{"parcels":[{"carrier_code":"ups","tracking_number":"SANDBOX-TRANSIT-2H-PICKUP"}]}',
    "/snapshot": b'{"format":"trackingmore-sandbox 1"}',
}


class _Alarm(logging.Handler):
    """Keeps what went wrong inside."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.found: Final[list[BaseException]] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the error that is logged."""
        if record.exc_info and record.exc_info[1]:
            self.found.append(record.exc_info[1])


def run(data: bytes) -> None:
    """Ask a sandbox that knows nothing yet: it answers whatever comes, and nothing fails inside."""
    with _alarm() as found, empty_store() as store:
        _loop().run_until_complete(_ask(store, requests_of(data)))
        if found:
            raise found[0]


@contextmanager
def _alarm() -> Iterator[list[BaseException]]:
    alarm = _Alarm()
    logger = logging.getLogger("trackingmore_v2_sandbox")
    logger.addHandler(alarm)
    logger.propagate = False
    try:
        yield alarm.found
    finally:
        logger.removeHandler(alarm)
        logger.propagate = True


async def _deliver(_url: str, _body: str) -> SendResult:
    return SendResult(200)


@cache
def _loop() -> asyncio.AbstractEventLoop:
    return asyncio.new_event_loop()


async def _ask(store: Store, story: Iterable[tuple[Scope, bytes]]) -> None:
    app = create_app(store, SettableClock(NOW), send_webhook=_deliver, control_token=TOKEN)
    async with app.router.lifespan_context(app):
        for scope, body in story:
            await _ask_once(app, scope, body)


async def _ask_once(app: Starlette, scope: Scope, body: bytes) -> None:
    """Send one request and go away, so that nobody waits long for a slow answer."""
    incoming = iter([{"type": "http.request", "body": body}])
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return next(incoming, {"type": "http.disconnect"})

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    await app(scope, receive, send)
    if sent:
        first, *rest = sent
        assert first["type"] == "http.response.start"
        assert 200 <= first["status"] <= 599
        assert rest, "a head without a body"
        assert not rest[-1].get("more_body")


def seeds() -> list[bytes]:
    """Return stories: each request of the API after a creation, and each of the control."""
    bodies = {each.operation: each.body for each in documents() if each.is_request}
    api = [
        requests.request(operation, bodies.get(operation.id, b""))
        for operation in OPERATIONS.values()
    ]
    control = [
        _control_request(method, path)
        for path, operations in CONTROL.items()
        for method in operations
    ]
    return [b"\n%%\n".join((_FIRST, each)) for each in (*api, *control)]


def _control_request(method: str, path: str) -> bytes:
    filled = path.replace("{carrier}", "ups").replace("{number}", "LK664578623CN")
    head = f"{method} {BASE_PATH}{filled}\nx-sandbox-token: {TOKEN}\n\n"
    return head.encode() + _CONTROL_BODIES.get(path, b"")


TARGET: Final = Target(
    "app",
    run,
    seeds,
    tokens=(
        *(b"\n%%\n", b"GET ", b"POST ", b"PUT ", b"PATCH ", b"DELETE ", b"HEAD ", b"CONNECT "),
        *(b"/_sandbox/", b"x-sandbox-token: token\n", b"trackingmore-api-key: \n", b"host: evil\n"),
        *(b"SANDBOX-SLOW-5S", b"SANDBOX-BROKEN-JSON", b"SANDBOX-FAIL-500", b"SANDBOX-HTTP-302"),
        *(
            b"/v2/trackings/get",
            b"/v2/trackings/batch",
            b"/v2/carriers/detect",
            b"?limit=0",
            b"%00",
        ),
        *(b'{"seconds":4102444800}', b'"to":"9999-12-31T23:59:59Z"', b"x-sandbox-fault-plan: mine"),
    ),
    share=0,
)
