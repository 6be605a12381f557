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
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Lifespan, Receive, Scope, Send

from trackingmore_v2_api import BASE_URL
from trackingmore_v2_sandbox.admin import AdminService, control_routes
from trackingmore_v2_sandbox.core.clock import Clock, SystemClock
from trackingmore_v2_sandbox.core.settings import Settings
from trackingmore_v2_sandbox.core.time_engine import TimeEngine
from trackingmore_v2_sandbox.faults import FaultRepository, plan_named_by
from trackingmore_v2_sandbox.hints import HEADER as HINT_HEADER
from trackingmore_v2_sandbox.hints import explain, header_value
from trackingmore_v2_sandbox.http.envelope import ApiCode, Rejection, rejection
from trackingmore_v2_sandbox.http.guards import is_host_allowed
from trackingmore_v2_sandbox.http.request import read_body, received
from trackingmore_v2_sandbox.http.routing import NOTHING, Found, Routes
from trackingmore_v2_sandbox.pipeline.pipeline import FaultsAhead, Pipeline, RequestContext
from trackingmore_v2_sandbox.pipeline.request_log import RequestLog
from trackingmore_v2_sandbox.pipeline.responder import HEADERS, Responder
from trackingmore_v2_sandbox.store import Store
from trackingmore_v2_sandbox.webhooks import DueWork, HttpSender, Outbox, UrlPolicy, WebhookWorker
from trackingmore_v2_sandbox.webhooks import Send as SendWebhook

BASE_PATH: Final = urlsplit(BASE_URL).path


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
    policy = UrlPolicy.read(settings.webhook_hosts, allow_private=settings.webhook_private)
    send = send_webhook or HttpSender(policy, timeout=settings.webhook_timeout)
    outbox = Outbox(store, send, settings.email, settings.webhook_attempts)
    time_engine = TimeEngine(
        store, clock or SystemClock(), outbox.on_change, outbox.deliver, settings.default_clock
    )
    worker = WebhookWorker(DueWork(store, time_engine))
    log = RequestLog(settings.log_exchanges)
    faults = FaultRepository(store)
    pipeline = Pipeline(store, time_engine, settings, worker, faults, log)
    control = AdminService(store, time_engine, settings, faults, log, outbox, worker, policy)
    routes = [] if control_token is None else control_routes(control, control_token)
    endpoint = _ApiEndpoint(pipeline)
    guard = Middleware(_HostGuard, allowed=frozenset(map(str.lower, settings.allowed_hosts)))
    api = Middleware(_Api, endpoint=endpoint, routes=Routes(BASE_PATH))
    app = Starlette(routes=routes, middleware=[guard, api], lifespan=_looking_after(store, worker))
    # No route would do: a target may be a whole URL, whose path starts with no slash.
    app.router.default = _stray(endpoint)
    app.state.log = log
    app.state.control = control
    return app


def _looking_after(store: Store, worker: WebhookWorker) -> Lifespan[Starlette]:
    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncGenerator[None]:
        """Look after the accounts that have webhook targets, as long as the app runs."""
        with store.transaction(write=False):
            accounts = store.accounts_with_targets()
        for each in accounts:
            worker.start(each.account)
        yield
        await worker.stop()

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
        no = Rejection(ApiCode.FORBIDDEN)
        hints = explain(no, received(scope, {}, b""), None, ())
        headers = {**HEADERS, HINT_HEADER: header_value(hints)}
        response = Response(rejection(no.code), 403, headers, media_type="application/json")
        await response(scope, receive, send)


def _hosts(scope: Scope) -> list[str]:
    return [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]


@dataclass(frozen=True, slots=True)
class _Api:
    """Takes what goes to the API, before the routes of the control are tried one by one."""

    app: ASGIApp
    endpoint: "_ApiEndpoint"
    routes: Routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = self.routes.find(scope["path"]) if scope["type"] == "http" else NOTHING
        if found is NOTHING:
            await self.app(scope, receive, send)
        else:
            await self.endpoint(scope, receive, send, found)


@dataclass(frozen=True, slots=True)
class _ApiEndpoint:
    """Answers a request, whatever happens."""

    pipeline: Pipeline

    async def __call__(self, scope: Scope, receive: Receive, send: Send, found: Found) -> None:
        operations, parameters = found
        try:
            body = await read_body(receive, self.pipeline.settings.max_body_bytes)
        except ClientDisconnect:
            return
        context = RequestContext(
            received=received(scope, parameters, body),
            operations=operations,
            plan=plan_named_by(scope),
        )
        responder = Responder(self.pipeline, context, scope, receive, perf_counter())
        try:
            answer = responder.carry_out()
        except FaultsAhead:
            await responder.run_into_fault(send)
        else:
            await responder.send(answer, send)


def _stray(endpoint: _ApiEndpoint) -> ASGIApp:
    """Answer what goes nowhere."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await endpoint(scope, receive, send, NOTHING)

    return app
