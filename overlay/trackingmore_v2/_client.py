"""The two clients: construction, resources, closing."""

from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any, ParamSpec, Self, TypeVar

from msgspec.structs import replace

from trackingmore_v2_api import Call
from trackingmore_v2_api.runtime import Answer

from ._cache import Cache
from ._config import DEFAULT_TIMEOUT, Config, build_config, checked_timeout
from ._flow import Context, Verb, drive, drive_async, run, verb
from ._observe import Observer
from ._raw import RawAnswer, raw_answer, rebound
from ._reply import Reply
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
from ._resources._base import AsyncResource, Resource
from ._transport import AsyncHttpClient, AsyncTransport, HttpClient, Transport
from .hooks import Hooks
from .quota import QuotaGuard

AnswerT = TypeVar("AnswerT", bound=Answer)
AnyT = TypeVar("AnyT")
P = ParamSpec("P")
ResultT = TypeVar("ResultT")


class TrackingMore:
    """
    A client that blocks. Use it as a context manager, or close it.

    Args:
        api_key: The account's key. Default: the environment variable TRACKINGMORE_API_KEY.
        base_url: Where the API is; plain http for loopback hosts only. Default: the environment
            variable TRACKINGMORE_BASE_URL, else the live API.
        timeout: Seconds that each phase of a request may take. Default 30.
        hooks: Functions that are told what happens. Default: none.
        quota_guard: A budget for the calls that cost quota. Default: none.
        cache_carriers: Keep the answers of `carriers.list` and `carriers.detect` as long as the
            client lives. Default: ask each time.
        http_client: Your own `httpx2.Client`, for proxies, certificates or tests. It stays yours to
            close; redirects are never followed.

    Raises:
        ConfigurationError: A setting is missing or wrong.
    """

    account: Account
    air_waybills: AirWaybills
    carriers: Carriers
    shipping: Shipping
    trackings: Trackings

    def __init__(  # noqa: PLR0913 - each is a setting
        self,
        api_key: str | None = None,
        *,
        base_url: str | None = None,
        timeout: float = DEFAULT_TIMEOUT,
        hooks: Hooks | None = None,
        quota_guard: QuotaGuard | None = None,
        cache_carriers: bool = False,
        http_client: HttpClient | None = None,
    ) -> None:
        config = build_config(api_key=api_key, base_url=base_url, timeout=timeout)
        context = Context(
            key=config.api_key,
            observer=Observer(hooks or Hooks(), config),
            guard=quota_guard,
            cache=Cache() if cache_carriers else None,
        )
        self._set_up(config, context, Transport(config, http_client))

    def _set_up(self, config: Config, context: Context, transport: Transport) -> None:
        self._config = config
        self._context = context
        self._transport = transport
        self.account = Account(self._run)
        self.air_waybills = AirWaybills(self._run)
        self.carriers = Carriers(self._run)
        self.shipping = Shipping(self._run)
        self.trackings = Trackings(self._run)

    def with_options(
        self,
        *,
        timeout: float | None = None,
        hooks: Hooks | None = None,
        quota_guard: QuotaGuard | None = None,
    ) -> Self:
        """
        Give a client with some other settings, over the same connections.

            client.with_options(timeout=90).trackings.realtime("ups", "1Z97X17XYW06605211")

        Args:
            timeout: Seconds that each phase of a request may take.
            hooks: Functions that are told what happens.
            quota_guard: A budget for the calls that cost quota.

        Returns:
            A client that needs no closing, and works until this one is closed. What is None stays
            as it is here.

        Raises:
            ConfigurationError: A setting is wrong.
        """
        config, context = _changed(self._config, self._context, timeout, hooks, quota_guard)
        twin = object.__new__(type(self))
        twin._set_up(config, context, self._transport.sharing(config))
        return twin

    def call(self, call: Call[AnswerT], /) -> AnswerT:
        """
        Make any call of the generated layer.

            from trackingmore_v2_api.operations.account import get_account

            answer = client.call(get_account.call())

        Args:
            call: What to send; its arguments are not checked beyond what the generated layer does.

        Returns:
            The whole answer, with `meta` and `data`.

        Raises:
            ApiError: The API refused.
            TransportError: No answer came.
        """
        return self._run(verb(call, lambda answer: answer))

    def raw(
        self, verb: Callable[P, ResultT], /, *args: P.args, **kwargs: P.kwargs
    ) -> RawAnswer[ResultT]:
        """
        Run a verb, and give its result with the answer as it came.

            answer = client.raw(client.trackings.get, "ups", "1Z97X17XYW06605211")
            print(answer.status, answer.headers, answer.body, answer.parsed)

        Args:
            verb: A verb of this client.
            *args: Its arguments.
            **kwargs: Its arguments.

        Raises:
            TypeError: That is no verb, or one that makes no call by itself, such as a list.
            TrackingMoreError: What the verb raises; `ApiError` and `ContractBroken` hold the answer
                too.
        """
        replies: list[Reply] = []
        context = replace(self._context, cache=None)

        def send(call: Call[Any]) -> Reply:
            reply = self._transport.send(call)
            replies.append(reply)
            return reply

        def run_verb(verb: Verb[AnyT], /) -> AnyT:
            return drive(run(verb, context), send)

        parsed = rebound(verb, Resource, run_verb)(*args, **kwargs)
        return raw_answer(parsed, replies)

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
        return drive(run(verb, self._context), self._transport.send)


class AsyncTrackingMore:
    """
    A client whose verbs are awaited. Use it as an async context manager, or close it.

    Args:
        api_key: The account's key. Default: the environment variable TRACKINGMORE_API_KEY.
        base_url: Where the API is; plain http for loopback hosts only. Default: the environment
            variable TRACKINGMORE_BASE_URL, else the live API.
        timeout: Seconds that each phase of a request may take. Default 30.
        hooks: Functions that are told what happens. Default: none.
        quota_guard: A budget for the calls that cost quota. Default: none.
        cache_carriers: Keep the answers of `carriers.list` and `carriers.detect` as long as the
            client lives. Default: ask each time.
        http_client: Your own `httpx2.AsyncClient`, for proxies, certificates or tests. It stays
            yours to close; redirects are never followed.

    Raises:
        ConfigurationError: A setting is missing or wrong.
    """

    account: AsyncAccount
    air_waybills: AsyncAirWaybills
    carriers: AsyncCarriers
    shipping: AsyncShipping
    trackings: AsyncTrackings

    def __init__(  # noqa: PLR0913 - each is a setting
        self,
        api_key: str | None = None,
        *,
        base_url: str | None = None,
        timeout: float = DEFAULT_TIMEOUT,
        hooks: Hooks | None = None,
        quota_guard: QuotaGuard | None = None,
        cache_carriers: bool = False,
        http_client: AsyncHttpClient | None = None,
    ) -> None:
        config = build_config(api_key=api_key, base_url=base_url, timeout=timeout)
        context = Context(
            key=config.api_key,
            observer=Observer(hooks or Hooks(), config),
            guard=quota_guard,
            cache=Cache() if cache_carriers else None,
        )
        self._set_up(config, context, AsyncTransport(config, http_client))

    def _set_up(self, config: Config, context: Context, transport: AsyncTransport) -> None:
        self._config = config
        self._context = context
        self._transport = transport
        self.account = AsyncAccount(self._run)
        self.air_waybills = AsyncAirWaybills(self._run)
        self.carriers = AsyncCarriers(self._run)
        self.shipping = AsyncShipping(self._run)
        self.trackings = AsyncTrackings(self._run)

    def with_options(
        self,
        *,
        timeout: float | None = None,
        hooks: Hooks | None = None,
        quota_guard: QuotaGuard | None = None,
    ) -> Self:
        """
        Give a client with some other settings, over the same connections.

            client.with_options(timeout=90).trackings.realtime("ups", "1Z97X17XYW06605211")

        Args:
            timeout: Seconds that each phase of a request may take.
            hooks: Functions that are told what happens.
            quota_guard: A budget for the calls that cost quota.

        Returns:
            A client that needs no closing, and works until this one is closed. What is None stays
            as it is here.

        Raises:
            ConfigurationError: A setting is wrong.
        """
        config, context = _changed(self._config, self._context, timeout, hooks, quota_guard)
        twin = object.__new__(type(self))
        twin._set_up(config, context, self._transport.sharing(config))
        return twin

    async def call(self, call: Call[AnswerT], /) -> AnswerT:
        """
        Make any call of the generated layer.

            from trackingmore_v2_api.operations.account import get_account

            answer = await client.call(get_account.call())

        Args:
            call: What to send; its arguments are not checked beyond what the generated layer does.

        Returns:
            The whole answer, with `meta` and `data`.

        Raises:
            ApiError: The API refused.
            TransportError: No answer came.
        """
        return await self._run(verb(call, lambda answer: answer))

    async def raw(
        self, verb: Callable[P, Awaitable[ResultT]], /, *args: P.args, **kwargs: P.kwargs
    ) -> RawAnswer[ResultT]:
        """
        Run a verb, and give its result with the answer as it came.

            answer = await client.raw(client.trackings.get, "ups", "1Z97X17XYW06605211")
            print(answer.status, answer.headers, answer.body, answer.parsed)

        Args:
            verb: A verb of this client.
            *args: Its arguments.
            **kwargs: Its arguments.

        Raises:
            TypeError: That is no verb, or one that makes no call by itself, such as a list.
            TrackingMoreError: What the verb raises; `ApiError` and `ContractBroken` hold the answer
                too.
        """
        replies: list[Reply] = []
        context = replace(self._context, cache=None)

        async def send(call: Call[Any]) -> Reply:
            reply = await self._transport.send(call)
            replies.append(reply)
            return reply

        async def run_verb(verb: Verb[AnyT], /) -> AnyT:
            return await drive_async(run(verb, context), send)

        parsed = await rebound(verb, AsyncResource, run_verb)(*args, **kwargs)
        return raw_answer(parsed, replies)

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
        return await drive_async(run(verb, self._context), self._transport.send)


def _changed(
    config: Config,
    context: Context,
    timeout: float | None,
    hooks: Hooks | None,
    guard: QuotaGuard | None,
) -> tuple[Config, Context]:
    """Change what is given, and keep what is None."""
    if timeout is not None:
        config = replace(config, timeout=checked_timeout(timeout))
    if hooks is not None:
        context = replace(context, observer=Observer(hooks, config))
    if guard is not None:
        context = replace(context, guard=guard)
    return config, context


def _shown(client: object, config: Config) -> str:
    return f"{type(client).__name__}(api_key=***, base_url={config.base_url!r})"
