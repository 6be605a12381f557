"""Requests that are sent to the user's own receiver."""

import time
from collections.abc import Callable
from http import HTTPStatus
from queue import Empty, Full, Queue
from threading import Event, Thread
from typing import Final, NamedTuple, Self, TypeAlias

import httpx2

from trackingmore_v2_cli._client_errors import without_errno
from trackingmore_v2_cli._webhook.requests import WebhookRequest

TIMEOUT: Final = 10.0
MAX_WAITING: Final = 1_000
"""Requests that wait for a slow receiver; further ones are not forwarded."""


class Sent(NamedTuple):
    """The outcome of a request."""

    status: int | None
    """The HTTP status; None: there was no response."""

    error: str | None
    seconds: float

    @property
    def is_success(self) -> bool:
        """Whether the receiver accepted it."""
        return self.status is not None and HTTPStatus(200) <= self.status < HTTPStatus(300)

    def __str__(self) -> str:
        outcome = f"HTTP {self.status}" if self.status else f"no response ({self.error})"
        return f"{outcome}, {self.seconds:.2f} s"


Send: TypeAlias = Callable[[WebhookRequest], Sent]


class Sender:
    """
    A context manager that posts requests to one URL. Redirects are not followed.

    Args:
        url: The URL.
    """

    def __init__(self, url: str) -> None:
        self._url: Final = url
        self._client: Final = httpx2.Client(timeout=TIMEOUT, trust_env=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._client.close()

    def __call__(self, request: WebhookRequest) -> Sent:
        """Post the body and the headers of a request, and return the outcome."""
        started = time.monotonic()
        status, error = None, None
        try:
            headers = request.passed_headers
            status = self._client.post(self._url, content=request.body, headers=headers).status_code
        except (httpx2.HTTPError, httpx2.InvalidURL) as failure:
            error = without_errno(str(failure)) or type(failure).__name__
        return Sent(status, error, time.monotonic() - started)


class Forwarder:
    """
    A thread that sends requests one after the other, so that receiving never waits for it.

    At the end of its context it sends those that wait, unless that ends with an exception.

    Args:
        send: Sends a request.
        report: Called with a message about each request that got a response.
        report_loss: Called with a message about each one that got none, or was not sent.
        max_waiting: Maximum number of requests that wait. Default: 1,000.
    """

    def __init__(
        self,
        send: Send,
        report: Callable[[str], None],
        report_loss: Callable[[str], None],
        max_waiting: int = MAX_WAITING,
    ) -> None:
        self._send: Final = send
        self._report: Final = report
        self._report_loss: Final = report_loss
        self._waiting: Final[Queue[tuple[int, WebhookRequest] | None]] = Queue(max_waiting)
        self._is_stopped: Final = Event()
        self._thread: Final = Thread(target=self._run, name="trackingmore-forward", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_error: object) -> None:
        if kind is not None:
            self._is_stopped.set()
            self._discard()
        self._waiting.put(None)
        self._thread.join()

    def put(self, number: int, request: WebhookRequest) -> None:
        """
        Send a request when those before it have been sent.

        Args:
            number: Its number, for the report.
            request: The request.
        """
        try:
            self._waiting.put_nowait((number, request))
        except Full:
            self._report_loss(
                f"#{number} not forwarded: {self._waiting.maxsize} others are waiting"
            )

    def _discard(self) -> None:
        try:
            while item := self._waiting.get_nowait():
                self._report_loss(f"#{item[0]} not forwarded: interrupted")
        except Empty:
            pass

    def _run(self) -> None:
        while item := self._waiting.get():
            number, request = item
            sent = self._send(request)
            report = self._report_loss if sent.status is None else self._report
            report(f"#{number} forwarded: {sent}")
            if self._is_stopped.is_set():
                return
