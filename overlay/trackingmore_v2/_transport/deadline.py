"""The deadline of the attempt that a thread makes."""

from collections.abc import Generator
from contextlib import contextmanager
from math import inf
from threading import local
from time import monotonic
from typing import Final


class _Current(local):
    end = inf
    """Time of the monotonic clock."""


_CURRENT: Final = _Current()


@contextmanager
def deadline_after(time_limit: float | None) -> Generator[None]:
    """Set the deadline of the current thread, in seconds from now; None for no deadline."""
    outer = _CURRENT.end  # of a call whose HTTP client has an event hook that makes this call
    _CURRENT.end = inf if time_limit is None else monotonic() + time_limit
    try:
        yield
    finally:
        _CURRENT.end = outer


def has_passed() -> bool:
    """Return whether the deadline of the current thread has passed."""
    return monotonic() > _CURRENT.end


def time_left(timeout: float | None, error: type[Exception]) -> float | None:
    """
    Return a timeout that ends at the deadline of the current thread, or earlier.

    Args:
        timeout: The timeout without a deadline, in seconds; None for none.
        error: The error to raise after the deadline.

    Returns:
        Seconds, more than 0; None for no limit.
    """
    left = _CURRENT.end - monotonic()
    if left <= 0:
        raise error("timed out")
    if timeout is not None and timeout < left:
        return timeout
    return None if left == inf else left
