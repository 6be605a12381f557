"""Snapshots of an account, which anybody may hand to the sandbox."""

from functools import cache
from typing import Final

from trackingmore_v2_sandbox import SqliteStore
from trackingmore_v2_sandbox.admin.schemas import SeedTrackingInput
from trackingmore_v2_sandbox.admin.snapshots import (
    SnapshotError,
    restore,
    seed,
    take_snapshot,
)
from trackingmore_v2_sandbox.store.models import (
    AccountRecord,
    DeliveryRecord,
    FaultPlanRecord,
    WebhookTarget,
)
from trackingmore_v2_sandbox.webhooks.payload import compose

from .scratch import empty_store
from .target import Target

NOW: Final = 1_772_366_400
_OWN: Final = "a"
_OTHER: Final = "b"
_FAULTS: Final = '{"instructions":{"*":[{"fault":"reset-before"}]}}'


def run(data: bytes) -> None:
    """Store an account back: it is told why not, or what is taken then can be put back as well."""
    with empty_store(_OWN, _OTHER) as store:
        try:
            restore(store, _OWN, data)
        except SnapshotError:
            assert take_snapshot(store, _OWN) == _nothing()
            return
        taken = take_snapshot(store, _OWN)
        restore(store, _OWN, taken)
        assert take_snapshot(store, _OWN) == taken


@cache
def _nothing() -> bytes:
    return take_snapshot(SqliteStore(), _OWN)


def seeds() -> list[bytes]:
    """Return the snapshots of an empty account, of one with parcels, and of one with everything."""
    with empty_store(_OWN, _OTHER) as store:
        parcels = [
            SeedTrackingInput(
                carrier_code="china-ems", tracking_number="LK664578623CN", title="\0 shoes"
            ),
            SeedTrackingInput(carrier_code="ups", tracking_number="SANDBOX-TRANSIT-2H-DELIVERED"),
        ]
        seed(store, _OWN, parcels, NOW)
        some = take_snapshot(store, _OWN)
        with store.transaction(write=True, account=_OWN):
            store.save_account(
                AccountRecord(_OWN, "beef", quota=9, rate_limited=True, pace='{"locked_at":1}')
            )
            store.save_target(WebhookTarget(_OWN, "t", "http://127.0.0.1:9", ("transit",)))
            body = compose({"status": "transit", "title": "é"}, "user@example.com", NOW)
            attempts = '[{"at":1,"status":500}]'
            store.save_delivery(
                DeliveryRecord(_OWN, "1", "t", "p", "transit", NOW, NOW, body, 2, attempts=attempts)
            )
            store.save_plan(FaultPlanRecord(_OWN, _OWN, _FAULTS, 7, 0.25))
            store.save_plan(FaultPlanRecord(f"{_OWN}/mine", _OWN, _FAULTS))
        return [_nothing(), some, take_snapshot(store, _OWN)]


TARGET: Final = Target(
    "snapshots",
    run,
    seeds,
    tokens=(
        *(b'"account":', b'"parcels":', b'"charges":', b'"plans":', b'"deliveries":', b'"pace":'),
        *(b'"china-post"', b'"due_at":', b'"seen_status":', b'"delivered"', b'"a/mine"'),
    ),
    share=5,
)
