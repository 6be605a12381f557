"""
What is to be sent: one delivery for each target that wants to know of a change.

A delivery is written down in the transaction that stores the change, so none is lost and none is
sent of what did not happen.
"""

import re
from dataclasses import dataclass
from functools import partial
from typing import Final, Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from trackingmore_v2_sandbox.core import serializers
from trackingmore_v2_sandbox.core.time_engine import Settle
from trackingmore_v2_sandbox.core.tracking_state import observe
from trackingmore_v2_sandbox.store import (
    Corruption,
    DeliveryRecord,
    Store,
    TrackingRecord,
    WebhookTarget,
)
from trackingmore_v2_sandbox.webhooks.payload import compose, require_body, sign_again, spoil
from trackingmore_v2_sandbox.webhooks.retry_policy import ATTEMPTS, is_received, next_attempt_at
from trackingmore_v2_sandbox.webhooks.sender import Send
from trackingmore_v2_sandbox.webhooks.url_policy import UnknownDelivery

_ID: Final = re.compile("[0-9]{1,18}")

PATIENCE: Final = 7 * 24 * 3600
"""So many seconds a target with `reorder` waits for a parcel's next change."""


class DeliveryAttempt(Struct, frozen=True, omit_defaults=True):
    """What came of an attempt to deliver something."""

    at: int
    """By the account's clock, Unix seconds."""

    status: int | None = None
    """HTTP status of the answer."""

    error: str | None = None
    """Why there is no answer."""

    corrupt: Corruption | None = None
    """How the body was spoilt."""


@dataclass(frozen=True, slots=True)
class Outbox:
    """
    Writes deliveries down, and tries them.

    Attributes:
        store: Where they are kept.
        send: Sends a body to a URL.
        email: The accounts' e-mail address, which signs.
        attempts: How often a delivery is tried at most.
    """

    store: Store
    send: Send
    email: str
    attempts: int = ATTEMPTS

    def on_change(
        self, account: str, before: TrackingRecord, after: TrackingRecord, moment: int
    ) -> None:
        """
        Write down what is to be sent of a change of a parcel. Belongs inside its transaction.

        Assumed: a change of the status by hand is told like any other, and a change of the detail
        alone is not.
        """
        if before.seen_status == after.seen_status:
            return
        for target in self.store.targets(account):
            if after.seen_status in (target.statuses or (after.seen_status,)):
                self._write_down(target, after, moment)

    def _write_down(self, target: WebhookTarget, tracking: TrackingRecord, moment: int) -> None:
        body = compose(serializers.webhook_event(observe(tracking, moment)), self.email, moment)
        due_at = moment + target.delay_seconds
        if target.reorder and not self._send_before(target, tracking, due_at):
            due_at += PATIENCE
        for _ in range(2 if target.duplicate else 1):
            self.store.save_delivery(
                DeliveryRecord(
                    account=target.account,
                    id=self._next_id(target.account),
                    target_id=target.id,
                    tracking_id=tracking.id,
                    status=tracking.seen_status,
                    created_at=moment,
                    due_at=due_at,
                    body=body,
                )
            )

    def _send_before(self, target: WebhookTarget, tracking: TrackingRecord, moment: int) -> bool:
        """Let what waits for a parcel's next change follow it; tell whether anything waited."""
        waiting = [
            delivery
            for delivery in self.store.waiting_deliveries(target.account, target.id, tracking.id)
            if delivery.due_at == delivery.created_at + target.delay_seconds + PATIENCE
        ]
        for delivery in waiting:
            self.store.save_delivery(replace(delivery, due_at=moment + 1))
        return bool(waiting)

    def _next_id(self, account: str) -> str:
        newest = self.store.deliveries(account, limit=1)
        return str(int(newest[0].id) + 1 if newest else 1)

    def resend(self, account: str, delivery_id: str, now: int) -> DeliveryRecord:
        """
        Have something delivered once more, with all the attempts that this may take.

        Belongs inside a transaction that writes.

        Raises:
            UnknownDelivery: The account has none with that id.
        """
        delivery = self.store.find_delivery(account, delivery_id)
        if delivery is None:
            raise UnknownDelivery(
                f"there is no delivery {delivery_id!r}; list the deliveries to see their ids"
            )
        again = replace(delivery, due_at=now, attempt=1, state="waiting")
        self.store.save_delivery(again)
        return again

    async def deliver(self, delivery: DeliveryRecord, now: int) -> Settle:
        """Try to deliver something at a moment, and tell what comes of that."""
        target = self._find_target(delivery)
        if target is None:
            return partial(_end, DeliveryAttempt(now, error="the target was removed"), "failed")
        body = sign_again(delivery.body, self.email, now)
        sent = spoil(body, target.corrupt) if target.corrupt else body
        outcome = await self.send(target.url, sent)
        attempt = DeliveryAttempt(now, outcome.status, outcome.error, target.corrupt)
        return partial(self._settle, target, delivery, body, attempt)

    def _find_target(self, delivery: DeliveryRecord) -> WebhookTarget | None:
        with self.store.transaction(write=False):
            targets = self.store.targets(delivery.account)
        return next((target for target in targets if target.id == delivery.target_id), None)

    def _settle(
        self,
        target: WebhookTarget,
        tried: DeliveryRecord,
        body: str,
        attempt: DeliveryAttempt,
        stored: DeliveryRecord,
    ) -> DeliveryRecord:
        callback = target.callback
        signed = replace(stored, body=body)
        if attempt.status is not None and is_received(attempt.status, callback=callback):
            return _end(attempt, "delivered", signed)
        if stored != tried:  # It was sent again meanwhile, and that goes on by itself.
            return replace(_note(signed, attempt), attempt=stored.attempt)
        due_at = next_attempt_at(
            stored.attempt, attempt.at, callback=callback, attempts=self.attempts
        )
        if due_at is None:
            return _end(attempt, "failed", signed)
        return replace(_note(signed, attempt), due_at=due_at)


def require_sound(delivery: DeliveryRecord) -> None:
    """
    See that a delivery that was kept elsewhere can be dealt with here.

    Raises:
        ValueError: Its id, its attempts or its body is none.
    """
    if not _ID.fullmatch(delivery.id):
        raise ValueError(f"{delivery.id!r} is no id of a delivery")
    attempts(delivery)
    require_body(delivery.body)


def attempts(delivery: DeliveryRecord) -> tuple[DeliveryAttempt, ...]:
    """Tell what came of each attempt to deliver something."""
    return msgspec.json.decode(delivery.attempts, type=tuple[DeliveryAttempt, ...])


def _end(
    attempt: DeliveryAttempt, state: Literal["delivered", "failed"], delivery: DeliveryRecord
) -> DeliveryRecord:
    return replace(_note(delivery, attempt), due_at=None, state=state)


def _note(delivery: DeliveryRecord, attempt: DeliveryAttempt) -> DeliveryRecord:
    return replace(
        delivery,
        attempt=delivery.attempt + 1,
        attempts=msgspec.json.encode((*attempts(delivery), attempt)).decode(),
    )
