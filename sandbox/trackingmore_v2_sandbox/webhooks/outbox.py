"""
A transactional outbox: one delivery for each status change and matching target.

A delivery is saved in the same transaction as the status change, so a crash or a rollback neither
loses a delivery nor sends one for a change that was not stored.
"""

import re
from functools import partial
from typing import Final, Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from trackingmore_v2_sandbox.core import serializers
from trackingmore_v2_sandbox.core.time_engine import Settle
from trackingmore_v2_sandbox.core.tracking_state import observe
from trackingmore_v2_sandbox.store.models import (
    Corruption,
    DeliveryRecord,
    TrackingRecord,
    WebhookTarget,
)
from trackingmore_v2_sandbox.store.sql import Store
from trackingmore_v2_sandbox.webhooks.payload import compose, corrupt, re_sign, require_body
from trackingmore_v2_sandbox.webhooks.retry_policy import ATTEMPTS, is_received, next_attempt_at
from trackingmore_v2_sandbox.webhooks.sender import Send
from trackingmore_v2_sandbox.webhooks.url_policy import UnknownDelivery

_ID: Final = re.compile("[0-9]{1,18}")

REORDER_TIMEOUT: Final = 7 * 24 * 3600
"""Maximum seconds that a delivery with `reorder` waits for the tracking's next change."""


class DeliveryAttempt(Struct, frozen=True, omit_defaults=True):
    """The result of one attempt of a delivery."""

    at: int
    """Time by the account's clock, Unix seconds."""

    status: int | None = None
    """HTTP status of the response; None without a response."""

    error: str | None = None
    """Reason why there is no response; None with one."""

    corrupt: Corruption | None = None
    """How the body was corrupted. Default: None."""


class Outbox(Struct, frozen=True):
    """
    The deliveries of all accounts: creation, attempts and resending.

    Attributes:
        store: The store for deliveries.
        send: Sends a body to a URL.
        email: The e-mail address of the accounts, used as the key for signatures.
        attempts: Maximum number of attempts for each delivery. Default: 14.
    """

    store: Store
    send: Send
    email: str
    attempts: int = ATTEMPTS

    def on_change(
        self, account: str, before: TrackingRecord, after: TrackingRecord, moment: int
    ) -> None:
        """
        Save the deliveries for a status change. Call it inside the transaction of the change.

        Assumed: a status that is set manually is sent like any other, and a change of only the
        substatus is not sent.

        Args:
            account: The account.
            before: The tracking before the change.
            after: The tracking after the change.
            moment: Time of the change by the account's clock, Unix seconds.
        """
        if before.seen_status == after.seen_status:
            return
        for target in self.store.targets(account):
            if after.seen_status in (target.statuses or (after.seen_status,)):
                self._enqueue(target, after, moment)

    def _enqueue(self, target: WebhookTarget, tracking: TrackingRecord, moment: int) -> None:
        event = serializers.webhook_event(observe(tracking, moment))
        body = compose(event, self.email, moment, target.form)
        due_at = moment + target.delay_seconds
        # With `reorder`, changes alternate: one is held back, the next one overtakes it.
        if target.reorder and not self._release_held(target, tracking, due_at):
            due_at += REORDER_TIMEOUT
        # Two records, so that each copy has its own attempts.
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

    def _release_held(self, target: WebhookTarget, tracking: TrackingRecord, due_at: int) -> bool:
        """Schedule held deliveries just after `due_at`, and return whether there were any."""
        # Any other due time means that the delivery is not held, but waits for a retry.
        held = [
            delivery
            for delivery in self.store.waiting_deliveries(target.account, target.id, tracking.id)
            if delivery.due_at == delivery.created_at + target.delay_seconds + REORDER_TIMEOUT
        ]
        for delivery in held:
            self.store.save_delivery(replace(delivery, due_at=due_at + 1))
        return bool(held)

    def _next_id(self, account: str) -> str:
        # The transaction locks the account, so no other process takes the same number.
        newest = self.store.deliveries(account, limit=1)
        return str(int(newest[0].id) + 1 if newest else 1)

    def resend(self, account: str, delivery_id: str, now: int) -> DeliveryRecord:
        """
        Schedule a delivery again, with its full number of attempts, and return it.

        It is signed anew, even if retries are not.

        Call it inside a write transaction.

        Raises:
            UnknownDelivery: The account has no delivery with that id.
        """
        delivery = self.store.find_delivery(account, delivery_id)
        if delivery is None:
            raise UnknownDelivery(
                f"unknown delivery {delivery_id!r}; list the deliveries to see their ids"
            )
        rescheduled = replace(delivery, due_at=now, attempt=1, state="waiting")
        self.store.save_delivery(rescheduled)
        return rescheduled

    async def deliver(self, delivery: DeliveryRecord, now: int) -> Settle:
        """
        Attempt a delivery once.

        Args:
            delivery: The delivery.
            now: Time by the account's clock, Unix seconds.

        Returns:
            A function that applies the result to the delivery as it is stored by then.
        """
        target = self._find_target(delivery)
        if target is None:
            return partial(_end, DeliveryAttempt(now, error="the target was removed"), "failed")
        # The stored body stays intact; only what is sent gets corrupted.
        is_signed = delivery.attempt > 1 and not target.re_sign
        body = delivery.body if is_signed else re_sign(delivery.body, self.email, now)
        sent = corrupt(body, target.corrupt) if target.corrupt else body
        result = await self.send(target.url, sent)
        attempt = DeliveryAttempt(now, result.status, result.error, target.corrupt)
        return partial(self._settle, target, delivery, body, attempt)

    def _find_target(self, delivery: DeliveryRecord) -> WebhookTarget | None:
        with self.store.transaction(write=False):
            targets = self.store.targets(delivery.account)
        return next((target for target in targets if target.id == delivery.target_id), None)

    def _settle(
        self,
        target: WebhookTarget,
        attempted: DeliveryRecord,
        body: str,
        attempt: DeliveryAttempt,
        stored: DeliveryRecord,
    ) -> DeliveryRecord:
        callback = target.callback
        signed = replace(stored, body=body)
        if attempt.status is not None and is_received(attempt.status, callback=callback):
            return _end(attempt, "delivered", signed)
        if stored != attempted:  # `resend()` rescheduled it during the attempt: keep its schedule.
            return replace(_add_attempt(signed, attempt), attempt=stored.attempt)
        due_at = next_attempt_at(
            stored.attempt, attempt.at, callback=callback, attempts=self.attempts
        )
        if due_at is None:
            return _end(attempt, "failed", signed)
        return replace(_add_attempt(signed, attempt), due_at=due_at)


def validate_delivery(delivery: DeliveryRecord) -> None:
    """
    Check the id, attempts and body of a delivery from a snapshot.

    Raises:
        ValueError: One of them is invalid.
    """
    if not _ID.fullmatch(delivery.id):
        raise ValueError(f"invalid delivery id {delivery.id!r}; expected 1 to 18 digits")
    attempts(delivery)
    require_body(delivery.body)


def attempts(delivery: DeliveryRecord) -> tuple[DeliveryAttempt, ...]:
    """Return the results of a delivery's attempts, oldest first."""
    return msgspec.json.decode(delivery.attempts, type=tuple[DeliveryAttempt, ...])


def _end(
    attempt: DeliveryAttempt, state: Literal["delivered", "failed"], delivery: DeliveryRecord
) -> DeliveryRecord:
    return replace(_add_attempt(delivery, attempt), due_at=None, state=state)


def _add_attempt(delivery: DeliveryRecord, attempt: DeliveryAttempt) -> DeliveryRecord:
    return replace(
        delivery,
        attempt=delivery.attempt + 1,
        attempts=msgspec.json.encode((*attempts(delivery), attempt)).decode(),
    )
