"""
Quota and rate limits of an account, as pure functions over state that the store keeps.

Quota: each tracking created costs one unit, and so do five carrier detections.
Rate limit: the contract's `x-rate-limit` of an operation holds in every sliding window of its
length; an account that exceeds it is locked out.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from trackingmore_v2_api import META_CODES, ApiCode, RateLimit
from trackingmore_v2_sandbox.http.envelope import Rejection
from trackingmore_v2_sandbox.store.models import AccountRecord

READS: Final = frozenset({"getTracking", "getLocalizedTracking", "listTrackings", "countTrackings"})
"""Operations that read trackings without polling their carriers."""

DETECTIONS_PER_TRACKING: Final = 5
"""Number of detections that cost as much as one tracking."""

BALANCE: Final = 999
"""The documented account's `money`."""

LOCK_SECONDS: Final = META_CODES[ApiCode.RATE_LIMITED].pause_seconds or 0.0
"""Default length of the lock-out after exceeding a rate limit, in seconds."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)


class Credit(NamedTuple):
    """Quota, usage and balance of an account."""

    quota: int
    """Total number of trackings the account may create."""

    trackings: int
    """Number of trackings charged."""

    detections: int
    """Number of successful detections."""

    balance: int = BALANCE

    @property
    def left(self) -> int:
        """
        Number of trackings that may still be created; negative after the quota was lowered.

        Assumed: the first of five detections is charged as one tracking, and rejected like one when
        the quota is used up.
        """
        # -(-a // b) rounds up.
        return self.quota - self.trackings - -(-self.detections // DETECTIONS_PER_TRACKING)


def credit_of(owner: AccountRecord, default_quota: int) -> Credit:
    """Return the credit of an account; quota and balance not set for it have their defaults."""
    return Credit(
        quota=default_quota if owner.quota is None else owner.quota,
        trackings=owner.trackings,
        detections=owner.detections,
        balance=BALANCE if owner.balance is None else owner.balance,
    )


def is_rate_limited(owner: AccountRecord | None, *, default: bool) -> bool:
    """Return whether rate limits apply to an account, or the default if that is not set."""
    if owner is None or owner.rate_limited is None:
        return default
    return owner.rate_limited


def shortage(credit: Credit) -> Rejection | None:
    """
    Return the rejection of one more tracking; None if the account can pay for it.

    Assumed: an empty balance (4019) is reported before an empty quota (4021). Creating a tracking
    does not lower the balance, since quota is bought in advance.
    """
    if credit.balance <= 0:
        return Rejection(ApiCode.INSUFFICIENT_BALANCE, f"a balance of {credit.balance}")
    if credit.left <= 0:
        return Rejection(ApiCode.QUOTA_EXHAUSTED, f"{credit.left} of {credit.quota} trackings left")
    return None


def shortage_for_read(owner: AccountRecord, default_quota: int) -> Rejection | None:
    """
    Return the rejection of a read of trackings; None if the account may read.

    Assumed: reads need neither quota nor balance, unless the account is set to need them. In 2017,
    the live API rejected the list of an account whose trial may have ended.
    """
    return shortage(credit_of(owner, default_quota)) if owner.reads_need_quota else None


def shortage_for_detection(credit: Credit) -> Rejection | None:
    """Return the rejection of one more detection; None if the account can pay for it."""
    is_first_of_five = credit.detections % DETECTIONS_PER_TRACKING == 0
    return shortage(credit) if is_first_of_five else None


class RateLimitState(Struct, frozen=True, omit_defaults=True):
    """Recent requests of an account. All times are Unix milliseconds of the account's clock."""

    accepted: Mapping[str, tuple[int, ...]] = {}
    """Times of the latest accepted requests, oldest first, by operation id."""

    locked_at: int | None = None
    """When the account exceeded a rate limit; None: it is not locked out."""


_STATE: Final = msgspec.json.Decoder(RateLimitState)


def state_of(owner: AccountRecord) -> RateLimitState:
    """
    Return the recent requests of an account.

    Raises:
        msgspec.DecodeError: The record is from a snapshot, and its JSON is invalid.
    """
    return _STATE.decode(owner.rate_limit_state)


def with_state(owner: AccountRecord, state: RateLimitState) -> AccountRecord:
    """Return an account with other recent requests."""
    # Defaults are left out, so an account without recent requests stores `{}`.
    return replace(owner, rate_limit_state=msgspec.json.encode(state).decode())


def after_request(
    state: RateLimitState, operation_id: str, limit: RateLimit | None, now: int, lock_seconds: float
) -> RateLimitState:
    """
    Count one more request. It is accepted unless `locked_at` is set in the result.

    Assumed: a request counts even if it is rejected for another reason. A request during the
    lock-out neither counts nor prolongs it.

    Args:
        state: The recent requests before this one.
        operation_id: The operation requested.
        limit: The operation's rate limit; None: unlimited.
        now: The current time, in Unix milliseconds of the account's clock.
        lock_seconds: Length of a lock-out, in seconds.
    """
    # Setting the clock back leaves times in the future, which are ignored.
    if state.locked_at is not None and state.locked_at <= now < lock_end(state, lock_seconds):
        return state
    # An expired lock-out is dropped with the first request after it.
    if limit is None:
        return RateLimitState(state.accepted)
    # A sliding window: fixed ones would let twice as many requests through at their border.
    begin = now - _length(limit.seconds)
    recent = tuple(at for at in state.accepted.get(operation_id, ()) if begin < at <= now)
    if len(recent) >= limit.requests:
        return RateLimitState(state.accepted, locked_at=now)
    return RateLimitState({**state.accepted, operation_id: (*recent, now)})


def lock_end(state: RateLimitState, lock_seconds: float) -> int:
    """Return when the lock-out of an account ends, in Unix milliseconds."""
    return (state.locked_at or 0) + _length(lock_seconds)


def milliseconds(moment: datetime) -> int:
    """Return a time as whole Unix milliseconds."""
    return (moment - _EPOCH) // _MILLISECOND


def moment_of(milliseconds: int) -> datetime:
    """Return the UTC time of Unix milliseconds."""
    return _EPOCH + milliseconds * _MILLISECOND


def _length(seconds: float) -> int:
    return round(seconds * 1000)
