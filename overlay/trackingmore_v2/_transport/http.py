"""The only module that knows the HTTP library: it sends a `Call`, and gives a `Response`."""

import zlib
from collections.abc import Awaitable
from contextlib import aclosing
from math import inf
from time import monotonic
from typing import Any, Final, TypeAlias

import httpx2

from trackingmore_v2._config import Config
from trackingmore_v2._errors import ConnectionFailed, InvalidInput, TimedOut, TransportError
from trackingmore_v2._transport.decoding import ACCEPTED, BodyDecoder
from trackingmore_v2._transport.response import Response
from trackingmore_v2._version import __version__
from trackingmore_v2_api import API_KEY_HEADER, Call

HttpClient: TypeAlias = httpx2.Client
AsyncHttpClient: TypeAlias = httpx2.AsyncClient

_USER_AGENT: Final = f"trackingmore-v2/{__version__}"
_TOO_SLOW: Final = "the answer was not complete in time"
_NEVER_SENT: Final = (
    httpx2.ConnectError,
    httpx2.ConnectTimeout,
    httpx2.PoolTimeout,
    httpx2.ProxyError,
    httpx2.UnsupportedProtocol,
)
_FAILURES: Final = (httpx2.RequestError, httpx2.InvalidURL, zlib.error)


class Transport:
    """Sends calls, and blocks until the answer is there."""

    def __init__(self, config: Config, http_client: HttpClient | None = None) -> None:
        self._config = config
        self._owned = http_client is None
        self._http = http_client or httpx2.Client(trust_env=_uses_environment(config))

    def send(self, call: Call[Any], time_limit: float | None = None) -> Response:
        """
        Send a call once.

        A time limit is kept between any two pieces of the answer; a server that falls silent in the
        middle of one is waited for as long again.
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
            body.add(response.content)  # read before, by a hook of the user's or in a test
            return _response(response, body)
        for piece in response.iter_raw():
            if not body.take(piece):
                break
            if monotonic() > end:
                raise TimedOut(call, _TOO_SLOW, maybe_sent=True)
        return _response(response, body)

    def sharing(self, config: Config) -> "Transport":
        """Give a transport with other settings over the same connections, which stay ours."""
        return Transport(config, self._http)

    def close(self) -> None:
        """Close the connections, unless the HTTP client is the user's own."""
        if self._owned:
            self._http.close()


class AsyncTransport:
    """Sends calls, and lets others run until the answer is there."""

    def __init__(self, config: Config, http_client: AsyncHttpClient | None = None) -> None:
        self._config = config
        self._owned = http_client is None
        self._http = http_client or httpx2.AsyncClient(trust_env=_uses_environment(config))

    async def send(self, call: Call[Any], time_limit: float | None = None) -> Response:
        """Send a call once, within a time limit if there is one."""
        pending = self._send(_arguments(self._config, call, time_limit))
        try:
            return await (pending if time_limit is None else _timed(pending, time_limit))
        except TimeoutError as error:
            raise TimedOut(call, _TOO_SLOW, maybe_sent=True) from error
        except _FAILURES as error:
            raise _failure(call, error) from error

    async def _send(self, arguments: dict[str, Any]) -> Response:
        async with self._http.stream(**arguments) as response:
            body = BodyDecoder(response.headers, self._config.max_response_size)
            if response.is_stream_consumed:
                body.add(response.content)  # as above
                return _response(response, body)
            async with aclosing(response.aiter_raw()) as pieces:
                async for piece in pieces:
                    if not body.take(piece):
                        break
            return _response(response, body)

    def sharing(self, config: Config) -> "AsyncTransport":
        """Give a transport with other settings over the same connections, which stay ours."""
        return AsyncTransport(config, self._http)

    async def close(self) -> None:
        """Close the connections, unless the HTTP client is the user's own."""
        if self._owned:
            await self._http.aclose()


async def _timed(pending: Awaitable[Response], time_limit: float) -> Response:
    import asyncio  # noqa: PLC0415 - it takes longer to import than all the rest

    async with asyncio.timeout(time_limit):
        return await pending


def _response(response: httpx2.Response, body: BodyDecoder) -> Response:
    return Response(response.status_code, response.headers, body.content(), body.is_whole)


def _uses_environment(config: Config) -> bool:
    """Take proxies from the environment, but none to this machine: it would see the key."""
    return not config.is_local


def _arguments(config: Config, call: Call[Any], time_limit: float | None) -> dict[str, Any]:
    """Say everything with the request itself, so that a user's own HTTP client needs no set-up."""
    headers = {
        API_KEY_HEADER: config.api_key.reveal(),
        "Accept": "application/json",
        "Accept-Encoding": ACCEPTED,
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
        # A redirect would carry the key to wherever it points.
        "follow_redirects": False,
    }


def _failure(call: Call[Any], error: Exception) -> TransportError | InvalidInput:
    reason = str(error) or type(error).__name__
    if isinstance(error, httpx2.InvalidURL):
        return InvalidInput("arguments", f"make an address that cannot be used ({reason})")
    kind = TimedOut if isinstance(error, httpx2.TimeoutException) else ConnectionFailed
    return kind(call, reason, maybe_sent=not isinstance(error, _NEVER_SENT))
