"""Insertion of any number of trackings with a past, in pieces."""

from collections.abc import Sequence

from trackingmore_v2_sandbox.admin.pairs import pairs_of
from trackingmore_v2_sandbox.admin.pieces import Pieces, split
from trackingmore_v2_sandbox.core.time_engine import TimeEngine
from trackingmore_v2_sandbox.core.tracking_state import observe
from trackingmore_v2_sandbox.store.models import Standing, TrackingRecord


def insert(
    engine: TimeEngine, account: str, trackings: Sequence[TrackingRecord], cost: int | None = None
) -> Pieces:
    """
    Insert trackings in order, each with all changes up to the time of its insertion.

    Each piece is a transaction, after which trackings, quota and deliveries agree. Pairs that the
    account has by then are left as they are.

    Args:
        engine: The clocks, and the store.
        account: The account.
        trackings: The trackings.
        cost: How many of the trackings are charged. Default: None, those that the account has not
            paid for.
    """
    with engine.store.transaction(write=False):
        targets = len(engine.store.targets(account))

    def work_of(tracking: TrackingRecord) -> int:
        # Each change becomes a delivery to each target.
        return 1 + targets * len(observe(tracking, 0).journey.states) if targets else 1

    for piece in split(trackings, work_of):
        charged = _insert_piece(engine, account, piece, cost)
        if cost is not None:
            cost -= charged
        yield


def _insert_piece(
    engine: TimeEngine, account: str, trackings: Sequence[TrackingRecord], cost: int | None
) -> int:
    """Insert trackings in a transaction, and return how many of them were charged."""
    pairs = pairs_of(trackings)
    store = engine.store
    with store.transaction(write=True, account=account):
        known = store.standings(account, pairs)
        new = [
            tracking
            for pair, tracking in zip(pairs, trackings, strict=True)
            if known.get(pair) is not Standing.TRACKED
        ]
        charged = len(pairs) - len(known) if cost is None else min(cost, len(new))
        store.charge(account, charged)
        now = int(engine.now(store.find_account(account)).timestamp())
        engine.add_overdue(new, now, notify=bool(store.targets(account)))
    return charged
