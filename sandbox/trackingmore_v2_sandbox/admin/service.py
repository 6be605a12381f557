"""The operations of the admin API, shared by its HTTP and Python interfaces."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Final

from msgspec import UNSET, Struct, field
from msgspec.structs import replace

from trackingmore_v2_api import OPERATIONS
from trackingmore_v2_sandbox.admin import schemas, seeding, serializers, snapshots, views
from trackingmore_v2_sandbox.admin.har import har_document
from trackingmore_v2_sandbox.admin.pieces import PieceRunner, split
from trackingmore_v2_sandbox.admin.timeline import timeline_of
from trackingmore_v2_sandbox.core import quota
from trackingmore_v2_sandbox.core.settings import Settings
from trackingmore_v2_sandbox.core.time_engine import TimeEngine
from trackingmore_v2_sandbox.core.tracking_state import observe
from trackingmore_v2_sandbox.faults.instructions import forms
from trackingmore_v2_sandbox.faults.plan import Plan
from trackingmore_v2_sandbox.faults.repository import FaultRepository
from trackingmore_v2_sandbox.http.api_keys import account_of, key_hint
from trackingmore_v2_sandbox.pipeline.request_log import LogUsage, RequestLog
from trackingmore_v2_sandbox.store.models import AccountRecord, DeliveryRecord, TrackingFilter
from trackingmore_v2_sandbox.store.sql import Store
from trackingmore_v2_sandbox.webhooks.outbox import Outbox
from trackingmore_v2_sandbox.webhooks.subscriptions import add_target, remove_target
from trackingmore_v2_sandbox.webhooks.url_policy import UrlPolicy
from trackingmore_v2_sandbox.webhooks.worker import WebhookWorker

_OPERATION_IDS: Final = tuple(OPERATIONS)
_SETTINGS: Final = (
    "quota",
    "detections",
    "balance",
    "rate_limited",
    "key_deleted",
    "reads_need_quota",
)
"""Fields of a change that are stored as they are."""


class AdminService(Struct, frozen=True):
    """
    The operations of the admin API, each for one account.

    An account is identified by the digest of its API key. Methods must run in the event loop that
    serves the API. They raise `ValueError` for an invalid argument, without changing anything.
    """

    store: Store
    time_engine: TimeEngine
    settings: Settings
    faults: FaultRepository
    log: RequestLog
    outbox: Outbox
    worker: WebhookWorker
    policy: UrlPolicy
    pieces: PieceRunner = field(default_factory=PieceRunner)

    def account_of_key(self, key: str) -> str:
        """Return the account of an API key, and store the key's hint if it is not known yet."""
        account = account_of(key)
        # Most keys are known already: the read transaction avoids the write lock for them.
        with self.store.transaction(write=False):
            known = self.store.find_account(account)
        if known is None or not known.key_hint:
            with self.store.transaction(write=True, account=account):
                known = self.store.find_account(account) or AccountRecord(account)
                self.time_engine.register_account(known, key_hint(key))
        return account

    def account_of_id(self, account_id: str) -> str:
        """
        Return the account with an id.

        Raises:
            schemas.UnknownResource: No account has this id.
        """
        # A scan, because the id is only a prefix of the digest; there are few accounts.
        for account in self._account_names():
            if serializers.account_id(account) == account_id:
                return account
        raise schemas.UnknownResource(
            f"unknown account id {account_id!r}; GET /_sandbox/accounts lists all accounts"
        )

    def _account_names(self) -> Iterator[str]:
        with self.store.transaction(write=False):
            stored = self.store.accounts()
        yield from (each.account for each in stored)
        # Only accounts that have read but never written are in the log alone.
        yield from self.log.accounts()

    def _known_accounts(self) -> Mapping[str, AccountRecord]:
        """Return all accounts that are stored, or occur in the request log only."""
        with self.store.transaction(write=False):
            stored = {each.account: each for each in self.store.accounts()}
        return {name: AccountRecord(name) for name in self.log.accounts()} | stored

    async def get_health(self) -> views.HealthView:
        """Read the database, and return that it can be read."""
        with self.store.transaction(write=False):
            self.store.find_account("")
        return views.HealthView(status="ok")

    async def list_accounts(self) -> views.AccountListView:
        """List the accounts, the last used one first."""
        known, usage = self._known_accounts(), self.log.usage()
        items: list[views.AccountSummaryView] = []
        # In pieces, since every key of a request is an account, and there may be many.
        for piece in split(sorted(known.items())):
            items += self._summaries(piece, usage)
            await asyncio.sleep(0)
        # The sort is stable: accounts that are not in the log stay in the order of their ids.
        items.sort(key=serializers.last_use, reverse=True)
        without_account = serializers.without_account(usage.get(""))
        return views.AccountListView(items=items, without_account=without_account)

    def _summaries(
        self, accounts: Iterable[tuple[str, AccountRecord]], usage: Mapping[str, LogUsage]
    ) -> list[views.AccountSummaryView]:
        with self.store.transaction(write=False):
            return [
                serializers.account_summary(
                    each,
                    self.store.count(name, TrackingFilter()),
                    self._clock(name, each),
                    usage.get(name),
                )
                for name, each in accounts
            ]

    async def get_account(self, account: str) -> views.AccountView:
        """Return the limits and the usage of an account."""
        with self.store.transaction(write=False):
            owner = self.store.find_account(account) or AccountRecord(account)
            trackings = self.store.count(account, TrackingFilter())
        return serializers.account(owner, trackings, self.settings, self._locked_until(owner))

    def _locked_until(self, owner: AccountRecord) -> int | None:
        """Return when a lockout ends, in Unix milliseconds, or None."""
        state = quota.state_of(owner)
        if not self._is_rate_limited(owner) or state.locked_at is None:
            return None
        end = quota.lock_end(state, self.settings.lock_seconds)
        # A clock that was set back can be before the start of the lockout.
        return (
            end
            if state.locked_at <= quota.milliseconds(self.time_engine.now(owner)) < end
            else None
        )

    def _is_rate_limited(self, owner: AccountRecord) -> bool:
        return quota.is_rate_limited(owner, default=self.settings.rate_limited)

    async def change_account(
        self, account: str, change: schemas.AccountChange
    ) -> views.AccountView:
        """Change the limits or the usage of an account."""
        with self.store.transaction(write=True, account=account):
            owner = self.store.find_account(account) or AccountRecord(account)
            self.store.save_account(self._changed(owner, change))
        return await self.get_account(account)

    def _changed(self, owner: AccountRecord, change: schemas.AccountChange) -> AccountRecord:
        fields = {
            name: value for name in _SETTINGS if (value := getattr(change, name)) is not UNSET
        }
        if change.used is not UNSET:
            fields["trackings"] = change.used
        if change.locked is True:
            # A lockout has an effect only if rate limits apply.
            fields["rate_limited"] = True
            now = quota.milliseconds(self.time_engine.now(owner))
            owner = quota.with_state(owner, quota.RateLimitState(locked_at=now))
        elif change.locked is False or change.rate_limited is False:
            owner = quota.with_state(owner, quota.RateLimitState())
        return replace(owner, **fields)

    async def get_clock(self, account: str) -> views.ClockView:
        """Return the clock of an account."""
        with self.store.transaction(write=True, account=account):
            owner = self.store.find_account(account)
            # Apply overdue changes first, so that `next_at` is not in the past.
            self.time_engine.catch_up(account, int(self.time_engine.now(owner).timestamp()))
            return self._clock(account, owner)

    def _clock(self, account: str, owner: AccountRecord | None) -> views.ClockView:
        speed = self.time_engine.speed(owner)
        return views.ClockView(
            now=self.time_engine.now(owner),
            speed=speed,
            frozen=not speed,
            next_at=serializers.moment_or_none(self.store.next_due(account)),
        )

    async def change_clock(self, account: str, change: schemas.ClockChange) -> views.ClockView:
        """Set, freeze or run the clock of an account."""
        speed = change.new_speed
        if change.now is not UNSET:
            await self.time_engine.set(account, schemas.utc(change.now), speed)
        elif speed is not None:
            self.time_engine.run(account, speed)
        # With another time or speed, the worker waits for the wrong moment.
        self.worker.wake(account)
        return await self.get_clock(account)

    async def advance_clock(self, account: str, advance: schemas.Advance) -> views.ClockView:
        """Advance the clock, and return when all due changes are applied."""
        if advance.to is UNSET:
            assert advance.seconds is not UNSET  # noqa: S101 - Advance requires one of the two
            await self.time_engine.advance(account, timedelta(seconds=advance.seconds))
        else:
            to = schemas.utc(advance.to)
            now = (await self.get_clock(account)).now
            if to < now:
                raise schemas.InvalidAdminInput(
                    f"cannot advance to {to.isoformat()}: the clock shows {now.isoformat()}"
                )
            await self.time_engine.set(account, to)
        return await self.get_clock(account)

    async def list_faults(self, account: str) -> views.FaultPlanListView:
        """Return the fault plans of an account, with their unused instructions."""
        plans = self.faults.plans(account).items()
        items = [serializers.fault_plan(plan, name or None) for name, plan in plans]
        return views.FaultPlanListView(items=items, forms=forms(), operations=_OPERATION_IDS)

    async def plan_faults(
        self, account: str, plan: Plan, name: str | None = None
    ) -> views.FaultPlanView:
        """Save a fault plan; it replaces the one with the same name."""
        self.faults.save(account, plan, name)
        return serializers.fault_plan(plan, name)

    async def clear_faults(self, account: str) -> views.FaultPlanListView:
        """Delete all fault plans of an account."""
        self.faults.delete(account)
        return await self.list_faults(account)

    async def list_exchanges(
        self, account: str | None, query: schemas.LogQuery
    ) -> views.LogPageView:
        """
        Return requests with their responses, oldest first.

        Args:
            account: The account, "" for requests without a valid key, or None for all requests.
            query: The part of the log.
        """
        # A restarted sandbox counts from 1 again; a cursor from before would hide everything.
        after = query.after if query.after <= self.log.last else 0
        find = partial(self.log.since, account, after, before=query.before, limit=query.limit)
        found = find()
        if not found and query.wait:
            with suppress(TimeoutError):
                async with asyncio.timeout(query.wait):
                    await self.log.wait_for_more(account, after)
            found = find()
        items = [serializers.exchange(each) for each in found]
        return views.LogPageView(items=items, last=items[-1].sequence if items else after)

    async def export_log(self, account: str | None, query: schemas.HarQuery, origin: str) -> bytes:
        """
        Return requests with their responses as a HAR document.

        Args:
            account: As for `list_exchanges`.
            query: The part of the log.
            origin: Origin of the sandbox, such as `http://127.0.0.1:8642`.
        """
        found = self.log.since(account, query.after, before=query.before, limit=query.limit)
        return har_document(found, origin)

    async def clear_log(self, account: str | None, _scope: schemas.LogScope) -> views.LogPageView:
        """Clear the request log of an account, as for `list_exchanges`."""
        self.log.clear(account)
        return views.LogPageView(items=[], last=self.log.last)

    async def list_webhooks(self, account: str) -> views.WebhookListView:
        """Return the webhook targets of an account."""
        with self.store.transaction(write=False):
            targets = self.store.targets(account)
        return views.WebhookListView(items=[serializers.webhook(each) for each in targets])

    async def add_webhook(self, account: str, fields: Mapping[str, object]) -> views.WebhookView:
        """Add a webhook target; it replaces the one with the same URL."""
        with self.store.transaction(write=True, account=account):
            target = add_target(self.store, account, fields, self.policy)
        self.worker.start(account)
        return serializers.webhook(target)

    async def remove_webhook(self, account: str, webhook_id: str) -> views.WebhookListView:
        """Remove a webhook target, and return the remaining ones."""
        with self.store.transaction(write=True, account=account):
            remove_target(self.store, account, webhook_id)
        return await self.list_webhooks(account)

    async def list_deliveries(self, account: str, query: schemas.Limit) -> views.DeliveryListView:
        """Return the deliveries of an account with their attempts, newest first."""
        with self.store.transaction(write=False):
            found = self.store.deliveries(account, limit=query.limit)
        return views.DeliveryListView(items=self._delivery_views(account, found))

    def _delivery_views(
        self, account: str, deliveries: Iterable[DeliveryRecord]
    ) -> list[views.DeliveryView]:
        with self.store.transaction(write=False):
            targets = {each.id: each for each in self.store.targets(account)}
        return [serializers.delivery(each, targets.get(each.target_id)) for each in deliveries]

    async def resend_delivery(self, account: str, delivery_id: str) -> views.DeliveryView:
        """Send a delivery again, and return it when it was attempted."""
        with self.store.transaction(write=True, account=account):
            now = self.time_engine.now(self.store.find_account(account))
            resent = self.outbox.resend(account, delivery_id, int(now.timestamp()))
        # Attempted at once, so that the view has the new attempt.
        await self.time_engine.process_due(account, resent.target_id)
        self.worker.start(account)
        with self.store.transaction(write=False):
            found = self.store.find_delivery(account, delivery_id)
        if found is None:
            raise schemas.UnknownResource(
                f"the delivery {delivery_id!r} was deleted during the call"
            )
        return self._delivery_views(account, [found])[0]

    async def list_trackings(
        self, account: str, query: schemas.TrackingListQuery
    ) -> views.TrackingListView:
        """Search the trackings of an account."""
        filters = TrackingFilter(text=query.query)
        with self.store.transaction(write=False):
            now = self._now(account)
            found = self.store.search(account, filters, limit=query.limit, offset=query.offset)
            total = self.store.count(account, filters)
        return views.TrackingListView(
            items=[serializers.tracking(observe(each, now), now) for each in found], total=total
        )

    async def get_tracking(
        self, account: str, carrier_code: str, number: str
    ) -> views.TrackingTimelineView:
        """Return a tracking with its past and future events."""
        with self.store.transaction(write=False):
            now = self._now(account)
            found = self.store.find(account, carrier_code, number)
        if found is None:
            raise schemas.UnknownResource(
                f"unknown tracking: carrier {carrier_code!r}, number {number!r}"
            )
        return serializers.tracking_timeline(observe(found, now), timeline_of(found, now), now)

    def _now(self, account: str) -> int:
        return int(self.time_engine.now(self.store.find_account(account)).timestamp())

    async def reset(self, account: str) -> views.AccountView:
        """Delete everything that is stored for an account, and its request log."""
        await self.pieces.run(account, snapshots.reset(self.store, account))
        self.log.clear(account)
        return await self.get_account(account)

    async def seed(self, account: str, seed: schemas.Seed) -> views.AccountView:
        """Add trackings to an account: all of them, or none if one is invalid."""
        carriers = self.settings.carriers
        pieces = seeding.seed(self.time_engine, account, seed.trackings, carriers)
        await self.pieces.run(account, pieces)
        self.worker.wake(account)
        return await self.get_account(account)

    async def get_snapshot(self, account: str) -> bytes:
        """Return the stored state of an account, as JSON."""
        return snapshots.take_snapshot(self.store, account)

    async def restore_snapshot(self, account: str, content: bytes) -> views.AccountView:
        """Replace the stored state of an account by a snapshot."""
        await self.pieces.run(account, snapshots.restore(self.time_engine, account, content))
        self.worker.start(account)
        return await self.get_account(account)
