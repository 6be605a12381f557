"""A receiver of webhooks, on a free port of the loopback interface."""

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
"""How long it takes at most until a receiver stops."""


class ReceivedWebhook(Struct, frozen=True):
    """What was delivered once."""

    headers: Mapping[str, str]
    """Headers of the request, by names in lower case."""

    body: bytes
    """The request's body as it came."""

    @property
    def tracking(self) -> TrackingEventData:
        """
        The news in the body.

        Raises:
            msgspec.DecodeError: The body was spoilt.
        """
        return _DECODER.decode(self.body).data


class WebhookReceiver:
    """
    Keeps what is delivered to it, in the order of its coming. Use it as a context manager.

    Attributes:
        received: What was delivered so far.
        url: Where it is to be delivered.
    """

    def __init__(self) -> None:
        self.received: Final[list[ReceivedWebhook]] = []
        self._statuses: Final[deque[int]] = deque()
        self._server: Final = _ReceiverServer(self)
        self.url: Final = f"http://127.0.0.1:{self._server.server_address[1]}/"

    def answer_with(self, *statuses: int) -> None:
        """Answer the next deliveries with these HTTP statuses, and the ones after them with 200."""
        self._statuses.extend(statuses)

    def receive(self, webhook: ReceivedWebhook) -> int:
        """Keep a delivery, and give the HTTP status to answer with."""
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
    """Hands requests to a receiver. An HTTP server of the library would look its own name up."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, receiver: WebhookReceiver) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.receiver: Final = receiver


class _Handler(BaseHTTPRequestHandler):
    """Reads one request, and answers it."""

    server: _ReceiverServer  # pyright: ignore[reportIncompatibleVariableOverride] - no other makes these

    def do_POST(self) -> None:
        """Take a delivery."""
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length", 0)))
        self.send_response(self.server.receiver.receive(ReceivedWebhook(headers, body)))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Write nothing into the output of the tests."""
