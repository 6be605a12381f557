"""What was reported, and the changes of a tracking since then."""

from collections.abc import Iterator
from datetime import datetime
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final, Literal

from msgspec import Struct, field, json

from trackingmore_v2.timelines import Timeline, TimelineEvent, timeline

if TYPE_CHECKING:
    from trackingmore_v2.models import Tracking

_DIGEST_SIZE: Final = 6


class Change(Struct, frozen=True, kw_only=True):
    """A change to report, with the fields of the record `change/1`."""

    tracking_number: str
    carrier_code: str
    status: str
    substatus: str | None
    time: datetime | None
    text: str | None
    place: str | None
    is_final: bool


class Reported(Struct, kw_only=True):
    """The state of a tracking that was reported."""

    status: str
    events: list[str]
    """Digests of the events."""


class State(Struct, kw_only=True):
    """All that was reported."""

    version: Literal[1] = 1
    account: str
    """Digest of the account, whose file no other one uses."""

    cursor: str | None = None
    """Where to continue among the changes of the account."""

    trackings: dict[str, Reported] = field(default_factory=dict[str, Reported])
    """By carrier and number."""


def key_of(tracking: "Tracking") -> str:
    """Return the carrier and the number of a tracking."""
    return f"{tracking.carrier_code}:{tracking.tracking_number}"


def report_of(tracking: "Tracking") -> Reported:
    """Return what has been reported once all changes of a tracking are."""
    events = timeline(tracking).events
    return Reported(status=str(tracking.status), events=list(map(_digest, events)))


def changes_of(tracking: "Tracking", reported: Reported | None) -> Iterator[Change]:
    """
    Yield the changes of a tracking since a report, oldest first.

    Args:
        tracking: The tracking.
        reported: What was reported. None: nothing, then its newest event is the only change.
    """
    history = timeline(tracking)
    known = set(reported.events) if reported else set(map(_digest, history.events[:-1]))
    events = [event for event in history.events if _digest(event) not in known]
    for event in events:
        yield _change(tracking, history, event)
    status = tracking.status
    is_told = bool(events) and events[-1].status in (None, status)
    if not is_told and (reported is None or reported.status != status):
        yield _change(tracking, history, None)


def _change(tracking: "Tracking", history: Timeline, event: TimelineEvent | None) -> Change:
    status = (event and event.status) or tracking.status
    return Change(
        tracking_number=tracking.tracking_number,
        carrier_code=tracking.carrier_code,
        status=str(status),
        substatus=event.substatus if event else tracking.substatus,
        time=event.time if event else None,
        text=event.text if event else None,
        place=event.place if event else None,
        is_final=history.is_final,
    )


def _digest(event: TimelineEvent) -> str:
    # As `timeline()` compares events: their status may be revised.
    identity: Any = (event.checkpoint.date, event.text, event.place)
    return blake2b(json.encode(identity), digest_size=_DIGEST_SIZE).hexdigest()
