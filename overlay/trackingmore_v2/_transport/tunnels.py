"""
Tunnels through a proxy whose failures close the connection and say that nothing was sent.

httpcore2 counts a connection whose TLS handshake through a proxy failed as active for ever, and
does not distinguish failures of the CONNECT request from those of the request. Imported only with
the first connection, as httpcore2 is.
"""

from typing import Any, TypeAlias

from anyio import CancelScope
from httpcore2 import (
    AsyncConnectionPool,
    ConnectError,
    ConnectionNotAvailable,
    ConnectionPool,
    ConnectTimeout,
    NetworkError,
    ProtocolError,
    ProxyError,
    Request,
    TimeoutException,
)

Pool: TypeAlias = ConnectionPool | AsyncConnectionPool


def close_failed_tunnels(pool: Any) -> None:  # noqa: ANN401 - a `Pool`, whose method is replaced
    """Change a pool so that the connections that it creates are closed when they fail."""
    create = pool.create_connection
    pool.create_connection = lambda origin: _Tunnel(create(origin))


class _Tunnel:
    """A connection of httpcore2 to a proxy."""

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
