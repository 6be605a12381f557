"""The two clients: construction, resources, closing."""

import logging
from types import TracebackType
from typing import Any, Final, Self, TypeVar

from trackingmore_v2_api import Call, Repair

from ._config import DEFAULT_TIMEOUT, Config, build_config
from ._flow import Verb, drive, drive_async, run
from ._resources import (
    Account,
    AirWaybills,
    AsyncAccount,
    AsyncAirWaybills,
    AsyncCarriers,
    AsyncShipping,
    AsyncTrackings,
    Carriers,
    Shipping,
    Trackings,
)
from ._transport import AsyncHttpClient, AsyncTransport, HttpClient, Transport

ResultT = TypeVar("ResultT")

_LOGGER: Final = logging.getLogger("trackingmore_v2")
_LOGGER.addHandler(logging.NullHandler())


class TrackingMore:
    """
    A client that blocks. Use it as a context manager, or close it.

    Args:
        api_key: The account's key. Default: the environment variable TRACKINGMORE_API_KEY.
        base_url: Where the API is; plain http for loopback hosts only. Default: the environment
            variable TRACKINGMORE_BASE_URL, else the live API.
        timeout: Seconds that each phase of a request may take. Default 30.
        http_client: Your own `httpx2.Client`, for proxies, certificates or tests. It stays yours
            to close; redirects are never followed.

    Raises:
        ConfigurationError: A setting is missing or wrong.
    """

    def __init__(
        self,
        api_key: str | None = None,
        *,
        base_url: str | None = None,
        timeout: float = DEFAULT_TIMEOUT,
        http_client: HttpClient | None = None,
    ) -> None:
        self._config = build_config(api_key=api_key, base_url=base_url, timeout=timeout)
        self._transport = Transport(self._config, http_client)
        self.account: Final = Account(self._run)
        self.air_waybills: Final = AirWaybills(self._run)
        self.carriers: Final = Carriers(self._run)
        self.shipping: Final = Shipping(self._run)
        self.trackings: Final = Trackings(self._run)

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return _shown(self, self._config)

    def _run(self, verb: Verb[ResultT], /) -> ResultT:
        return drive(run(verb, self._config.api_key, _log_repair), self._transport.send)


class AsyncTrackingMore:
    """
    A client whose verbs are awaited. Use it as an async context manager, or close it.

    Args:
        api_key: The account's key. Default: the environment variable TRACKINGMORE_API_KEY.
        base_url: Where the API is; plain http for loopback hosts only. Default: the environment
            variable TRACKINGMORE_BASE_URL, else the live API.
        timeout: Seconds that each phase of a request may take. Default 30.
        http_client: Your own `httpx2.AsyncClient`, for proxies, certificates or tests. It stays
            yours to close; redirects are never followed.

    Raises:
        ConfigurationError: A setting is missing or wrong.
    """

    def __init__(
        self,
        api_key: str | None = None,
        *,
        base_url: str | None = None,
        timeout: float = DEFAULT_TIMEOUT,
        http_client: AsyncHttpClient | None = None,
    ) -> None:
        self._config = build_config(api_key=api_key, base_url=base_url, timeout=timeout)
        self._transport = AsyncTransport(self._config, http_client)
        self.account: Final = AsyncAccount(self._run)
        self.air_waybills: Final = AsyncAirWaybills(self._run)
        self.carriers: Final = AsyncCarriers(self._run)
        self.shipping: Final = AsyncShipping(self._run)
        self.trackings: Final = AsyncTrackings(self._run)

    async def close(self) -> None:
        """Close the connections."""
        await self._transport.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    def __repr__(self) -> str:
        return _shown(self, self._config)

    async def _run(self, verb: Verb[ResultT], /) -> ResultT:
        return await drive_async(run(verb, self._config.api_key, _log_repair), self._transport.send)


def _shown(client: object, config: Config) -> str:
    return f"{type(client).__name__}(api_key=***, base_url={config.base_url!r})"


def _log_repair(call: Call[Any], repair: Repair) -> None:
    _LOGGER.warning("%s: %s: %s", call.operation.id, repair.path, repair.problem)
