"""A webhook receiver on a free port of the loopback interface."""

from collections import deque
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingTCPServer
from threading import Thread
from types import TracebackType
from typing import Final, Self

from msgspec import Struct, json

from trackingmore_v2_api.models import TrackingEvent, TrackingEventData

_DECODER: Final = json.Decoder(TrackingEvent)
_POLL_SECONDS: Final = 0.01
"""Maximum time in seconds until a receiver stops."""


class ReceivedWebhook(Struct, frozen=True):
    """A received webhook request."""

    headers: Mapping[str, str]
    """Headers of the request, by lower-case name."""

    body: bytes
    """Body of the request, unchanged."""

    @property
    def tracking(self) -> TrackingEventData:
        """
        The tracking in the body.

        Raises:
            msgspec.DecodeError: The body is not a valid webhook event, such as a corrupt one.
        """
        return _DECODER.decode(self.body).data


class WebhookReceiver:
    """
    A context manager that receives webhooks, and keeps them in order of arrival.

    Attributes:
        received: The webhooks received so far.
        url: URL of the receiver.
    """

    def __init__(self) -> None:
        self.received: Final[list[ReceivedWebhook]] = []
        self._statuses: Final[deque[int]] = deque()
        self._server: Final = _ReceiverServer(self)
        self.url: Final = f"http://127.0.0.1:{self._server.server_address[1]}/"

    def __repr__(self) -> str:
        return f"<WebhookReceiver at {self.url}, {len(self.received)} received>"

    def respond_with(self, *statuses: int) -> None:
        """
        Respond to the next deliveries with these HTTP statuses, and to later ones with 200.

        Args:
            *statuses: The statuses, one for each delivery. Default: none.
        """
        self._statuses.extend(statuses)

    def receive(self, webhook: ReceivedWebhook) -> int:
        """
        Store a webhook.

        Args:
            webhook: The webhook.

        Returns:
            The HTTP status of the response.
        """
        self.received.append(webhook)
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
        self.send_response(self.server.receiver.receive(ReceivedWebhook(headers, body)))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - name of the base class
        """Keep the output of the tests free of request lines."""
