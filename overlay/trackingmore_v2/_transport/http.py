"""The HTTP transports, which send a `Call` and return a `Response`."""

import sys
import zlib
from collections.abc import Mapping
from contextlib import aclosing, closing
from ssl import SSLCertVerificationError, SSLError
from typing import Any, Final

import httpx2

from trackingmore_v2._config import Config
from trackingmore_v2._errors import (
    ClientClosed,
    ConnectionFailed,
    InvalidCertificate,
    InvalidInput,
    PoolFull,
    TimedOut,
    TransportError,
)
from trackingmore_v2._transport.causes import copy_of, message_of
from trackingmore_v2._transport.connections import (
    AsyncConnections,
    AsyncOwnConnections,
    Connections,
)
from trackingmore_v2._transport.deadline import deadline_after, has_passed
from trackingmore_v2._transport.decoding import CONTENT_CODING, BodyDecoder, TooManyChunks
from trackingmore_v2._transport.response import Response
from trackingmore_v2._version import __version__
from trackingmore_v2_api import API_KEY_HEADER, Call

_USER_AGENT: Final = f"trackingmore-v2/{__version__}"
_CLOSED: Final = "the client is closed; create a new one"
_UNTRUSTED: Final = "; pass the certificate authority as verify=, or in SSL_CERT_FILE"
_POOL_FULL: Final = "no connection of the client became free before the deadline"
_TOO_SLOW: Final = "the response was not complete before the deadline"
_NOT_CONNECTED: Final = "the connection was not established before the deadline"
# These occur before the first byte of the request, so the call was not carried out.
_NEVER_SENT: Final = (
    httpx2.ConnectError,
    httpx2.ConnectTimeout,
    httpx2.PoolTimeout,
    httpx2.ProxyError,
    httpx2.UnsupportedProtocol,
    UnicodeError,  # of a host name that DNS cannot contain
)
# httpx2 does not convert the last one if it occurs after the handshake.
_FAILURES: Final = (
    *(httpx2.RequestError, httpx2.InvalidURL, UnicodeError, SSLError),
    *(zlib.error, TooManyChunks),  # of the body
)


class Transport:
    """A transport that blocks until the response is complete."""

    def __init__(
        self, config: Config, connections: Connections, *, owns_connections: bool = True
    ) -> None:
        self._config = config
        self._connections = connections
        self._owns_connections = owns_connections

    def send(self, call: Call[Any], time_limit: float | None = None) -> Response:
        """
        Send a call once, and return its response.

        With a user's HTTP client, the time limit is checked between two chunks of the body only.

        Args:
            call: The call.
            time_limit: Seconds until the response must be complete. Default: no limit.

        Raises:
            TransportError: No complete response was received.
            InvalidInput: The arguments produce an invalid URL.
        """
        _require_open(self._connections, call)
        request = _request(self._config, call, time_limit)
        handled = sys.exception()
        try:
            with (
                deadline_after(time_limit),
                closing(self._connections.send(**_with_key(self._config, request))) as response,
            ):
                return self._read(response, call)
        except _FAILURES as error:
            failure = _failure(self._config, call, error, handled)
        # Outside of `except`, where the original, which holds the request, would be its context.
        raise failure

    def _read(self, response: httpx2.Response, call: Call[Any]) -> Response:
        body = BodyDecoder(response.headers, self._config.max_response_size)
        if response.is_stream_consumed:
            body.feed_decoded(response.content)  # read by an event hook of the HTTP client
            return _response(response, body)
        # Raw, since httpx2 would unpack the body without a limit.
        for chunk in response.iter_raw():
            if not body.feed(chunk):
                break
            if has_passed():
                raise TimedOut(call, _TOO_SLOW, in_doubt=True)
        return _response(response, body)

    def with_config(self, config: Config) -> "Transport":
        """Return a transport with other settings over the same connections, not owned by it."""
        return Transport(config, self._connections, owns_connections=False)

    def close(self) -> None:
        """Close the connections, unless they belong to another transport or to the user."""
        if self._owns_connections:
            self._connections.close()


class AsyncTransport:
    """A transport that is awaited until the response is complete."""

    def __init__(
        self, config: Config, connections: AsyncConnections, *, owns_connections: bool = True
    ) -> None:
        self._config = config
        self._connections = connections
        self._owns_connections = owns_connections

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
        _require_open(self._connections, call)
        request = _request(self._config, call, time_limit)
        handled = sys.exception()
        try:
            if time_limit is None:
                return await self._send(request)
            return await self._send_within(call, request, time_limit)
        except _FAILURES as error:
            failure = _failure(self._config, call, error, handled)
        raise failure  # see `Transport.send()`

    async def _send_within(
        self, call: Call[Any], request: dict[str, Any], time_limit: float
    ) -> Response:
        from anyio import fail_after  # noqa: PLC0415 - slow to import

        progress = _Progress(is_reported=isinstance(self._connections, AsyncOwnConnections))
        request["extensions"]["trace"] = progress.trace
        try:
            # The timeouts of httpx2 apply to a single read, and a server may send byte by byte.
            with fail_after(time_limit):
                return await self._send(request)
        except TimeoutError:
            failure = progress.failure(call)
        raise failure

    async def _send(self, request: dict[str, Any]) -> Response:
        sending = self._connections.send(**_with_key(self._config, request))
        async with aclosing(await sending) as response:
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
        return AsyncTransport(config, self._connections, owns_connections=False)

    async def close(self) -> None:
        """Close the connections, unless they belong to another transport or to the user."""
        if self._owns_connections:
            await self._connections.close()


class _Progress:
    """How far a request has come, by the trace events of httpx2."""

    def __init__(self, *, is_reported: bool) -> None:
        self._has_begun = False
        self._is_sent = False
        # The transport of a user's HTTP client may report nothing, and send all the same.
        self._is_reported = is_reported

    async def trace(self, event: str, details: Mapping[str, Any]) -> None:
        self._has_begun = True
        if event.endswith("send_request_headers.started"):
            # A proxy is first sent a request of its own.
            method = getattr(details.get("request"), "method", None)
            self._is_sent = self._is_sent or method != b"CONNECT"

    def failure(self, call: Call[Any]) -> TimedOut:
        """Return the error of a request that took too long."""
        if not self._has_begun and self._is_reported:
            return PoolFull(call, _POOL_FULL, in_doubt=False)
        if self._has_begun and not self._is_sent:
            return TimedOut(call, _NOT_CONNECTED, in_doubt=False)
        return TimedOut(call, _TOO_SLOW, in_doubt=True)


def _require_open(connections: Connections | AsyncConnections, call: Call[Any]) -> None:
    if connections.is_closed:
        raise ClientClosed(call, _CLOSED, in_doubt=False)


def _response(response: httpx2.Response, body: BodyDecoder) -> Response:
    return Response(response.status_code, response.headers, body.content(), body.is_whole)


def _request(config: Config, call: Call[Any], time_limit: float | None) -> dict[str, Any]:
    # Everything is set on the request, so an HTTP client that is passed in needs no configuration.
    headers = {
        "Accept": "application/json",
        "Accept-Encoding": CONTENT_CODING,
        "User-Agent": _USER_AGENT,
        **dict(call.headers),
    }
    if call.body is not None:
        headers["Content-Type"] = "application/json"
    timeout = config.timeout if time_limit is None else min(config.timeout, time_limit)
    return {
        "method": call.operation.method,
        "url": config.base_url + call.path,
        "params": call.query or None,
        "headers": headers,
        "content": call.body,
        "extensions": {
            "timeout": {
                **dict.fromkeys(("connect", "write", "read"), timeout),
                # Waiting for a connection is no phase of the request: the others are at work.
                "pool": time_limit,
            }
        },
    }


def _with_key(config: Config, request: dict[str, Any]) -> dict[str, Any]:
    # Only here, so that the key is in no local variable of a frame that calls the HTTP library.
    return {**request, "headers": {API_KEY_HEADER: config.api_key.reveal(), **request["headers"]}}


def _failure(
    config: Config, call: Call[Any], error: Exception, handled: BaseException | None
) -> TransportError | InvalidInput:
    failure = _converted(config, call, error)
    failure.__cause__ = copy_of(error, config.api_key.redact, handled)
    return failure


def _converted(config: Config, call: Call[Any], error: Exception) -> TransportError | InvalidInput:
    reason = message_of(error, config.api_key.redact)
    if isinstance(error, httpx2.ProxyError):
        reason = f"cannot connect to {config.base_url} through the proxy: {reason}"
    elif isinstance(error, httpx2.ConnectError | httpx2.ConnectTimeout):
        reason = f"cannot connect to {config.base_url}: {reason}"
    if isinstance(error, httpx2.InvalidURL):
        return InvalidInput("arguments", f"produce an invalid URL ({reason})")
    if isinstance(error, httpx2.PoolTimeout):
        return PoolFull(call, _POOL_FULL, in_doubt=False)
    kind = TimedOut if isinstance(error, httpx2.TimeoutException) else ConnectionFailed
    if isinstance(error, httpx2.ConnectError) and _is_of_certificate(error):
        kind, reason = InvalidCertificate, f"{reason}{_UNTRUSTED}"
    return kind(call, reason, in_doubt=not isinstance(error, _NEVER_SENT))


def _is_of_certificate(error: BaseException | None) -> bool:
    while error and not isinstance(error, SSLCertVerificationError):
        error = error.__cause__ or error.__context__
    return error is not None
