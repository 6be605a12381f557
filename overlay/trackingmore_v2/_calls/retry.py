"""
Whether a failed call is retried, and after which delay. Nothing here does I/O.

Transient failures are retried: connection errors, 5xx responses, rate-limit responses, and
unreadable responses to a write. Any other error would only come back, such as that of a closed
client or an untrusted certificate.

The delay is the one in the response's `Retry-After`. Without it, a rate-limited call waits as long
as the contract states for code 429, and any other call backs off exponentially, in seconds:

    jitter * min(20, 0.05 * 2 ** (failures - 1))

with a random `jitter` from 0 to 1, so that clients that failed together do not retry together.
"""

from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from math import isfinite
from typing import Final

from trackingmore_v2._errors import (
    ClientClosed,
    ContractBroken,
    DeadlineExceeded,
    InvalidCertificate,
    RateLimited,
    ServerFailed,
    TrackingMoreError,
    TransportError,
)
from trackingmore_v2_api import META_CODES

INITIAL_BACKOFF: Final = 0.05
"""Maximum delay before the first retry, in seconds."""

MAX_BACKOFF: Final = 20.0
"""Maximum delay before any retry, in seconds, unless the server requests more."""

MAX_REQUESTED_DELAY: Final = max(known.pause_seconds or 0 for known in META_CODES.values())
"""Seconds; a call is not retried if the server requests a longer delay."""

_PERMANENT: Final = (ClientClosed, DeadlineExceeded, InvalidCertificate)


def retry_delay(error: TrackingMoreError, failures: int, jitter: float) -> float | None:
    """
    Return the delay before the next attempt in seconds, or None if the call is not retried.

    Args:
        error: The error of the latest attempt.
        failures: Number of failed attempts, including the latest one.
        jitter: A random number from 0 to 1.
    """
    requested = requested_delay(error)
    if requested is not None:
        return requested if requested <= MAX_REQUESTED_DELAY else None
    if not _is_transient(error):
        return None
    # The exponent is bounded, since a float overflows after some thousand retries.
    return jitter * min(MAX_BACKOFF, INITIAL_BACKOFF * 2.0 ** min(failures - 1, 30))


def requested_delay(error: TrackingMoreError) -> float | None:
    """Return the delay in seconds that the server or the contract requests, or None."""
    if not isinstance(error, RateLimited | ServerFailed):
        return None
    requested = _retry_after(error.headers)
    if requested is not None or not isinstance(error, RateLimited):
        return requested
    # A proxy has no meta code, but its HTTP status has the same meaning.
    known = META_CODES.get(error.code or error.status)
    return known.pause_seconds if known else None


def _is_transient(error: TrackingMoreError) -> bool:
    if isinstance(error, ContractBroken):
        # It may hide any outcome, so a write is retried as after no response.
        return error.call.operation.retry != "safe"
    if isinstance(error, _PERMANENT):
        return False
    return isinstance(error, TransportError | ServerFailed)


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Parse `Retry-After-Ms` (milliseconds) or `Retry-After` (seconds, or an HTTP date)."""
    by_name = {name.lower(): value.strip() for name, value in headers.items()}
    milliseconds = _parse_number(by_name.get("retry-after-ms"))
    if milliseconds is not None:
        return milliseconds / 1000
    text = by_name.get("retry-after")
    seconds = _parse_number(text)
    return _seconds_between(by_name.get("date"), text) if seconds is None else seconds


def _parse_number(text: str | None) -> float | None:
    try:
        value = float(text or "")
    except ValueError:
        return None
    # `float()` accepts `inf` and `nan` as well.
    return value if isfinite(value) and value >= 0 else None


def _seconds_between(now: str | None, then: str | None) -> float | None:
    # Both dates are the server's, since its clock may differ from the local one.
    try:
        seconds = (
            parsedate_to_datetime(then or "") - parsedate_to_datetime(now or "")
        ).total_seconds()
    except (ValueError, TypeError, OverflowError):
        return None
    return max(0.0, seconds)
