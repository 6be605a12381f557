"""The HTTP transports, which send a `Call` and return a `Response`; only they import httpx2."""

import zlib
from collections.abc import Awaitable
from contextlib import aclosing
from math import inf
from time import monotonic
from typing import Any, Final, TypeAlias

import httpx2

from trackingmore_v2._config import Config
from trackingmore_v2._errors import ConnectionFailed, InvalidInput, TimedOut, TransportError
from trackingmore_v2._transport.decoding import CONTENT_CODING, BodyDecoder
from trackingmore_v2._transport.response import Response
from trackingmore_v2._version import __version__
from trackingmore_v2_api import API_KEY_HEADER, Call

HttpClient: TypeAlias = httpx2.Client
AsyncHttpClient: TypeAlias = httpx2.AsyncClient

_USER_AGENT: Final = f"trackingmore-v2/{__version__}"
_TOO_SLOW: Final = "the response was not complete before the deadline"
# These occur before the first byte of the request, so the call was not carried out.
_NEVER_SENT: Final = (
    httpx2.ConnectError,
    httpx2.ConnectTimeout,
    httpx2.PoolTimeout,
    httpx2.ProxyError,
    httpx2.UnsupportedProtocol,
)
_FAILURES: Final = (httpx2.RequestError, httpx2.InvalidURL, zlib.error)


class Transport:
    """A transport that blocks until the response is complete."""

    def __init__(self, config: Config, http_client: HttpClient | None = None) -> None:
        self._config = config
        self._owned = http_client is None
        self._http = http_client or httpx2.Client(trust_env=_uses_environment(config))

    def send(self, call: Call[Any], time_limit: float | None = None) -> Response:
        """
        Send a call once, and return its response.

        The time limit is checked between two chunks of the body. Within a chunk only the timeout of
        the read applies, so a stalled server can take up to twice the time limit.

        Args:
            call: The call.
            time_limit: Seconds until the response must be complete. Default: no limit.

        Raises:
            TransportError: No complete response was received.
            InvalidInput: The arguments produce an invalid URL.
        """
        end = inf if time_limit is None else monotonic() + time_limit
        try:
            with self._http.stream(**_arguments(self._config, call, time_limit)) as response:
                return self._read(response, call, end)
        except _FAILURES as error:
            raise _failure(call, error) from error

    def _read(self, response: httpx2.Response, call: Call[Any], end: float) -> Response:
        body = BodyDecoder(response.headers, self._config.max_response_size)
        if response.is_stream_consumed:
            body.feed_decoded(response.content)  # read by an event hook of the HTTP client
            return _response(response, body)
        # Raw, since httpx2 would unpack the body without a limit.
        for chunk in response.iter_raw():
            if not body.feed(chunk):
                break
            if monotonic() > end:
                raise TimedOut(call, _TOO_SLOW, in_doubt=True)
        return _response(response, body)

    def with_config(self, config: Config) -> "Transport":
        """Return a transport with other settings over the same connections, not owned by it."""
        return Transport(config, self._http)

    def close(self) -> None:
        """Close the connections, unless the HTTP client was passed in."""
        if self._owned:
            self._http.close()


class AsyncTransport:
    """A transport that is awaited until the response is complete."""

    def __init__(self, config: Config, http_client: AsyncHttpClient | None = None) -> None:
        self._config = config
        self._owned = http_client is None
        self._http = http_client or httpx2.AsyncClient(trust_env=_uses_environment(config))

    async def send(self, call: Call[Any], time_limit: float | None = None) -> Response:
        """
        Send a call once, and return its response.

        Args:
            call: The call.
            time_limit: Seconds until the response must be complete. Default: no limit.

        Raises:
            TransportError: No complete response was received.
            InvalidInput: The arguments produce an invalid URL.
        """
        pending = self._send(_arguments(self._config, call, time_limit))
        try:
            return await (pending if time_limit is None else _timed(pending, time_limit))
        except TimeoutError as error:
            raise TimedOut(call, _TOO_SLOW, in_doubt=True) from error
        except _FAILURES as error:
            raise _failure(call, error) from error

    async def _send(self, arguments: dict[str, Any]) -> Response:
        async with self._http.stream(**arguments) as response:
            body = BodyDecoder(response.headers, self._config.max_response_size)
            if response.is_stream_consumed:
                body.feed_decoded(response.content)  # see `Transport._read()`
                return _response(response, body)
            # Closed at once if the loop is left early, not by the garbage collector.
            async with aclosing(response.aiter_raw()) as chunks:
                async for chunk in chunks:
                    if not body.feed(chunk):
                        break
            return _response(response, body)

    def with_config(self, config: Config) -> "AsyncTransport":
        """Return a transport with other settings over the same connections, not owned by it."""
        return AsyncTransport(config, self._http)

    async def close(self) -> None:
        """Close the connections, unless the HTTP client was passed in."""
        if self._owned:
            await self._http.aclose()


async def _timed(pending: Awaitable[Response], time_limit: float) -> Response:
    import asyncio  # noqa: PLC0415 - slow to import, and only needed here

    # The timeouts of httpx2 apply to a single read, and a server may send a byte at a time.
    async with asyncio.timeout(time_limit):
        return await pending


def _response(response: httpx2.Response, body: BodyDecoder) -> Response:
    return Response(response.status_code, response.headers, body.content(), body.is_whole)


def _uses_environment(config: Config) -> bool:
    # A proxy on the way to this machine would see the key for no benefit.
    return not config.is_local


def _arguments(config: Config, call: Call[Any], time_limit: float | None) -> dict[str, Any]:
    # Everything is set on the request, so an HTTP client that is passed in needs no configuration.
    headers = {
        API_KEY_HEADER: config.api_key.reveal(),
        "Accept": "application/json",
        "Accept-Encoding": CONTENT_CODING,
        "User-Agent": _USER_AGENT,
        **dict(call.headers),
    }
    if call.body is not None:
        headers["Content-Type"] = "application/json"
    return {
        "method": call.operation.method,
        "url": config.base_url + call.path,
        "params": call.query or None,
        "headers": headers,
        "content": call.body,
        "timeout": config.timeout if time_limit is None else min(config.timeout, time_limit),
        # A redirect would send the key to another server.
        "follow_redirects": False,
    }


def _failure(call: Call[Any], error: Exception) -> TransportError | InvalidInput:
    reason = str(error) or type(error).__name__
    if isinstance(error, httpx2.InvalidURL):
        return InvalidInput("arguments", f"produce an invalid URL ({reason})")
    kind = TimedOut if isinstance(error, httpx2.TimeoutException) else ConnectionFailed
    return kind(call, reason, in_doubt=not isinstance(error, _NEVER_SENT))
