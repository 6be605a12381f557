"""Lines in the log about a database that fails."""

import logging
from collections.abc import Callable
from time import monotonic
from typing import Final

INTERVAL: Final = 60.0
"""Minimum seconds between two lines about failures."""

_logger = logging.getLogger(__name__.partition(".")[0])


class OutageLog:
    """
    A line about a failure of the database, at most once a minute, and one when it works again.

    Args:
        database: What the lines call the database.
        now: Monotonic clock, in seconds. Default: the machine's.

    Attributes:
        is_reported: Whether a failure was reported, and not yet that the database works again.
    """

    def __init__(self, database: str, now: Callable[[], float] = monotonic) -> None:
        self._database = database
        self._now = now
        self._next = float("-inf")
        self.is_reported = False
        self._of_write = False

    def failed(self, reason: str, *, write: bool) -> None:
        """Report that a transaction failed, unless that was reported less than a minute ago."""
        self._of_write = write
        now = self._now()
        if now >= self._next:
            self._next = now + INTERVAL
            self.is_reported = True
            _logger.error("%s cannot be %s: %s", self._database, _VERBS[write], reason)

    def succeeded(self, *, write: bool) -> None:
        """Report that the database works again, if a failure was reported."""
        # A full disk fails writes only, so a read does not prove that it works again.
        if self.is_reported and (write or not self._of_write):
            self.is_reported = False
            _logger.warning("%s works again", self._database)


_VERBS: Final = ("read", "written")
