"""Target: the restore of a snapshot of an account."""

from functools import cache
from typing import Final

from trackingmore_v2_sandbox import SqliteStore, Store
from trackingmore_v2_sandbox.admin.schemas import SeedTrackingInput
from trackingmore_v2_sandbox.admin.snapshots import SnapshotError, restore, seed, take_snapshot

ACCOUNT: Final = "a"
OTHER: Final = "b"


def run(data: bytes) -> None:
    """Restore a snapshot: it is rejected as a whole, or the account survives a round trip."""
    store, other = _store()
    with store.transaction(write=True, account=ACCOUNT):
        store.erase(ACCOUNT)
    try:
        restore(store, ACCOUNT, data)
    except SnapshotError:
        assert [take_snapshot(store, ACCOUNT)] == seeds()
    else:
        taken = take_snapshot(store, ACCOUNT)
        restore(store, ACCOUNT, taken)
        assert take_snapshot(store, ACCOUNT) == taken
    assert take_snapshot(store, OTHER) == other


@cache
def _store() -> tuple[Store, bytes]:
    """Return a store with another account, for all inputs, since a new one takes longer."""
    store = SqliteStore()
    seed(
        store,
        OTHER,
        [SeedTrackingInput(carrier_code="ups", tracking_number="1Z97X17XYW06605211")],
        0,
    )
    return store, take_snapshot(store, OTHER)


@cache
def seeds() -> list[bytes]:
    """Return the snapshot of an empty account; others are stored in the corpus."""
    return [take_snapshot(SqliteStore(), ACCOUNT)]
