"""
Webhooks: what the sandbox sends when a parcel's status changes.

`Outbox` writes down what is to be sent, and tries it with a `Send`; `WebhookWorker` does so when
it is due. `UrlPolicy` says where webhooks may go, and the functions keep the targets of an account.
"""

from trackingmore_v2_sandbox.webhooks.outbox import DeliveryAttempt, Outbox, attempts, require_sound
from trackingmore_v2_sandbox.webhooks.sender import HttpSender, Send, SendResult
from trackingmore_v2_sandbox.webhooks.subscriptions import (
    add_target,
    find_target,
    list_targets,
    remove_target,
)
from trackingmore_v2_sandbox.webhooks.url_policy import (
    ForbiddenTarget,
    InvalidTarget,
    TargetError,
    TooManyTargets,
    UnknownDelivery,
    UnknownTarget,
    UrlPolicy,
)
from trackingmore_v2_sandbox.webhooks.worker import DueWork, WebhookWorker

__all__ = [
    "DeliveryAttempt",
    "DueWork",
    "ForbiddenTarget",
    "HttpSender",
    "InvalidTarget",
    "Outbox",
    "Send",
    "SendResult",
    "TargetError",
    "TooManyTargets",
    "UnknownDelivery",
    "UnknownTarget",
    "UrlPolicy",
    "WebhookWorker",
    "add_target",
    "attempts",
    "find_target",
    "list_targets",
    "remove_target",
    "require_sound",
]
