"""The whole state of an account: taken, put back, emptied, and filled."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final, Literal, TypeAlias, TypeVar

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from trackingmore_v2_api import models, patterns
from trackingmore_v2_sandbox.core.quota import Pace
from trackingmore_v2_sandbox.faults import read_record
from trackingmore_v2_sandbox.http.body import UNREADABLE
from trackingmore_v2_sandbox.scenarios.reference_data import CARRIERS
from trackingmore_v2_sandbox.store import (
    AccountRecord,
    DeliveryRecord,
    FaultPlanRecord,
    Store,
    TrackingFilter,
    TrackingRecord,
    WebhookTarget,
)
from trackingmore_v2_sandbox.store.models import Moment
from trackingmore_v2_sandbox.webhooks import require_sound

Pair: TypeAlias = tuple[str, str]
R = TypeVar("R", AccountRecord, TrackingRecord, WebhookTarget, DeliveryRecord, FaultPlanRecord)

_STATUSES: Final = frozenset({None, *(str(status.value) for status in models.TrackingStatus)})
_AT_ONCE: Final = 10_000
"""Numbers that are looked for together."""


class SnapshotError(ValueError):
    """This is no snapshot, or none that can be put back; nothing was changed."""


class Snapshot(Struct, frozen=True, kw_only=True):
    """Everything that a store keeps of an account."""

    format: Literal["trackingmore-sandbox 1"] = "trackingmore-sandbox 1"
    account: AccountRecord
    charges: list[Pair]
    """Carrier and number of what was paid for and is not followed any more."""

    parcels: list[TrackingRecord]
    """The ones added first first, as everything below."""

    targets: list[WebhookTarget]
    deliveries: list[DeliveryRecord]
    plans: list[FaultPlanRecord]


class SeedTracking(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A parcel to fill an account with."""

    carrier_code: str
    tracking_number: str
    created_at: Moment | None = None
    """When it was registered, Unix seconds; None: now."""

    title: str | None = None
    logistics_channel: str | None = None
    customer_name: str | None = None
    customer_email: str | None = None
    customer_phone: str | None = None
    order_id: str | None = None
    comment: str | None = None
    destination_code: str | None = None
    archived: bool = False


def take_snapshot(store: Store, account: str) -> bytes:
    """
    Write an account's state down as one JSON document, which any store can take back.

    It holds what the account told the sandbox, but not its key.
    """
    # Nothing is written, but nobody else may write meanwhile either.
    with store.transaction(write=True, account=account):
        snapshot = Snapshot(
            account=store.find_account(account) or AccountRecord(account),
            charges=store.charges(account),
            parcels=store.search(account, TrackingFilter())[::-1],
            targets=store.targets(account),
            deliveries=store.deliveries(account)[::-1],
            plans=store.plans(account),
        )
    return msgspec.json.encode(snapshot)


def restore(store: Store, account: str, content: bytes) -> None:
    """
    Put an account's state back to what a snapshot holds, be it its own or another account's.

    Raises:
        SnapshotError: It cannot be put back.
    """
    snapshot = _read(content)
    with store.transaction(write=True, account=account):
        known = store.find_account(account)
        store.erase(account)
        owner = snapshot.account
        if owner.account != account:
            owner = replace(owner, account=account, key_hint=known.key_hint if known else "")
        store.save_account(owner)
        store.add_charges(account, snapshot.charges)
        store.insert(*_give(snapshot.parcels, account))
        for target in _give(snapshot.targets, account):
            store.save_target(target)
        for delivery in _give(snapshot.deliveries, account):
            store.save_delivery(delivery)
        for plan in _give(snapshot.plans, account):
            _restore_plan(store, plan, of=snapshot.account.account)


def _restore_plan(store: Store, plan: FaultPlanRecord, of: str) -> None:
    owner, slash, name = plan.plan.partition("/")
    if owner == of:
        plan = replace(plan, plan=f"{plan.account}{slash}{name}")
    if store.find_plan(plan.plan):
        raise SnapshotError(f"the fault plan {plan.plan!r} belongs to another account")
    store.save_plan(plan)


def reset(store: Store, account: str) -> None:
    """Forget all that an account did and set, its clock included."""
    with store.transaction(write=True, account=account):
        known = store.find_account(account)
        store.erase(account)
        if known:
            store.save_account(AccountRecord(account, known.key_hint))


def seed(store: Store, account: str, parcels: Sequence[SeedTracking], now: int) -> None:
    """
    Add parcels to an account, and charge it for them.

    What happened to those that were registered in the past is told when the account's news is
    stored next.

    Raises:
        ValueError: A carrier or number is none, a pair comes twice or is there already, or a parcel
            was registered in the future; nothing was changed.
    """
    new = [_grow(tracking, account, now) for tracking in parcels]
    pairs = _pairs(new)
    _require_known(pairs)
    _require_distinct("pair", pairs)
    with store.transaction(write=True, account=account):
        for some in range(0, len(new), _AT_ONCE):
            _require_new(store, account, pairs[some : some + _AT_ONCE])
        owner = store.find_account(account) or AccountRecord(account)
        paid = set(store.charges(account)).intersection(pairs)
        store.save_account(replace(owner, trackings=owner.trackings + len(new) - len(paid)))
        store.insert(*new)


def _read(content: bytes) -> Snapshot:
    try:
        snapshot = msgspec.json.decode(content, type=Snapshot)
    except UNREADABLE as error:
        raise SnapshotError(f"this is no snapshot: {error}") from error
    try:
        _require_sound(snapshot)
    except ValueError as error:
        raise SnapshotError(str(error)) from error
    return snapshot


def _require_sound(snapshot: Snapshot) -> None:
    pairs = _pairs(snapshot.parcels)
    for kind, names in (
        ("pair", pairs),
        ("webhook target", [target.id for target in snapshot.targets]),
        ("delivery", [delivery.id for delivery in snapshot.deliveries]),
        ("fault plan", [plan.plan for plan in snapshot.plans]),
    ):
        _require_distinct(kind, names)
    _require_known([*pairs, *snapshot.charges])
    statuses = {tracking.status for tracking in snapshot.parcels}
    unknown = statuses.union(tracking.seen_status for tracking in snapshot.parcels) - _STATUSES
    if unknown:
        raise ValueError(f"there is no status {min(map(str, unknown))!r}")
    msgspec.json.decode(snapshot.account.pace, type=Pace)
    for delivery in snapshot.deliveries:
        require_sound(delivery)
    for plan in snapshot.plans:
        read_record(plan)


def _give(records: Iterable[R], account: str) -> list[R]:
    return [
        record if record.account == account else replace(record, account=account)
        for record in records
    ]


def _grow(tracking: SeedTracking, account: str, now: int) -> TrackingRecord:
    created_at = now if tracking.created_at is None else tracking.created_at
    if created_at > now:
        raise ValueError(f"{tracking.tracking_number} cannot be registered in the future")
    return TrackingRecord(
        account=account,
        carrier_code=tracking.carrier_code,
        tracking_number=tracking.tracking_number,
        created_at=created_at,
        title=tracking.title,
        logistics_channel=tracking.logistics_channel,
        customer_name=tracking.customer_name,
        customer_email=tracking.customer_email,
        customer_phone=tracking.customer_phone,
        order_id=tracking.order_id,
        comment=tracking.comment,
        destination_code=tracking.destination_code,
        archived=tracking.archived,
        due_at=created_at,
    )


def _pairs(parcels: Iterable[TrackingRecord]) -> list[Pair]:
    return [(tracking.carrier_code, tracking.tracking_number) for tracking in parcels]


def _require_known(pairs: Sequence[Pair]) -> None:
    for carrier_code in {carrier_code for carrier_code, _ in pairs} - CARRIERS.keys():
        raise ValueError(f"there is no carrier {carrier_code!r}")
    is_number = patterns.TRACKING_NUMBER.fullmatch
    for _, tracking_number in pairs:
        if not is_number(tracking_number):
            raise ValueError(f"there is no tracking number {tracking_number!r}")


def _require_distinct(kind: str, names: Sequence[object]) -> None:
    if len(set(names)) < len(names):
        twice, _ = Counter(names).most_common(1)[0]
        raise ValueError(f"the {kind} {twice!r} comes twice")


def _require_new(store: Store, account: str, pairs: Sequence[Pair]) -> None:
    numbers = tuple(number for _, number in pairs)
    known = set(_pairs(store.search(account, TrackingFilter(numbers=numbers))))
    for pair in known.intersection(pairs):
        raise ValueError(f"the pair {pair!r} is there already")
