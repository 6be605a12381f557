"""An embedded sandbox server for tests and scripts."""

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import CancelledError, Future
from contextlib import ExitStack, closing
from pathlib import Path
from types import TracebackType
from typing import Final, Self, TypeVar

import uvicorn
from starlette.applications import Starlette

from trackingmore_v2_sandbox.admin.python_api import AdminApi
from trackingmore_v2_sandbox.admin.service import AdminService
from trackingmore_v2_sandbox.core.clock import Clock
from trackingmore_v2_sandbox.core.settings import Settings
from trackingmore_v2_sandbox.http.api_keys import authenticate
from trackingmore_v2_sandbox.http.envelope import Rejection
from trackingmore_v2_sandbox.server.app import BASE_PATH, create_app
from trackingmore_v2_sandbox.server.startup import (
    configure,
    inspector_url,
    listen,
    new_token,
    open_database,
    origin_of,
    with_carriers,
)
from trackingmore_v2_sandbox.store.sql import Store

T = TypeVar("T")

API_KEY: Final = "00000000-0000-4000-8000-000000000001"
"""Default API key of a sandbox, which accepts any UUID."""

_LIVENESS_SECONDS: Final = 1.0
"""Interval in which a waiting call checks that the server's thread is alive."""


class Sandbox(AdminApi):
    """
    A running sandbox, on a free port of the loopback interface.

        with Sandbox() as sandbox:
            client = TrackingMore(api_key=sandbox.api_key, base_url=sandbox.base_url)

    Args:
        database: Path of an SQLite file, or URL of a PostgreSQL database. Default: memory.
        clock: Source of the time. Default: the system's clock.
        settings: Behaviour of the sandbox. Default: `Settings()`.
        carriers: JSON file with a response of `GET /carriers`, whose carriers replace those of the
            settings. Default: None.
        port: Port to listen on. Default: 0, a free one.
        admin_token: Token that requests under `/_sandbox` must send in `X-Sandbox-Token`.
            Default: a random one.

    Attributes:
        api_key: Default API key. The sandbox accepts any UUID as a key.
        admin_token: Token that requests under `/_sandbox` must send.
        clock: Clock of an account.
        faults: Faults for requests.
        webhooks: Webhook targets and deliveries.
        account: Limits and usage of an account.

    Raises:
        SandboxError: On entering, if the port, the database or the carriers cannot be
            used.
        ValueError: On entering, if the settings are invalid.
    """

    api_key: Final = API_KEY

    def __init__(  # noqa: PLR0913 - one argument per option
        self,
        database: Path | str | None = None,
        *,
        clock: Clock | None = None,
        settings: Settings | None = None,
        carriers: Path | str | None = None,
        port: int = 0,
        admin_token: str | None = None,
    ) -> None:
        super().__init__()
        self.admin_token: Final = admin_token or new_token()
        self._database = database
        self._machine_clock = clock
        self._settings = settings
        self._carriers = carriers
        self._port = port
        self._running: _Running | None = None

    @property
    def base_url(self) -> str:
        """Base URL of the API, up to and including `/v2`."""
        return f"{self._started().origin}{BASE_PATH}"

    @property
    def inspector_url(self) -> str:
        """URL of the inspector page, with the token in its fragment."""
        return inspector_url(self._started().origin, self.admin_token)

    def __repr__(self) -> str:
        return f"<Sandbox at {self.base_url}>" if self._running else "<Sandbox, not running>"

    def _run(self, act: Callable[[AdminService, str], Awaitable[T]], api_key: str | None) -> T:
        try:
            key = authenticate(api_key or self.api_key)
        except Rejection as error:
            raise ValueError("invalid API key; expected a UUID") from error
        return self._started().run(lambda admin: act(admin, admin.account_of_key(key)))

    def _started(self) -> "_Running":
        if self._running is None:
            raise RuntimeError("the sandbox is not running; use it in a with statement")
        return self._running

    def __enter__(self) -> Self:
        if self._running is not None:
            raise RuntimeError("the sandbox is already running")
        with ExitStack() as on_failure:
            settings = with_carriers(self._settings, self._carriers)
            store = on_failure.enter_context(closing(open_database(self._database)))
            app = create_app(store, self._machine_clock, settings, admin_token=self.admin_token)
            listener = listen("127.0.0.1", self._port)
            # From here on `_Running.stop()` closes the store.
            on_failure.pop_all()
        self._running = _Running(app, store, listener)
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._running is not None:
            self._running.stop()
            self._running = None


class _Running:
    """A server that runs in its own thread, with its own event loop."""

    def __init__(self, app: Starlette, store: Store, listener: socket.socket) -> None:
        self.origin = origin_of(listener)
        self._admin: AdminService = app.state.admin
        self._store = store
        self._server = _EmbeddedServer(configure(app))
        # The listener queues connections already, so there is no need to wait for the thread.
        self._thread = threading.Thread(
            target=self._server.run, args=([listener],), name="trackingmore-sandbox", daemon=True
        )
        self._thread.start()

    def run(self, act: Callable[[AdminService], Awaitable[T]]) -> T:
        """Run an action in the server's thread, and return its result."""
        if threading.current_thread() is self._thread:
            raise RuntimeError("cannot call the sandbox from its own thread; it would wait forever")

        async def call() -> T:
            return await act(self._admin)

        done = asyncio.run_coroutine_threadsafe(call(), self._server.loop.result())
        while True:
            try:
                return done.result(_LIVENESS_SECONDS)
            except CancelledError:
                raise RuntimeError("the sandbox was stopped during the call") from None
            except TimeoutError:
                # Raised by the action itself, or because it is not finished yet.
                if done.done():
                    raise
                if not self._thread.is_alive():
                    raise RuntimeError("the sandbox was stopped during the call") from None

    def stop(self) -> None:
        self._server.should_exit = True
        # The store must not close under a running request.
        self._thread.join()
        self._store.close()


class _EmbeddedServer(uvicorn.Server):
    """A uvicorn server that exposes its event loop as a future."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.loop: Future[asyncio.AbstractEventLoop] = Future()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        # Before the actual startup, so that a call from another thread never waits for it.
        self.loop.set_result(asyncio.get_running_loop())
        await super().startup(sockets)
