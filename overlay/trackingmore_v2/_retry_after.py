"""The delay that the headers of a response request."""

from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from math import isfinite


def retry_after(headers: Mapping[str, str]) -> float | None:
    """
    Return the delay that a response requests in seconds, or None.

    It is in `Retry-After-Ms` (milliseconds) or `Retry-After` (seconds, or an HTTP date).
    """
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
