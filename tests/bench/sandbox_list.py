"""
What the first and the last page of a list cost when an account follows a million parcels.

Both are asked for in turns, through the sandbox's own app; what counts is the ratio of the medians.
"""

import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter

from msgspec.structs import replace
from starlette.testclient import TestClient

from trackingmore_v2_api import API_KEY_HEADER
from trackingmore_v2_sandbox import API_KEY, SettableClock, SqliteStore, create_app
from trackingmore_v2_sandbox.core.tracking_state import with_observed_state
from trackingmore_v2_sandbox.store.models import TrackingRecord
from trackingmore_v2_sandbox.store.sql import Store

BAR = 1.5
ROWS = 1_000_000
LIMIT = 2_000
ROUNDS = 9
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
BLOCK = 50_000


def parcels(account: str) -> Iterator[list[TrackingRecord]]:
    """Ensure parcels in blocks. They are pending, so that all of them look alike."""
    now = int(NOW.timestamp())
    model = with_observed_state(
        TrackingRecord(account, "china-ems", "LK000000000CN", now, title="shoes"), now
    )
    for start in range(0, ROWS, BLOCK):
        numbers = (f"LK{index:09}CN" for index in range(start, start + BLOCK))
        yield [replace(model, tracking_number=number) for number in numbers]


def fill(store: Store, http: TestClient) -> None:
    """Store a million parcels for the account of our key."""
    http.post("/v2/carriers/detect", json={"tracking_number": "RN123456789CN"})
    (account,) = store.accounts()
    start = perf_counter()
    for block in parcels(account.account):
        with store.transaction(write=True, account=account.account):
            store.insert(*block)
    print(f"{ROWS} rows in {perf_counter() - start:.0f} s")


def seconds(http: TestClient, page: int, **query: str) -> float:
    """Time one page."""
    start = perf_counter()
    response = http.get("/v2/trackings/get", params={"page": page, "limit": LIMIT, **query})
    elapsed = perf_counter() - start
    assert response.json()["data"]["count"] == LIMIT
    return elapsed


def main() -> None:
    """Measure and print; fail when the bar is missed."""
    last = ROWS // LIMIT
    times: dict[int, list[float]] = {1: [], last // 2: [], last: []}
    with tempfile.TemporaryDirectory() as folder:
        store = SqliteStore(Path(folder) / "sandbox.sqlite3")
        app = create_app(store, SettableClock(NOW))
        http = TestClient(app, base_url="http://127.0.0.1", headers={API_KEY_HEADER: API_KEY})
        fill(store, http)
        for _ in range(ROUNDS):
            for page, measured in times.items():
                measured.append(seconds(http, page))
        store.close()
    print(f"pages of {LIMIT}, median of {ROUNDS}, in turns")
    for page, measured in times.items():
        print(f"page {page:4}  {median(measured) * 1e3:7.0f} ms")
    ratio = median(times[last]) / median(times[1])
    print(f"ratio      {ratio:7.2f}       (bar: at most {BAR}, either way)")
    sys.exit(not 1 / BAR <= ratio <= BAR)


if __name__ == "__main__":
    main()
