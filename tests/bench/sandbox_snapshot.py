"""
How long it takes to seed, snapshot, restore and reset an account with a thousand parcels.

In SQLite, in memory and in a file; the bar is for the median of each.
"""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, TypeVar

from trackingmore_v2_sandbox import SqliteStore
from trackingmore_v2_sandbox.admin.schemas import SeedTrackingInput
from trackingmore_v2_sandbox.admin.serializers import moment_of
from trackingmore_v2_sandbox.admin.snapshots import (
    reset,
    restore,
    seed,
    take_snapshot,
)

T = TypeVar("T")

BAR = 0.010
ROUNDS = 30
ROWS = 1_000
ACCOUNT = "a" * 64
NOW = 1_760_000_000
PARCELS = [
    SeedTrackingInput(
        carrier_code="china-ems",
        tracking_number=f"LK{index:09}CN",
        created_at=moment_of(NOW),
        title="shoes",
        order_id=f"#{index}",
    )
    for index in range(ROWS)
]


def measure(store: SqliteStore) -> dict[str, float]:
    """Do each in turns, and give the medians in seconds."""
    times: dict[str, list[float]] = {"seed": [], "snapshot": [], "restore": [], "reset": []}

    def timed(name: str, action: Callable[..., T], *arguments: Any) -> T:
        start = perf_counter()
        result = action(store, ACCOUNT, *arguments)
        times[name].append(perf_counter() - start)
        return result

    for _ in range(ROUNDS):
        timed("seed", seed, PARCELS, NOW)
        content = timed("snapshot", take_snapshot)
        timed("restore", restore, content)
        timed("reset", reset)
    return {name: median(each) for name, each in times.items()}


def main() -> None:
    """Measure and print; fail when the bar is missed."""
    missed = False
    print(f"{ROWS} parcels, median of {ROUNDS}        (bar: below {BAR * 1e3:.0f} ms)")
    with tempfile.TemporaryDirectory() as folder:
        for place, path in (("memory", None), ("file", Path(folder) / "sandbox.sqlite3")):
            store = SqliteStore(path)
            for name, seconds in measure(store).items():
                print(f"{place:8}{name:10}{seconds * 1e3:7.2f} ms")
                missed |= seconds >= BAR
            store.close()
    sys.exit(missed)


if __name__ == "__main__":
    main()
