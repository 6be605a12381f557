"""
Connections: those that a client opens itself, or those of an HTTP client that was passed to it.

A client's own connections use the transports of httpx2 below its `Client`, which would log each
URL, with its tracking numbers, and keep the cookies of each response.
"""

from collections.abc import AsyncGenerator, Callable, Mapping
from functools import partial
from os import getpid
from typing import Any, Final, TypeAlias, TypeVar

import httpx2
from msgspec import Struct

from trackingmore_v2._config import Config, checked_option
from trackingmore_v2._errors import ConfigurationError
from trackingmore_v2._transport.network import Network, build_network

HttpClient: TypeAlias = httpx2.Client
AsyncHttpClient: TypeAlias = httpx2.AsyncClient
ClientT = TypeVar("ClientT")

_FORKED: Final = (
    "http_client was passed to the client before this process was forked, so both processes would "
    "read the same responses; nothing was sent. Create the HTTP client and the client in each "
    "process, or omit http_client=."
)
_LIMITS: Final = httpx2.Limits(max_connections=100, max_keepalive_connections=20)


class OwnConnections:
    """A pool of connections for each process: after a fork, both would read the same responses."""

    def __init__(self, network: Network) -> None:
        self.is_closed = False
        self._network = network
        self._open()

    def send(self, **request: Any) -> httpx2.Response:  # noqa: ANN401 - the arguments of `httpx2.Request`
        """Send a request, and return the response as soon as its headers have been received."""
        if self._process != getpid():
            self._open()
        return self._http.handle_request(httpx2.Request(**request))

    def close(self) -> None:
        """Close the connections."""
        self.is_closed = True
        self._http.close()

    def _open(self) -> None:
        # Slow to import, since they import httpcore2.
        from trackingmore_v2._transport.failed_connections import close_failed_tunnels  # noqa: PLC0415
        from trackingmore_v2._transport.network_backend import set_deadlines  # noqa: PLC0415

        self._http = httpx2.HTTPTransport(
            verify=self._network.verify, proxy=self._network.proxy, limits=_LIMITS
        )
        set_deadlines(_pool_of(self._http))
        if self._network.proxy:
            close_failed_tunnels(_pool_of(self._http))
        self._process = getpid()


class AsyncOwnConnections:
    """A pool of connections for each event loop, since a connection works only in its own loop."""

    def __init__(self, network: Network) -> None:
        self.is_closed = False
        self._network = network
        self._pools: dict[object, _Pool] = {}

    async def send(self, **request: Any) -> httpx2.Response:  # noqa: ANN401 - the arguments of `httpx2.Request`
        """Send a request, and return the response as soon as its headers have been received."""
        loop = _current_loop()
        pool = self._pools.get(loop) or await self._open(loop)
        return await pool.http.handle_async_request(httpx2.Request(**request))

    async def close(self) -> None:
        """Close the connections of this event loop; each other loop closes its own."""
        self.is_closed = True
        pool = self._pools.pop(_current_loop(), None)
        # Without a reference, the generator of a pool is closed by the loop in which it runs.
        self._pools.clear()
        if pool:
            await pool.until_closed.aclose()

    async def _open(self, loop: object) -> "_Pool":
        # As in `OwnConnections`.
        from trackingmore_v2._transport.failed_connections import (  # noqa: PLC0415
            close_failed_handshakes,
            close_failed_tunnels,
        )

        for other in filter(_is_closed, list(self._pools)):
            self._pools.pop(other, None)  # its loop was closed without `shutdown_asyncgens()`
        http = httpx2.AsyncHTTPTransport(
            verify=self._network.verify, proxy=self._network.proxy, limits=_LIMITS
        )
        close_failed_handshakes(_pool_of(http))
        if self._network.proxy:
            close_failed_tunnels(_pool_of(http))
        pool = _Pool(http, _until_closed(http, partial(self._pools.pop, loop, None)))
        self._pools[loop] = pool
        await anext(pool.until_closed)
        return pool


def _pool_of(http: Any) -> Any:  # noqa: ANN401 - a transport of httpx2 and its pool
    # There is no other way to give it a network backend.
    return http._pool  # noqa: SLF001 - see above


class _Pool(Struct, frozen=True):
    http: httpx2.AsyncHTTPTransport
    until_closed: AsyncGenerator[None]


async def _until_closed(
    http: httpx2.AsyncHTTPTransport, forget: Callable[[], object]
) -> AsyncGenerator[None]:
    """
    Yield once, and close the connections when the generator is closed.

    An event loop closes all generators that were started in it before it ends.
    """
    try:
        yield
    finally:
        forget()
        await http.aclose()


def _current_loop() -> object:
    from anyio.lowlevel import current_token  # noqa: PLC0415 - slow to import

    return current_token()


def _is_closed(loop: object) -> bool:
    loop = getattr(loop, "native_token", loop)
    return bool(getattr(loop, "is_closed", bool)())


class GivenConnections:
    """The connections of an HTTP client, which the user closes."""

    def __init__(self, http: HttpClient) -> None:
        self._http = http
        self._process = getpid()

    @property
    def is_closed(self) -> bool:
        """Whether the user closed the HTTP client."""
        return self._http.is_closed

    def send(self, **request: Any) -> httpx2.Response:  # noqa: ANN401 - the arguments of `build_request()`
        """
        Send a request, and return the response as soon as its headers have been received.

        Raises:
            ConfigurationError: This process was forked from the one with the HTTP client.
        """
        _require_same(self._process)
        built = self._http.build_request(**request)
        # A redirect would send the key to another server.
        return self._http.send(built, stream=True, follow_redirects=False)

    def close(self) -> None:
        """Leave the HTTP client open."""


class AsyncGivenConnections:
    """The connections of an async HTTP client, which the user closes."""

    def __init__(self, http: AsyncHttpClient) -> None:
        self._http = http
        self._process = getpid()
        self._first_loop: object = None
        self._has_several_loops = False

    @property
    def is_closed(self) -> bool:
        """Whether the user closed the HTTP client."""
        return self._http.is_closed

    async def send(self, **request: Any) -> httpx2.Response:  # noqa: ANN401 - the arguments of `build_request()`
        """
        Send a request, and return the response as soon as its headers have been received.

        Raises:
            ConfigurationError: This process was forked from the one with the HTTP client.
        """
        _require_same(self._process)
        loop = _current_loop()
        self._first_loop = self._first_loop or loop
        self._has_several_loops |= loop != self._first_loop
        built = self._http.build_request(**request)
        try:
            return await self._http.send(built, stream=True, follow_redirects=False)
        except RuntimeError as error:
            if not self._has_several_loops:
                raise
            # Of a connection that another loop opened; httpx2 does not convert it.
            raise httpx2.NetworkError(str(error), request=built) from error

    async def close(self) -> None:
        """Leave the HTTP client open."""


def _require_same(process: int) -> None:
    if process != getpid():
        raise ConfigurationError(_FORKED)


Connections: TypeAlias = OwnConnections | GivenConnections
AsyncConnections: TypeAlias = AsyncOwnConnections | AsyncGivenConnections


def open_connections(
    config: Config, http_client: HttpClient | None, **network: object
) -> Connections:
    """
    Return the connections of an HTTP client if one is given, and a pool otherwise.

    Args:
        config: The settings of the client.
        http_client: The HTTP client, or None.
        **network: `proxy`, `verify` and `trust_env`, as the user passed them.

    Raises:
        ConfigurationError: An argument is invalid, or the HTTP client would ignore it.
    """
    given = _checked(http_client, httpx2.Client, network)
    return GivenConnections(given) if given else OwnConnections(build_network(config, **network))


def open_connections_async(
    config: Config, http_client: AsyncHttpClient | None, **network: object
) -> AsyncConnections:
    """Return the same for an async client."""
    given = _checked(http_client, httpx2.AsyncClient, network)
    if given:
        return AsyncGivenConnections(given)
    return AsyncOwnConnections(build_network(config, **network))


def _checked(
    http_client: ClientT | None, kind: type[ClientT], network: Mapping[str, object]
) -> ClientT | None:
    defaults = {"proxy": None, "verify": None, "trust_env": True}
    ignored = [name for name, value in network.items() if value is not defaults[name]]
    if http_client is not None and ignored:
        raise ConfigurationError(
            f"http_client cannot be combined with {', '.join(ignored)}: it has connections of its "
            "own; pass these settings to the HTTP client"
        )
    return checked_option("http_client", http_client, kind)
