"""The HTTP client for webhook attempts; failures are returned as results, not raised."""

import asyncio
import os
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from trackingmore_v2_sandbox.webhooks.url_policy import (
    Address,
    Endpoint,
    LookUp,
    TargetError,
    UrlPolicy,
    find_addresses,
    read_url,
)

if TYPE_CHECKING:
    import httpx2

_HEADERS: Final = {
    "Accept": "*/*",
    "Content-Type": "application/json",
    "User-Agent": "trackingmore-v2-sandbox",
    "X-Sandbox": "1",
}
_MAX_RESPONSE_BYTES: Final = 64 * 1024
"""Maximum size of a response body that is read; the body is discarded."""

_NO_TLS: Final = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""SSL context for plain HTTP, which avoids loading the system's certificates."""


_OTHER_NUMBERS: Final = (ssl.SSLError, socket.gaierror)
"""Errors whose `errno` is not one of the system's."""


class SendResult(NamedTuple):
    """The result of an attempt: the HTTP status of the response, or why there is no response."""

    status: int | None = None
    error: str | None = None


Send: TypeAlias = Callable[[str, str], Awaitable[SendResult]]
"""Sends a body to a URL, once: takes the URL and the body."""


async def look_up(host: str, port: int) -> list[str]:
    """Resolve a host name to its addresses, with the system's resolver."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


class HttpSender:
    """
    A `Send` function over HTTP, restricted by a URL policy.

    Args:
        policy: The policy for target URLs.
        timeout: Maximum seconds for an attempt, including name resolution. Default: 10.
        look_up: Resolves a host name. Default: the system's resolver.
        transport: HTTP transport. Default: None, real connections.
    """

    def __init__(
        self,
        policy: UrlPolicy,
        *,
        timeout: float = 10.0,
        look_up: LookUp = look_up,
        transport: "httpx2.AsyncBaseTransport | None" = None,
    ) -> None:
        self._policy = policy
        self._timeout = timeout
        self._look_up = look_up
        self._transport = transport

    async def __call__(self, url: str, body: str) -> SendResult:
        """Send a body to a URL, once."""
        try:
            async with asyncio.timeout(self._timeout):
                endpoint = read_url(url, self._policy)
                addresses = await find_addresses(endpoint, self._policy, self._look_up)
                return await self._deliver(endpoint, addresses, body)
        except TimeoutError:
            return SendResult(error=f"no response within {self._timeout:g} seconds")
        except (TargetError, OSError) as error:
            return SendResult(error=str(error))

    async def _deliver(
        self, endpoint: Endpoint, addresses: Iterable[Address], body: str
    ) -> SendResult:
        import httpx2  # noqa: PLC0415 - slow to import, and most sandboxes send no webhooks

        failure = SendResult(error="no address to connect to")
        # A client for each attempt, because a pooled connection to the same address may have been
        # opened for another host name.
        async with httpx2.AsyncClient(
            timeout=None,  # `__call__` limits the time of the whole attempt.
            transport=self._transport,
            trust_env=False,
            verify=_tls() if endpoint.is_secure else _NO_TLS,
        ) as client:
            for address in addresses:
                try:
                    return SendResult(status=await _post(client, endpoint, address, body))
                except httpx2.ConnectError as error:  # Try the next address.
                    failure = SendResult(error=_reason(error))
                except (httpx2.RequestError, httpx2.InvalidURL) as error:
                    return SendResult(error=_reason(error))
        return failure


async def _post(
    client: "httpx2.AsyncClient", endpoint: Endpoint, address: Address, body: str
) -> int:
    """Send a body to the address that was checked, with the host name in `Host` and SNI."""
    request = client.build_request("POST", endpoint.url, content=body.encode(), headers=_HEADERS)
    request.url = request.url.copy_with(host=str(address))
    request.extensions["sni_hostname"] = endpoint.host
    response = await client.send(request, stream=True, follow_redirects=False)
    try:
        size = 0
        async for chunk in response.aiter_raw():
            size += len(chunk)
            if size > _MAX_RESPONSE_BYTES:
                break
    finally:
        await response.aclose()
    return response.status_code


@cache
def _tls() -> ssl.SSLContext:
    """Return the default SSL context, built once because loading the certificates is slow."""
    return ssl.create_default_context()


def _reason(error: BaseException) -> str:
    # The error of the system says more than what the HTTP library makes of it.
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError) and cause.errno and not isinstance(cause, _OTHER_NUMBERS):
            return os.strerror(cause.errno)
        cause = cause.__cause__ or cause.__context__
    return str(error) or type(error).__name__
