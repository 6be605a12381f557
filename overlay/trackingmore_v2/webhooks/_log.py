"""What the event logs have in common."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from enum import StrEnum

from msgspec import Struct

from trackingmore_v2.webhooks._event import WebhookEvent


class Outcome(StrEnum):
    """What an event log says about an event."""

    CLAIMED = "claimed"
    """It is to be handled now, by the caller."""

    IN_HAND = "in hand"
    """It, or another event of the same tracking, is being handled. The sender should retry it."""

    REPEATED = "repeated"
    """It has been handled."""

    OUTDATED = "outdated"
    """A newer event of the tracking has been handled, so this one is not to be handled."""


class Claim(Struct, frozen=True, kw_only=True):
    """What an event log says about an event, and the right to handle it."""

    outcome: Outcome
    event: WebhookEvent
    key: str
    """A digest of the event; the same for each delivery of it."""

    owner: str | None = None
    """What distinguishes this claim from others; None if the event is not to be handled."""


class EventLog(ABC):
    """
    A record of the events of an account, which makes sure that each one is handled once, in order.

    An event is claimed, handled, and then done, or released after an error. A claim expires, so an
    event is handled again if its handler was killed. The log contains an event until it is done,
    and digests and times of what is done.
    """

    @abstractmethod
    def claim(self, event: WebhookEvent) -> Claim:
        """
        Claim an event in order to handle it.

        Args:
            event: The event.

        Returns:
            The claim; only if its outcome is `CLAIMED`, the event is to be handled.

        Raises:
            EventLogUnavailable: The store cannot be reached.
        """

    @abstractmethod
    def done(self, claim: Claim) -> bool:
        """
        Record that an event has been handled.

        Args:
            claim: The claim.

        Returns:
            Whether the claim was still valid; False if it had expired and someone else took over.

        Raises:
            EventLogUnavailable: The store cannot be reached.
        """

    @abstractmethod
    def release(self, claim: Claim) -> None:
        """
        Release an event that could not be handled, so that the next claim succeeds.

        Args:
            claim: The claim.

        Raises:
            EventLogUnavailable: The store cannot be reached.
        """

    @abstractmethod
    def pending(self) -> Iterator[Claim]:
        """
        Claim each event that is neither done nor in hand, the oldest of a tracking first.

        Call it after a restart, and now and then, and handle each event before the next one.

        Yields:
            The claims.

        Raises:
            EventLogUnavailable: The store cannot be reached.
        """
