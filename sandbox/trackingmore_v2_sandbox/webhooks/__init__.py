"""
Webhooks, which the sandbox sends when a tracking's status changes.

`Outbox` stores deliveries and attempts them with a `Send` function; `WebhookWorker` runs it when
deliveries are due. `UrlPolicy` restricts the target URLs. The functions manage the targets of an
account.
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
