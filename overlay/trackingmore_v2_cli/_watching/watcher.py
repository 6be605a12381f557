"""The rounds of `watch`: read, report, store, wait."""

from collections.abc import Generator
from typing import TYPE_CHECKING, Final

from trackingmore_v2 import (
    ClientClosed,
    ContractBroken,
    InvalidCertificate,
    LimiterUnavailable,
    RateLimited,
    ServerFailed,
    TrackingMoreError,
    TransportError,
)
from trackingmore_v2.timelines import timeline
from trackingmore_v2_cli._client_errors import sentence_of
from trackingmore_v2_cli._failures import print_error
from trackingmore_v2_cli._statuses import ExitStatus
from trackingmore_v2_cli._watching import clock
from trackingmore_v2_cli._watching.state import Change, changes_of, key_of, report_of

if TYPE_CHECKING:
    from trackingmore_v2.models import Tracking
    from trackingmore_v2_cli._watching.sources import Source
    from trackingmore_v2_cli._watching.state_file import StateFile

_TRANSIENT: Final = (TransportError, ServerFailed, RateLimited, ContractBroken, LimiterUnavailable)
_PERMANENT: Final = (ClientClosed, InvalidCertificate)


class Observer:
    """What follows the rounds besides the changes. By default it does nothing."""

    def on_tracking(self, tracking: "Tracking", *, has_changed: bool) -> None:
        """Called for each tracking that was read."""

    def on_wait(self, seconds: float, open_count: int) -> None:
        """Called before the wait for the next round, with the number of open trackings."""


class Watcher:
    """
    The rounds of one run.

    Args:
        source: Where trackings are read from.
        file: What was reported.
        every: Seconds from one round to the next.
        limit: Seconds after which it ends. Default: None, no limit.
    """

    def __init__(
        self, source: "Source", file: "StateFile", *, every: float, limit: float | None = None
    ) -> None:
        self._source: Final = source
        self._file: Final = file
        self._reported: Final = file.state.trackings
        self._every: Final = every
        self._end: Final = None if limit is None else clock.CLOCK.seconds() + limit
        self._open: set[str] = set()
        self._failure = ""
        self._has_read = False

    @property
    def status(self) -> ExitStatus:
        """The exit status after the last round."""
        return ExitStatus.TIME_IS_UP if self._open or self._failure else ExitStatus.SUCCESS

    def changes(self, observer: Observer) -> Generator[Change]:
        """
        Yield each change once, until all trackings are final or the time is over.

        Raises:
            TrackingMoreError: An error that the next round would meet too.
        """
        while True:
            yield from self._round(observer)
            seconds = self._seconds_to_wait()
            if seconds is None:
                return
            observer.on_wait(seconds, len(self._open))
            clock.CLOCK.wait(seconds)

    def _round(self, observer: Observer) -> Generator[Change]:
        seen: set[str] = set()
        try:
            for tracking in self._source.read():
                self._has_read = True
                seen.add(key_of(tracking))
                has_changed = False
                for change in changes_of(tracking, self._reported.get(key_of(tracking))):
                    has_changed = True
                    yield change
                # Only now: a change that could not be printed is reported by the next run.
                self._remember(tracking)
                observer.on_tracking(tracking, has_changed=has_changed)
        except TrackingMoreError as error:
            self._go_on(error)
        else:
            self._failure, self._has_read = "", True
            if self._source.reads_all:
                self._open &= seen
        finally:
            self._file.save()

    def _remember(self, tracking: "Tracking") -> None:
        key, is_final = key_of(tracking), timeline(tracking).is_final
        (self._open.discard if is_final else self._open.add)(key)
        if is_final and not self._source.reads_all:
            # It will not be read again, so that the file does not grow for ever.
            self._reported.pop(key, None)
        else:
            self._reported[key] = report_of(tracking)

    def _go_on(self, error: TrackingMoreError) -> None:
        """Report a transient error, unless it is that of the last round; raise any other."""
        is_transient = isinstance(error, _TRANSIENT) and not isinstance(error, _PERMANENT)
        # At the start the user is there to correct the server or the network.
        if not (is_transient and self._has_read):
            raise error
        kind = type(error).__name__
        if kind != self._failure:
            print_error(f"{sentence_of(error).removesuffix('.')}; trying again")
        self._failure = kind

    def _seconds_to_wait(self) -> float | None:
        """Return the seconds to the next round; None if there is none."""
        if not (self._open or self._failure):
            return None
        if self._end is None:
            return self._every
        left = self._end - clock.CLOCK.seconds()
        return min(self._every, left) if left > 0 else None
