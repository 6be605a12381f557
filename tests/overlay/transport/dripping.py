"""Servers that keep a client waiting: each sends a part of what it should, or bytes without end."""

import gzip
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from threading import Event, Thread
from typing import Final, TypeAlias

Handler: TypeAlias = Callable[[socket.socket, Event], None]
"""Serves a connection until the client closes it or the event is set."""

INTERVAL: Final = 0.01
"""Seconds between two pieces, far less than any timeout."""

MAX_PIECES: Final = 1_500
"""Pieces after which the connection is closed, so that every call ends."""

_HEAD: Final = b"HTTP/1.1 200 OK\r\n"
_CHUNKED: Final = _HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
_GZIP: Final = _CHUNKED.replace(b"\r\n\r\n", b"\r\nContent-Encoding: gzip\r\n\r\n")
_EMPTY_BLOCK: Final = b"\x00\x00\x00\xff\xff"
_HANDSHAKE: Final = b"\x16\x03\x03\x40\x00"
"""Start of a TLS record of 16 KiB."""


def dripping(start: bytes, piece: bytes) -> Handler:
    """Return a handler that sends the start of a response, and then a piece again and again."""

    def handle(connection: socket.socket, is_over: Event) -> None:
        read_request(connection)
        connection.sendall(start)
        for _ in range(MAX_PIECES):
            if is_over.wait(INTERVAL):
                return
            connection.sendall(piece)

    return handle


def silent(start: bytes = b"") -> Handler:
    """Return a handler that sends the start of a response, and then nothing."""

    def handle(connection: socket.socket, is_over: Event) -> None:
        read_request(connection)
        connection.sendall(start)
        is_over.wait(MAX_PIECES * INTERVAL)

    return handle


def tunnel_to(handler: Handler) -> Handler:
    """Return a handler that opens a tunnel, as a proxy, and then serves the connection itself."""

    def handle(connection: socket.socket, is_over: Event) -> None:
        read_request(connection)
        connection.sendall(_HEAD + b"\r\n")
        handler(connection, is_over)

    return handle


def read_request(connection: socket.socket) -> bytes:
    """Read up to the end of a request without a body, or to the first bytes of a handshake."""
    received = connection.recv(65_536)
    while received[:1] > b"\x16" and b"\r\n\r\n" not in received:
        received += connection.recv(65_536)
    return received


RESPONSES: Final[dict[str, Handler]] = {
    "silence": silent(),
    "head-then-silence": silent(_HEAD + b"Content-Length: 150\r\n\r\n"),
    "piece-then-silence": silent(_HEAD + b"Content-Length: 150\r\n\r\n "),
    "status-line": dripping(b"HTTP/1.1 200 O", b"K"),
    "headers": dripping(_HEAD + b"X-A: ", b"a"),
    "early-hints": dripping(b"", b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"),
    "body": dripping(_HEAD + b"Content-Length: 9999\r\n\r\n", b" "),
    "body-until-close": dripping(b"HTTP/1.0 200 OK\r\n\r\n", b" "),
    "chunks": dripping(_CHUNKED, b"1\r\n \r\n"),
    "chunk-size": dripping(_CHUNKED, b"0"),
    "chunk-extension": dripping(_CHUNKED + b"5;a=", b"a"),
    "trailer": dripping(_CHUNKED + b"2\r\n{}\r\n0\r\nX-T: ", b"a"),
    "gzip": dripping(
        _GZIP + b"a\r\n" + gzip.compress(b"")[:10] + b"\r\n", b"5\r\n" + _EMPTY_BLOCK + b"\r\n"
    ),
}
"""Responses that do not end, by name."""

HANDSHAKES: Final[dict[str, Handler]] = {
    "tls-silence": silent(),
    "tls-handshake": dripping(_HANDSHAKE, b"\x02"),
}
"""Servers of https that do not complete the handshake, by name."""

TUNNELS: Final[dict[str, Handler]] = {
    "connect-silence": silent(),
    "connect-head": dripping(_HEAD + b"X-A: ", b"a"),
    "connect-early-hints": dripping(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"),
    **{f"connect-then-{name}": tunnel_to(handler) for name, handler in HANDSHAKES.items()},
}
"""Proxies that do not open a tunnel, or servers behind them that complete no handshake, by name."""


@contextmanager
def serving(handler: Handler) -> Iterator[int]:
    """Serve each connection with a handler, and yield the port on this machine."""
    is_over = Event()
    with ExitStack() as open_now, socket.create_server(("127.0.0.1", 0), backlog=128) as listener:

        def accept() -> None:
            while True:
                connection, _ = listener.accept()
                open_now.enter_context(connection)
                if is_over.is_set():
                    return
                Thread(target=handle, args=(connection,), daemon=True).start()

        def handle(connection: socket.socket) -> None:
            with suppress(OSError), connection:
                handler(connection, is_over)

        thread = Thread(target=accept)
        thread.start()
        port = listener.getsockname()[1]
        try:
            yield port
        finally:
            is_over.set()
            socket.create_connection(("127.0.0.1", port)).close()  # ends the last `accept()`
            thread.join()
