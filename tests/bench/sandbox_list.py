"""Time of the first, middle and last page of a list, in an account with a million trackings."""

import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from msgspec.structs import replace
from starlette.testclient import TestClient

from tests.bench.measure import Report, interleave, ratio, timed
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


def trackings(account: str) -> Iterator[list[TrackingRecord]]:
    """Yield blocks of trackings, all pending and of the same size."""
    now = int(NOW.timestamp())
    model = with_observed_state(
        TrackingRecord(account, "china-ems", "LK000000000CN", now, title="shoes"), now
    )
    for start in range(0, ROWS, BLOCK):
        numbers = (f"LK{index:09}CN" for index in range(start, start + BLOCK))
        yield [replace(model, tracking_number=number) for number in numbers]


def fill(store: Store, http: TestClient) -> None:
    """Store a million trackings for the account of the key."""
    http.post("/v2/carriers/detect", json={"tracking_number": "RN123456789CN"})
    (account,) = store.accounts()
    start = perf_counter()
    for block in trackings(account.account):
        with store.transaction(write=True, account=account.account):
            store.insert(*block)
    print(f"{ROWS} rows in {perf_counter() - start:.0f} s")


def get_page(http: TestClient, page: int) -> None:
    """Read one page."""
    response = http.get("/v2/trackings/get", params={"page": page, "limit": LIMIT})
    assert response.json()["data"]["count"] == LIMIT


def run(report: Report) -> None:
    """Measure and print."""
    last = ROWS // LIMIT
    with tempfile.TemporaryDirectory() as folder:
        store = SqliteStore(Path(folder) / "sandbox.sqlite3")
        app = create_app(store, SettableClock(NOW))
        http = TestClient(app, base_url="http://127.0.0.1", headers={API_KEY_HEADER: API_KEY})
        fill(store, http)
        actions = {f"page {page}": timed(get_page, http, page) for page in (1, last // 2, last)}
        times = interleave(ROUNDS, actions)
        store.close()
    print(f"pages of {LIMIT}, median of {ROUNDS}, in turns")
    for name, values in times.items():
        report.add(name, values, "ms")
    report.add("last to first", ratio(times, f"page {last}", "page 1"), most=BAR)
    report.add("first to last", ratio(times, "page 1", f"page {last}"), most=BAR)
