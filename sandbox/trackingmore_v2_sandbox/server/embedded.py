"""The sandbox as a server that is embedded in a test or a script."""

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

from trackingmore_v2_sandbox.admin import AdminApi, AdminService
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
)
from trackingmore_v2_sandbox.store import Store

T = TypeVar("T")

API_KEY: Final = "00000000-0000-4000-8000-000000000001"
"""A key to use with a sandbox; any other UUID is as good."""

_PATIENCE: Final = 1.0
"""Seconds between two looks at whether a server that should answer is still there."""


class Sandbox(AdminApi):
    """
    A running sandbox, on a free port of the loopback interface.

        with Sandbox() as sandbox:
            client = TrackingMore(api_key=sandbox.api_key, base_url=sandbox.base_url)

    Args:
        database: What keeps the state: an SQLite file, or the URL of a PostgreSQL database.
            Default: memory.
        clock: Where the time comes from. Default: the system's clock.
        settings: How to answer. Default: `Settings()`.
        port: Port to listen on. Default: a free one.
        control_token: What requests under `/_sandbox` must say in `X-Sandbox-Token`. Default: one
            that nobody can guess.

    Attributes:
        api_key: A key that the sandbox accepts, like any other UUID.
        control_token: What requests under `/_sandbox` must say.
        clock: The time of an account.
        faults: What goes wrong with requests.
        webhooks: Who is told of news.
        account: What an account may do, and has used.

    Raises:
        SandboxError: On entering, when the port or the database cannot be used.
        ValueError: On entering, when the settings cannot be used.
    """

    api_key: Final = API_KEY

    def __init__(
        self,
        database: Path | str | None = None,
        *,
        clock: Clock | None = None,
        settings: Settings | None = None,
        port: int = 0,
        control_token: str | None = None,
    ) -> None:
        super().__init__()
        self.control_token: Final = control_token or new_token()
        self._database = database
        self._machine_clock = clock
        self._settings = settings
        self._port = port
        self._running: _Running | None = None

    @property
    def base_url(self) -> str:
        """Where the API is, up to and including `/v2`."""
        return f"{self._started().origin}{BASE_PATH}"

    @property
    def inspector_url(self) -> str:
        """Where the page is that shows what happens; the address holds the control's token."""
        return inspector_url(self._started().origin, self.control_token)

    def _run(self, act: Callable[[AdminService, str], Awaitable[T]], api_key: str | None) -> T:
        try:
            key = authenticate(api_key or self.api_key)
        except Rejection as no:
            raise ValueError("an API key is a UUID") from no
        return self._started().control(lambda control: act(control, control.account_of_key(key)))

    def _started(self) -> "_Running":
        if self._running is None:
            raise RuntimeError("the sandbox is not running; use it in a with statement")
        return self._running

    def __enter__(self) -> Self:
        if self._running is not None:
            raise RuntimeError("the sandbox is running already")
        with ExitStack() as on_failure:
            store = on_failure.enter_context(closing(open_database(self._database)))
            app = create_app(
                store, self._machine_clock, self._settings, control_token=self.control_token
            )
            listener = listen("127.0.0.1", self._port)
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
    """A server in a thread of its own, with an event loop of its own."""

    def __init__(self, app: Starlette, store: Store, listener: socket.socket) -> None:
        self.origin = origin_of(listener)
        self._control: AdminService = app.state.control
        self._store = store
        self._server = _EmbeddedServer(configure(app))
        # The listener accepts connections already, so nobody has to wait for the thread.
        self._thread = threading.Thread(
            target=self._server.run, args=([listener],), name="trackingmore-sandbox", daemon=True
        )
        self._thread.start()

    def control(self, act: Callable[[AdminService], Awaitable[T]]) -> T:
        """Do something in the server's thread, and wait until it is done."""
        if threading.current_thread() is self._thread:
            raise RuntimeError("what runs in the sandbox's own thread cannot wait for the sandbox")

        async def call() -> T:
            return await act(self._control)

        done = asyncio.run_coroutine_threadsafe(call(), self._server.loop.result())
        while True:
            try:
                return done.result(_PATIENCE)
            except CancelledError:
                raise RuntimeError("the sandbox was stopped meanwhile") from None
            except TimeoutError:
                if done.done():
                    raise
                if not self._thread.is_alive():
                    raise RuntimeError("the sandbox was stopped meanwhile") from None

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join()
        self._store.close()


class _EmbeddedServer(uvicorn.Server):
    """A server that tells which event loop it runs in."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.loop: Future[asyncio.AbstractEventLoop] = Future()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self.loop.set_result(asyncio.get_running_loop())
        await super().startup(sockets)
