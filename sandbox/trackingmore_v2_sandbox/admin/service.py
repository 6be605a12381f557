"""What can be done with a sandbox: the operations of openapi.json, for HTTP and Python alike."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import msgspec
from msgspec import UNSET
from msgspec.structs import replace

from trackingmore_v2_api import OPERATIONS
from trackingmore_v2_sandbox import webhooks
from trackingmore_v2_sandbox.admin import serializers, snapshots
from trackingmore_v2_sandbox.admin.schemas import (
    AccountChange,
    AccountListView,
    AccountSummaryView,
    AccountView,
    Advance,
    ClockChange,
    ClockView,
    DeliveryListView,
    DeliveryView,
    FaultPlanListView,
    FaultPlanView,
    InvalidAdminInput,
    Limit,
    LogPageView,
    LogQuery,
    Seed,
    TrackingListQuery,
    TrackingListView,
    TrackingTimelineView,
    UnknownResource,
    WebhookListView,
    WebhookView,
    utc,
)
from trackingmore_v2_sandbox.admin.timeline import timeline_of
from trackingmore_v2_sandbox.core.quota import Pace, is_rate_limited, lock_end, milliseconds
from trackingmore_v2_sandbox.core.settings import Settings
from trackingmore_v2_sandbox.core.time_engine import TimeEngine
from trackingmore_v2_sandbox.core.tracking_state import observe
from trackingmore_v2_sandbox.faults import FaultRepository, Plan, forms
from trackingmore_v2_sandbox.http.api_keys import account_of, key_hint
from trackingmore_v2_sandbox.pipeline.request_log import RequestLog
from trackingmore_v2_sandbox.store import AccountRecord, Store, TrackingFilter

_OPERATION_IDS: Final = tuple(OPERATIONS)
_PACE: Final = msgspec.json.Decoder(Pace)


@dataclass(frozen=True, slots=True)
class AdminService:
    """
    All that can be done with a sandbox, for one account at a time.

    An account is named by the digest of its key. Everything runs in the event loop that serves the
    API, and raises `ValueError` for what is wrong with its arguments, and then changes nothing.
    """

    store: Store
    time_engine: TimeEngine
    settings: Settings
    faults: FaultRepository
    log: RequestLog
    outbox: webhooks.Outbox
    worker: webhooks.WebhookWorker
    policy: webhooks.UrlPolicy

    def account_of_key(self, key: str) -> str:
        """Give the account of a key, and note how people recognise the key."""
        account = account_of(key)
        with self.store.transaction(write=False):
            known = self.store.find_account(account)
        if known is None or not known.key_hint:
            with self.store.transaction(write=True, account=account):
                known = self.store.find_account(account) or AccountRecord(account)
                self.time_engine.introduce(known, key_hint(key))
        return account

    def account_of_id(self, account_id: str) -> str:
        """
        Give the account with an id.

        Raises:
            Unknown: No account has it.
        """
        for account in self._known_accounts():
            if serializers.account_id(account) == account_id:
                return account
        raise UnknownResource(
            f"no account has the id {account_id!r}; GET /_sandbox/accounts lists them"
        )

    def _known_accounts(self) -> Mapping[str, AccountRecord]:
        """Give all accounts that left a trace, be it only in the log."""
        with self.store.transaction(write=False):
            stored = {each.account: each for each in self.store.accounts()}
        return {name: AccountRecord(name) for name in self.log.accounts()} | stored

    async def list_accounts(self) -> AccountListView:
        """List the accounts."""
        known = self._known_accounts()
        with self.store.transaction(write=False):
            items = [
                AccountSummaryView(
                    id=serializers.account_id(name),
                    key=serializers.masked_key(each),
                    parcels=self.store.count(name, TrackingFilter()),
                    clock=self._clock(name, each),
                )
                for name, each in sorted(known.items())
            ]
        return AccountListView(items)

    async def get_account(self, account: str) -> AccountView:
        """See what an account may do, and has used."""
        with self.store.transaction(write=False):
            owner = self.store.find_account(account) or AccountRecord(account)
            trackings = self.store.count(account, TrackingFilter())
        return serializers.account(owner, trackings, self.settings, self._locked_until(owner))

    def _locked_until(self, owner: AccountRecord) -> int | None:
        """Tell when a lock-out ends, in Unix milliseconds; None: there is none."""
        pace = _PACE.decode(owner.pace)
        if not self._is_rate_limited(owner) or pace.locked_at is None:
            return None
        end = lock_end(pace, self.settings.lock_seconds)
        return end if pace.locked_at <= milliseconds(self.time_engine.now(owner)) < end else None

    def _is_rate_limited(self, owner: AccountRecord) -> bool:
        return is_rate_limited(owner, default=self.settings.rate_limited)

    async def change_account(self, account: str, change: AccountChange) -> AccountView:
        """Change what an account may do, and has used."""
        with self.store.transaction(write=True, account=account):
            owner = self.store.find_account(account) or AccountRecord(account)
            self.store.save_account(self._changed(owner, change))
        return await self.get_account(account)

    def _changed(self, owner: AccountRecord, change: AccountChange) -> AccountRecord:
        given = {
            name: value
            for name in ("quota", "detections", "balance", "rate_limited", "key_deleted")
            if (value := getattr(change, name)) is not UNSET
        }
        if change.used is not UNSET:
            given["trackings"] = change.used
        if change.locked is True:
            locked = Pace(locked_at=milliseconds(self.time_engine.now(owner)))
            given |= {"rate_limited": True, "pace": msgspec.json.encode(locked).decode()}
        elif change.locked is False or change.rate_limited is False:
            given["pace"] = "{}"
        return replace(owner, **given)

    async def get_clock(self, account: str) -> ClockView:
        """See the time of an account."""
        with self.store.transaction(write=True, account=account):
            owner = self.store.find_account(account)
            # What has happened is not what happens next.
            self.time_engine.catch_up(account, int(self.time_engine.now(owner).timestamp()))
            return self._clock(account, owner)

    def _clock(self, account: str, owner: AccountRecord | None) -> ClockView:
        speed = self.time_engine.speed(owner)
        return ClockView(
            now=self.time_engine.now(owner),
            speed=speed,
            frozen=not speed,
            next_at=serializers.moment_or_none(self.store.next_due(account)),
        )

    async def change_clock(self, account: str, change: ClockChange) -> ClockView:
        """Set, freeze or run the clock of an account."""
        speed = change.new_speed
        if change.now is not UNSET:
            await self.time_engine.set(account, utc(change.now), speed)
        elif speed is not None:
            self.time_engine.run(account, speed)
        self.worker.wake(account)
        return await self.get_clock(account)

    async def advance_clock(self, account: str, advance: Advance) -> ClockView:
        """Let time pass; all that becomes due has happened at the end."""
        if advance.to is UNSET:
            assert advance.seconds is not UNSET  # noqa: S101 - it is one or the other
            await self.time_engine.advance(account, timedelta(seconds=advance.seconds))
        else:
            to = utc(advance.to)
            now = (await self.get_clock(account)).now
            if to < now:
                raise InvalidAdminInput(
                    f"{to.isoformat()} has passed; it is {now.isoformat()} already"
                )
            await self.time_engine.set(account, to)
        return await self.get_clock(account)

    async def list_faults(self, account: str) -> FaultPlanListView:
        """See the fault plans of an account, and what is unused in them."""
        plans = self.faults.plans(account).items()
        items = [serializers.fault_plan(plan, name or None) for name, plan in plans]
        return FaultPlanListView(items=items, forms=forms(), operations=_OPERATION_IDS)

    async def plan_faults(self, account: str, plan: Plan, name: str | None = None) -> FaultPlanView:
        """Put a fault plan in the place of the one with the same name."""
        self.faults.save(account, plan, name)
        return serializers.fault_plan(plan, name)

    async def clear_faults(self, account: str) -> FaultPlanListView:
        """Forget all fault plans of an account."""
        self.faults.forget(account)
        return await self.list_faults(account)

    async def list_exchanges(self, account: str, query: LogQuery) -> LogPageView:
        """See what was asked and answered, oldest first."""
        # After a restart the numbers begin anew.
        after = query.after if query.after <= self.log.last else 0
        found = self.log.since(account, after)
        if not found and query.wait:
            with suppress(TimeoutError):
                async with asyncio.timeout(query.wait):
                    found = await self.log.wait_for_more(account, after)
        found = [each for each in found if each.sequence < query.before]
        items = [serializers.exchange(each) for each in found[-query.limit :]]
        return LogPageView(items=items, last=items[-1].sequence if items else after)

    async def clear_log(self, account: str) -> LogPageView:
        """Forget what was asked and answered."""
        self.log.clear(account)
        return LogPageView(items=[], last=self.log.last)

    async def list_webhooks(self, account: str) -> WebhookListView:
        """See where an account wants to be told of news."""
        with self.store.transaction(write=False):
            targets = webhooks.list_targets(self.store, account)
        return WebhookListView([serializers.webhook(each) for each in targets])

    async def add_webhook(self, account: str, fields: Mapping[str, object]) -> WebhookView:
        """Add a webhook target, or put it in the place of the one with the same URL."""
        with self.store.transaction(write=True, account=account):
            target = webhooks.add_target(self.store, account, fields, self.policy)
        self.worker.start(account)
        return serializers.webhook(target)

    async def remove_webhook(self, account: str, webhook_id: str) -> WebhookListView:
        """Remove a webhook target."""
        with self.store.transaction(write=True, account=account):
            webhooks.remove_target(self.store, account, webhook_id)
        return await self.list_webhooks(account)

    async def list_deliveries(self, account: str, query: Limit) -> DeliveryListView:
        """See what was sent, and what came of it."""
        with self.store.transaction(write=False):
            found = self.store.deliveries(account, limit=query.limit)
        return DeliveryListView([serializers.delivery(each) for each in found])

    async def resend_delivery(self, account: str, delivery_id: str) -> DeliveryView:
        """Send something once more; at the end it was tried."""
        with self.store.transaction(write=True, account=account):
            now = self.time_engine.now(self.store.find_account(account))
            self.outbox.resend(account, delivery_id, int(now.timestamp()))
        await self.time_engine.process_due(account)
        self.worker.start(account)
        with self.store.transaction(write=False):
            found = self.store.find_delivery(account, delivery_id)
        if found is None:
            raise UnknownResource(f"the delivery {delivery_id!r} was removed meanwhile")
        return serializers.delivery(found)

    async def list_parcels(self, account: str, query: TrackingListQuery) -> TrackingListView:
        """Find parcels of an account."""
        filters = TrackingFilter(text=query.query)
        with self.store.transaction(write=False):
            now = self._now(account)
            found = self.store.search(account, filters, limit=query.limit, offset=query.offset)
            total = self.store.count(account, filters)
        return TrackingListView(
            items=[serializers.tracking(observe(each, now), now) for each in found], total=total
        )

    async def get_parcel(
        self, account: str, carrier_code: str, number: str
    ) -> TrackingTimelineView:
        """See the whole life of a parcel."""
        with self.store.transaction(write=False):
            now = self._now(account)
            found = self.store.find(account, carrier_code, number)
        if found is None:
            raise UnknownResource(f"the account does not follow {number!r} of {carrier_code!r}")
        return serializers.parcel_life(observe(found, now), timeline_of(found, now), now)

    def _now(self, account: str) -> int:
        return int(self.time_engine.now(self.store.find_account(account)).timestamp())

    async def reset(self, account: str) -> AccountView:
        """Forget everything about an account."""
        snapshots.reset(self.store, account)
        self.log.clear(account)
        return await self.get_account(account)

    async def seed(self, account: str, seed: Seed) -> AccountView:
        """Put parcels into an account: all of them, or none."""
        with self.store.transaction(write=False):
            now = self._now(account)
        trackings = [serializers.seed_parcel(each) for each in seed.parcels]
        snapshots.seed(self.store, account, trackings, now)
        self.worker.wake(account)
        return await self.get_account(account)

    async def get_snapshot(self, account: str) -> bytes:
        """Get all that is kept of an account, as JSON."""
        return snapshots.take_snapshot(self.store, account)

    async def restore_snapshot(self, account: str, content: bytes) -> AccountView:
        """Put a snapshot in the place of all that is kept of an account."""
        snapshots.restore(self.store, account, content)
        self.worker.start(account)
        return await self.get_account(account)
