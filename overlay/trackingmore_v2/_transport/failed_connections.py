"""
Connections that are closed when they fail, where httpcore2 leaves them open.

It counts a connection whose TLS handshake through a proxy failed as active for ever, and under trio
it keeps the socket of a handshake that was cancelled. Imported only with the first connection, as
httpcore2 is.
"""

from typing import Any

from anyio import CancelScope
from httpcore2 import (
    AsyncNetworkBackend,
    AsyncNetworkStream,
    ConnectError,
    ConnectionNotAvailable,
    ConnectTimeout,
    NetworkError,
    Origin,
    ProtocolError,
    ProxyError,
    Request,
    TimeoutException,
)


def close_failed_handshakes(pool: Any) -> None:  # noqa: ANN401 - an `AsyncConnectionPool`
    """Change a pool so that its sockets are closed when their TLS handshakes fail."""
    pool._network_backend = _Backend(pool._network_backend)  # noqa: SLF001 - it has no setter


def close_failed_tunnels(pool: Any) -> None:  # noqa: ANN401 - a pool, sync or async
    """Change a pool with a proxy so that its connections are closed when they fail."""
    create = pool.create_connection

    def create_connection(origin: Origin) -> _Tunnel:
        return _Tunnel(create(origin))

    pool.create_connection = create_connection


class _Backend:
    """An async network backend of httpcore2."""

    def __init__(self, backend: AsyncNetworkBackend) -> None:
        self._backend = backend

    async def connect_tcp(self, *arguments: Any, **options: Any) -> "_Stream":  # noqa: ANN401 - passed on
        return _Stream(await self._backend.connect_tcp(*arguments, **options))


class _Stream:
    """An async stream of httpcore2 before the TLS handshake."""

    def __init__(self, stream: AsyncNetworkStream) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - all that is not below
        return getattr(self._stream, name)

    async def start_tls(self, *arguments: Any, **options: Any) -> AsyncNetworkStream:  # noqa: ANN401 - passed on
        try:
            return await self._stream.start_tls(*arguments, **options)
        except BaseException:
            with CancelScope(shield=True):
                await self._stream.aclose()
            raise


class _Tunnel:
    """A connection to a proxy, whose errors say that nothing was sent before it was open."""

    def __init__(self, connection: Any) -> None:  # noqa: ANN401 - of several classes
        self._connection = connection

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - all that is not below
        return getattr(self._connection, name)

    def handle_request(self, request: Request) -> Any:  # noqa: ANN401 - passed on
        try:
            return self._connection.handle_request(request)
        except ConnectionNotAvailable:
            raise  # another request uses it
        except BaseException as error:
            self._connection.close()
            self._raise_unsent(error)
            raise

    async def handle_async_request(self, request: Request) -> Any:  # noqa: ANN401 - passed on
        try:
            return await self._connection.handle_async_request(request)
        except ConnectionNotAvailable:
            raise
        except BaseException as error:
            with CancelScope(shield=True):
                await self._connection.aclose()
            self._raise_unsent(error)
            raise

    def _raise_unsent(self, error: BaseException) -> None:
        """Raise an error that says that nothing was sent, if the tunnel was not open."""
        if getattr(self._connection, "_connected", True) or isinstance(error, ConnectError):
            return
        if isinstance(error, TimeoutException):
            raise ConnectTimeout(str(error)) from error
        if isinstance(error, NetworkError | ProtocolError):
            raise ProxyError(str(error)) from error
