"""The two clients: construction, resources, closing."""

from types import TracebackType
from typing import Self, TypeVar

from trackingmore_v2._calls.context import Context, build_context, changed_context
from trackingmore_v2._calls.flow import PreparedCall, prepare, run
from trackingmore_v2._calls.runner import drive, drive_async
from trackingmore_v2._config import (
    DEFAULT_MAX_RESPONSE_SIZE,
    DEFAULT_RETRIES,
    DEFAULT_TIMEOUT,
    Config,
    build_config,
    changed_config,
)
from trackingmore_v2._resources import (
    AccountResource,
    AirWaybillsResource,
    AsyncAccountResource,
    AsyncAirWaybillsResource,
    AsyncCarriersResource,
    AsyncShippingResource,
    AsyncTrackingsResource,
    CarriersResource,
    ShippingResource,
    TrackingsResource,
)
from trackingmore_v2._resources.raw import AsyncRaw, Raw
from trackingmore_v2._transport.http import (
    AsyncHttpClient,
    AsyncTransport,
    HttpClient,
    Transport,
)
from trackingmore_v2.hooks import Hooks
from trackingmore_v2.limiters.memory import Limiter
from trackingmore_v2.quota import QuotaGuard
from trackingmore_v2_api import Call
from trackingmore_v2_api.runtime import ResponseBody

AnswerT = TypeVar("AnswerT", bound=ResponseBody)
ResultT = TypeVar("ResultT")


class TrackingMore:
    """
    A client that blocks. Use it as a context manager, or close it.

    Args:
        api_key: The account's key. Default: the environment variable TRACKINGMORE_API_KEY.
        base_url: Where the API is; plain http for loopback hosts only. Default: the environment
            variable TRACKINGMORE_BASE_URL, else the live API.
        timeout: Seconds that each phase of a request may take. Default 30.
        deadline: Seconds that a call may take in all, with its waits and repeats. A verb that makes
            several calls may take as long for each. Default: any number.
        retries: Repeats of a call that got no answer, or that the server failed or refused for
            being one too many, at most. Nothing is created twice by them. Default 2.
        lang: Language of answers, two letters, for verbs whose own `lang` is not given. Default:
            the API's own, mostly English.
        limiter: Paces the requests; give the same one to all clients of one account. Default: one
            of its own, as fast as the contract documents; none where the server is on this machine.
        hooks: Functions that are told what happens. Default: none.
        quota_guard: A budget for the calls that cost quota. Default: none.
        cache_carriers: Keep the answers of `carriers.list` and `carriers.detect` as long as the
            client lives. Default: ask each time.
        sandbox_only: Send nothing but a question without the key until the server has shown that it
            is a sandbox; the verbs of a client whose server is none raise `NotASandbox`. Default:
            speak to any server.
        max_response_size: Bytes of the largest answer that is read, both as it comes and unpacked;
            one with more raises `ResponseTooLarge`. Default 64 MiB, several times the largest page.
        http_client: Your own `httpx2.Client`, for proxies, certificates or tests. It stays yours to
            close; redirects are never followed. Default: one of its own.

    Raises:
        ConfigurationError: A setting is missing or wrong.
    """

    account: AccountResource
    """The account behind the key."""

    air_waybills: AirWaybillsResource
    """Air cargo."""

    carriers: CarriersResource
    """Who carries, and whose number this might be."""

    shipping: ShippingResource
    """Facts about places and routes."""

    trackings: TrackingsResource
    """Parcels that the account follows."""

    def __init__(  # noqa: PLR0913 - each is a setting
        self,
        api_key: str | None = None,
        *,
        base_url: str | None = None,
        timeout: float = DEFAULT_TIMEOUT,
        deadline: float | None = None,
        retries: int = DEFAULT_RETRIES,
        lang: str | None = None,
        limiter: Limiter | None = None,
        hooks: Hooks | None = None,
        quota_guard: QuotaGuard | None = None,
        cache_carriers: bool = False,
        sandbox_only: bool = False,
        max_response_size: int = DEFAULT_MAX_RESPONSE_SIZE,
        http_client: HttpClient | None = None,
    ) -> None:
        config = build_config(
            api_key=api_key,
            base_url=base_url,
            timeout=timeout,
            deadline=deadline,
            retries=retries,
            lang=lang,
            max_response_size=max_response_size,
        )
        context = build_context(
            config,
            limiter,
            hooks,
            quota_guard,
            cache_carriers=cache_carriers,
            sandbox_only=sandbox_only,
        )
        self._set_up(context, Transport(config, http_client))

    def _set_up(self, context: Context, transport: Transport) -> None:
        self._context = context
        self._transport = transport
        lang = context.config.lang
        self.account = AccountResource(self._run, lang)
        self.air_waybills = AirWaybillsResource(self._run, lang)
        self.carriers = CarriersResource(self._run, lang)
        self.shipping = ShippingResource(self._run, lang)
        self.trackings = TrackingsResource(self._run, lang)

    def with_options(  # noqa: PLR0913 - each is a setting
        self,
        *,
        timeout: float | None = None,
        deadline: float | None = None,
        retries: int | None = None,
        lang: str | None = None,
        limiter: Limiter | None = None,
        hooks: Hooks | None = None,
        quota_guard: QuotaGuard | None = None,
    ) -> Self:
        """
        Give a client with some other settings, over the same connections.

            client.with_options(timeout=90).trackings.realtime("ups", "1Z97X17XYW06605211")

        Args:
            timeout: Seconds that each phase of a request may take. Default: as it is here.
            deadline: Seconds that a call may take in all; `math.inf` for any number. Default: as
                it is here.
            retries: Repeats of a call that failed in passing, at most. Default: as it is here.
            lang: Language of answers, two letters. Default: as it is here.
            limiter: Paces the requests. Default: the one here.
            hooks: Functions that are told what happens. Default: those here.
            quota_guard: A budget for the calls that cost quota. Default: the one here.

        Returns:
            A client that needs no closing, and works until this one is closed.

        Raises:
            ConfigurationError: A setting is wrong.
        """
        config = changed_config(
            self._context.config, timeout=timeout, deadline=deadline, retries=retries, lang=lang
        )
        context = changed_context(self._context, config, limiter, hooks, quota_guard)
        twin = object.__new__(type(self))
        twin._set_up(context, self._transport.sharing(config))
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
            BudgetExceeded: The quota guard allows no more; nothing was sent.
            ContractBroken: The answer cannot be read.
            TransportError: No answer came.
        """
        return self._run(prepare(call, lambda envelope: envelope))

    @property
    def raw(self) -> Raw:
        """
        The same verbs, each of which gives its answer as it came beside the result.

            answer = client.raw.trackings.get("ups", "1Z97X17XYW06605211")
            print(answer.status, answer.headers, answer.body, answer.parsed)

        A verb that makes several calls gives all answers. Nothing is taken from the cache.
        """
        return Raw(self._context, self._transport)

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
        return _shown(self, self._context.config)

    def _run(self, prepared: PreparedCall[ResultT], /) -> ResultT:
        return drive(run(prepared, self._context), self._transport.send, self._context.clock)


class AsyncTrackingMore:
    """
    A client whose verbs are awaited. Use it as an async context manager, or close it.

    Args:
        api_key: The account's key. Default: the environment variable TRACKINGMORE_API_KEY.
        base_url: Where the API is; plain http for loopback hosts only. Default: the environment
            variable TRACKINGMORE_BASE_URL, else the live API.
        timeout: Seconds that each phase of a request may take. Default 30.
        deadline: Seconds that a call may take in all, with its waits and repeats. A verb that makes
            several calls may take as long for each. Default: any number.
        retries: Repeats of a call that got no answer, or that the server failed or refused for
            being one too many, at most. Nothing is created twice by them. Default 2.
        lang: Language of answers, two letters, for verbs whose own `lang` is not given. Default:
            the API's own, mostly English.
        limiter: Paces the requests; give the same one to all clients of one account. Default: one
            of its own, as fast as the contract documents; none where the server is on this machine.
        hooks: Functions that are told what happens. Default: none.
        quota_guard: A budget for the calls that cost quota. Default: none.
        cache_carriers: Keep the answers of `carriers.list` and `carriers.detect` as long as the
            client lives. Default: ask each time.
        sandbox_only: Send nothing but a question without the key until the server has shown that it
            is a sandbox; the verbs of a client whose server is none raise `NotASandbox`. Default:
            speak to any server.
        max_response_size: Bytes of the largest answer that is read, both as it comes and unpacked;
            one with more raises `ResponseTooLarge`. Default 64 MiB, several times the largest page.
        http_client: Your own `httpx2.AsyncClient`, for proxies, certificates or tests. It stays
            yours to close; redirects are never followed. Default: one of its own.

    Raises:
        ConfigurationError: A setting is missing or wrong.
    """

    account: AsyncAccountResource
    """The account behind the key."""

    air_waybills: AsyncAirWaybillsResource
    """Air cargo."""

    carriers: AsyncCarriersResource
    """Who carries, and whose number this might be."""

    shipping: AsyncShippingResource
    """Facts about places and routes."""

    trackings: AsyncTrackingsResource
    """Parcels that the account follows."""

    def __init__(  # noqa: PLR0913 - each is a setting
        self,
        api_key: str | None = None,
        *,
        base_url: str | None = None,
        timeout: float = DEFAULT_TIMEOUT,
        deadline: float | None = None,
        retries: int = DEFAULT_RETRIES,
        lang: str | None = None,
        limiter: Limiter | None = None,
        hooks: Hooks | None = None,
        quota_guard: QuotaGuard | None = None,
        cache_carriers: bool = False,
        sandbox_only: bool = False,
        max_response_size: int = DEFAULT_MAX_RESPONSE_SIZE,
        http_client: AsyncHttpClient | None = None,
    ) -> None:
        config = build_config(
            api_key=api_key,
            base_url=base_url,
            timeout=timeout,
            deadline=deadline,
            retries=retries,
            lang=lang,
            max_response_size=max_response_size,
        )
        context = build_context(
            config,
            limiter,
            hooks,
            quota_guard,
            cache_carriers=cache_carriers,
            sandbox_only=sandbox_only,
        )
        self._set_up(context, AsyncTransport(config, http_client))

    def _set_up(self, context: Context, transport: AsyncTransport) -> None:
        self._context = context
        self._transport = transport
        lang = context.config.lang
        self.account = AsyncAccountResource(self._run, lang)
        self.air_waybills = AsyncAirWaybillsResource(self._run, lang)
        self.carriers = AsyncCarriersResource(self._run, lang)
        self.shipping = AsyncShippingResource(self._run, lang)
        self.trackings = AsyncTrackingsResource(self._run, lang)

    def with_options(  # noqa: PLR0913 - each is a setting
        self,
        *,
        timeout: float | None = None,
        deadline: float | None = None,
        retries: int | None = None,
        lang: str | None = None,
        limiter: Limiter | None = None,
        hooks: Hooks | None = None,
        quota_guard: QuotaGuard | None = None,
    ) -> Self:
        """
        Give a client with some other settings, over the same connections.

            client.with_options(timeout=90).trackings.realtime("ups", "1Z97X17XYW06605211")

        Args:
            timeout: Seconds that each phase of a request may take. Default: as it is here.
            deadline: Seconds that a call may take in all; `math.inf` for any number. Default: as
                it is here.
            retries: Repeats of a call that failed in passing, at most. Default: as it is here.
            lang: Language of answers, two letters. Default: as it is here.
            limiter: Paces the requests. Default: the one here.
            hooks: Functions that are told what happens. Default: those here.
            quota_guard: A budget for the calls that cost quota. Default: the one here.

        Returns:
            A client that needs no closing, and works until this one is closed.

        Raises:
            ConfigurationError: A setting is wrong.
        """
        config = changed_config(
            self._context.config, timeout=timeout, deadline=deadline, retries=retries, lang=lang
        )
        context = changed_context(self._context, config, limiter, hooks, quota_guard)
        twin = object.__new__(type(self))
        twin._set_up(context, self._transport.sharing(config))
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
            BudgetExceeded: The quota guard allows no more; nothing was sent.
            ContractBroken: The answer cannot be read.
            TransportError: No answer came.
        """
        return await self._run(prepare(call, lambda envelope: envelope))

    @property
    def raw(self) -> AsyncRaw:
        """
        The same verbs, each of which gives its answer as it came beside the result.

            answer = await client.raw.trackings.get("ups", "1Z97X17XYW06605211")
            print(answer.status, answer.headers, answer.body, answer.parsed)

        A verb that makes several calls gives all answers. Nothing is taken from the cache.
        """
        return AsyncRaw(self._context, self._transport)

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
        return _shown(self, self._context.config)

    async def _run(self, prepared: PreparedCall[ResultT], /) -> ResultT:
        return await drive_async(
            run(prepared, self._context), self._transport.send, self._context.clock
        )


def _shown(client: object, config: Config) -> str:
    return f"{type(client).__name__}(api_key=***, base_url={config.base_url!r})"
