"""
When a delivery is tried, and when it has succeeded.

How version 2 does it is not known. Assumed: as the provider's version 4, whose words are those of
others with the same figures: fourteen attempts in all, thirty seconds after the first, and each
time twice as long, so the last one comes 245,730 seconds after the first.
"""

from typing import Final

ATTEMPTS: Final = 14
"""So often a delivery is tried at most."""

_FIRST_PAUSE: Final = 30
_OK: Final = 200
_REDIRECTS: Final = 300


def is_received(status: int, *, callback: bool) -> bool:
    """
    Tell whether an answer of the receiver means that it got the news.

    With the option "Callback" only 200 does, as the reference says. Assumed: without it, all of
    200 to 299 do; a redirect never does, and is not followed.
    """
    return status == _OK if callback else _OK <= status < _REDIRECTS


def next_attempt_at(attempt: int, at: int, *, callback: bool, attempts: int) -> int | None:
    """
    Tell when to try again; None: never.

    Assumed: without the option "Callback" nothing is tried again.

    Args:
        attempt: Number of the attempt that failed, from 1.
        at: When it was made, Unix seconds.
        callback: Whether the target must answer 200.
        attempts: How many there are at most.
    """
    if not callback or attempt >= attempts:
        return None
    return at + (_FIRST_PAUSE << (attempt - 1))
