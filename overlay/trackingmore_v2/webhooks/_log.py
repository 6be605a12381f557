"""What the event logs have in common."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from itertools import count
from secrets import token_hex
from typing import Final, NamedTuple, TypeAlias, TypeVar

import msgspec
from msgspec import Struct, json, msgpack

from trackingmore_v2._config import checked_positive
from trackingmore_v2._errors import EventLogUnavailable
from trackingmore_v2._scrubbing import scrub_methods
from trackingmore_v2._validation import require_instance
from trackingmore_v2.webhooks import _state
from trackingmore_v2.webhooks._event import WebhookEvent
from trackingmore_v2.webhooks._identity import key_of, order_of, tracking_key_of
from trackingmore_v2.webhooks._state import Holder, Outcome, Received, Record, State

__all__ = ["Claim", "EventLog", "Outcome"]

ResultT = TypeVar("ResultT")
Step: TypeAlias = Callable[[State, float], tuple[State, ResultT]]
"""What a store does in one transaction; it is given the state of a tracking, and the time."""

DEFAULT_LEASE: Final = 60.0
DEFAULT_RETENTION: Final = 30 * 86400.0

_DAMAGED: Final = "what it has of a tracking is damaged"

CLAIMS_PER_CLEANUP: Final = 1_000
"""Claims of a process until it deletes what is too old; `pending()` may never be called."""


class Claim(Struct, frozen=True, kw_only=True):
    """What an event log says about an event, and the right to handle it."""

    outcome: Outcome
    """What the log says about the event."""

    event: WebhookEvent
    """The event."""

    key: str
    """A digest of the event; the same for each delivery of it."""

    owner: str | None = None
    """What distinguishes this claim from others; None if the event is not to be handled."""


class Written(NamedTuple):
    """What a store writes."""

    state: bytes | None
    """None if nothing has changed."""

    is_finished: bool
    """Whether no event of the tracking is left to be handled."""


@scrub_methods
class EventLog(ABC):
    """
    A record of the events of an account, which makes sure that each one is handled once, in order.

    An event is claimed, handled, and then done, or released after an error. A claim expires, so an
    event is handled again if its handler was killed. The log contains an event until it is done,
    and digests and times of what is done. While an event is in hand, no other one of its tracking
    can be claimed.

    Args:
        lease: Seconds after which a claim expires, unless the event is done before.
        retention: Seconds for which it is known what is done; retries of the sender can go on for
            days.

    Raises:
        ConfigurationError: An argument is invalid.
    """

    def __init__(self, lease: float = DEFAULT_LEASE, retention: float = DEFAULT_RETENTION) -> None:
        self._lease: Final = checked_positive("lease", lease)
        self._retention: Final = checked_positive("retention", retention)
        self._claims: Final = count()

    @abstractmethod
    def _update(self, tracking: str, step: Step[ResultT]) -> ResultT:
        """Apply a step to what is stored about a tracking, in one transaction."""

    @abstractmethod
    def _unfinished(self) -> list[str]:
        """Return the trackings with events that are not done, and delete what is too old."""

    def claim(self, event: WebhookEvent) -> Claim:
        """
        Claim an event in order to handle it.

        Args:
            event: The event.

        Returns:
            The claim; only if its outcome is `CLAIMED`, the event is to be handled.

        Raises:
            InvalidInput: `event` is of another type.
            EventLogUnavailable: The store cannot be reached.
        """
        require_instance("event", event, WebhookEvent)
        received = Received(key_of(event), order_of(event), json.encode(event))
        owner = token_hex(8)

        def step(state: State, now: float) -> tuple[State, Outcome]:
            known = _state.pruned(state, now - self._retention)
            return _state.claim(known, received, Holder(owner, now + self._lease), now)

        if next(self._claims) % CLAIMS_PER_CLEANUP == 0:
            self._unfinished()
        outcome = self._update(tracking_key_of(event), step)
        is_ours = outcome is Outcome.CLAIMED
        return Claim(
            outcome=outcome, event=event, key=received.key, owner=owner if is_ours else None
        )

    def done(self, claim: Claim) -> bool:
        """
        Record that an event has been handled.

        Args:
            claim: The claim.

        Returns:
            Whether the claim was still valid; False if it had expired and someone else took over.

        Raises:
            InvalidInput: `claim` is of another type.
            EventLogUnavailable: The store cannot be reached.
        """
        require_instance("claim", claim, Claim)
        owner = claim.owner
        if owner is None:
            return False
        return self._update(
            tracking_key_of(claim.event),
            lambda state, now: _state.done(state, claim.key, owner, now),
        )

    def release(self, claim: Claim) -> None:
        """
        Release an event that could not be handled, so that the next claim succeeds.

        Args:
            claim: The claim.

        Raises:
            InvalidInput: `claim` is of another type.
            EventLogUnavailable: The store cannot be reached.
        """
        require_instance("claim", claim, Claim)
        owner = claim.owner
        if owner is not None:
            self._update(
                tracking_key_of(claim.event),
                lambda state, _now: (_state.release(state, claim.key, owner), None),
            )

    def pending(self) -> Iterator[Claim]:
        """
        Claim each event that is neither done nor in hand, the oldest of a tracking first.

        Call it after a restart, and now and then, and handle each event before the next one.

        Yields:
            The claims.

        Raises:
            EventLogUnavailable: The store cannot be reached; or, after all other events, what it
                has of a tracking is damaged.
        """
        damaged: list[EventLogUnavailable] = []
        for tracking in self._unfinished():
            try:
                yield from self._pending_of(tracking)
            except EventLogUnavailable as error:
                if error.reason != _DAMAGED:
                    raise
                damaged.append(error)
        if damaged:
            raise damaged[0]

    def _pending_of(self, tracking: str) -> Iterator[Claim]:
        handed = set[str]()
        while claim := self._take(tracking, handed):
            handed.add(claim.key)
            yield claim

    def _take(self, tracking: str, handed: set[str]) -> Claim | None:
        owner = token_hex(8)

        def step(state: State, now: float) -> tuple[State, tuple[str, Record] | None]:
            return _state.take(state, Holder(owner, now + self._lease), now, handed)

        taken = self._update(tracking, step)
        if taken is None:
            return None
        key, record = taken
        event = self._read(WebhookEvent, json.decode, record.body or b"")
        return Claim(outcome=Outcome.CLAIMED, event=event, key=key, owner=owner)

    def _applied(
        self, step: Step[ResultT], stored: bytes | None, now: float
    ) -> tuple[Written, ResultT]:
        """Apply a step to what a store contains."""
        state = self._read(State, msgpack.decode, stored) if stored else State()
        changed, result = step(state, now)
        encoded = None if changed is state else msgpack.encode(changed)
        return Written(encoded, changed.is_finished), result

    def _read(self, kind: type[ResultT], decode: Callable[..., ResultT], stored: bytes) -> ResultT:
        try:
            return decode(stored, type=kind)
        except msgspec.DecodeError:  # its message may quote what is stored
            raise EventLogUnavailable(repr(self), _DAMAGED) from None
