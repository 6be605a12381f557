"""Parsing of order times, which the API accepts as free text."""

import re
from datetime import UTC, datetime
from typing import Final

from trackingmore_v2_api import OPERATIONS

_ORDER_TIME: Final = re.compile(
    r"([0-9]{4})[-/]([0-9]{1,2})[-/]([0-9]{1,2})(?: ([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?)?"
)
_LAST_SECOND: Final = OPERATIONS["listTrackings"].bounds_of("order_created_time_max").maximum or 0
"""Largest order time that a list can be filtered by, in Unix seconds."""


def read_order_time(text: str | None) -> int | None:
    """
    Parse free text as Unix seconds, if it has one of the documented formats.

    Assumed: times are in UTC, and unparsable text is kept as sent.

    Returns:
        The Unix seconds, or None for text in another format or out of range.
    """
    found = _ORDER_TIME.fullmatch(text) if text else None
    if not found:
        return None
    # A time without seconds, or a date alone, begins at zero.
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
    try:
        moment = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None
    seconds = int(moment.timestamp())
    return seconds if 0 < seconds <= _LAST_SECOND else None
