"""
Changes without I/O: which trackings to request, which of their states are new, where to continue.

A round returns all states up to a time of the server, in two steps:

1. One page of the trackings refreshed after the last window. The newest `updated_at` on it is the
   end of the next window, so that no clock but the server's is used.
2. The list of this window, which begins before the end of the last one. As it is in the past, no
   tracking can enter it. One that leaves it was refreshed again, and is in a later window.
"""

from datetime import datetime
from hashlib import blake2b
from typing import Annotated, Final, Literal, TypeAlias

import msgspec
from msgspec.structs import replace

from trackingmore_v2._errors import InvalidInput
from trackingmore_v2._listing.cursor import parse_count
from trackingmore_v2._listing.filters import EPOCH, LATEST, SECOND, FiltersDict, first_second
from trackingmore_v2_api import models

Since: TypeAlias = datetime | str | None

OVERLAP: Final = 2 * 60
"""Seconds after which a new state is in the list for certain."""

_FIRST: Final = 1
"""The first second. With 0, the API does not filter: it lists trackings never refreshed, too."""

_ALLOWED: Final = "must be the cursor of an earlier call, or a datetime"
_VERSION: Final = 1
_Seconds: TypeAlias = Annotated[int, msgspec.Meta(ge=-1, le=LATEST)]
_Saved: TypeAlias = tuple[Literal[1], _Seconds, _Seconds, list[bytes]]
"""Version; start of the next window, end of the last one; digests of states in the next one."""


class ChangeCursor:
    """
    A position among the changes.

    Args:
        since: The text of another cursor, a time, or None for the beginning.

    Raises:
        InvalidInput: The text or the time is invalid.
    """

    def __init__(self, since: Since) -> None:
        _, self._start, self._end, digests = _parse(since)
        self._seen = set(digests)
        """Digests of the states that were returned and may be in the next window."""

        self._kept: set[bytes] = set()
        """Digests of the states in the window that is read which may be in the next one, too."""

    def __str__(self) -> str:
        saved: _Saved = (_VERSION, self._start, self._end, sorted(self._seen))
        return msgspec.json.encode(saved).decode()

    def later(self) -> FiltersDict:
        """Return the filter of the trackings refreshed after the last window."""
        return {"updated_after": _time(self._end + 1)}

    def open_window(self, page: models.TrackingPage) -> tuple[FiltersDict | None, bool]:
        """
        Return the filter of the next window, and whether there are later ones.

        Args:
            page: The first page of `later()`.
        """
        last, self._kept = self._end, set()
        self._end = max([last, *map(self._seconds, page.items)])
        total = parse_count(page.total)
        has_later = last < self._end and total is not None and total > len(page.items)
        if self._end < self._start:
            return None, False
        return {"updated_after": _time(self._start), "updated_before": _time(self._end)}, has_later

    def is_new(self, tracking: models.Tracking) -> bool:
        """Return whether a tracking of the window is in a state that was not returned before."""
        digest = _digest(tracking)
        is_new = digest not in self._seen
        if self._seconds(tracking) >= self._next_start:
            self._kept.add(digest)
        self._seen.add(digest)
        return is_new

    def close_window(self) -> None:
        """Forget the states that are not in the next window."""
        self._start, self._seen = self._next_start, self._kept

    @property
    def _next_start(self) -> int:
        return max(self._start, self._end - OVERLAP)

    def _seconds(self, tracking: models.Tracking) -> int:
        """Return when a tracking was refreshed; if that is unknown, the end of the window."""
        time = tracking.updated_at
        return self._end if time is None else (time - EPOCH) // SECOND


def _parse(since: object) -> _Saved:
    if since is None:
        return _VERSION, _FIRST, _FIRST - 1, []
    if isinstance(since, str):
        try:
            saved: _Saved = msgspec.json.decode(since, type=_Saved)
        except (msgspec.MsgspecError, UnicodeEncodeError):
            raise InvalidInput("since", _ALLOWED) from None
        return saved
    if not isinstance(since, datetime):
        raise InvalidInput("since", f"{_ALLOWED}, not {type(since).__name__}")
    start = max(_FIRST, first_second("since", since) or 0)
    return _VERSION, start, start - 1, []


def _time(seconds: int) -> datetime:
    return EPOCH + seconds * SECOND


def _digest(tracking: models.Tracking) -> bytes:
    # These two may count on from day to day, although nothing happens.
    state = replace(tracking, item_time_length=None, stay_time_length=None)
    return blake2b(msgspec.json.encode(state), digest_size=8).digest()
