"""The async client."""

from typing import Self, TypeVar

from trackingmore_v2 import _config
from trackingmore_v2._async.recorder import AsyncRecorder
from trackingmore_v2._async.resources import AsyncResources
from trackingmore_v2._async.sandbox_only import AsyncSandboxOnlyTransport
from trackingmore_v2._calls.context import Context, build_context, changed_context
from trackingmore_v2._calls.flow import PreparedCall
from trackingmore_v2._scrubbing import scrub_methods
from trackingmore_v2._transport.connections import AsyncHttpClient, open_connections_async
from trackingmore_v2._transport.http import AsyncTransport
from trackingmore_v2._transport.network import Verify
from trackingmore_v2._validation import require_instance
from trackingmore_v2.hooks import Hooks
from trackingmore_v2.limiters.protocol import RateLimiter
from trackingmore_v2.quota import QuotaGuard
from trackingmore_v2_api import Call
from trackingmore_v2_api.runtime import ResponseBody

EnvelopeT = TypeVar("EnvelopeT", bound=ResponseBody)


@scrub_methods
class AsyncTrackingMore(AsyncResources):
    """
    An asynchronous client. Use it as an async context manager, or await `close()`.

    Args:
        api_key: API key of the account. Default: the environment variable TRACKINGMORE_API_KEY.
        base_url: Base URL of the API; http:// is accepted for loopback hosts, and with
            `sandbox_only` for private networks. Default: the environment variable
            TRACKINGMORE_BASE_URL, or else the live API.
        timeout: Timeout in seconds for each phase of a request: connect, write and read.
            Default: 30.
        deadline: Limit in seconds for a whole call, with its delays and retries, however slowly a
            server responds. It applies to each call of a method that makes several. A sync call
            with `http_client` may take longer: the deadline is checked between two reads of the
            response body only. Default: no limit.
        retries: Maximum number of retries after a connection error, a 5xx response or a rate-limit
            response. There are fewer in an outage, since all calls share a retry quota. Retries
            never create duplicates. Default: 2.
        lang: Language of responses, as a two-letter code, for methods called without `lang`.
            Default: the API's own default, mostly English.
        limiter: Rate limiter of the requests, from `trackingmore_v2.limiters`; share one between
            all clients of an account. Default: a new `Limiter` with the documented rates, or none
            if the server is on this machine or `sandbox_only` is set.
        hooks: Callbacks for attempts, responses and drift. Default: none.
        quota_guard: Budget for the calls that cost quota. Default: none.
        cache_carriers: Whether to cache the responses of `carriers.list` and `carriers.detect` for
            the lifetime of the client. Default: False.
        sandbox_only: Whether to send calls to sandboxes only. The client first sends a probe
            without the API key, and raises `NotASandbox` if the server is not one. Default: False.
        max_response_size: Maximum size of a response in bytes, as received and decompressed; a
            larger one raises `ResponseTooLarge`. One that consists of more than 20,000 chunks of
            fewer than 64 bytes on average raises `ConnectionFailed`. Default: 64 MiB, several times
            the largest page.
        proxy: URL of a proxy: http://, https://, socks5:// or socks5h://. Default: the one in
            HTTPS_PROXY or ALL_PROXY, unless NO_PROXY excludes the server or it is on this machine.
        verify: Certificate authorities to trust instead of the default ones: the path of a file or
            directory in PEM format, or an `ssl.SSLContext`. Default: those in SSL_CERT_FILE or
            SSL_CERT_DIR, or else the system's.
        trust_env: Whether the environment variables of `proxy` and `verify` apply. Default: True.
        http_client: An `httpx2.AsyncClient` with your own connections, such as a mock transport;
            it excludes the three arguments above. You close it; redirects are never followed. Its
            hooks and transport see the API key, and it logs URLs with tracking numbers. After a
            fork, calls of the child process raise `ConfigurationError`.
            Default: connections of the client's own, 100 at most.

    Attributes:
        account: The account that owns the API key.
        air_waybills: Air cargo tracking.
        carriers: Carrier list and carrier detection.
        shipping: Remote areas and transit times.
        trackings: The account's trackings.

    Raises:
        ConfigurationError: A setting is missing or invalid.
    """

    def __init__(  # noqa: PLR0913 - each is a setting
        self,
        api_key: str | None = None,
        *,
        base_url: str | None = None,
        timeout: float = _config.DEFAULT_TIMEOUT,
        deadline: float | None = None,
        retries: int = _config.DEFAULT_RETRIES,
        lang: str | None = None,
        limiter: RateLimiter | None = None,
        hooks: Hooks | None = None,
        quota_guard: QuotaGuard | None = None,
        cache_carriers: bool = False,
        sandbox_only: bool = False,
        max_response_size: int = _config.DEFAULT_MAX_RESPONSE_SIZE,
        proxy: str | None = None,
        verify: Verify | None = None,
        trust_env: bool = True,
        http_client: AsyncHttpClient | None = None,
    ) -> None:
        config = _config.build_config(
            api_key=api_key,
            base_url=base_url,
            timeout=timeout,
            deadline=deadline,
            retries=retries,
            lang=lang,
            max_response_size=max_response_size,
            sandbox_only=sandbox_only,
        )
        context = build_context(
            config,
            hooks=hooks,
            limiter=limiter,
            guard=quota_guard,
            cache_carriers=cache_carriers,
        )
        connections = open_connections_async(
            config, http_client, proxy=proxy, verify=verify, trust_env=trust_env
        )
        transport = AsyncSandboxOnlyTransport if sandbox_only else AsyncTransport
        self._set_up(context, transport(config, connections))

    def _set_up(self, context: Context, transport: AsyncTransport) -> None:
        self._transport = transport
        super().__init__(context, transport.send)

    def with_options(  # noqa: PLR0913 - each is a setting
        self,
        *,
        timeout: float | None = None,
        deadline: float | None = None,
        retries: int | None = None,
        lang: str | None = None,
        limiter: RateLimiter | None = None,
        hooks: Hooks | None = None,
        quota_guard: QuotaGuard | None = None,
    ) -> Self:
        """
        Return a client with other settings over the same connections.

            client.with_options(timeout=90).trackings.realtime("ups", "1Z97X17XYW06605211")

        Args:
            timeout: Timeout in seconds for each phase of a request. Default: unchanged.
            deadline: Limit in seconds for a whole call; `math.inf` for no limit. Default:
                unchanged.
            retries: Maximum number of retries of a call. Default: unchanged.
            lang: Language of responses, as a two-letter code. Default: unchanged.
            limiter: Rate limiter of the requests. Default: unchanged.
            hooks: Callbacks for attempts, responses and drift. Default: unchanged.
            quota_guard: Budget for the calls that cost quota. Default: unchanged.

        Returns:
            A client that need not be closed, and works until this one is closed.

        Raises:
            ConfigurationError: A setting is invalid.
        """
        old = self._context
        config = _config.changed_config(
            old.config, timeout=timeout, deadline=deadline, retries=retries, lang=lang
        )
        context = changed_context(old, config, hooks=hooks, limiter=limiter, guard=quota_guard)
        # `__init__` would open new connections.
        client = object.__new__(type(self))
        client._set_up(context, self._transport.with_config(config))
        return client

    async def call(self, call: Call[EnvelopeT], /) -> EnvelopeT:
        """
        Send any call of the generated package.

            from trackingmore_v2_api.operations.account import get_account

            envelope = await client.call(get_account.call())

        Args:
            call: The call to send; its arguments get no validation beyond the generated package's.

        Returns:
            The whole envelope, with `meta` and `data`.

        Raises:
            ApiError: The API returned an error.
            BudgetExceeded: The call exceeds the quota guard's budget; nothing was sent.
            ContractBroken: The response cannot be parsed.
            InvalidInput: The argument is not a `Call`; nothing was sent.
            TransportError: No response was received.
        """
        require_instance("call", call, Call)
        return await self._run(PreparedCall(call, lambda envelope: envelope))

    def recorder(self) -> AsyncRecorder:
        """
        Return the resources again, with every response recorded.

            recorder = client.recorder()
            tracking = await recorder.trackings.get("ups", "1Z97X17XYW06605211")
            response = recorder.responses[-1]
            print(response.status, response.headers, response.body)

        Returns:
            The recorder. Use a new one where responses of other calls must not be among its own.
        """
        return AsyncRecorder(self._context, self._transport)

    async def close(self) -> None:
        """Close the connections."""
        await self._transport.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.close()

    def __repr__(self) -> str:
        # The URL is safe to show: one with a user name or a password is rejected.
        return f"{type(self).__name__}(api_key=***, base_url={self._context.config.base_url!r})"
