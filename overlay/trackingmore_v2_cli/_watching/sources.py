"""The trackings that a round reads, in as few requests as the API allows."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from trackingmore_v2.timelines import timeline
from trackingmore_v2_cli._errors import CommandError
from trackingmore_v2_cli._statuses import ExitStatus
from trackingmore_v2_cli._tracking.lookup import references_naming
from trackingmore_v2_cli._watching.state import State, key_of

if TYPE_CHECKING:
    from trackingmore_v2 import TrackingMore
    from trackingmore_v2.models import Tracking
    from trackingmore_v2_cli._references import Reference

_OPEN: Final = ("pending", "notfound", "transit", "pickup", "undelivered", "exception")
"""The statuses after which something may happen."""


class Source(ABC):
    """Where a round reads trackings from."""

    reads_all: bool
    """Whether each round reads all trackings, so that one that is missing was deleted."""

    @abstractmethod
    def read(self) -> Iterator["Tracking"]:
        """Yield the trackings of a round."""


class NamedTrackings(Source):
    """
    Trackings that the user named: one request for up to 40.

    Args:
        client: The client.
        references: The trackings.
    """

    reads_all = True

    def __init__(self, client: "TrackingMore", references: Sequence["Reference"]) -> None:
        self._client: Final = client
        self._references: Final = tuple(references)
        self._naming: Final = references_naming(references)
        self._has_read = False

    def read(self) -> Iterator["Tracking"]:
        """
        Yield all of them.

        Raises:
            CommandError: In the first round, the account does not have one.
        """
        missing = set(self._references)
        numbers = sorted({each.number for each in missing})
        for tracking in self._client.trackings.list(numbers=numbers):
            named = self._naming(tracking)
            missing.difference_update(named)
            if named:
                yield tracking
        if missing and not self._has_read:
            raise _not_found(missing)
        self._has_read = True


class AccountTrackings(Source):
    """
    All trackings of the account that are not final, and those that are created meanwhile.

    The first round lists them. The others read what the API has refreshed since the last one.

    Args:
        client: The client.
        state: The state, with the cursor of the last run.
    """

    reads_all = False

    def __init__(self, client: "TrackingMore", state: State) -> None:
        self._client: Final = client
        self._state: Final = state
        self._has_listed = False

    def read(self) -> Iterator["Tracking"]:
        """Yield those that may have changed. One that was final when first seen is left out."""
        trackings = self._changes if self._has_listed else self._all
        for tracking in trackings():
            if key_of(tracking) in self._state.trackings or not timeline(tracking).is_final:
                yield tracking

    def _all(self) -> Iterator["Tracking"]:
        newest = None
        for tracking in self._client.trackings.list(status=_OPEN):
            yield tracking
            times = filter(None, (newest, tracking.updated_at, tracking.created_at))
            newest = max(times, default=None)
        self._has_listed = True
        if self._state.cursor:
            yield from self._changes()
        elif newest:
            # A time of the server, whose clock may differ from ours.
            self._state.cursor = self._client.trackings.changes(since=newest).cursor

    def _changes(self) -> Iterator["Tracking"]:
        changes = self._client.trackings.changes(since=self._state.cursor)
        yield from changes
        # Not earlier: what was read may not have been reported.
        self._state.cursor = changes.cursor


def _not_found(missing: set["Reference"]) -> CommandError:
    numbers = ", ".join(sorted(each.number for each in missing))
    return CommandError(
        f"the account has no tracking {numbers}; create it with: trackingmore-v2 track",
        ExitStatus.NOT_FOUND,
    )
