"""
The sandbox as an ASGI app.

The routes of the API come from the contract's registry of operations. The API responds with HTTP
200 and an envelope, also for errors. Other statuses come from planned faults and scenario numbers;
a CONNECT request gets 405, a request to an unknown host name 403, and one beyond the limits of
`http/connection_limits.py` 408 or 431. The admin API responds with 200, 401, 403, 404, 405, 413,
422 or 500, and its health check with 200 or 503. Every response has the header `X-Sandbox: 1`.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from time import time
from typing import Final
from urllib.parse import urlsplit

from msgspec import Struct
from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send

from trackingmore_v2_api import BASE_URL, OPERATIONS
from trackingmore_v2_sandbox.admin.routes import admin_routes
from trackingmore_v2_sandbox.admin.service import AdminService
from trackingmore_v2_sandbox.api import require_handlers
from trackingmore_v2_sandbox.core.clock import Clock, steady_clock
from trackingmore_v2_sandbox.core.settings import Settings
from trackingmore_v2_sandbox.core.time_engine import TimeEngine
from trackingmore_v2_sandbox.faults.repository import FaultRepository
from trackingmore_v2_sandbox.http.dates import with_date
from trackingmore_v2_sandbox.http.guards import parse_host_name
from trackingmore_v2_sandbox.http.routing import NO_MATCH, RouteMatch, Routes
from trackingmore_v2_sandbox.pipeline.pipeline import Pipeline
from trackingmore_v2_sandbox.pipeline.request_log import OnExchange
from trackingmore_v2_sandbox.pipeline.responder import Responder
from trackingmore_v2_sandbox.pipeline.store_log import open_log
from trackingmore_v2_sandbox.server.cors import add_cors
from trackingmore_v2_sandbox.server.host_guard import HostGuard
from trackingmore_v2_sandbox.store.sql import Store
from trackingmore_v2_sandbox.webhooks.outbox import Outbox
from trackingmore_v2_sandbox.webhooks.sender import HttpSender
from trackingmore_v2_sandbox.webhooks.sender import Send as SendWebhook
from trackingmore_v2_sandbox.webhooks.url_policy import UrlPolicy
from trackingmore_v2_sandbox.webhooks.worker import DueWork, WebhookWorker

BASE_PATH: Final = urlsplit(BASE_URL).path


def create_app(  # noqa: PLR0913 - one argument for each part that a caller may replace
    store: Store,
    clock: Clock | None = None,
    settings: Settings | None = None,
    *,
    send_webhook: SendWebhook | None = None,
    admin_token: str | None = None,
    on_exchange: OnExchange | None = None,
) -> Starlette:
    """
    Build the ASGI app of the sandbox.

    Args:
        store: Storage of the state. The caller closes it.
        clock: Source of the time. Default: the system's clock.
        settings: Behaviour of the sandbox. Default: `Settings()`.
        send_webhook: Function that sends webhooks. Default: HTTP requests to hosts that the
            settings allow.
        admin_token: Token that requests under `/_sandbox` must send. Default: None, no such
            routes.
        on_exchange: Function that is called with each exchange of the request log. Default: None.

    Returns:
        The app; `app.state.log` holds the request log, and `app.state.admin` the `AdminService`.

    Raises:
        ValueError: `settings.webhook_hosts`, `settings.allowed_hosts` or `settings.cors_origins`
            has an invalid entry, or an operation of the contract has no handler.
    """
    require_handlers(OPERATIONS)
    settings = settings or Settings()
    policy = UrlPolicy.read(settings.webhook_hosts, allow_private=settings.webhook_private)
    # Tests pass a function that records instead of sending.
    send = send_webhook or HttpSender(policy, timeout=settings.webhook_timeout)
    outbox = Outbox(store, send, settings.email, settings.webhook_attempts)
    time_engine = TimeEngine(
        store, steady_clock(clock), outbox.on_change, outbox.deliver, settings.default_clock
    )
    worker = WebhookWorker(DueWork(store, time_engine), partial(_accounts_with_targets, store))
    log = open_log(store, settings.log_exchanges, on_exchange)
    faults = FaultRepository(store)
    responder = Responder(Pipeline(store, time_engine, settings, worker, faults), log)
    admin = AdminService(store, time_engine, settings, faults, log, outbox, worker, policy)
    routes = [] if admin_token is None else admin_routes(admin, admin_token)
    allowed_hosts = frozenset(map(parse_host_name, settings.allowed_hosts))
    app = Starlette(routes=routes, lifespan=partial(_lifespan, worker))
    # A catch-all route would miss absolute request targets, whose path has no leading slash.
    app.router.default = partial(responder.respond, NO_MATCH)
    # Around Starlette's own middleware: the API handles its exceptions itself.
    api = _Api(app.build_middleware_stack(), responder.respond, Routes(BASE_PATH))
    with_cors = add_cors(api, BASE_PATH, settings.cors_origins)
    app.middleware_stack = HostGuard(with_cors, allowed_hosts, log)
    app.state.log = log
    app.state.admin = admin
    return app


@asynccontextmanager
async def _lifespan(worker: WebhookWorker, _app: Starlette) -> AsyncGenerator[None]:
    """Run the webhook worker for all accounts with targets while the app runs."""
    # A database from an earlier run can have deliveries that are due without any request.
    worker.watch()
    yield
    await worker.stop()


def _accounts_with_targets(store: Store) -> list[str]:
    with store.transaction(write=False):
        return store.accounts_with_targets()


class _Api(Struct, frozen=True):
    """ASGI middleware that serves API requests before Starlette tries the admin routes."""

    app: ASGIApp
    respond: Callable[[RouteMatch, Scope, Receive, Send], Awaitable[None]]
    routes: Routes

    # Not `async def`, as above.
    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        found = self.routes.find(scope["path"]) if scope["type"] == "http" else NO_MATCH
        if found is NO_MATCH:
            # Only the responses of the API follow the clock of an account.
            return self.app(scope, receive, with_date(send, time))
        return self.respond(found, scope, receive, send)
