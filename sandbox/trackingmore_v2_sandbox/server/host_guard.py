"""The rejection of requests to unknown host names (DNS rebinding)."""

from collections.abc import Awaitable
from time import time

from msgspec import Struct
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from trackingmore_v2_api import API_KEY_HEADER, ApiCode
from trackingmore_v2_sandbox.hints import explain
from trackingmore_v2_sandbox.hints.hint import HEADER as HINT_HEADER
from trackingmore_v2_sandbox.hints.hint import header_value
from trackingmore_v2_sandbox.http.dates import with_date
from trackingmore_v2_sandbox.http.envelope import Rejection, rejection
from trackingmore_v2_sandbox.http.guards import is_host_allowed
from trackingmore_v2_sandbox.http.request import received
from trackingmore_v2_sandbox.pipeline.request_log import ExchangeRecord, RequestLog, kept_headers
from trackingmore_v2_sandbox.pipeline.responder import HEADERS


class HostGuard(Struct, frozen=True):
    """ASGI middleware that rejects requests with an unknown `Host` header, and logs them."""

    app: ASGIApp
    allowed: frozenset[str]
    log: RequestLog

    # Not `async def`: that would add a coroutine to every request.
    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Pass a request on if its host is known, or respond with 403."""
        server = scope.get("server") or (None,)
        if scope["type"] != "http" or is_host_allowed(_hosts(scope), self.allowed, server[0]):
            return self.app(scope, receive, send)
        return self._reject(scope)(scope, receive, with_date(send, time))

    def _reject(self, scope: Scope) -> Response:
        error = Rejection(ApiCode.FORBIDDEN)
        request = received(scope, {}, b"")
        hints = explain(error, request, None, ())
        content = rejection(error.code)
        now = time()
        exchange = ExchangeRecord(
            at=now,
            arrived_at=now,
            method=request.method,
            path=request.path,
            query=request.query,
            headers=kept_headers(scope["headers"]),
            request=b"",
            operation=None,
            status=403,
            code=error.code,
            response=content,
            hints=hints,
            milliseconds=0,
        )
        # The key may be valid, but such a request must not touch its account.
        self.log.append("", exchange, request.headers.get(API_KEY_HEADER, ""))
        headers = {**HEADERS, HINT_HEADER: header_value(hints)}
        return Response(content, 403, headers, media_type="application/json")


def _hosts(scope: Scope) -> list[str]:
    return [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
