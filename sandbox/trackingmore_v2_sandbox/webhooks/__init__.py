"""
Webhooks: what the sandbox sends when a parcel's status changes.

`Outbox` writes down what is to be sent, and tries it with a `Send`; `Ticker` looks after it in real
time. `Policy` says where webhooks may go, and the functions keep the targets of an account.
"""

from trackingmore_v2_sandbox.webhooks.outbox import Attempt, Outbox, attempts, require_sound
from trackingmore_v2_sandbox.webhooks.sender import HttpSender, Outcome, Send
from trackingmore_v2_sandbox.webhooks.subscriptions import (
    add_target,
    find_target,
    list_targets,
    remove_target,
)
from trackingmore_v2_sandbox.webhooks.url_policy import (
    ForbiddenTarget,
    InvalidTarget,
    Policy,
    TargetError,
    TooManyTargets,
    UnknownDelivery,
    UnknownTarget,
)
from trackingmore_v2_sandbox.webhooks.worker import Look, Ticker

__all__ = [
    "Attempt",
    "ForbiddenTarget",
    "HttpSender",
    "InvalidTarget",
    "Look",
    "Outbox",
    "Outcome",
    "Policy",
    "Send",
    "TargetError",
    "Ticker",
    "TooManyTargets",
    "UnknownDelivery",
    "UnknownTarget",
    "add_target",
    "attempts",
    "find_target",
    "list_targets",
    "remove_target",
    "require_sound",
]
