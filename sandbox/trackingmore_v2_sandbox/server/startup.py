"""Startup helpers: database, listening socket, token, and server configuration."""

import socket
import sys
from contextlib import ExitStack, closing
from errno import EADDRINUSE
from pathlib import Path
from secrets import token_urlsafe
from typing import Any, Final

from msgspec.structs import replace
from uvicorn import Config

from trackingmore_v2_sandbox.core.settings import Settings
from trackingmore_v2_sandbox.http.connection_limits import HEAD_BYTES, IDLE_SECONDS
from trackingmore_v2_sandbox.http.routing import ADMIN_PATH
from trackingmore_v2_sandbox.scenarios.carrier_list import read_carriers
from trackingmore_v2_sandbox.store.factory import open_store, without_password
from trackingmore_v2_sandbox.store.sql import Store, StoreError

_PORTS: Final = 65536
_BACKLOG: Final = 2048
_GRACE: Final = 2
"""Seconds that running requests have to finish when the server stops."""

# An import path, so that the configuration can be pickled for worker processes.
_PROTOCOL: Final = "trackingmore_v2_sandbox.faults.uvicorn_protocol:PROTOCOL"


_LOOPBACK: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared, not bound
"""The loopback address that reaches a server on all addresses."""


class SandboxError(Exception):
    """The sandbox cannot start; the message is one line."""


def configure(app: Any, **options: Any) -> Config:  # noqa: ANN401 - uvicorn's own types
    """Return the uvicorn configuration for an app or its factory."""
    return Config(
        app,
        http=_PROTOCOL,
        log_config=None,
        access_log=False,
        lifespan="on",
        ws="none",
        server_header=False,
        date_header=False,  # The app sets it by the account's clock.
        proxy_headers=False,  # There is no trusted proxy.
        timeout_graceful_shutdown=_GRACE,
        timeout_keep_alive=IDLE_SECONDS,
        h11_max_incomplete_event_size=HEAD_BYTES,
        **options,
    )


def new_token() -> str:
    """Return a random token."""
    return token_urlsafe(24)


def inspector_url(origin: str, token: str) -> str:
    """Return the URL of the inspector. Browsers do not send its fragment, which has the token."""
    return f"{origin}{ADMIN_PATH}/#token={token}"


def with_carriers(settings: Settings | None, file: Path | str | None) -> Settings:
    """
    Return settings with the carriers of a file; without a file, as they are.

    Raises:
        SandboxError: The file cannot be read, or is no response of `GET /carriers`.
    """
    settings = settings or Settings()
    if file is None:
        return settings
    try:
        return replace(settings, carriers=read_carriers(Path(file)))
    except ValueError as error:
        raise SandboxError(str(error)) from error


def open_database(database: Path | str | None) -> Store:
    """
    Open the database of a sandbox.

    Raises:
        SandboxError: The database cannot be opened.
    """
    try:
        return open_store(database)
    except StoreError as error:
        name = without_password(database)
        raise SandboxError(f"cannot open the database {name}: {error}") from error


def listen(host: str, port: int) -> socket.socket:
    """
    Return a listening socket, which queues connections until a server accepts them.

    Raises:
        SandboxError: The address or the port cannot be used.
    """
    try:
        return _bind(host, port)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        if isinstance(error, OSError) and error.errno == EADDRINUSE:
            reason = f"{reason}; choose another port, or 0 for a free one"
        raise SandboxError(f"cannot listen on {host} port {port}: {reason}") from error


def _bind(host: str, port: int) -> socket.socket:
    if port not in range(_PORTS):  # getaddrinfo() takes it modulo 65536.
        raise ValueError(f"the port must be from 0 to {_PORTS - 1}")
    # asyncio sets TCP_NODELAY only on sockets with an explicit protocol.
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


def origin_of(listener: socket.socket) -> str:
    """
    Return the origin of a sandbox, such as `http://127.0.0.1:8642`.

    Of one that listens on all addresses, it is that of the loopback interface.
    """
    host: str
    host, port = listener.getsockname()[:2]
    return origin(_LOOPBACK.get(host, host), port)


def origin(host: str, port: int) -> str:
    """Return the origin of a host name or address, and a port."""
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def is_on_all_addresses(listener: socket.socket) -> bool:
    """Return whether a socket listens on all addresses of the machine."""
    return listener.getsockname()[0] in _LOOPBACK
