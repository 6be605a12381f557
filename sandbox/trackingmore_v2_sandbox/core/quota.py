"""
How much an account may do, and how often. Decisions only: the store keeps what they rest on.

Credit: each parcel that is created costs one tracking, and so do five detections.
Pace: what the contract's `x-rate-limit` says of an operation holds in every window of that length,
wherever it begins; and whoever goes too fast is locked out.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from msgspec import Struct

from trackingmore_v2_api import META_CODES, RateLimit
from trackingmore_v2_sandbox.http.envelope import ApiCode, Rejection
from trackingmore_v2_sandbox.store import AccountRecord

DETECTIONS_PER_TRACKING: Final = 5
"""So many detections cost as much as one tracking."""

BALANCE: Final = 999
"""The documented account's `money`."""

LOCK_SECONDS: Final = META_CODES[ApiCode.RATE_LIMITED].pause_seconds or 0.0
"""How long the provider wants silence from whoever was too fast."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)


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

        Assumed: a tracking is charged when the first of five detections is made, and refused like
        one when there is none left.
        """
        return self.quota - self.trackings - -(-self.detections // DETECTIONS_PER_TRACKING)


def credit_of(owner: AccountRecord, default_quota: int) -> Credit:
    """Tell the credit of an account, which has the usual quota unless it was given another."""
    return Credit(
        quota=default_quota if owner.quota is None else owner.quota,
        trackings=owner.trackings,
        detections=owner.detections,
        balance=BALANCE if owner.balance is None else owner.balance,
    )


def is_rate_limited(owner: AccountRecord | None, *, default: bool) -> bool:
    """Tell whether rate limits hold for an account, or for one of which nothing is known."""
    if owner is None or owner.rate_limited is None:
        return default
    return owner.rate_limited


def shortage(credit: Credit) -> Rejection | None:
    """
    Give the refusal of one more tracking; None when it can be paid for.

    Assumed: an empty balance (4019) is told before an empty quota (4021); creating does not lower
    the balance, since quota is bought ahead.
    """
    if credit.balance <= 0:
        return Rejection(ApiCode.INSUFFICIENT_BALANCE, f"a balance of {credit.balance}")
    if credit.left <= 0:
        return Rejection(ApiCode.QUOTA_EXHAUSTED, f"{credit.left} left of {credit.quota}")
    return None


def shortage_for_detection(credit: Credit) -> Rejection | None:
    """Give the refusal of one more detection; None when it is paid for."""
    is_first_of_five = credit.detections % DETECTIONS_PER_TRACKING == 0
    return shortage(credit) if is_first_of_five else None


class Pace(Struct, frozen=True, omit_defaults=True):
    """How fast an account went lately. All times are Unix milliseconds of the account's clock."""

    accepted: Mapping[str, tuple[int, ...]] = {}
    """When the newest requests were accepted, oldest first, by operation id."""

    locked_at: int | None = None
    """When it was too fast, if it is locked out for that."""


def after_request(
    pace: Pace, operation_id: str, limit: RateLimit | None, now: int, lock_seconds: float
) -> Pace:
    """
    Count one more request. It is accepted, unless the account is locked out afterwards.

    Assumed: a request counts even if it is refused for another reason; one during the lock-out does
    not, and does not prolong it.

    Args:
        pace: How fast the account went before.
        operation_id: What it asks for.
        limit: How often it may do so; None: as often as it likes.
        now: The moment, in Unix milliseconds of the account's clock.
        lock_seconds: How long a lock-out lasts.
    """
    # A clock that was set back leaves moments of the future, which count for nothing.
    if pace.locked_at is not None and pace.locked_at <= now < lock_end(pace, lock_seconds):
        return pace
    if limit is None:
        return Pace(pace.accepted)
    begin = now - _length(limit.seconds)
    lately = tuple(at for at in pace.accepted.get(operation_id, ()) if begin < at <= now)
    if len(lately) >= limit.requests:
        return Pace(pace.accepted, locked_at=now)
    return Pace({**pace.accepted, operation_id: (*lately, now)})


def lock_end(pace: Pace, lock_seconds: float) -> int:
    """Give the moment, in Unix milliseconds, at which a locked account is heard again."""
    return (pace.locked_at or 0) + _length(lock_seconds)


def milliseconds(moment: datetime) -> int:
    """Give a moment as whole Unix milliseconds."""
    return (moment - _EPOCH) // _MILLISECOND


def moment_of(milliseconds: int) -> datetime:
    """Give the moment of Unix milliseconds."""
    return _EPOCH + milliseconds * _MILLISECOND


def _length(seconds: float) -> int:
    return round(seconds * 1000)
