"""What the event logs with a store have in common: connections and outages."""

from collections.abc import Callable
from functools import partial
from typing import Final, Protocol, TypeAlias, TypeVar

from trackingmore_v2._errors import EventLogUnavailable
from trackingmore_v2._scrubbing import scrub_methods
from trackingmore_v2._storage.errors import first_line
from trackingmore_v2._storage.sessions import StoreClient
from trackingmore_v2.webhooks._log import EventLog, Step, Written

ResultT = TypeVar("ResultT")
Apply: TypeAlias = Callable[[bytes | None, float], tuple[Written, ResultT]]
"""A function of what is stored about a tracking, and the time of the store."""

DEFAULT_TIMEOUT: Final = 5.0


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
class StoreEventLog(StoreClient[Session], EventLog):
    """Base class of the event logs with a store."""

    def __init__(self, name: str, lease: float, retention: float, timeout: float) -> None:
        super().__init__(timeout)
        EventLog.__init__(self, lease, retention)
        self._name: Final = name

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
