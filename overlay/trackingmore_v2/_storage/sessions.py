"""The connection of a process to a store, which is opened when it is needed."""

import os
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar, Final, Generic, Protocol, TypeVar

from trackingmore_v2._config import checked_positive
from trackingmore_v2._forks import ForkSafeLock

ResultT = TypeVar("ResultT")

_INHERITED: Final[list[Any]] = []
"""Connections of a parent process, which must neither be used nor closed here."""


class Closable(Protocol):
    """A connection to a store."""

    def close(self) -> None:
        """Close the connection."""
        ...  # pragma: no cover - a protocol


SessionT = TypeVar("SessionT", bound=Closable)


class StoreClient(ABC, Generic[SessionT]):
    """
    Base class of what uses a store: all threads of a process share one connection.

    Args:
        timeout: Maximum time in seconds to wait for the store.

    Raises:
        ConfigurationError: `timeout` is not a finite number greater than 0.
    """

    _store_errors: ClassVar[tuple[type[Exception], ...]]

    def __init__(self, timeout: float) -> None:
        self._timeout: Final = checked_positive("timeout", timeout)
        self._lock: Final = ForkSafeLock()
        self._session: SessionT | None = None
        self._pid = os.getpid()

    @abstractmethod
    def _connect(self) -> SessionT:
        """Connect to the store."""

    def close(self) -> None:
        """Close the connection to the store; the next call opens a new one."""
        with self._lock:
            self._drop()

    def _try_twice(self, action: Callable[[SessionT], ResultT]) -> ResultT:
        """Carry out an action, and once more if only an old connection has failed."""
        if self._own_session() is not None:
            start = time.monotonic()
            try:
                return self._try(action)
            except self._store_errors:
                # An idle connection may have been closed, so only a new one counts; unless the
                # store does not respond.
                if time.monotonic() - start >= self._timeout:
                    raise
        return self._try(action)

    def _try(self, action: Callable[[SessionT], ResultT]) -> ResultT:
        try:
            return action(self._own_session() or self._open())
        except BaseException:
            # Also after an interruption, which leaves a response unread.
            self._drop()
            raise

    def _open(self) -> SessionT:
        self._session = session = self._connect()
        return session

    def _own_session(self) -> SessionT | None:
        """Return the session, unless a parent process opened it."""
        if self._pid != os.getpid():
            if self._session:
                _INHERITED.append(self._session)
            self._session, self._pid = None, os.getpid()
        return self._session

    def _drop(self) -> None:
        session, self._session = self._own_session(), None
        if session:
            session.close()
