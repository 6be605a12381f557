"""Serializers of stored records to the schemas of openapi.json."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import asdict

from trackingmore_v2_sandbox.admin import views
from trackingmore_v2_sandbox.admin.named_trackings import named_trackings, tracking_of_webhook
from trackingmore_v2_sandbox.core import quota
from trackingmore_v2_sandbox.core.settings import Settings
from trackingmore_v2_sandbox.core.tracking_state import TrackingState, next_change
from trackingmore_v2_sandbox.faults.plan import Plan, unused, written
from trackingmore_v2_sandbox.pipeline.request_log import ExchangeRecord, LogUsage
from trackingmore_v2_sandbox.store.models import AccountRecord, DeliveryRecord, WebhookTarget
from trackingmore_v2_sandbox.webhooks.outbox import DeliveryAttempt, attempts
from trackingmore_v2_sandbox.webhooks.retry_policy import is_received

_ID: Final = 12
"""Hex digits of the key digest in an account id."""

_END: Final = 253_402_300_799
"""Latest time that `datetime` can represent, in Unix seconds."""


def moment_of(seconds: float) -> datetime:
    """Return Unix seconds as a datetime in UTC, clamped to the range of `datetime`."""
    return datetime.fromtimestamp(min(max(seconds, 0), _END), UTC)


def moment_or_none(seconds: float | None) -> datetime | None:
    """Return Unix seconds as a datetime in UTC, or None for None."""
    return None if seconds is None else moment_of(seconds)


def account_id(account: str) -> str:
    """Return the id of an account: the first digits of its key digest."""
    return account[:_ID]


def masked_key(owner: AccountRecord) -> str:
    """Return the masked API key of an account: asterisks and its last characters."""
    return f"****{owner.key_hint}"


def account(
    owner: AccountRecord, trackings: int, settings: Settings, locked_until: int | None
) -> views.AccountView:
    """Return the view of an account; `locked_until` is in Unix milliseconds."""
    credit = quota.credit_of(owner, settings.quota)
    return views.AccountView(
        id=account_id(owner.account),
        key=masked_key(owner),
        email=settings.email,
        trackings=trackings,
        quota=credit.quota,
        used=credit.trackings,
        detections=credit.detections,
        left=credit.left,
        balance=credit.balance,
        rate_limited=quota.is_rate_limited(owner, default=settings.rate_limited),
        locked_until=None if locked_until is None else quota.moment_of(locked_until),
        key_deleted=owner.key_deleted,
        reads_need_quota=owner.reads_need_quota,
    )


def account_summary(
    owner: AccountRecord, trackings: int, clock: views.ClockView, usage: LogUsage | None
) -> views.AccountSummaryView:
    """Return the view of an account in the list; a usage of None means no requests in the log."""
    # Nothing is stored of an account that only reads, but its newest request has its key.
    key = usage.key if usage and not owner.key_hint else None
    return views.AccountSummaryView(
        id=account_id(owner.account),
        key=key or masked_key(owner),
        trackings=trackings,
        clock=clock,
        requests=usage.exchanges if usage else 0,
        last_request_at=moment_of(usage.at) if usage else None,
        last_request_arrived_at=moment_of(usage.arrived_at) if usage else None,
    )


def without_account(usage: LogUsage | None) -> views.WithoutAccountView:
    """Return the view of the requests without a valid key; a usage of None means none."""
    return views.WithoutAccountView(
        requests=usage.exchanges if usage else 0,
        last_request_arrived_at=moment_of(usage.arrived_at) if usage else None,
    )


def last_use(summary: views.AccountSummaryView) -> datetime:
    """Return when an account was last used; the earliest time if it is not in the log."""
    return summary.last_request_arrived_at or moment_of(0)


def fault_plan(plan: Plan, name: str | None) -> views.FaultPlanView:
    """Return the view of a fault plan."""
    chance = plan.chance
    return views.FaultPlanView(
        name=name,
        instructions=written(plan),
        unused=sum(map(len, unused(plan).values())),
        probability=chance.probability if chance else None,
        seed=chance.seed if chance else None,
        decided=chance.decided if chance else 0,
    )


def exchange(record: ExchangeRecord) -> views.ExchangeView:
    """Return the view of an exchange; bytes that are not UTF-8 are replaced."""
    named = named_trackings(record)
    fields = _fields(
        record,
        account=account_id(record.account) or None,
        at=moment_of(record.at),
        arrived_at=moment_of(record.arrived_at),
        trackings=[
            views.NamedTrackingView(carrier_code=carrier, tracking_number=number)
            for carrier, number in named.pairs
        ],
        trackings_total=named.total,
        # A path can contain lone surrogates, which JSON cannot encode.
        path=_text(record.path.encode("utf-8", "replace")),
        headers=dict(record.headers),
        request=_text(record.request),
        response=_text(record.response),
        hints=[views.HintView(**asdict(hint)) for hint in record.hints],
    )
    del fields["weight"]
    return views.ExchangeView(**fields)


def _fields(record: Struct, **changed: object) -> dict[str, Any]:
    """Return the fields of a record, some of them changed."""
    return {**asdict(record), **changed}


def _text(body: bytes) -> str:
    return body.decode("utf-8", "replace")


def webhook(target: WebhookTarget) -> views.WebhookView:
    """Return the view of a webhook target."""
    # The digest of the API key does not belong in a view.
    fields = asdict(target)
    del fields["account"]
    return views.WebhookView(**fields)


def delivery(record: DeliveryRecord, target: WebhookTarget | None) -> views.DeliveryView:
    """Return the view of a delivery, with its attempts; a target of None was removed."""
    made = attempts(record)
    carrier_code, tracking_number = tracking_of_webhook(record.body)
    return views.DeliveryView(
        id=record.id,
        webhook_id=record.target_id,
        url=target.url if target else None,
        tracking_id=record.tracking_id,
        carrier_code=carrier_code,
        tracking_number=tracking_number,
        status=record.status,
        created_at=moment_of(record.created_at),
        due_at=moment_or_none(record.due_at),
        state=record.state,
        failure=_failure(made, target) if record.state != "delivered" else None,
        attempts=[views.AttemptView(**_fields(each, at=moment_of(each.at))) for each in made],
        body=record.body,
    )


def _failure(made: Sequence[DeliveryAttempt], target: WebhookTarget | None) -> str | None:
    """Return why the last attempt failed; None if it did not, or if there was none."""
    if not made:
        return None
    status, callback = made[-1].status, target is None or target.callback
    if status is None:
        return made[-1].error
    return None if is_received(status, callback=callback) else f"HTTP {status}"


def tracking(seen: TrackingState, now: int) -> views.TrackingView:
    """Return the view of a tracking at a time in Unix seconds."""
    record = seen.tracking
    return views.TrackingView(
        id=record.id,
        carrier_code=record.carrier_code,
        tracking_number=record.tracking_number,
        title=record.title,
        order_id=record.order_id,
        status=seen.status,
        substatus=seen.substatus,
        archived=record.archived,
        created_at=moment_of(record.created_at),
        changes_at=moment_or_none(next_change(record, now)),
    )


def tracking_timeline(
    seen: TrackingState, timeline: list[views.TimelineEventView], now: int
) -> views.TrackingTimelineView:
    """Return the view of a tracking with its timeline, at a time in Unix seconds."""
    journey = seen.journey
    return views.TrackingTimelineView(
        **asdict(tracking(seen, now)),
        now=moment_of(now),
        origin=journey.origin.code,
        destination=journey.destination.code,
        destination_carrier=journey.destination_carrier,
        timeline=timeline,
    )
