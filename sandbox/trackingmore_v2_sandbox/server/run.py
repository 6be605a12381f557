"""Foreground sandbox server with one or more processes."""

import asyncio
import multiprocessing
import signal
import socket
import sys
from collections.abc import Callable, Generator, Iterable
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Final

import msgspec
from starlette.applications import Starlette
from uvicorn import Server
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess

from trackingmore_v2_sandbox.admin.schemas import Seed
from trackingmore_v2_sandbox.admin.service import AdminService
from trackingmore_v2_sandbox.core.settings import Settings
from trackingmore_v2_sandbox.http.body import UNREADABLE
from trackingmore_v2_sandbox.server.app import BASE_PATH, create_app
from trackingmore_v2_sandbox.server.embedded import API_KEY
from trackingmore_v2_sandbox.server.request_lines import print_request
from trackingmore_v2_sandbox.server.startup import (
    SandboxError,
    configure,
    inspector_url,
    is_on_all_addresses,
    listen,
    new_token,
    open_database,
    origin,
    origin_of,
    with_carriers,
)
from trackingmore_v2_sandbox.store.factory import is_shared
from trackingmore_v2_sandbox.store.sql import Store, StoreError
from trackingmore_v2_sandbox.validation import explain

_STOP_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


def serve(  # noqa: PLR0913 - one argument per option of the command
    host: str = "127.0.0.1",
    port: int = 0,
    database: Path | str | None = None,
    *,
    settings: Settings | None = None,
    admin_token: str | None = None,
    workers: int = 1,
    seed: Path | None = None,
    carriers: Path | None = None,
    log_requests: bool = False,
    on_ready: Callable[[str, str], None] | None = None,
) -> None:
    """
    Run a sandbox in the foreground until SIGINT or SIGTERM.

    The first line on standard output, `Sandbox ready: http://127.0.0.1:PORT/v2`, is printed when
    the sandbox accepts connections. The second line has the URL of the inspector. Two more lines,
    for a shell, set the environment variables of a client.

    Args:
        host: Address or name to listen on. Default: `127.0.0.1`.
        port: Port to listen on. Default: 0, a free one.
        database: Path of an SQLite file, or URL of a PostgreSQL database. Default: memory.
        settings: Behaviour of the sandbox. Default: `Settings()`.
        admin_token: Token that requests under `/_sandbox` must send. Default: a random one.
        workers: Number of server processes. Default: 1; more need PostgreSQL.
        seed: JSON file with trackings for the account of `API_KEY`, in the format of
            `POST /_sandbox/seed`. It is ignored if the account has trackings. Default: None.
        carriers: JSON file with a response of `GET /carriers`, whose carriers replace those of the
            settings. Default: None.
        log_requests: Whether to print a line for each request of the API, on standard error.
            Default: False.
        on_ready: Called with the base URL and the admin token before the lines are printed.
            Default: None.

    Raises:
        SandboxError: The port, the database, the settings, the seed file or the carriers
            cannot be used.
    """
    if workers > 1 and not is_shared(database):
        raise SandboxError(
            "more than one worker needs a PostgreSQL database, such as postgresql://..."
        )
    token = admin_token or new_token()
    settings = with_carriers(settings, carriers)
    on_exchange = print_request if log_requests else None
    make_app = partial(create_app, settings=settings, admin_token=token, on_exchange=on_exchange)
    with closing(open_database(database)) as store, closing(listen(host, port)) as listener:
        try:
            app = make_app(store)
        except ValueError as error:
            raise SandboxError(f"invalid settings: {error}") from error
        if seed:
            _load_seed(app.state.admin, seed)

        def announce() -> None:
            if on_ready:
                on_ready(f"{origin_of(listener)}{BASE_PATH}", token)
            _print(_lines(listener, token, settings.allowed_hosts))

        if workers == 1:
            _run(app, listener, announce)
        else:
            _run_workers(partial(_make_worker, make_app, database), workers, listener, announce)


def _lines(listener: socket.socket, token: str, allowed_hosts: Iterable[str]) -> str:
    """Return what is printed when the sandbox accepts connections."""
    own = origin_of(listener)
    note = _reachable_at(listener, allowed_hosts) if is_on_all_addresses(listener) else ""
    return (
        f"Sandbox ready: {own}{BASE_PATH}{note}\n"
        f"Inspector: {inspector_url(own, token)}\n"
        f"export TRACKINGMORE_API_KEY={API_KEY}\n"
        f"export TRACKINGMORE_BASE_URL={own}{BASE_PATH}\n"
    )


def _reachable_at(listener: socket.socket, allowed_hosts: Iterable[str]) -> str:
    port = listener.getsockname()[1]
    urls = [f"{origin(host, port)}{BASE_PATH}" for host in sorted(allowed_hosts)]
    known = f", as {', '.join(urls)}" if urls else ""
    return (
        f" (from other machines: by an IP address of this one{known}; "
        f"{'other names' if urls else 'names'} are rejected unless given with --allow-host NAME)"
    )


def _load_seed(admin: AdminService, file: Path) -> None:
    try:
        seed = msgspec.json.decode(file.read_bytes(), type=Seed)
        account = admin.account_of_key(API_KEY)
        if not asyncio.run(admin.get_account(account)).trackings:
            asyncio.run(admin.seed(account, seed))
    except StoreError as error:
        raise SandboxError(f"cannot store {file}: {error}") from error
    except OSError as error:
        raise SandboxError(f"cannot read {file}: {error.strerror}") from error
    except UNREADABLE as error:
        raise SandboxError(f"invalid seed file {file}: {explain(error, Seed)}") from error


def _run(app: Starlette, listener: socket.socket, announce: Callable[[], None]) -> None:
    server = Server(configure(app))
    with _restored_signals():
        # After the shutdown uvicorn raises the signal that stopped it once more. With these
        # handlers that has no effect, and the process exits with status 0.
        for number in _STOP_SIGNALS:
            signal.signal(number, server.handle_exit)
        announce()
        server.run([listener])


class _Supervisor(Multiprocess):
    """uvicorn's supervisor, which prints a line when it replaces a worker."""

    def keep_subprocess_alive(self) -> None:
        """Replace workers that ended."""
        before = list(self.processes)
        super().keep_subprocess_alive()
        for ended, current in zip(before, self.processes, strict=True):
            if ended is not current:
                sys.stderr.write(f"worker {ended.pid} ended; worker {current.pid} replaces it\n")


def _run_workers(
    make_app: Callable[[], Starlette],
    workers: int,
    listener: socket.socket,
    announce: Callable[[], None],
) -> None:
    with _restored_signals():
        # The constructor installs signal handlers, so a signal after the printed lines is handled.
        supervisor = _Supervisor(configure(make_app, factory=True, workers=workers), [listener])
        announce()
        supervisor.run()
    if any(process.exitcode == STARTUP_FAILURE for process in supervisor.processes):
        raise SandboxError("a worker failed to start")


def _make_worker(make_app: Callable[[Store], Starlette], database: Path | str | None) -> Starlette:
    """Return the app of a worker process, with its own database connection."""
    Thread(target=_end_with_parent, name="parent", daemon=True).start()
    try:
        return make_app(open_database(database))
    except SandboxError as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(STARTUP_FAILURE) from None


def _end_with_parent() -> None:
    """Stop this worker when the process that started it is gone."""
    if parent := multiprocessing.parent_process():
        parent.join()
        signal.raise_signal(signal.SIGTERM)


@contextmanager
def _restored_signals() -> Generator[None]:
    """Restore all signal handlers on exit."""
    handlers = {number: signal.getsignal(number) for number in signal.valid_signals()}
    try:
        yield
    finally:
        for number, handler in handlers.items():
            if signal.getsignal(number) is not handler:
                signal.signal(number, handler)


def _print(lines: str) -> None:
    sys.stdout.write(lines)
    sys.stdout.flush()
