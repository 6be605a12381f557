"""What becomes of a request: it is parsed, kept, forwarded, and queued for the output."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from itertools import count
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Final, NamedTuple

from trackingmore_v2 import to_row
from trackingmore_v2.webhooks import (
    MemoryEventLog,
    Outcome,
    WebhookError,
    WebhookErrorReason,
    WebhookEvent,
    parse,
    sign,
)
from trackingmore_v2_cli._client_errors import sentence_of
from trackingmore_v2_cli._webhook.requests import WebhookRequest, keep

MAX_WAITING: Final = 1_000
"""Events that wait for a slow reader of the output; further ones get 503, and are retried."""

_POLL_SECONDS: Final = 1.0
"""Windows handles Ctrl-C only between two waits."""

_REJECTED: Final = {
    WebhookErrorReason.UNSIGNED: HTTPStatus.UNAUTHORIZED,
    WebhookErrorReason.SIGNATURE_MISMATCH: HTTPStatus.UNAUTHORIZED,
    WebhookErrorReason.TOO_LARGE: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
}


class Arrival(NamedTuple):
    """A request that was received."""

    number: int
    at: datetime
    result: WebhookEvent | WebhookError
    status: HTTPStatus
    """The status of the response."""

    path: Path | None
    """Where it is kept."""


class Receiver:
    """
    What receives requests in threads of a server, and hands them to the thread of the output.

    Args:
        emails: Addresses of accounts; the time must be signed with one. Default: not checked.
        folder: Where requests are kept. Default: nowhere.
        forward: Called with the number of each request, and the request. Default: nothing.
        now: Returns the time, in UTC. Default: the clock of this host.

    Raises:
        ConfigurationError: An address is invalid.
    """

    def __init__(
        self,
        emails: Sequence[str] = (),
        folder: Path | None = None,
        forward: Callable[[int, WebhookRequest], None] | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        for each in emails:
            sign(each, 0)  # Checks the address, before anything is received.
        self._emails: Final = emails or None
        self._folder: Final = folder
        self._forward: Final = forward
        self._now: Final = now
        self._numbers: Final = count(1)
        # A signal handler may put into it.
        self._queue: Final[SimpleQueue[Arrival | None]] = SimpleQueue()

    def receive(self, request: WebhookRequest) -> HTTPStatus:
        """
        Receive a request, and return the status of the response.

        Args:
            request: The request.
        """
        if self._queue.qsize() >= MAX_WAITING:
            return HTTPStatus.SERVICE_UNAVAILABLE
        number, now = next(self._numbers), self._now()
        try:
            path = keep(request, self._folder, now, number) if self._folder else None
        except OSError:  # such as a full disk; the sender retries
            return HTTPStatus.INTERNAL_SERVER_ERROR
        result = self._parse(request, now)
        status = HTTPStatus.OK
        if isinstance(result, WebhookError):
            status = _REJECTED.get(result.reason, HTTPStatus.BAD_REQUEST)
        self._queue.put(Arrival(number, now, result, status, path))
        if self._forward:
            self._forward(number, request)
        return status

    def _parse(self, request: WebhookRequest, now: datetime) -> WebhookEvent | WebhookError:
        try:
            return parse(
                request.body, account_email=self._emails, now=now, headers=dict(request.headers)
            )
        except WebhookError as error:
            return error

    def stop(self) -> None:
        """End `arrivals` after those that have been received. A signal handler may call it."""
        self._queue.put(None)

    def arrivals(self) -> Iterator[Arrival]:
        """Yield what is received, until `stop` is called."""
        while True:
            try:
                arrival = self._queue.get(timeout=_POLL_SECONDS)
            except Empty:
                continue
            if arrival is None:
                return
            yield arrival


class Recorder:
    """The records of arrivals, in their order. It remembers events in order to mark duplicates."""

    def __init__(self) -> None:
        self._log: Final = MemoryEventLog()

    def record(self, arrival: Arrival) -> dict[str, object]:
        """Return the record of an arrival."""
        common = {
            "number": arrival.number,
            "received_at": _iso(arrival.at),
            "response": int(arrival.status),
            "kept_as": str(arrival.path) if arrival.path else None,
        }
        if isinstance(arrival.result, WebhookError):
            return {**_UNREAD, **common, "error": sentence_of(arrival.result)}
        return {**common, **self._event(arrival.result)}

    def _event(self, event: WebhookEvent) -> dict[str, object]:
        row = to_row(event.tracking)
        return {
            "status": row["status"],
            "carrier_code": row["carrier_code"],
            "tracking_number": row["tracking_number"],
            "last_event_text": row["last_event_text"],
            "sent_at": _iso(event.sent_at) if event.sent_at else None,
            "signed_with": event.verified_email,
            "repetition": self._repetition(event),
            "is_stale": event.is_stale,
            "error": None,
        }

    def _repetition(self, event: WebhookEvent) -> str | None:
        claim = self._log.claim(event)
        self._log.done(claim)
        return _REPETITIONS.get(claim.outcome)


_REPETITIONS: Final = {Outcome.REPEATED: "duplicate", Outcome.OUTDATED: "outdated"}
_UNREAD: Final[dict[str, object]] = {
    "status": None,
    "carrier_code": None,
    "tracking_number": None,
    "last_event_text": None,
    "sent_at": None,
    "signed_with": None,
    "repetition": None,
    "is_stale": None,
}


def _iso(time: datetime) -> str:
    return time.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
