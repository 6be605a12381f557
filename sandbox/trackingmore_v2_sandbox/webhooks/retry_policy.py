"""
The retry policy of deliveries: exponential backoff and a maximum number of attempts.

The policy of version 2 is not documented. Assumed: that of the provider's version 4, whose wording
matches other providers with the same figures: up to 14 attempts, a delay of 30 seconds after the
first one that doubles each time, so the last attempt is 245,730 seconds after the first.
"""

from typing import Final

ATTEMPTS: Final = 14
"""Maximum number of attempts for a delivery."""

_FIRST_DELAY: Final = 30
_OK: Final = 200
_REDIRECTS: Final = 300


def is_received(status: int, *, callback: bool) -> bool:
    """
    Return whether the HTTP status of a receiver's response counts as success.

    With the option "Callback" only 200 does, as documented. Assumed: without it, 200 to 299 do; a
    redirect never does, and is not followed.
    """
    return status == _OK if callback else _OK <= status < _REDIRECTS


def next_attempt_at(attempt: int, at: int, *, callback: bool, attempts: int) -> int | None:
    """
    Return when to make the next attempt, in Unix seconds; None: no further attempt.

    Assumed: without the option "Callback" a delivery is not retried.

    Args:
        attempt: Number of the failed attempt, from 1.
        at: When it was made, Unix seconds.
        callback: Whether the target must respond with 200.
        attempts: Maximum number of attempts.
    """
    if not callback or attempt >= attempts:
        return None
    return at + (_FIRST_DELAY << (attempt - 1))
