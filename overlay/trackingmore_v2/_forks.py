"""Locks that a forked process does not share with its parent."""

import os
from threading import Lock
from typing import Final
from weakref import WeakSet


class ForkSafeLock:
    """A lock that is free in a child process, even if another thread held it at the fork."""

    def __init__(self) -> None:
        self.renew()
        _LIVE.add(self)

    def renew(self) -> None:
        """Replace the lock by a free one."""
        self._lock = Lock()

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *_error: object) -> None:
        self._lock.release()


_LIVE: Final[WeakSet[ForkSafeLock]] = WeakSet()


def _renew_all() -> None:
    for lock in list(_LIVE):
        lock.renew()


if hasattr(os, "register_at_fork"):  # Windows has no fork
    os.register_at_fork(after_in_child=_renew_all)
