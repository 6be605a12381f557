"""What a sandbox needs before it runs: a database, a port, and a token for its owner."""

import socket
import sys
from contextlib import ExitStack, closing
from pathlib import Path
from secrets import token_urlsafe
from typing import Any, Final

from uvicorn import Config

from trackingmore_v2_sandbox.admin import BASE_PATH as CONTROL_PATH
from trackingmore_v2_sandbox.store import Store, StoreError, open_store, without_password

_PORTS: Final = 65536
_BACKLOG: Final = 2048
_GRACE: Final = 2
"""Seconds that a request may take to end when the server stops."""

# By name, so that the configuration can be sent to other processes.
_PROTOCOL: Final = "trackingmore_v2_sandbox.faults.uvicorn_protocol:PROTOCOL"


class SandboxError(Exception):
    """The sandbox cannot start; the message is one line."""


def configure(app: Any, **options: Any) -> Config:  # noqa: ANN401 - whatever uvicorn takes
    """Say how uvicorn is to run an app."""
    return Config(
        app,
        http=_PROTOCOL,
        log_config=None,
        access_log=False,
        lifespan="on",
        ws="none",
        server_header=False,
        proxy_headers=False,  # Nobody stands between who could be believed.
        timeout_graceful_shutdown=_GRACE,
        **options,
    )


def new_token() -> str:
    """Make a token that nobody can guess."""
    return token_urlsafe(24)


def inspector_url(origin: str, token: str) -> str:
    """Give the address of the inspector; the part with the token is never sent anywhere."""
    return f"{origin}{CONTROL_PATH}/#token={token}"


def open_database(database: Path | str | None) -> Store:
    """
    Open what keeps the state.

    Raises:
        SandboxError: It cannot be opened.
    """
    try:
        return open_store(database)
    except StoreError as error:
        name = without_password(database)
        raise SandboxError(f"cannot open the database {name}: {error}") from error


def listen(host: str, port: int) -> socket.socket:
    """
    Accept connections, which wait until somebody answers.

    Raises:
        SandboxError: The address or the port cannot be used.
    """
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


def origin_of(listener: socket.socket) -> str:
    """Give the origin under which a sandbox is reached."""
    host, port = listener.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"
