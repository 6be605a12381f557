"""The response to one request: run the stages, apply the fault, send the message, write the log."""

from functools import partial
from time import perf_counter, time
from typing import Final

from msgspec import Struct
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from trackingmore_v2_api import API_KEY_HEADER, ApiCode
from trackingmore_v2_api.salvage import peek
from trackingmore_v2_sandbox.faults.connection import connection_of
from trackingmore_v2_sandbox.faults.injector import FaultInjector
from trackingmore_v2_sandbox.faults.instructions import Instruction, write
from trackingmore_v2_sandbox.faults.plan import plan_named_by
from trackingmore_v2_sandbox.hints.hint import HEADER as HINT_HEADER
from trackingmore_v2_sandbox.hints.hint import header_value
from trackingmore_v2_sandbox.http.dates import NAME as DATE_HEADER
from trackingmore_v2_sandbox.http.dates import date_value
from trackingmore_v2_sandbox.http.request import read_body, received
from trackingmore_v2_sandbox.http.routing import RouteMatch
from trackingmore_v2_sandbox.pipeline.pipeline import ExecutedResponse, Pipeline, PreparedRequest
from trackingmore_v2_sandbox.pipeline.request_log import ExchangeRecord, RequestLog, kept_headers

HEADERS: Final = {"X-Sandbox": "1"}
_CONTENT_TYPE: Final = (b"content-type", b"application/json")
_RAW_HEADERS: Final = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
_DATE: Final = DATE_HEADER.lower().encode()
_HINT: Final = HINT_HEADER.lower().encode()


class Responder(Struct, frozen=True):
    """The driver of the pipeline: it sends responses and writes the log."""

    pipeline: Pipeline
    log: RequestLog

    async def respond(self, found: RouteMatch, scope: Scope, receive: Receive, send: Send) -> None:
        """Respond to a request; a fault may keep the response from arriving as it should."""
        operations, parameters = found
        try:
            body = await read_body(receive, self.pipeline.settings.max_body_bytes)
        except ClientDisconnect:
            return
        began = perf_counter()
        request = self.pipeline.prepare(received(scope, parameters, body), operations)
        plan = plan_named_by(scope)
        try:
            fault = self.pipeline.choose_fault(request, plan)
        except Exception as error:  # noqa: BLE001 - becomes a response
            request, fault = self.pipeline.fail(request, error), None
        # The short path of nearly all requests.
        if fault is None:
            response = self.pipeline.execute(request)
            self._record(request, scope, began, response, None)
            await _send(request, response, scope, send)
            return
        injector = FaultInjector(
            scope=scope,
            receive=receive,
            send=send,
            execute=partial(self.pipeline.execute, request),
            skip=partial(self.pipeline.skip, request),
            build=partial(_build, request),
            record=partial(self._record, request, scope, began),
            restore=partial(
                self.pipeline.faults.restore, request.account, plan, request.operation_id
            ),
        )
        await injector.inject(fault)

    def _record(
        self,
        request: PreparedRequest,
        scope: Scope,
        began: float,
        response: ExecutedResponse,
        fault: Instruction | None,
    ) -> None:
        sent = request.received
        elapsed = perf_counter() - began
        exchange = ExchangeRecord(
            at=response.at,
            arrived_at=time() - elapsed,
            method=sent.method,
            path=sent.path,
            query=sent.query,
            headers=kept_headers(scope["headers"]),
            request=sent.body or b"",
            operation=request.operation_id or None,
            status=response.status,
            # A fault may have changed the code in the body, or removed it.
            code=peek(response.content).code if fault else response.code or None,
            response=response.content,
            hints=response.hints,
            fault=write(fault) if fault else None,
            milliseconds=elapsed * 1000,
        )
        # An invalid key may be a real one of another provider, so it is masked as well.
        key = request.key or sent.headers.get(API_KEY_HEADER, "")
        self.log.append(request.account, exchange, key)


async def _send(
    request: PreparedRequest, response: ExecutedResponse, scope: Scope, send: Send
) -> None:
    """Send what `_build` would send, in half the time."""
    size = (b"content-length", b"%d" % len(response.content))
    head = [size, _CONTENT_TYPE, *_headers(request, response)]
    connection = connection_of(scope)
    if connection:
        connection.hold()
    try:
        await send({"type": "http.response.start", "status": response.status, "headers": head})
        await send({"type": "http.response.body", "body": response.content})
    finally:
        if connection:
            connection.flush()


def _build(request: PreparedRequest, response: ExecutedResponse) -> Response:
    built = Response(response.content, response.status, media_type=response.media_type)
    built.raw_headers += _headers(request, response)
    return built


def _headers(request: PreparedRequest, response: ExecutedResponse) -> list[tuple[bytes, bytes]]:
    # A client compares it with `created_at`, which follows the account's clock.
    headers = [*_RAW_HEADERS, (_DATE, date_value(response.at).encode())]
    if response.hints:
        headers.append((_HINT, header_value(response.hints).encode("latin-1")))
    if request.rejection is not None and request.rejection.code == ApiCode.METHOD_NOT_ALLOWED:
        # Methods that the contract does not name are accepted, but not offered.
        allowed = {each.method for each in request.operations.values()}
        headers.append((b"allow", ", ".join(sorted(allowed)).encode()))
    return headers
