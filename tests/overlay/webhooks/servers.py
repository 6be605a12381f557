"""Real servers in threads, and requests of which every byte is chosen."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import uvicorn

from tests.overlay.webhooks.app_drivers import TIMEOUT


@contextmanager
def serve_asgi(app: Any, **options: Any) -> Iterator[int]:
    """Run an app under uvicorn, and return its port."""
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(app, log_config=None, ws="none", **options)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(TIMEOUT)
        assert not thread.is_alive()


class _QuietHandler(WSGIRequestHandler):
    timeout = TIMEOUT

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name of the base
        pass


@contextmanager
def serve_wsgi(app: Any) -> Iterator[int]:
    """Run an app under the server of the standard library, and return its port."""
    with WSGIServer(("127.0.0.1", 0), _QuietHandler) as server:
        server.set_app(app)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join(TIMEOUT)


def exchange(port: int, *parts: bytes, leave: bool = False) -> bytes:
    """Send the parts of a request, leave if asked to, and return what comes back."""
    with socket.create_connection(("127.0.0.1", port), TIMEOUT) as connection:
        for part in parts:
            connection.sendall(part)
        if leave:
            connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(2**16), b""))


def head(*headers: str, path: str = "/") -> bytes:
    """Return the head of a request with these headers."""
    lines = (f"POST {path} HTTP/1.1", "Host: localhost", "Connection: close", *headers)
    return "".join(f"{line}\r\n" for line in (*lines, "")).encode()


def chunk(content: bytes) -> bytes:
    """Return a chunk of a body."""
    return f"{len(content):x}\r\n".encode() + content + b"\r\n"
