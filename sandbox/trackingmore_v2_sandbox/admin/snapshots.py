"""Snapshot, restore, reset, and seed of an account's state."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Final, Literal, TypeAlias, TypeVar

import msgspec
from msgspec import Struct
from msgspec.structs import asdict, replace

from trackingmore_v2_api import models, patterns
from trackingmore_v2_sandbox.admin.schemas import SeedTrackingInput, read, utc
from trackingmore_v2_sandbox.core.quota import state_of
from trackingmore_v2_sandbox.faults.repository import read_record
from trackingmore_v2_sandbox.http.body import UNREADABLE
from trackingmore_v2_sandbox.scenarios import grammar
from trackingmore_v2_sandbox.scenarios.carrier_list import LISTED, CarrierList, is_well_formed
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

Pair: TypeAlias = tuple[str, str]
R = TypeVar("R", AccountRecord, TrackingRecord, WebhookTarget, DeliveryRecord, FaultPlanRecord)

_STATUSES: Final = frozenset({None, *(str(status.value) for status in models.TrackingStatus)})
_STATUS_NAMES: Final = ", ".join(sorted(filter(None, _STATUSES)))
_AT_ONCE: Final = 10_000
"""Tracking numbers in one database query."""


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


def restore(store: Store, account: str, content: bytes) -> None:
    """
    Replace an account's state by a snapshot of the same or another account.

    Raises:
        SnapshotError: The content is not a valid snapshot; nothing was changed.
    """
    snapshot = _read(content)
    with store.transaction(write=True, account=account):
        known = store.find_account(account)
        store.erase(account)
        owner = snapshot.account
        if owner.account != account:
            # The hint shows the end of the account's API key, which stays the same.
            owner = replace(owner, account=account, key_hint=known.key_hint if known else "")
        store.save_account(owner)
        store.add_charges(account, snapshot.charges)
        store.insert(*_assign(snapshot.trackings, account))
        for target in _assign(snapshot.targets, account):
            store.save_target(target)
        for delivery in _assign(snapshot.deliveries, account):
            store.save_delivery(delivery)
        for plan in _assign(snapshot.plans, account):
            _restore_plan(store, plan, of=snapshot.account.account)


def _restore_plan(store: Store, plan: FaultPlanRecord, of: str) -> None:
    # A plan's id is `account` or `account/name`; only such ids move to the new account.
    owner, slash, name = plan.plan.partition("/")
    if owner == of:
        plan = replace(plan, plan=f"{plan.account}{slash}{name}")
    if store.find_plan(plan.plan):
        raise SnapshotError(f"the fault plan {plan.plan!r} belongs to another account")
    store.save_plan(plan)


def reset(store: Store, account: str) -> None:
    """Delete the state and the settings of an account, including its clock."""
    with store.transaction(write=True, account=account):
        known = store.find_account(account)
        store.erase(account)
        # The key hint stays, by which people recognize the account.
        if known:
            store.save_account(AccountRecord(account, known.key_hint))


def seed(
    store: Store,
    account: str,
    trackings: Sequence[SeedTrackingInput],
    now: int,
    carriers: CarrierList = LISTED,
) -> None:
    """
    Add trackings to an account, and charge it for them.

    Past status changes of trackings with an earlier `created_at` are applied, and sent to webhooks,
    when the account's due changes are processed next.

    Raises:
        ValueError: A carrier or number is invalid, a pair is a duplicate or already exists, or a
            `created_at` is in the future; nothing was changed.
    """
    new = [_new_record(tracking, account, now) for tracking in trackings]
    pairs = _pairs(new)
    _require_valid(pairs, carriers.accepts)
    _require_scenarios(pairs)
    _require_distinct("pair", pairs)
    with store.transaction(write=True, account=account):
        # In parts, since databases limit the number of parameters of a query.
        for start in range(0, len(new), _AT_ONCE):
            _require_new(store, account, pairs[start : start + _AT_ONCE])
        owner = store.find_account(account) or AccountRecord(account)
        # A deleted tracking that was charged before is not charged again.
        paid = set(store.charges(account)).intersection(pairs)
        store.save_account(replace(owner, trackings=owner.trackings + len(new) - len(paid)))
        store.insert(*new)


def _read(content: bytes) -> Snapshot:
    try:
        snapshot = msgspec.json.decode(content, type=Snapshot)
    except UNREADABLE as error:
        raise SnapshotError(f"not a snapshot: {error}") from error
    try:
        _validate(snapshot)
    except ValueError as error:
        raise SnapshotError(str(error)) from error
    return snapshot


def _validate(snapshot: Snapshot) -> None:
    pairs = _pairs(snapshot.trackings)
    for kind, names in (
        ("pair", pairs),
        ("webhook target", [target.id for target in snapshot.targets]),
        ("delivery", [delivery.id for delivery in snapshot.deliveries]),
        ("fault plan", [plan.plan for plan in snapshot.plans]),
    ):
        _require_distinct(kind, names)
    # Another sandbox may have known other carriers.
    _require_valid([*pairs, *snapshot.charges], is_well_formed)
    statuses = {tracking.status for tracking in snapshot.trackings}
    unknown = statuses.union(tracking.seen_status for tracking in snapshot.trackings) - _STATUSES
    if unknown:
        name = min(map(str, unknown))
        raise ValueError(f"unknown status {name!r}; expected one of {_STATUS_NAMES}")
    # Decode all nested JSON now; otherwise an invalid one would fail in a later request.
    state_of(snapshot.account)
    for delivery in snapshot.deliveries:
        validate_delivery(delivery)
    for plan in snapshot.plans:
        read_record(plan)


def _assign(records: Iterable[R], account: str) -> list[R]:
    return [
        record if record.account == account else replace(record, account=account)
        for record in records
    ]


def _new_record(tracking: SeedTrackingInput, account: str, now: int) -> TrackingRecord:
    created_at = now
    if tracking.created_at is not None:
        created_at = int(utc(tracking.created_at).timestamp())
    if created_at > now:
        raise ValueError(f"created_at of {tracking.tracking_number!r} is in the future")
    # `due_at` in the past has the status changes before `now` applied as overdue ones.
    stored = {"account": account, "created_at": created_at, "due_at": created_at}
    return read({**asdict(tracking), **stored}, TrackingRecord)


def _pairs(trackings: Iterable[TrackingRecord]) -> list[Pair]:
    return [(tracking.carrier_code, tracking.tracking_number) for tracking in trackings]


def _require_valid(pairs: Sequence[Pair], accepts: Callable[[str], bool]) -> None:
    for carrier_code in {carrier_code for carrier_code, _ in pairs}:
        if not accepts(carrier_code):
            raise ValueError(
                f"unknown carrier code {carrier_code!r}; expected the code of a carrier in the list"
            )
    is_number = patterns.TRACKING_NUMBER.fullmatch
    for _, tracking_number in pairs:
        if not is_number(tracking_number):
            raise ValueError(
                f"invalid tracking number {tracking_number!r}; expected at least five letters, "
                "digits, hyphens or underscores"
            )


def _require_scenarios(pairs: Sequence[Pair]) -> None:
    for _, tracking_number in pairs:
        if grammar.is_scenario(tracking_number) and not grammar.parse(tracking_number):
            raise ValueError(
                f"invalid scenario {tracking_number!r}; expected a number such as "
                "'SANDBOX-TRANSIT-2D-DELIVERED', as in docs/scenarios.md"
            )


def _require_distinct(kind: str, names: Sequence[object]) -> None:
    if len(set(names)) < len(names):
        duplicate, _ = Counter(names).most_common(1)[0]
        raise ValueError(f"duplicate {kind} {duplicate!r}")


def _require_new(store: Store, account: str, pairs: Sequence[Pair]) -> None:
    numbers = tuple(number for _, number in pairs)
    known = set(_pairs(store.search(account, TrackingFilter(numbers=numbers))))
    for pair in known.intersection(pairs):
        raise ValueError(f"the pair {pair!r} already exists in the account")
