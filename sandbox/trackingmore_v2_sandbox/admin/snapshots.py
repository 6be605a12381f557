"""Snapshot, restore and reset of an account's state."""

from collections.abc import Iterable
from typing import Final, Literal, TypeVar

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from trackingmore_v2_api import models
from trackingmore_v2_sandbox.admin.insertion import insert
from trackingmore_v2_sandbox.admin.pairs import Pair, pairs_of, require_distinct, require_valid
from trackingmore_v2_sandbox.admin.pieces import Pieces, split
from trackingmore_v2_sandbox.core.quota import state_of
from trackingmore_v2_sandbox.core.time_engine import TimeEngine
from trackingmore_v2_sandbox.faults.repository import read_record
from trackingmore_v2_sandbox.http.body import UNREADABLE
from trackingmore_v2_sandbox.scenarios.carrier_list import is_well_formed
from trackingmore_v2_sandbox.store.models import (
    AccountRecord,
    DeliveryRecord,
    FaultPlanRecord,
    TrackingFilter,
    TrackingRecord,
    WebhookTarget,
)
from trackingmore_v2_sandbox.store.sql import Store
from trackingmore_v2_sandbox.webhooks.outbox import validate_delivery

R = TypeVar("R", AccountRecord, TrackingRecord, WebhookTarget, DeliveryRecord, FaultPlanRecord)

_STATUSES: Final = frozenset({None, *(str(status.value) for status in models.TrackingStatus)})
_ERASED: Final = 1_000
"""Trackings that are deleted at once."""

_STATUS_NAMES: Final = ", ".join(sorted(filter(None, _STATUSES)))


class SnapshotError(ValueError):
    """The content is not a snapshot, or cannot be restored; nothing was changed."""


class Snapshot(Struct, frozen=True, kw_only=True):
    """The stored state of an account."""

    format: Literal["trackingmore-sandbox 1"] = "trackingmore-sandbox 1"
    account: AccountRecord
    charges: list[Pair]
    """Carrier and number of deleted trackings that were charged."""

    trackings: list[TrackingRecord]
    """Trackings, oldest first, as all lists below."""

    targets: list[WebhookTarget]
    deliveries: list[DeliveryRecord]
    plans: list[FaultPlanRecord]


def take_snapshot(store: Store, account: str) -> bytes:
    """
    Return an account's state as one JSON document, which any store can restore.

    The snapshot contains the account's data, but not its API key.
    """
    # A write transaction, although nothing is written: no other process may write during the reads.
    with store.transaction(write=True, account=account):
        snapshot = Snapshot(
            account=store.find_account(account) or AccountRecord(account),
            charges=store.charges(account),
            # Oldest first, so that a restore inserts them in the original order.
            trackings=store.search(account, TrackingFilter())[::-1],
            targets=store.targets(account),
            deliveries=store.deliveries(account)[::-1],
            plans=store.plans(account),
        )
    return msgspec.json.encode(snapshot)


def restore(engine: TimeEngine, account: str, content: bytes) -> Pieces:
    """
    Replace an account's state by a snapshot of the same or another account.

    Changes that are overdue by the clock of the snapshot are applied, and sent to webhooks. The old
    state is gone with the first piece that changes anything; a pair that another request creates
    between two pieces stays as it is.

    Raises:
        SnapshotError: The content is not a valid snapshot; nothing was changed.
    """
    snapshot = _decode(content)
    yield from _checked(snapshot)
    plans = _move_plans(snapshot, account)
    with engine.store.transaction(write=False):
        _require_free(engine.store, account, plans)
    trackings = _assign(snapshot.trackings, account)
    used = snapshot.account.trackings
    # What the trackings cost is charged with them, so that they agree after each piece.
    cost = min(used, len(trackings))
    yield from _erase_trackings(engine.store, account)
    _restore_all_but_trackings(engine.store, account, replace(snapshot, plans=plans), used - cost)
    yield
    yield from insert(engine, account, trackings, cost)


def _restore_all_but_trackings(store: Store, account: str, snapshot: Snapshot, used: int) -> None:
    with store.transaction(write=True, account=account):
        known = store.find_account(account)
        store.erase(account)
        owner = replace(snapshot.account, account=account, trackings=used)
        if snapshot.account.account != account:
            # The hint shows the end of the account's API key, which stays the same.
            owner = replace(owner, key_hint=known.key_hint if known else "")
        store.save_account(owner)
        store.add_charges(account, snapshot.charges)
        for target in _assign(snapshot.targets, account):
            store.save_target(target)
        for delivery in _assign(snapshot.deliveries, account):
            store.save_delivery(delivery)
        _require_free(store, account, snapshot.plans)
        for plan in snapshot.plans:
            store.save_plan(plan)


def _move_plans(snapshot: Snapshot, account: str) -> list[FaultPlanRecord]:
    """Return the fault plans for an account."""
    moved: list[FaultPlanRecord] = []
    for plan in _assign(snapshot.plans, account):
        # A plan's id is `account` or `account/name`; only such ids move to the new account.
        owner, slash, name = plan.plan.partition("/")
        is_own = owner == snapshot.account.account
        moved.append(replace(plan, plan=f"{account}{slash}{name}") if is_own else plan)
    try:
        require_distinct("fault plan", [plan.plan for plan in moved])
    except ValueError as error:
        raise SnapshotError(str(error)) from error
    return moved


def _require_free(store: Store, account: str, plans: Iterable[FaultPlanRecord]) -> None:
    for plan in plans:
        found = store.find_plan(plan.plan)
        if found and found.account != account:
            raise SnapshotError(f"the fault plan {plan.plan!r} belongs to another account")


def reset(store: Store, account: str) -> Pieces:
    """Delete the state and the settings of an account, including its clock."""
    yield from _erase_trackings(store, account)
    with store.transaction(write=True, account=account):
        known = store.find_account(account)
        store.erase(account)
        # The key hint stays, by which people recognize the account.
        if known:
            store.save_account(AccountRecord(account, known.key_hint))
    yield


def _erase_trackings(store: Store, account: str) -> Pieces:
    """Delete trackings, and what they cost, so that little is left to erase at once."""
    erased = _ERASED
    while erased == _ERASED:
        with store.transaction(write=True, account=account):
            erased = store.erase_trackings(account, _ERASED)
            if owner := store.find_account(account):
                left = max(0, owner.trackings - erased)
                store.save_account(replace(owner, trackings=left))
        yield


def _decode(content: bytes) -> Snapshot:
    try:
        return msgspec.json.decode(content, type=Snapshot)
    except UNREADABLE as error:
        raise SnapshotError(f"not a snapshot: {error}") from error


def _checked(snapshot: Snapshot) -> Pieces:
    """Validate a snapshot in pieces."""
    try:
        for piece in split(snapshot.trackings):
            _require_statuses(piece)
            # Another sandbox may have known other carriers.
            require_valid(pairs_of(piece), is_well_formed)
            yield
        for deliveries in split(snapshot.deliveries):
            for delivery in deliveries:
                validate_delivery(delivery)
            yield
        _validate(snapshot)
    except ValueError as error:
        raise SnapshotError(str(error)) from error


def _require_statuses(trackings: Iterable[TrackingRecord]) -> None:
    statuses = {status for each in trackings for status in (each.status, each.seen_status)}
    unknown = statuses - _STATUSES
    if unknown:
        name = min(map(str, unknown))
        raise ValueError(f"unknown status {name!r}; expected one of {_STATUS_NAMES}")


def _validate(snapshot: Snapshot) -> None:
    for kind, names in (
        ("pair", pairs_of(snapshot.trackings)),
        ("webhook target", [target.id for target in snapshot.targets]),
        ("delivery", [delivery.id for delivery in snapshot.deliveries]),
    ):
        require_distinct(kind, names)
    require_valid(snapshot.charges, is_well_formed)
    # Decode all nested JSON now; otherwise an invalid one would fail in a later request.
    state_of(snapshot.account)
    for plan in snapshot.plans:
        read_record(plan)


def _assign(records: Iterable[R], account: str) -> list[R]:
    return [
        record if record.account == account else replace(record, account=account)
        for record in records
    ]
