"""Sends one delivery once: what came of it is a fact for the log, and never an exception."""

import asyncio
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
_MAX_ANSWER_BYTES: Final = 64 * 1024
"""More of an answer is not read; none of it is kept."""

_NO_TLS: Final = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""For plain HTTP: the machine's certificates need not be loaded."""


class SendResult(NamedTuple):
    """What came of an attempt: the HTTP status of the answer, or the reason why there is none."""

    status: int | None = None
    error: str | None = None


Send: TypeAlias = Callable[[str, str], Awaitable[SendResult]]
"""Sends a body to a URL, once."""


async def look_up(host: str, port: int) -> list[str]:
    """Ask the machine's resolver for the addresses of a host."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


class HttpSender:
    """
    Sends over HTTP, and only where the policy allows it.

    Args:
        policy: Where webhooks may go.
        timeout: Seconds that an attempt may take, looking the name up included.
        look_up: Gives the addresses of a name.
        transport: Moves the messages. Default: real connections.
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
            return SendResult(error=f"no answer within {self._timeout:g} seconds")
        except (TargetError, OSError) as error:
            return SendResult(error=str(error))

    async def _deliver(
        self, endpoint: Endpoint, addresses: Iterable[Address], body: str
    ) -> SendResult:
        import httpx2  # noqa: PLC0415 - most sandboxes send nothing, and start faster without

        rejected = SendResult(error="no address to connect to")
        # No connection is kept, since one to the same address may belong to another name.
        async with httpx2.AsyncClient(
            timeout=None,  # The whole attempt has one.
            transport=self._transport,
            trust_env=False,
            verify=_tls() if endpoint.is_secure else _NO_TLS,
        ) as client:
            for address in addresses:
                try:
                    return SendResult(status=await _post(client, endpoint, address, body))
                except httpx2.ConnectError as error:
                    rejected = SendResult(error=_reason(error))
                except (httpx2.RequestError, httpx2.InvalidURL) as error:
                    return SendResult(error=_reason(error))
        return rejected


async def _post(
    client: "httpx2.AsyncClient", endpoint: Endpoint, address: Address, body: str
) -> int:
    """Send a body to that very address, under the name that it was found by."""
    request = client.build_request("POST", endpoint.url, content=body.encode(), headers=_HEADERS)
    request.url = request.url.copy_with(host=str(address))
    request.extensions["sni_hostname"] = endpoint.host
    response = await client.send(request, stream=True, follow_redirects=False)
    try:
        size = 0
        async for chunk in response.aiter_raw():
            size += len(chunk)
            if size > _MAX_ANSWER_BYTES:
                break
    finally:
        await response.aclose()
    return response.status_code


@cache
def _tls() -> ssl.SSLContext:
    """Trust what the machine trusts. To load that takes a while."""
    return ssl.create_default_context()


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__
