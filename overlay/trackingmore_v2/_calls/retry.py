"""
Whether a failed call is sent again, and after how long. Nothing here does I/O.

What is repeated is what passes: no answer, a failed server, too many requests. A refusal for any
other reason would come again.

The pause is what the server asks for; else, when it answered 429, what the contract asks for; else

    chance * min(20, 0.05 * 2 ** (failures - 1))

seconds, with a chance between 0 and 1, so that clients that failed together come back apart.
"""

from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from math import isfinite
from typing import Final

from trackingmore_v2._errors import (
    DeadlineExceeded,
    RateLimited,
    ServerFailed,
    TrackingMoreError,
    TransportError,
)
from trackingmore_v2_api import META_CODES

BASE: Final = 0.05
"""Seconds before the first repeat, at most."""

LONGEST: Final = 20.0
"""Seconds before any repeat, at most, unless the server asks for more."""

LONGEST_ASKED: Final = max(known.pause_seconds or 0 for known in META_CODES.values())
"""Seconds; a server that asks for a longer pause is not waited for."""


def retry_delay(error: TrackingMoreError, failures: int, jitter: float) -> float | None:
    """
    Tell how many seconds to wait before a call is sent again; None when it is not to be.

    Args:
        error: How it ended.
        failures: How often it failed so far, this time included.
        jitter: A random number from 0 to 1.
    """
    asked = requested_delay(error)
    if asked is not None:
        return asked if asked <= LONGEST_ASKED else None
    if isinstance(error, DeadlineExceeded) or not isinstance(error, TransportError | ServerFailed):
        return None
    return jitter * min(LONGEST, BASE * 2.0 ** min(failures - 1, 30))


def requested_delay(error: TrackingMoreError) -> float | None:
    """Tell for how many seconds the server, or the contract, wants silence."""
    if not isinstance(error, RateLimited | ServerFailed):
        return None
    asked = _retry_after(error.headers)
    if asked is not None or not isinstance(error, RateLimited):
        return asked
    known = META_CODES.get(error.code or error.status)
    return known.pause_seconds if known else None


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Read `Retry-After-Ms` or `Retry-After`: milliseconds, seconds, or a date of the server's."""
    given = {name.lower(): value.strip() for name, value in headers.items()}
    milliseconds = _number(given.get("retry-after-ms"))
    if milliseconds is not None:
        return milliseconds / 1000
    text = given.get("retry-after")
    seconds = _number(text)
    return _seconds_between(given.get("date"), text) if seconds is None else seconds


def _number(text: str | None) -> float | None:
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if isfinite(value) and value >= 0 else None


def _seconds_between(now: str | None, then: str | None) -> float | None:
    """Take both from the server, whose clock may differ from ours."""
    try:
        seconds = (
            parsedate_to_datetime(then or "") - parsedate_to_datetime(now or "")
        ).total_seconds()
    except (ValueError, TypeError, OverflowError):
        return None
    return max(0.0, seconds)
