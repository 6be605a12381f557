"""
Time to seed and restore accounts, and what it costs other requests.

The sandbox runs in a process of its own, with its state in memory. While an account is filled over
HTTP, another connection reads a tracking of another account, again and again. That takes part in
the CPU time. Needs Linux.
"""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from itertools import count
from time import perf_counter
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from tests.bench.measure import Report, Times, ratio
from tests.bench.sandbox_load import cpu_seconds
from tests.processes import SANDBOX, server
from trackingmore_v2_api import API_KEY_HEADER
from trackingmore_v2_sandbox.http.guards import TOKEN_HEADER

BAR_RATIO: Final = 1.5
"""The first list against the second."""

BAR_WAIT: Final = 50.0
"""Milliseconds of the slowest other request."""

BAR_WITHOUT_PAST: Final = 40.0
BAR_WITH_PAST: Final = 110.0
"""Microseconds of the server's CPU time for a tracking."""

ROUNDS: Final = 9
WITH_PAST: Final = 10_000
WITHOUT_PAST: Final = 64_000
PAST: Final = timedelta(days=15)
TOKEN: Final = "a token of the benchmark"  # noqa: S105 - of a sandbox of our own
OTHER_KEY: Final = "00000000-0000-4000-8000-000000000002"
TRACKING: Final = {"carrier_code": "china-ems", "tracking_number": "LK664578623CN"}


class Filling(NamedTuple):
    """A request that fills an account."""

    number: int
    """Trackings."""

    status: str
    """Status of some of them."""

    method: str
    path: str
    body: bytes


class Sandbox:
    """A connection to the sandbox, for one account."""

    def __init__(self, url: str, key: str) -> None:
        self._connection = HTTPConnection(urlsplit(url).netloc)
        self._headers = {API_KEY_HEADER: key, TOKEN_HEADER: TOKEN}

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def send(self, method: str, path: str, body: bytes | None = None) -> bytes:
        """Send a request, and return the body of the response."""
        self._connection.request(method, path, body, self._headers)
        content = self._connection.getresponse().read()
        if json.loads(content)["meta"]["code"] not in {200, 4016}:
            raise RuntimeError(content[:300])
        return content

    def timed_get(self, path: str) -> float:
        """Read, and return the milliseconds."""
        start = perf_counter()
        self.send("GET", path)
        return (perf_counter() - start) * 1e3


def trackings(number: int, past: timedelta | None) -> bytes:
    """Return the body of a request that seeds trackings."""
    created_at = {"created_at": (datetime.now(UTC) - past).isoformat()} if past else {}
    fields = {"carrier_code": "china-ems", "title": "shoes", **created_at}
    items = [{**fields, "tracking_number": f"LK{index:09}CN"} for index in range(number)]
    return json.dumps({"trackings": items}).encode()


def longest_wait(url: str, filled: list[bool]) -> float:
    """Read a tracking of another account until an account is filled; return the longest time."""
    path = "/v2/trackings/{carrier_code}/{tracking_number}".format(**TRACKING)
    with closing(Sandbox(url, OTHER_KEY)) as other:
        other.send("POST", "/v2/trackings/post", json.dumps(TRACKING).encode())
        return max(other.timed_get(path) for _ in _until(filled))


def _until(filled: list[bool]) -> Iterator[None]:
    while not filled:
        yield


def fill(pid: int, url: str, key: str, filling: Filling) -> dict[str, float]:
    """Fill an account and list it twice; return the milliseconds of each."""
    filled: list[bool] = []
    listing = f"/v2/trackings/get?status={filling.status}&limit=100"
    before = cpu_seconds(pid)
    with closing(Sandbox(url, key)) as sandbox, ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(longest_wait, url, filled)
        try:
            sandbox.send(filling.method, filling.path, filling.body)
        finally:
            filled.append(True)
        return {
            "longest wait": waiting.result(),
            "filling": (cpu_seconds(pid) - before) * 1e3,
            "first list": sandbox.timed_get(listing),
            "second list": sandbox.timed_get(listing),
        }


def fillings(url: str, key: str) -> dict[str, Filling]:
    """Return what is measured; the account is used for a snapshot."""
    seed = "POST", "/_sandbox/seed"
    past, new = trackings(WITH_PAST, PAST), trackings(WITHOUT_PAST, None)
    with closing(Sandbox(url, key)) as sandbox:
        sandbox.send(*seed, past)
        snapshot = json.loads(sandbox.send("GET", "/_sandbox/snapshot"))["data"]
    for tracking in snapshot["trackings"]:
        # As it was when it was created: all changes are overdue.
        tracking |= {"due_at": tracking["created_at"], "seen_status": "pending"}
    content = json.dumps(snapshot).encode()
    return {
        "15 days of past": Filling(WITH_PAST, "delivered", *seed, past),
        "no past": Filling(WITHOUT_PAST, "pending", *seed, new),
        "restored": Filling(WITH_PAST, "delivered", "PUT", "/_sandbox/snapshot", content),
    }


def run(report: Report) -> None:
    """Measure and print."""
    keys = (f"00000000-0000-4000-9000-{index:012}" for index in count())
    with server(*SANDBOX, "--admin-token", TOKEN, "--quiet") as (process, url):
        measured = fillings(url, next(keys))
        figures: dict[str, Times] = {name: {} for name in measured}
        for _ in range(ROUNDS):
            for name, filling in measured.items():
                # A new account each time.
                for kind, value in fill(process.pid, url, next(keys), filling).items():
                    figures[name].setdefault(kind, []).append(value)
    print(f"median of {ROUNDS}, in turns")
    for name, times in figures.items():
        number = measured[name].number
        each = [value * 1e3 / number for value in times["filling"]]
        bar = BAR_WITHOUT_PAST if name == "no past" else BAR_WITH_PAST
        report.add(f"{name}, {number:,}, CPU for each", each, "us", most=bar)
        for kind in ("first list", "second list"):
            report.add(f"{name}, {kind}", times[kind], "ms")
        first = ratio(times, "first list", "second list")
        report.add(f"{name}, first to second", first, most=BAR_RATIO)
        report.add(f"{name}, longest wait", times["longest wait"], "ms", most=BAR_WAIT)
