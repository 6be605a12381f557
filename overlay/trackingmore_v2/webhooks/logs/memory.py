"""
Event log for one process, which forgets all events when the process ends.

    log = MemoryEventLog()
"""

import time
from collections.abc import Callable
from typing import Final

from trackingmore_v2._config import checked_function
from trackingmore_v2._forks import ForkSafeLock
from trackingmore_v2.webhooks._log import (
    DEFAULT_LEASE,
    DEFAULT_RETENTION,
    EventLog,
    ResultT,
    Step,
    Written,
)


class MemoryEventLog(EventLog):
    """
    An event log in the memory of one process, for development and tests.

    It forgets all events when the process ends, and is not shared with child processes.

    Args:
        lease: Seconds after which a claim expires, unless the event is done before. Default: 60.
        retention: Seconds for which it is known what is done; retries of the sender can go on for
            days. Default: 30 days.
        now: Function that returns the time in seconds. Default: `time.time`.

    Raises:
        ConfigurationError: An argument is invalid.
    """

    def __init__(
        self,
        *,
        lease: float = DEFAULT_LEASE,
        retention: float = DEFAULT_RETENTION,
        now: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(lease, retention)
        self._now: Final = checked_function("now", now)
        self._lock: Final = ForkSafeLock()
        self._stored: Final[dict[str, tuple[Written, float]]] = {}
        """What was written about each tracking, and when."""

    def _update(self, tracking: str, step: Step[ResultT]) -> ResultT:
        with self._lock:
            now = self._now()
            known = self._stored.get(tracking)
            written, result = self._applied(step, known[0].state if known else None, now)
            if written.state is not None:
                self._stored[tracking] = written, now
            return result

    def _unfinished(self) -> list[str]:
        with self._lock:
            before = self._now() - self._retention
            for tracking, (written, at) in list(self._stored.items()):
                if written.is_finished and at < before:
                    del self._stored[tracking]
            return [key for key, (each, _) in self._stored.items() if not each.is_finished]
