"""A webhook receiver on a free port of the loopback interface."""

from collections import deque
from collections.abc import Mapping
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingTCPServer
from threading import Condition, Thread
from types import TracebackType
from typing import Final, Self

from msgspec import Struct

from trackingmore_v2 import models
from trackingmore_v2.webhooks import WebhookError, WebhookEvent, parse
from trackingmore_v2_sandbox.admin.python_api import ClockMethods

_POLL_SECONDS: Final = 0.01
"""Maximum time in seconds until a receiver stops."""


class ReceivedWebhook(Struct, frozen=True, kw_only=True):
    """A received webhook request."""

    headers: Mapping[str, str]
    """Headers of the request, by lower-case name."""

    body: bytes
    """Body of the request, unchanged."""

    received_at: datetime
    """When it was received, by the clock of the receiver."""

    account_email: str | None = None
    """E-mail address with which it must be signed. Default: None, the signature is not checked."""

    @property
    def event(self) -> WebhookEvent:
        """
        The event in the body, as `webhooks.parse()` returns it.

        Raises:
            WebhookError: The body is malformed, or not signed with the account's address.
        """
        return parse(self.body, account_email=self.account_email, now=self.received_at)

    @property
    def tracking(self) -> models.Tracking:
        """
        The tracking in the body.

        Raises:
            WebhookError: The body is malformed, or not signed with the account's address.
        """
        return self.event.tracking

    def __repr__(self) -> str:
        try:
            tracking = self.tracking
        except WebhookError as error:
            return f"<ReceivedWebhook: {error.reason.value}>"
        pair = f"{tracking.carrier_code} {tracking.tracking_number}"
        return f"<ReceivedWebhook {pair}: {tracking.status.value}>"


class ReceivedWebhooks(list[ReceivedWebhook]):
    """
    Received webhooks, in order of arrival. If there are none, the repr says why.

    Args:
        clock: Clock of the account. Default: None, unknown.
    """

    def __init__(self, clock: ClockMethods | None = None) -> None:
        super().__init__()
        self._clock = clock

    def __repr__(self) -> str:
        return super().__repr__() if self else f"<no webhook yet{self.hint()}>"

    def hint(self) -> str:
        """Return why there may be no further webhook; empty unless the clock is frozen."""
        state = None if self._clock is None else self._clock.state()
        if state is None or not state.frozen:
            return ""
        return (
            f"; the clock is frozen at {state.now:%Y-%m-%d %H:%M:%S} UTC; "
            "advance it with trackingmore_clock.advance(…)"
        )


class WebhookReceiver:
    """
    A context manager that receives webhooks, and keeps them in order of arrival.

    Args:
        account_email: E-mail address with which webhooks must be signed. Default: None, signatures
            are not checked.
        clock: Clock of the account. Default: None, the clock of this host.

    Attributes:
        received: The webhooks received so far.
        url: URL of the receiver.
    """

    def __init__(
        self, *, account_email: str | None = None, clock: ClockMethods | None = None
    ) -> None:
        self.received: Final = ReceivedWebhooks(clock)
        self._email = account_email
        self._clock = clock
        self._arrived: Final = Condition()
        self._statuses: Final[deque[int]] = deque()
        self._server: Final = _ReceiverServer(self)
        self.url: Final = f"http://127.0.0.1:{self._server.server_address[1]}/"

    def __repr__(self) -> str:
        return (
            f"<WebhookReceiver at {self.url}, {len(self.received)} received{self.received.hint()}>"
        )

    def respond_with(self, *statuses: int) -> None:
        """
        Respond to the next deliveries with these HTTP statuses, and to later ones with 200.

        Args:
            *statuses: The statuses, one for each delivery. Default: none.
        """
        self._statuses.extend(statuses)

    def wait(self, count: int = 1, timeout: float = 5.0) -> list[ReceivedWebhook]:
        """
        Wait until a number of webhooks have been received.

        A frozen clock has to be advanced first, since only webhooks that are due are sent.

        Args:
            count: Number of deliveries, including those received before. Default: 1.
            timeout: Maximum seconds to wait. Default: 5.

        Returns:
            The first `count` webhooks.

        Raises:
            TimeoutError: Fewer webhooks have been received.
        """
        with self._arrived:
            if self._arrived.wait_for(lambda: len(self.received) >= count, timeout):
                return self.received[:count]
            arrived = len(self.received)
        hint = self.received.hint()
        raise TimeoutError(f"received {arrived} of {count} webhooks in {timeout:g} s{hint}")

    def receive(self, headers: Mapping[str, str], body: bytes) -> int:
        """
        Store a webhook.

        Args:
            headers: Headers of the request, by lower-case name.
            body: Body of the request.

        Returns:
            The HTTP status of the response.
        """
        # Asked now, since the clock may have been advanced by the time of parsing.
        now = datetime.now(UTC) if self._clock is None else self._clock.now()
        webhook = ReceivedWebhook(
            headers=headers, body=body, received_at=now, account_email=self._email
        )
        with self._arrived:
            self.received.append(webhook)
            self._arrived.notify_all()
            return self._statuses.popleft() if self._statuses else 200

    def __enter__(self) -> Self:
        Thread(target=self._server.serve_forever, args=(_POLL_SECONDS,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


class _ReceiverServer(ThreadingTCPServer):
    """An HTTP server for a receiver. `http.server.HTTPServer` would look up its own host name."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, receiver: WebhookReceiver) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.receiver: Final = receiver


class _Handler(BaseHTTPRequestHandler):
    """Request handler that passes the webhook to the receiver."""

    server: _ReceiverServer  # pyright: ignore[reportIncompatibleVariableOverride] - only this server creates handlers

    def do_POST(self) -> None:
        """Receive one webhook."""
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length", 0)))
        self.send_response(self.server.receiver.receive(headers, body))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - name of the base class
        """Keep the output of the tests free of request lines."""
