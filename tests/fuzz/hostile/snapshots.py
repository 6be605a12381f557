"""Target: the restore of a snapshot of an account."""

from datetime import UTC, datetime
from functools import cache
from typing import Final

from trackingmore_v2_sandbox import SettableClock, SqliteStore, Store
from trackingmore_v2_sandbox.admin.pieces import Pieces
from trackingmore_v2_sandbox.admin.schemas import SeedTrackingInput
from trackingmore_v2_sandbox.admin.seeding import seed
from trackingmore_v2_sandbox.admin.snapshots import SnapshotError, restore, take_snapshot
from trackingmore_v2_sandbox.core.time_engine import TimeEngine

ACCOUNT: Final = "a"
OTHER: Final = "b"
NOW: Final = datetime(2026, 3, 1, 12, tzinfo=UTC)


def run(data: bytes) -> None:
    """Restore a snapshot: it is rejected as a whole, or the account survives a round trip."""
    store, other = _store()
    with store.transaction(write=True, account=ACCOUNT):
        store.erase(ACCOUNT)
    try:
        _finish(restore(_engine(store), ACCOUNT, data))
    except SnapshotError:
        assert [take_snapshot(store, ACCOUNT)] == seeds()
    else:
        taken = take_snapshot(store, ACCOUNT)
        _finish(restore(_engine(store), ACCOUNT, taken))
        assert take_snapshot(store, ACCOUNT) == taken
    assert take_snapshot(store, OTHER) == other


def _engine(store: Store) -> TimeEngine:
    return TimeEngine(store, SettableClock(NOW))


def _finish(pieces: Pieces) -> None:
    for _ in pieces:
        pass


@cache
def _store() -> tuple[Store, bytes]:
    """Return a store with another account, for all inputs, since a new one takes longer."""
    store = SqliteStore()
    tracking = SeedTrackingInput(carrier_code="ups", tracking_number="1Z97X17XYW06605211")
    _finish(seed(_engine(store), OTHER, [tracking]))
    return store, take_snapshot(store, OTHER)


@cache
def seeds() -> list[bytes]:
    """Return the snapshot of an empty account; others are stored in the corpus."""
    return [take_snapshot(SqliteStore(), ACCOUNT)]
