"""An HTTP server for webhooks, of the standard library, with limits."""

import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer, ThreadingMixIn
from threading import BoundedSemaphore, Thread, Timer
from types import TracebackType
from typing import Any, Final, Self, TypeAlias

from trackingmore_v2.webhooks import MAX_BODY_SIZE
from trackingmore_v2_cli._errors import CommandError
from trackingmore_v2_cli._statuses import ExitStatus
from trackingmore_v2_cli._webhook.requests import WebhookRequest, unfolded

Receive: TypeAlias = Callable[[WebhookRequest], HTTPStatus]
"""Takes a request, and returns the status of the response. It is called in several threads."""

MAX_CONNECTIONS: Final = 64
"""Connections at the same time; further ones are closed at once, and the sender retries."""

REQUEST_SECONDS: Final = 30.0
"""Maximum time from a connection to the end of its request."""

_POLL_SECONDS: Final = 0.05
"""Maximum time until the server stops."""


class WebhookServer(ThreadingMixIn, TCPServer):
    """
    A server that runs in threads of its own while its context is open.

    At the end, requests that have begun are finished.

    Args:
        host: Address or name to listen on.
        port: Port to listen on; 0 selects a free one.
        receive: Called with each request.
        seconds: Maximum time of a request. Default: 30.

    Raises:
        CommandError: The address or the port cannot be used.
    """

    allow_reuse_address = sys.platform != "win32"
    daemon_threads = False
    request_queue_size = 128

    def __init__(
        self, host: str, port: int, receive: Receive, seconds: float = REQUEST_SECONDS
    ) -> None:
        self.receive: Final = receive
        self.seconds: Final = seconds
        self.idle: Final = set[socket.socket]()
        """Connections without a request so far."""

        self.is_closing = False
        self._free: Final = BoundedSemaphore(MAX_CONNECTIONS)
        self._thread: Final = Thread(target=self.serve_forever, args=(_POLL_SECONDS,))
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
            self.address_family = found[0]
            super().__init__((str(found[4][0]), port), _Handler)
        except OSError as error:
            raise CommandError(
                f"cannot listen on {host} port {port}: {error.strerror}; choose another --port, or "
                "0 for a free one",
                ExitStatus.USAGE,
            ) from error

    @property
    def address(self) -> tuple[str, int]:
        """The address and the port."""
        host, port = self.socket.getsockname()[:2]
        return str(host), int(port)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop listening, and wait for the requests that have begun."""
        self.is_closing = True
        # `shutdown` would wait forever for a server that has not begun.
        if self._thread.is_alive():
            self.shutdown()
        for connection in list(self.idle):
            end(connection)
        self.server_close()

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - the base class's
        """Handle a connection in a thread, unless there are too many."""
        if self._free.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - likewise
        """Handle a connection."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._free.release()

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - likewise
        """Ignore a client that has left."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    """One connection, with one request."""

    protocol_version = "HTTP/1.1"
    server_version = "trackingmore-v2"
    sys_version = ""
    server: WebhookServer  # pyright: ignore[reportIncompatibleVariableOverride] - only this server creates handlers

    def setup(self) -> None:
        """Begin with the connection."""
        super().setup()
        self._timer = Timer(self.server.seconds, end, (self.connection,))
        self._timer.start()
        self.server.idle.add(self.connection)
        if self.server.is_closing:
            end(self.connection)

    def finish(self) -> None:
        """End the connection."""
        self._timer.cancel()
        self.server.idle.discard(self.connection)
        super().finish()

    def parse_request(self) -> bool:
        """Parse the head, whose first line has arrived."""
        self.server.idle.discard(self.connection)
        return super().parse_request()

    def do_GET(self) -> None:
        """Respond to a browser, or to a dashboard that checks the URL."""
        self._respond(HTTPStatus.OK)

    def do_HEAD(self) -> None:
        """Respond to a check without a body."""
        self._respond(HTTPStatus.OK)

    def do_POST(self) -> None:
        """Receive one webhook."""
        given = self.headers.get("Content-Length", "").strip()
        size = given.lstrip("0") or "0"
        if not given.isdecimal():
            self._respond(HTTPStatus.LENGTH_REQUIRED)
        # Its digits are counted first, since `int` rejects thousands of them.
        elif len(size) > len(str(MAX_BODY_SIZE)) or int(size) > MAX_BODY_SIZE:
            self._respond(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        else:
            self._receive(int(size))

    def _receive(self, size: int) -> None:
        body = self.rfile.read(size)
        if len(body) < size:  # The client has left, or its time is up.
            self.close_connection = True
            return
        headers = unfolded(self.headers.items())
        self._respond(
            self.server.receive(WebhookRequest(path=self.path, headers=headers, body=body))
        )

    def _respond(self, status: HTTPStatus) -> None:
        content = b"" if self.command == "HEAD" else f"{status} {status.phrase}\n".encode()
        self.close_connection = True
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - name of the base class
        """Print nothing; the command prints events."""


def end(connection: socket.socket) -> None:
    """End a connection, so that a thread that reads from it continues."""
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
