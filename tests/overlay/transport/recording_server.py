"""A server on a real socket that records the requests and counts the connections."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingTCPServer
from ssl import SSLContext
from threading import Event, Thread
from typing import Any

ACCOUNT = b'{"meta":{"code":200},"data":{"email":"user@example.com"}}'


class RecordingServer(ThreadingTCPServer):
    """It returns an account to each request, as soon as `released` is set."""

    daemon_threads = True

    def __init__(self, tls: SSLContext | None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.released = Event()
        self.received = Event()
        self.closed = Event()
        self.released.set()
        self.connections = 0
        self.requests: list[tuple[str, dict[str, str]]] = []
        """Target and headers of each request; the names of headers are in lower case."""

        if tls:
            self.socket = tls.wrap_socket(self.socket, server_side=True)

    @property
    def port(self) -> int:
        """The port."""
        return int(self.server_address[1])

    def get_request(self) -> tuple[socket.socket, Any]:
        """Count the connection; one whose handshake fails counts too."""
        self.connections += 1
        return super().get_request()


class _Handler(BaseHTTPRequestHandler):
    server: RecordingServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.requests.append((self.path, headers))
        self.server.received.set()
        self.server.released.wait()
        self.send_response(200)
        self.send_header("Content-Length", str(len(ACCOUNT)))
        self.send_header("Set-Cookie", f"session={len(self.server.requests)}; Path=/")
        self.end_headers()
        self.wfile.write(ACCOUNT)

    def finish(self) -> None:
        """Note that the client closed the connection."""
        super().finish()
        self.server.closed.set()

    def do_CONNECT(self) -> None:
        self.server.requests.append((self.path, dict(self.headers.items())))
        self.send_error(403)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - name of the base class
        """Keep the output of the tests free of request lines."""


@contextmanager
def recording_server(tls: SSLContext | None = None) -> Iterator[RecordingServer]:
    """Run a server in a thread."""
    with RecordingServer(tls) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.released.set()
            server.shutdown()
            thread.join()
