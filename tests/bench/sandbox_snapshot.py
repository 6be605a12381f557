"""Time to seed, snapshot, restore and reset an account with 1,000 trackings, in SQLite."""

import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from tests.bench.measure import Report, interleave, timed
from trackingmore_v2_sandbox import SettableClock, SqliteStore
from trackingmore_v2_sandbox.admin.pieces import Pieces
from trackingmore_v2_sandbox.admin.schemas import SeedTrackingInput
from trackingmore_v2_sandbox.admin.seeding import seed
from trackingmore_v2_sandbox.admin.snapshots import reset, restore, take_snapshot
from trackingmore_v2_sandbox.core.time_engine import TimeEngine

BARS = {"seed": 40.0, "snapshot": 10.0, "restore": 20.0, "reset": 10.0}
"""Milliseconds."""

ROUNDS = 30
ACCOUNT = "a" * 64
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TRACKINGS = [
    SeedTrackingInput(
        carrier_code="china-ems",
        tracking_number=f"LK{index:09}CN",
        created_at=NOW,
        title="shoes",
        order_id=f"#{index}",
    )
    for index in range(1_000)
]


def finish(work: Callable[..., Pieces], *arguments: object) -> None:
    """Do all pieces of work on an account."""
    for _ in work(*arguments):
        pass


def run(report: Report) -> None:
    """Measure and print."""
    print(f"{len(TRACKINGS)} trackings, median of {ROUNDS}")
    with tempfile.TemporaryDirectory() as folder:
        for place, path in (("memory", None), ("file", Path(folder) / "sandbox.sqlite3")):
            store = SqliteStore(path)
            engine = TimeEngine(store, SettableClock(NOW))
            finish(seed, engine, ACCOUNT, TRACKINGS)
            content = take_snapshot(store, ACCOUNT)
            finish(reset, store, ACCOUNT)
            actions = {
                "seed": timed(finish, seed, engine, ACCOUNT, TRACKINGS),
                "snapshot": timed(take_snapshot, store, ACCOUNT),
                "restore": timed(finish, restore, engine, ACCOUNT, content),
                "reset": timed(finish, reset, store, ACCOUNT),
            }
            for name, values in interleave(ROUNDS, actions).items():
                report.add(f"{place}, {name}", values, "ms", below=BARS[name])
            store.close()
