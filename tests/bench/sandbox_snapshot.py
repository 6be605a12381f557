"""Time to seed, snapshot, restore and reset an account with 1,000 trackings, in SQLite."""

import tempfile
from pathlib import Path

from tests.bench.measure import Report, interleave, timed
from trackingmore_v2_sandbox import SqliteStore
from trackingmore_v2_sandbox.admin.schemas import SeedTrackingInput
from trackingmore_v2_sandbox.admin.serializers import moment_of
from trackingmore_v2_sandbox.admin.snapshots import reset, restore, seed, take_snapshot

BAR = 10.0
ROUNDS = 30
ACCOUNT = "a" * 64
NOW = 1_760_000_000
TRACKINGS = [
    SeedTrackingInput(
        carrier_code="china-ems",
        tracking_number=f"LK{index:09}CN",
        created_at=moment_of(NOW),
        title="shoes",
        order_id=f"#{index}",
    )
    for index in range(1_000)
]


def run(report: Report) -> None:
    """Measure and print."""
    print(f"{len(TRACKINGS)} trackings, median of {ROUNDS}")
    with tempfile.TemporaryDirectory() as folder:
        for place, path in (("memory", None), ("file", Path(folder) / "sandbox.sqlite3")):
            store = SqliteStore(path)
            seed(store, ACCOUNT, TRACKINGS, NOW)
            content = take_snapshot(store, ACCOUNT)
            reset(store, ACCOUNT)
            actions = {
                "seed": timed(seed, store, ACCOUNT, TRACKINGS, NOW),
                "snapshot": timed(take_snapshot, store, ACCOUNT),
                "restore": timed(restore, store, ACCOUNT, content),
                "reset": timed(reset, store, ACCOUNT),
            }
            for name, values in interleave(ROUNDS, actions).items():
                report.add(f"{place}, {name}", values, "ms", below=BAR)
            store.close()
