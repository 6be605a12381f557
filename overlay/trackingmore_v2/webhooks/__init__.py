"""
Webhooks, received.

    from trackingmore_v2 import webhooks

    event = webhooks.parse(body, account_email="user@example.com")
    tracking = webhooks.confirm(event, client)

Version 2 of the API does not sign the body of a webhook, only the time of sending. So a webhook is
a hint, and what it says has to be read from the API: `confirm()` does.
"""

from trackingmore_v2._errors import EventLogUnavailable, WebhookError, WebhookErrorReason
from trackingmore_v2.webhooks._confirmation import confirm, confirm_async
from trackingmore_v2.webhooks._event import WebhookEvent
from trackingmore_v2.webhooks._examples import example, sign
from trackingmore_v2.webhooks._log import Claim, EventLog, Outcome
from trackingmore_v2.webhooks._parsing import MAX_BODY_SIZE, Headers, parse
from trackingmore_v2.webhooks._processing import process, process_async
from trackingmore_v2.webhooks._token_filter import TokenFilter
from trackingmore_v2.webhooks.logs.memory import MemoryEventLog
from trackingmore_v2.webhooks.logs.sqlite import SqliteEventLog
from trackingmore_v2_api.webhooks import WebhookForm

__all__ = [
    "MAX_BODY_SIZE",
    "Claim",
    "EventLog",
    "EventLogUnavailable",
    "Headers",
    "MemoryEventLog",
    "Outcome",
    "SqliteEventLog",
    "TokenFilter",
    "WebhookError",
    "WebhookErrorReason",
    "WebhookEvent",
    "WebhookForm",
    "confirm",
    "confirm_async",
    "example",
    "parse",
    "process",
    "process_async",
    "sign",
]
