"""
Target: the whole sandbox as an ASGI app, with a fixed clock and without a socket.

Each input is a sequence of requests to an empty sandbox.
"""

import asyncio
import logging
from contextlib import closing
from datetime import UTC, datetime
from typing import Any, Final

from starlette.applications import Starlette

from trackingmore_v2_sandbox import SettableClock, SqliteStore, create_app
from trackingmore_v2_sandbox.admin.routes import BASE_PATH
from trackingmore_v2_sandbox.admin.routes import OPERATIONS as ADMIN_OPERATIONS
from trackingmore_v2_sandbox.webhooks.sender import SendResult

from .http_text import SEPARATOR, Scope, documented_requests, parse_requests

TOKEN: Final = "token"  # noqa: S105 - of no other sandbox
NOW: Final = datetime(2026, 3, 1, 12, tzinfo=UTC)
_CREATE: Final = (
    b'POST /v2/trackings/post\n\n{"tracking_number":"LK664578623CN","carrier_code":"ups"}'
)


def run(data: bytes) -> None:
    """Send requests; raise the first internal error of the sandbox, which logs them."""
    records: list[logging.LogRecord] = []

    def collect(record: logging.LogRecord) -> bool:
        records.append(record)
        return False

    logger = logging.getLogger("trackingmore_v2_sandbox")
    logger.addFilter(collect)
    try:
        asyncio.run(_send_all(parse_requests(data)))
    finally:
        logger.removeFilter(collect)
    for record in records:
        if record.exc_info and record.exc_info[1]:
            raise record.exc_info[1]


async def _send_all(requests: list[tuple[Scope, bytes]]) -> None:
    async def send_webhook(_url: str, _body: str) -> SendResult:
        return SendResult(200)

    with closing(SqliteStore()) as store:
        app = create_app(store, SettableClock(NOW), send_webhook=send_webhook, admin_token=TOKEN)
        async with app.router.lifespan_context(app):
            for scope, body in requests:
                await _send(app, scope, body)


async def _send(app: Starlette, scope: Scope, body: bytes) -> None:
    """Send a request and disconnect, so that a slow response does not take long."""
    incoming = iter([{"type": "http.request", "body": body}])
    sent: list[Any] = []

    async def receive() -> Any:
        return next(incoming, {"type": "http.disconnect"})

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)
    if sent:
        assert sent[0]["type"] == "http.response.start"
        assert 200 <= sent[0]["status"] <= 599
        assert len(sent) > 1
        assert not sent[-1].get("more_body")


def seeds() -> list[bytes]:
    """Return each request of the API and of the admin API, after a create."""
    parameters = {"carrier": "ups", "number": "LK664578623CN", "id": "1"}
    admin = [
        f"{method} {BASE_PATH}{path.format_map(parameters)}\nx-sandbox-token: {TOKEN}".encode()
        for path, operations in ADMIN_OPERATIONS.items()
        for method in operations
    ]
    return [SEPARATOR.join((_CREATE, it)) for it in (*documented_requests(), *admin)]
