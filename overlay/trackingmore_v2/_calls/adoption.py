"""
Whether trackings that were read are those that a create call sent.

The API has no idempotency keys. After an attempt without a response, only the fields of a tracking
and the time of its creation show whether that attempt created it.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final, TypeAlias

from trackingmore_v2._calls.identity import comparable
from trackingmore_v2.models import AdoptedTracking
from trackingmore_v2_api import models

New: TypeAlias = models.CreateTrackingRequest | models.CreateTrackingItem

_TOLERANCE: Final = timedelta(seconds=2)
"""`Date` and `created_at` are in whole seconds, and may come from two clocks of the server."""

_KEEPS_CARRIER: Final = 1
"""The value of `auto_correct` with which the API does not correct the carrier."""

_AS_READ: Final = ("id", "carrier_code", "tracking_number", "status", "created_at")
"""Fields that are the same in a created tracking and one that was read."""

_ORDER_TIME: Final = re.compile(
    r"([0-9]{4})[-/]([0-9]{1,2})[-/]([0-9]{1,2})(?:[ T]([0-9]{1,2}):([0-9]{2})(?::[0-9]{2})?)?"
)


def is_own(sent: New, found: models.Tracking, not_before: datetime | None) -> bool:
    """
    Return whether a create call created a tracking, as far as its fields and its time can show.

    Another caller's create with equal fields in the same seconds cannot be distinguished.

    Args:
        sent: The tracking as it was sent.
        found: A tracking that was read.
        not_before: The earliest time at which the call can have created it; None if it is unknown,
            and then no tracking is the call's own.
    """
    # The API may correct the carrier, unless the call forbids it.
    if sent.auto_correct == _KEEPS_CARRIER and _pair(sent) != _pair(found):
        return False
    if comparable(sent.tracking_number) != comparable(found.tracking_number):
        return False
    if not_before is None or found.created_at is None or found.created_at < not_before:
        return False
    return all(
        read(getattr(sent, field)) == read(getattr(found, field))
        for field, read in COMPARED.items()
    )


def find_own(
    sent: Sequence[New], found: Sequence[models.Tracking], not_before: datetime | None
) -> list[models.Tracking | None]:
    """
    Return the tracking that a create call created for each of its items, or None.

    A tracking with the number and the carrier that were sent is the only candidate. Without one,
    the API may have corrected the carrier. No tracking is returned for two items.

    Args:
        sent: The trackings as they were sent.
        found: The trackings that were read, by their numbers.
        not_before: The earliest time at which the call can have created them, or None.
    """
    left = {_pair(one): one for one in found}
    exact = [left.pop(_pair(one), None) for one in sent]
    own: list[models.Tracking | None] = []
    for one, match in zip(sent, exact, strict=True):
        candidates = [match] if match else list(left.values())
        chosen = next((each for each in candidates if is_own(one, each, not_before)), None)
        if chosen:
            left.pop(_pair(chosen), None)
        own.append(chosen)
    return own


def adopted(found: models.Tracking) -> AdoptedTracking:
    """Return a tracking that was read in the form of a created one."""
    fields: dict[str, Any] = {name: getattr(found, name) for name in _AS_READ}
    # A created tracking has null for a missing text, and no lists.
    fields |= {name: _joined(getattr(found, name)) or None for name in COMPARED}
    return AdoptedTracking(**fields)


def earliest_creation(headers: Mapping[str, str], elapsed: float) -> datetime | None:
    """
    Return the earliest time at which a call can have created a tracking, by the server's clock.

    Args:
        headers: Headers of a response, with the server's `Date`.
        elapsed: Seconds from the first attempt of the call to this response.

    Returns:
        The time, or None if the response has no valid `Date`.
    """
    by_name = {name.lower(): value for name, value in headers.items()}
    try:
        date = parsedate_to_datetime(by_name.get("date", ""))
        # A date without a zone cannot be compared.
        return date - timedelta(seconds=elapsed) - _TOLERANCE if date.tzinfo else None
    except (ValueError, TypeError, OverflowError):
        return None


def _pair(tracking: New | models.Tracking) -> tuple[str, str]:
    return comparable(tracking.carrier_code), comparable(tracking.tracking_number)


def _joined(value: str | list[str] | None) -> str:
    return ", ".join(value) if isinstance(value, list) else value or ""


def _text(value: str | None) -> str:
    # The API returns a missing text as null or `""`.
    return (value or "").strip()


def _one(value: str | list[str] | None) -> str | list[str]:
    """Return the text of a list of one: creates take one text, and reads may return a list."""
    if not isinstance(value, list):
        return _text(value)
    texts = [text for each in value if (text := _text(each))]
    return texts if len(texts) > 1 else "".join(texts)


def _order_time(value: str | None) -> str | tuple[int, ...]:
    """Return year to minute: `2017/8/27 16:51` is read as `2017-08-27 16:51`."""
    text = _text(value)
    found = _ORDER_TIME.fullmatch(text)
    return tuple(int(part or 0) for part in found.groups()) if found else text


COMPARED: Final[Mapping[str, Callable[[Any], object]]] = {
    "title": _text,
    "order_id": _text,
    "comment": _text,
    "customer_name": _text,
    "customer_email": _one,
    "customer_phone": _one,
    "order_create_time": _order_time,
}
"""
The fields that a read returns as they were sent, and how both forms become comparable.

The API fills none of them by itself. A field that was not sent and is read with a value was
therefore set by another call.

The other fields cannot be compared. The API may correct the carrier, a read has the English name of
a country in place of `destination_code`, and it has no logistics channel, language, `auto_correct`
or field that only some carriers require.
"""
