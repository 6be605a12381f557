"""A sandbox in the foreground, with one process or several."""

import asyncio
import signal
import socket
import sys
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Final

import msgspec
from starlette.applications import Starlette
from uvicorn import Server
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess

from trackingmore_v2_sandbox.admin import AdminService, Seed
from trackingmore_v2_sandbox.core.settings import Settings
from trackingmore_v2_sandbox.http.body import UNREADABLE
from trackingmore_v2_sandbox.server.app import BASE_PATH, create_app
from trackingmore_v2_sandbox.server.embedded import API_KEY
from trackingmore_v2_sandbox.server.startup import (
    SandboxError,
    configure,
    inspector_url,
    listen,
    new_token,
    open_database,
    origin_of,
)
from trackingmore_v2_sandbox.store import Store, is_shared

_ENDINGS: Final = (signal.SIGINT, signal.SIGTERM)


def serve(  # noqa: PLR0913 - all that can be said when a sandbox starts
    host: str = "127.0.0.1",
    port: int = 0,
    database: Path | str | None = None,
    *,
    settings: Settings | None = None,
    control_token: str | None = None,
    workers: int = 1,
    seed: Path | None = None,
) -> None:
    """
    Run a sandbox in the foreground until SIGINT or SIGTERM.

    The first line on standard output, `Sandbox ready: http://127.0.0.1:PORT/v2`, says that it
    accepts connections. The second one says where the inspector is.

    Args:
        host: Address or name to listen on.
        port: Port to listen on; 0 picks a free one.
        database: What keeps the state: an SQLite file, or the URL of a PostgreSQL database.
            Default: memory.
        settings: How to answer. Default: `Settings()`.
        control_token: What requests under `/_sandbox` must say. Default: one that nobody can guess.
        workers: How many processes answer; more than one needs PostgreSQL.
        seed: A JSON file with parcels for the account of `API_KEY`, if it has none: what
            `POST /_sandbox/seed` takes.

    Raises:
        SandboxError: The port, the database, the settings or the parcels cannot be used.
    """
    if workers > 1 and not is_shared(database):
        raise SandboxError("several workers need a database to share, as in postgresql://...")
    token = control_token or new_token()
    make = partial(create_app, settings=settings, control_token=token)
    with closing(open_database(database)) as store, closing(listen(host, port)) as listener:
        try:
            app = make(store)
        except ValueError as error:
            raise SandboxError(f"cannot use the settings: {error}") from error
        if seed:
            _plant(app.state.control, seed)
        origin = origin_of(listener)
        lines = f"Sandbox ready: {origin}{BASE_PATH}\nInspector: {inspector_url(origin, token)}\n"
        if workers == 1:
            _run(app, listener, lines)
        else:
            _run_workers(partial(_make_worker, make, database), workers, listener, lines)


def _plant(control: AdminService, file: Path) -> None:
    try:
        seed = msgspec.json.decode(file.read_bytes(), type=Seed)
        account = control.account_of_key(API_KEY)
        if not asyncio.run(control.get_account(account)).parcels:
            asyncio.run(control.seed(account, seed))
    except OSError as error:
        raise SandboxError(f"cannot read {file}: {error.strerror}") from error
    except UNREADABLE as error:
        raise SandboxError(f"cannot use the parcels in {file}: {error}") from error


def _run(app: Starlette, listener: socket.socket, lines: str) -> None:
    server = Server(configure(app))
    with _as_before():
        # uvicorn repeats the signal that stopped it; handled here, that is a clean end.
        for ending in _ENDINGS:
            signal.signal(ending, server.handle_exit)
        _say(lines)
        server.run([listener])


def _run_workers(
    make_app: Callable[[], Starlette], workers: int, listener: socket.socket, lines: str
) -> None:
    with _as_before():
        # It begins to handle signals at once.
        supervisor = Multiprocess(configure(make_app, factory=True, workers=workers), [listener])
        _say(lines)
        supervisor.run()
    if any(process.exitcode == STARTUP_FAILURE for process in supervisor.processes):
        raise SandboxError("a worker could not start")


def _make_worker(make: Callable[[Store], Starlette], database: Path | str | None) -> Starlette:
    """Make the app of a worker, in its own process."""
    try:
        return make(open_database(database))
    except SandboxError as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(STARTUP_FAILURE) from None


@contextmanager
def _as_before() -> Generator[None]:
    """Let signals be handled afterwards as they were before."""
    handlers = {number: signal.getsignal(number) for number in signal.valid_signals()}
    try:
        yield
    finally:
        for number, handler in handlers.items():
            if signal.getsignal(number) is not handler:
                signal.signal(number, handler)


def _say(lines: str) -> None:
    sys.stdout.write(lines)
    sys.stdout.flush()
