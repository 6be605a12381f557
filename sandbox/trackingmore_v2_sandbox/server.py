"""The sandbox as a server: embedded in a test or a script, or in the foreground."""

import signal
import socket
import sys
import threading
from contextlib import ExitStack, closing
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import uvicorn
from starlette.applications import Starlette

from .app import BASE_PATH, create_app
from .clock import Clock
from .faults.protocol import PROTOCOL
from .settings import Settings
from .store import Store, StoreError, open_store, without_password

API_KEY: Final = "00000000-0000-4000-8000-000000000001"
"""A key to use with a sandbox; any other UUID is as good."""

_PORTS: Final = 65536
_BACKLOG: Final = 2048
_GRACE: Final = 2
"""Seconds that a request may take to end when the server stops."""


class SandboxError(Exception):
    """The sandbox cannot start; the message is one line."""


class Sandbox:
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

    Attributes:
        api_key: A key that the sandbox accepts, like any other UUID.

    Raises:
        SandboxError: On entering, when the port or the database cannot be used.
    """

    api_key: Final = API_KEY

    def __init__(
        self,
        database: Path | str | None = None,
        *,
        clock: Clock | None = None,
        settings: Settings | None = None,
        port: int = 0,
    ) -> None:
        self._database = database
        self._clock = clock
        self._settings = settings
        self._port = port
        self._running: _Running | None = None

    @property
    def base_url(self) -> str:
        """Where the API is, up to and including `/v2`."""
        if self._running is None:
            raise RuntimeError("the sandbox is not running; use it in a with statement")
        return self._running.base_url

    def __enter__(self) -> Self:
        if self._running is not None:
            raise RuntimeError("the sandbox is running already")
        store = _open_store(self._database)
        try:
            listener = _listen("127.0.0.1", self._port)
        except SandboxError:
            store.close()
            raise
        app = create_app(store, self._clock, self._settings)
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
        self.base_url = _base_url(listener)
        self._store = store
        self._server = _server(app)
        # The listener accepts connections already, so nobody has to wait for the thread.
        self._thread = threading.Thread(
            target=self._server.run, args=([listener],), name="trackingmore-sandbox", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join()
        self._store.close()


def serve(host: str = "127.0.0.1", port: int = 0, database: Path | str | None = None) -> None:
    """
    Run a sandbox in the foreground until SIGINT or SIGTERM.

    The first line on standard output, `Sandbox ready: http://127.0.0.1:PORT/v2`, says that it
    accepts connections.

    Args:
        host: Address or name to listen on.
        port: Port to listen on; 0 picks a free one.
        database: What keeps the state: an SQLite file, or the URL of a PostgreSQL database.
            Default: memory.

    Raises:
        SandboxError: The port or the database cannot be used.
    """
    with closing(_open_store(database)) as store, closing(_listen(host, port)) as listener:
        server = _server(create_app(store))
        # uvicorn repeats the signal that stopped it; handled here, that is a clean end.
        before = {
            number: signal.signal(number, server.handle_exit)
            for number in (signal.SIGINT, signal.SIGTERM)
        }
        try:
            sys.stdout.write(f"Sandbox ready: {_base_url(listener)}\n")
            sys.stdout.flush()
            server.run([listener])
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def _server(app: Starlette) -> uvicorn.Server:
    config = uvicorn.Config(
        app,
        http=PROTOCOL,
        log_config=None,
        access_log=False,
        lifespan="on",
        ws="none",
        server_header=False,
        timeout_graceful_shutdown=_GRACE,
    )
    return uvicorn.Server(config)


def _open_store(database: Path | str | None) -> Store:
    try:
        return open_store(database)
    except StoreError as error:
        name = without_password(database)
        raise SandboxError(f"cannot open the database {name}: {error}") from error


def _listen(host: str, port: int) -> socket.socket:
    try:
        return _bind(host, port)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise SandboxError(f"cannot listen on {host} port {port}: {reason}") from error


def _bind(host: str, port: int) -> socket.socket:
    if port not in range(_PORTS):  # getaddrinfo() would wrap it around.
        raise ValueError("no such port")
    # asyncio turns Nagle's algorithm off only where a socket spells its protocol out.
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    family, kind, protocol, _, address = found[0]
    with ExitStack() as on_failure:
        listener = on_failure.enter_context(closing(socket.socket(family, kind, protocol)))
        if sys.platform != "win32":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(_BACKLOG)
        on_failure.pop_all()
    return listener


def _base_url(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}{BASE_PATH}"
