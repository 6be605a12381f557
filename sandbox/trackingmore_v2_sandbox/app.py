"""
The sandbox as an ASGI app.

Routes come from the contract's registry of operations. Every answer is HTTP 200 with an envelope,
refusals included, and says `X-Sandbox: 1`. Only strangers and planned faults meet other statuses.
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import Final
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Lifespan, Receive, Scope, Send

from trackingmore_v2_api import API_KEY_HEADER, BASE_URL

from .clock import Clock, SystemClock
from .control import Control, control_routes
from .envelope import Code, Refusal, refusal
from .exchange import Exchanges, FaultsAhead, Turn
from .faults import Answer, FaultBook, Instruction, Mishap, Pass, plan_named_by, write
from .guards import is_host_allowed
from .hints import HEADER as HINT_HEADER
from .hints import explain, header_value
from .log import Exchange, Log, kept_headers
from .passage import Passage
from .received import Received, read_body
from .routing import NOTHING, Found, Routes
from .settings import Settings
from .store import Store
from .webhooks import HttpSender, Look, Outbox, Policy, Ticker
from .webhooks import Send as SendWebhook

BASE_PATH: Final = urlsplit(BASE_URL).path
_HEADERS: Final = {"X-Sandbox": "1"}


def create_app(
    store: Store,
    clock: Clock | None = None,
    settings: Settings | None = None,
    *,
    send_webhook: SendWebhook | None = None,
    control_token: str | None = None,
) -> Starlette:
    """
    Make the ASGI app that answers like the API.

    What was asked and answered is kept in `app.state.log`; `app.state.control` is what its owner
    can do with it.

    Args:
        store: Where the state is kept. The caller closes it.
        clock: Where the time comes from. Default: the system's clock.
        settings: How to answer. Default: `Settings()`.
        send_webhook: Sends webhooks. Default: real requests to where the settings allow it.
        control_token: What requests under `/_sandbox` must say. Default: there are no such routes.

    Raises:
        ValueError: The settings allow webhooks to a host that cannot be read.
    """
    settings = settings or Settings()
    policy = Policy.read(settings.webhook_hosts, allow_private=settings.webhook_private)
    send = send_webhook or HttpSender(policy, timeout=settings.webhook_timeout)
    outbox = Outbox(store, send, settings.email, settings.webhook_attempts)
    passage = Passage(
        store, clock or SystemClock(), outbox.on_change, outbox.deliver, settings.usual_clock
    )
    ticker = Ticker(Look(store, passage))
    log = Log(settings.log_exchanges)
    faults = FaultBook(store)
    exchanges = Exchanges(store, passage, settings, ticker, faults, log)
    control = Control(store, passage, settings, faults, log, outbox, ticker, policy)
    routes = [] if control_token is None else control_routes(control, control_token)
    endpoint = _Endpoint(exchanges)
    guard = Middleware(_HostGuard, allowed=frozenset(map(str.lower, settings.allowed_hosts)))
    api = Middleware(_Api, endpoint=endpoint, routes=Routes(BASE_PATH))
    app = Starlette(routes=routes, middleware=[guard, api], lifespan=_looking_after(store, ticker))
    # No route would do: a target may be a whole URL, whose path starts with no slash.
    app.router.default = _stray(endpoint)
    app.state.log = log
    app.state.control = control
    return app


def _looking_after(store: Store, ticker: Ticker) -> Lifespan[Starlette]:
    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncGenerator[None]:
        """Look after the accounts that have webhook targets, as long as the app runs."""
        with store.transaction(write=False):
            accounts = store.accounts_with_targets()
        for each in accounts:
            ticker.start(each.account)
        yield
        await ticker.stop()

    return lifespan


@dataclass(frozen=True, slots=True)
class _HostGuard:
    """Lets nobody in who calls the sandbox by a name that is not its own."""

    app: ASGIApp
    allowed: frozenset[str]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        server = scope.get("server") or (None,)
        if scope["type"] != "http" or is_host_allowed(_hosts(scope), self.allowed, server[0]):
            await self.app(scope, receive, send)
            return
        no = Refusal(Code.FORBIDDEN)
        hints = explain(no, _received(Request(scope), b""), None, ())
        headers = {**_HEADERS, HINT_HEADER: header_value(hints)}
        response = Response(refusal(no.code), 403, headers, media_type="application/json")
        await response(scope, receive, send)


def _hosts(scope: Scope) -> list[str]:
    return [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]


@dataclass(frozen=True, slots=True)
class _Api:
    """Takes what goes to the API, before the routes of the control are tried one by one."""

    app: ASGIApp
    endpoint: "_Endpoint"
    routes: Routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = self.routes.find(scope["path"]) if scope["type"] == "http" else NOTHING
        if found is NOTHING:
            await self.app(scope, receive, send)
        else:
            await self.endpoint(scope, receive, send, found)


@dataclass(frozen=True, slots=True)
class _Endpoint:
    """Answers a request, whatever happens."""

    exchanges: Exchanges

    async def __call__(self, scope: Scope, receive: Receive, send: Send, found: Found) -> None:
        request = Request(scope, receive)
        operations, scope["path_params"] = found
        try:
            body = await read_body(request, self.exchanges.settings.max_body_bytes)
        except ClientDisconnect:
            return
        turn = Turn(
            received=_received(request, body), operations=operations, plan=plan_named_by(scope)
        )
        reply = _Reply(self.exchanges, turn, request, perf_counter())
        try:
            answer = reply.carry_out()
        except FaultsAhead:
            await reply.run_into_fault(send)
        else:
            await reply.respond(answer)(scope, receive, send)


def _stray(endpoint: _Endpoint) -> ASGIApp:
    """Answer what goes nowhere."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await endpoint(scope, receive, send, NOTHING)

    return app


@dataclass(slots=True)
class _Reply:
    """One request and the making of its answer."""

    exchanges: Exchanges
    turn: Turn
    request: Request
    began: float
    fault: Instruction | None = None

    def carry_out(self) -> Answer:
        """Do what the request says, and give its real answer."""
        content = self.exchanges.answer(self.turn)
        # To a client that asks for a tunnel, any good status would mean that it has got one.
        status = Code.METHOD_NOT_ALLOWED if self.turn.received.method == "CONNECT" else 200
        return Answer(content, int(status))

    async def run_into_fault(self, send: Send) -> None:
        """Let the request meet its fault, if its plan or its numbers have one for it."""
        turn, book = self.turn, self.exchanges.faults
        operation_id = turn.operation.id if turn.operation else ""
        planned = book.take(turn.account, turn.plan, operation_id)
        self.fault = planned if planned not in (None, Pass()) else turn.by_number

        def put_back(fault: Instruction) -> None:
            book.put_back(turn.account, turn.plan, operation_id, fault)
            self.fault = None

        mishap = Mishap(
            scope=self.request.scope,
            receive=self.request.receive,
            send=send,
            carry_out=self.carry_out,
            respond=self.respond,
            put_back=put_back,
        )
        await mishap.happen(self.fault or Pass())

    def respond(self, answer: Answer) -> Response:
        """Make the message that is sent, and keep it in the log."""
        self._note(answer)
        return Response(
            answer.content, answer.status, self._headers(), media_type=answer.media_type
        )

    def _headers(self) -> dict[str, str]:
        headers = dict(_HEADERS)
        if self.turn.hints:
            headers[HINT_HEADER] = header_value(self.turn.hints)
        operations = self.turn.operations
        if operations and self.turn.received.method not in operations:
            # What the contract does not name is tolerated, but not offered.
            headers["Allow"] = ", ".join(sorted({each.method for each in operations.values()}))
        return headers

    def _note(self, answer: Answer) -> None:
        turn, received = self.turn, self.turn.received
        exchange = Exchange(
            at=turn.at or self.exchanges.passage.now(None).timestamp(),
            method=received.method,
            path=received.path,
            query=received.query,
            headers=kept_headers(self.request.scope["headers"]),
            request=received.body or b"",
            operation=turn.operation.id if turn.operation else None,
            status=answer.status,
            code=turn.code or None,
            answer=answer.content,
            hints=turn.hints,
            fault=write(self.fault) if self.fault else None,
            milliseconds=(perf_counter() - self.began) * 1000,
        )
        key = turn.key or received.headers.get(API_KEY_HEADER, "")
        self.exchanges.log.append(turn.account, exchange, key)


def _received(request: Request, body: bytes | None) -> Received:
    return Received(
        method=request.method,
        path=request.scope["path"],
        query=request.scope["query_string"].decode("latin-1"),
        parameters=request.path_params,
        headers=request.headers,
        body=body,
    )
