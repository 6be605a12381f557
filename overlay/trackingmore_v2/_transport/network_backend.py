"""
Blocking connections whose every operation ends at the deadline of the thread's call.

The timeouts of the HTTP library apply to each operation on a socket, and a server that sends byte
by byte starts a new one with each byte. Imported only with the first connection, as httpcore2 is.
"""

import ssl
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from typing import Any, Final, TypeVar

from httpcore2 import (
    SOCKET_OPTION,
    ConnectError,
    ConnectTimeout,
    NetworkBackend,
    NetworkStream,
    ReadError,
    ReadTimeout,
    WriteTimeout,
)

from trackingmore_v2._transport.deadline import time_left
from trackingmore_v2._transport.resolver import RESOLVER

ResultT = TypeVar("ResultT")

_PART: Final = 2_048
"""Bytes that a socket which is ready accepts at once, so that one timeout is enough for them."""

_RECORD: Final = 16_384
"""Maximum size of a TLS record in bytes."""


def set_deadlines(pool: Any) -> None:  # noqa: ANN401 - a `ConnectionPool`
    """Change a pool of httpcore2 so that its connections have deadlines."""
    pool._network_backend = DeadlineBackend(pool._network_backend)  # noqa: SLF001 - it has no setter


class DeadlineBackend(NetworkBackend):
    """The network backend of httpcore2, with deadlines."""

    def __init__(self, backend: NetworkBackend) -> None:
        self._backend = backend

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> NetworkStream:
        """Connect to the first address of a host that accepts the connection."""

        def connect(address: str) -> NetworkStream:
            left = time_left(timeout, ConnectTimeout)
            return DeadlineStream(
                self._backend.connect_tcp(address, port, left, local_address, socket_options)
            )

        *others, last = _look_up(host, port, timeout)
        for address in others:
            with suppress(ConnectError, ConnectTimeout):
                return connect(address)
        return connect(last)


def _look_up(host: str, port: int, timeout: float | None) -> list[str]:
    try:
        return RESOLVER.look_up(host, port, time_left(timeout, ConnectTimeout))
    except TimeoutError as error:
        raise ConnectTimeout(str(error)) from error
    except OSError as error:
        raise ConnectError(str(error)) from error


class DeadlineStream(NetworkStream):
    """A stream of httpcore2, with deadlines."""

    def __init__(self, stream: NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Return the bytes that have been received, or wait for some."""
        return self._stream.read(max_bytes, time_left(timeout, ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send bytes; the timeout applies to each part of them."""
        for start in range(0, len(buffer), _PART):
            part = buffer[start : start + _PART]
            self._stream.write(part, time_left(timeout, WriteTimeout))

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> NetworkStream:
        """Return the stream with TLS, or close it."""
        try:
            left = time_left(timeout, ConnectTimeout)
            if self.get_extra_info("ssl_object"):
                return _TlsOverTls(self, ssl_context, server_hostname, timeout)
            return DeadlineStream(self._stream.start_tls(ssl_context, server_hostname, left))
        except BaseException:
            self.close()
            raise

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - as in the base class
        """Return a property of the connection."""
        return self._stream.get_extra_info(info)


class _TlsOverTls(NetworkStream):
    """
    TLS to the server over TLS to a proxy.

    The one of httpcore2 starts a new timeout with each record of the proxy.
    """

    def __init__(
        self,
        outer: NetworkStream,
        context: ssl.SSLContext,
        hostname: str | None,
        timeout: float | None,
    ) -> None:
        self._outer = outer
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_hostname=hostname)
        try:
            self._perform(self._tls.do_handshake, timeout)
        except (ReadTimeout, WriteTimeout) as error:
            raise ConnectTimeout(str(error)) from error
        except (ReadError, ssl.SSLError) as error:
            raise ConnectError(str(error)) from error

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        try:
            return self._perform(partial(self._tls.read, max_bytes), timeout)
        except ssl.SSLError as error:
            raise ReadError(str(error)) from error

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for start in range(0, len(buffer), _RECORD):
            self._perform(partial(self._tls.write, buffer[start : start + _RECORD]), timeout)

    def close(self) -> None:
        self._outer.close()

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - as in the base class
        return self._tls if info == "ssl_object" else self._outer.get_extra_info(info)

    def _perform(self, action: Callable[[], ResultT], timeout: float | None) -> ResultT:
        while True:
            try:
                result = action()
            except ssl.SSLWantReadError:
                self._outer.write(self._outgoing.read(), timeout)
                received = self._outer.read(_RECORD, timeout)
                # Without any, the server has closed the connection.
                self._incoming.write(received) if received else self._incoming.write_eof()
            else:
                self._outer.write(self._outgoing.read(), timeout)
                return result
