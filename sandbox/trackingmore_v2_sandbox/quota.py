"""
How much an account may do, and how often. Decisions only: the store keeps what they rest on.

Credit: each parcel that is created costs one tracking, and so do five detections.
Pace: what the contract's `x-rate-limit` says of an operation holds in every window of that length,
wherever it begins; and whoever goes too fast is locked out.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from msgspec import Struct

from trackingmore_v2_api import META_CODES, Operation

from .envelope import Code, Refusal

DETECTIONS_PER_TRACKING: Final = 5
"""So many detections cost as much as one tracking."""

BALANCE: Final = 999
"""The documented account's `money`."""

LOCK_SECONDS: Final = META_CODES[Code.RATE_LIMITED].pause_seconds or 0.0
"""How long the provider wants silence from whoever was too fast."""

_MILLISECONDS: Final = 1000
"""In a second."""


class Credit(NamedTuple):
    """What an account was given, and what it used up."""

    quota: int
    """Trackings that it may create in all."""

    trackings: int
    """Trackings that it created."""

    detections: int
    balance: int = BALANCE

    @property
    def left(self) -> int:
        """
        Trackings that may still be created; negative when the quota was lowered meanwhile.

        Assumed: a tracking is charged when the first of five detections is made.
        """
        return self.quota - self.trackings - -(-self.detections // DETECTIONS_PER_TRACKING)


def require_tracking(credit: Credit) -> None:
    """
    See that one more tracking can be paid for.

    Assumed: an empty balance is told before an empty quota; creating does not lower the balance,
    since quota is bought ahead.

    Raises:
        Refusal: The balance (4019) or the quota (4021) is used up.
    """
    if credit.balance <= 0:
        raise Refusal(Code.INSUFFICIENT_BALANCE)
    if credit.left <= 0:
        raise Refusal(Code.QUOTA_EXHAUSTED)


def require_detection(credit: Credit) -> None:
    """
    See that one more detection can be paid for.

    Raises:
        Refusal: It is the first of five, and the balance (4019) or the quota (4021) is used up.
    """
    if credit.detections % DETECTIONS_PER_TRACKING == 0:
        require_tracking(credit)


class Pace(Struct, frozen=True, omit_defaults=True):
    """How fast an account went lately. All times are Unix milliseconds of the account's clock."""

    accepted: Mapping[str, tuple[int, ...]] = {}
    """When the newest requests were accepted, oldest first, by operation id."""

    locked_at: int | None = None
    """When it was too fast."""


def locked_until(pace: Pace, now: int, lock_seconds: float) -> int | None:
    """
    Tell when an account that is locked out will be heard again; None for one that is heard now.

    Args:
        pace: How fast it went.
        now: The moment, in Unix milliseconds of the account's clock.
        lock_seconds: How long a lock-out lasts.
    """
    if pace.locked_at is None:
        return None
    end = pace.locked_at + round(lock_seconds * _MILLISECONDS)
    return end if pace.locked_at <= now < end else None


def keep_pace(pace: Pace, operation: Operation[Any], now: int) -> Pace:
    """
    Count one more request of an account that is not locked out; it is locked if that was too many.

    Assumed: a request counts even if it is refused for another reason. Those during the lock-out
    are not counted here, so that they do not prolong it.

    Args:
        pace: How fast it went before.
        operation: What it asks for.
        now: The moment, in Unix milliseconds of the account's clock.
    """
    limit = operation.rate_limit
    if limit is None:
        return pace
    begin = now - round(limit.seconds * _MILLISECONDS)
    # A clock that was set back leaves moments of the future, which count for nothing.
    lately = tuple(at for at in pace.accepted.get(operation.id, ()) if begin < at <= now)
    if len(lately) >= limit.requests:
        return Pace(pace.accepted, locked_at=now)
    return Pace({**pace.accepted, operation.id: (*lately, now)})
