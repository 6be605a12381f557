"""What the event logs with a store have in common: connections and outages."""

import os
import time
from abc import abstractmethod
from collections.abc import Callable
from functools import partial
from typing import ClassVar, Final, Protocol, TypeAlias, TypeVar

from trackingmore_v2._config import checked_positive
from trackingmore_v2._errors import EventLogUnavailable
from trackingmore_v2._forks import ForkSafeLock
from trackingmore_v2._scrubbing import scrub_methods
from trackingmore_v2._storage.errors import first_line
from trackingmore_v2.webhooks._log import EventLog, Step, Written

ResultT = TypeVar("ResultT")
Apply: TypeAlias = Callable[[bytes | None, float], tuple[Written, ResultT]]
"""A function of what is stored about a tracking, and the time of the store."""

DEFAULT_TIMEOUT: Final = 5.0
_INHERITED: Final[list["Session"]] = []
"""Connections of a parent process, which must neither be used nor closed here."""


class Session(Protocol):
    """A connection to a store."""

    def update(self, tracking: str, apply: Apply[ResultT]) -> ResultT:
        """Replace what is stored about a tracking, in one transaction."""
        ...  # pragma: no cover - a protocol

    def unfinished(self, retention: float) -> list[str]:
        """Return the trackings with events that are not done, and delete what is too old."""
        ...  # pragma: no cover - a protocol

    def close(self) -> None:
        """Close the connection."""
        ...  # pragma: no cover - a protocol


@scrub_methods
class StoreEventLog(EventLog):
    """Base class of the event logs with a store."""

    _store_errors: ClassVar[tuple[type[Exception], ...]]

    def __init__(self, name: str, lease: float, retention: float, timeout: float) -> None:
        super().__init__(lease, retention)
        self._name: Final = name
        self._timeout: Final = checked_positive("timeout", timeout)
        self._lock: Final = ForkSafeLock()
        self._session: Session | None = None
        self._pid = os.getpid()

    @abstractmethod
    def _connect(self) -> Session:
        """Connect to the store."""

    def close(self) -> None:
        """Close the connection to the store; the next call opens a new one."""
        with self._lock:
            self._drop()

    def __repr__(self) -> str:
        # Without the URL of the store, which may contain a password.
        return f"{type(self).__name__}({self._name!r})"

    def _update(self, tracking: str, step: Step[ResultT]) -> ResultT:
        apply = partial(self._applied, step)
        return self._with_session(lambda session: session.update(tracking, apply))

    def _unfinished(self) -> list[str]:
        return self._with_session(lambda session: session.unfinished(self._retention))

    def _with_session(self, action: Callable[[Session], ResultT]) -> ResultT:
        with self._lock:
            try:
                return self._try_twice(action)
            except self._store_errors as error:
                raise EventLogUnavailable(repr(self), first_line(error)) from None

    def _try_twice(self, action: Callable[[Session], ResultT]) -> ResultT:
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

    def _try(self, action: Callable[[Session], ResultT]) -> ResultT:
        try:
            self._session = session = self._own_session() or self._connect()
            return action(session)
        except BaseException:
            # Also after an interruption, which leaves a response unread.
            self._drop()
            raise

    def _own_session(self) -> Session | None:
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
