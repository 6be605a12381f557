"""Events of trackings, as parsed from webhooks, and what to do with a log."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from trackingmore_v2 import webhooks
from trackingmore_v2.webhooks import Claim, EventLog, Outcome, WebhookEvent
from trackingmore_v2_api.webhooks import compose

EMAIL: Final = "user@example.com"
PERSONAL: Final = "Zenobia Quux"
_START: Final = datetime(2026, 3, 1, tzinfo=UTC)


def event_of(  # noqa: PLR0913 - what an event is recognised by, in minutes
    status: str = "transit",
    updated: float | None = 10,
    *,
    created: float | None = 0,
    sent: float = 1_000,
    number: str = "LK664578623CN",
    checkpoint: float | None = None,
    **given: Any,
) -> WebhookEvent:
    """Return an event; its times are in minutes."""
    checkpoints = [] if checkpoint is None else [{"Date": f"{_time(checkpoint):%Y-%m-%d %H:%M}"}]
    data = {
        "id": "1fb82241cf5f6bcd011ab8e119dc1d99",
        "tracking_number": number,
        "carrier_code": "china-ems",
        "status": status,
        "created_at": _text(created),
        "updated_at": _text(updated),
        "customer_name": PERSONAL,
        "origin_info": {"trackinfo": checkpoints},
        **given,
    }
    body = compose(data, EMAIL, int(_time(sent).timestamp()))
    return webhooks.parse(body, account_email=EMAIL)


def claimed(log: EventLog, event: WebhookEvent) -> Claim:
    """Claim an event that can be claimed."""
    claim = log.claim(event)
    assert claim.outcome is Outcome.CLAIMED
    return claim


def handle(log: EventLog, event: WebhookEvent) -> Claim:
    """Claim an event, and record that it is done."""
    claim = claimed(log, event)
    assert log.done(claim)
    return claim


def handed_out(log: EventLog) -> Iterator[WebhookEvent]:
    """Handle each pending event, and yield it."""
    for claim in log.pending():
        assert log.done(claim)
        yield claim.event


def _time(minutes: float) -> datetime:
    return _START + timedelta(minutes=minutes)


def _text(minutes: float | None) -> str | None:
    return None if minutes is None else _time(minutes).isoformat()
