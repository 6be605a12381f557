"""The transport of `sandbox_only` clients."""

from time import monotonic
from typing import Any

from trackingmore_v2._config import Config
from trackingmore_v2._errors import TransportError
from trackingmore_v2._transport.connections import AsyncConnections
from trackingmore_v2._transport.http import AsyncTransport
from trackingmore_v2._transport.response import Response
from trackingmore_v2._transport.sandbox_check import PROBE, SandboxCheck
from trackingmore_v2_api import Call


class AsyncSandboxOnlyTransport(AsyncTransport):
    """A transport that probes the server, and sends calls to sandboxes only."""

    def __init__(
        self,
        config: Config,
        connections: AsyncConnections,
        check: SandboxCheck | None = None,
        *,
        owns_connections: bool = True,
    ) -> None:
        super().__init__(config, connections, owns_connections=owns_connections)
        self._check = check or SandboxCheck(config.base_url)

    async def send(self, call: Call[Any], time_limit: float | None = None) -> Response:
        """
        Send a call once, and return its response.

        Args:
            call: The call.
            time_limit: Seconds until the response must be complete. Default: no limit.

        Raises:
            NotASandbox: The server is not a sandbox.
            TransportError: No complete response was received.
            InvalidInput: The arguments produce an invalid URL.
        """
        # Every response is checked below, so one probe is enough while the server stays the same.
        if not self._check.is_confirmed:
            started = monotonic()
            try:
                probe = await super().send(PROBE, time_limit)
            except TransportError as error:
                # The probe failed, so the call itself was certainly not sent.
                raise type(error)(call, error.reason, in_doubt=False) from error
            self._check.require(probe, call, in_doubt=False)
            if time_limit is not None:
                time_limit = max(time_limit - (monotonic() - started), 0.001)
        response = await super().send(call, time_limit)
        # The host may have begun to route to another server since the last response.
        self._check.require(response, call, in_doubt=True)
        return response

    def with_config(self, config: Config) -> "AsyncSandboxOnlyTransport":
        """Return a transport with other settings over the same connections, not owned by it."""
        return AsyncSandboxOnlyTransport(
            config, self._connections, self._check, owns_connections=False
        )
