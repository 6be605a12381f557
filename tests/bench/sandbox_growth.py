"""
CPU time of requests in accounts of a thousand to a million trackings.

Flat, whatever the size of the account: single trackings, pages, 40 numbers or orders, counts.
Linear in what changes or matches: an hour's advance, and windows with their totals. The app is
called without a socket, with a file for each size; samples of all sizes are taken in turns.
"""

import asyncio
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any, Final, TypeAlias
from urllib.parse import urlencode

from msgspec.structs import replace
from starlette.types import Message

from tests.bench.measure import Report, Times, interleave, timed
from trackingmore_v2_api import API_KEY_HEADER
from trackingmore_v2_sandbox import API_KEY, SettableClock, SqliteStore, create_app
from trackingmore_v2_sandbox.http.api_keys import account_of
from trackingmore_v2_sandbox.store.models import TrackingFilter, TrackingRecord

Actions: TypeAlias = dict[str, Callable[[], object]]

BAR: Final = 1.5
"""Largest against smallest account, or against 1,000 or 100 times fewer matches."""

BAR_STORE: Final = 1.0
"""Milliseconds of the store for 40 numbers or orders."""

BAR_PAGE: Final = 2.0
"""The page in the middle against the first."""

SIZES: Final = (1_000, 10_000, 100_000, 1_000_000)
MATCHES: Final = (1_000, 10_000, 100_000)
CHANGES: Final = (100, 1_000)
ROUNDS: Final = 9
REPEATS: Final = 20
LIMIT: Final = 40
BLOCK: Final = 10_000
STEP: Final = 10
"""Seconds between the creations of two trackings."""

DAY: Final = 86_400
NO_QUERY: Final[Mapping[str, object]] = {}
CARRIER: Final = "china-ems"
ACCOUNT: Final = account_of(API_KEY)
HEADERS: Final = [(b"host", b"127.0.0.1"), (API_KEY_HEADER.lower().encode(), API_KEY.encode())]
NUMBER: Final = "SANDBOX-PENDING_"
"""Start of the numbers, whose responses are alike whatever their age."""

START: Final = datetime(2026, 3, 1, 12, tzinfo=UTC)
NOW: Final = int(START.timestamp())


def trackings(size: int) -> Iterator[TrackingRecord]:
    """Yield trackings that were polled for two days after their creation, the oldest first."""
    model = TrackingRecord(ACCOUNT, CARRIER, NUMBER, NOW, poll_interval=6 * 3600)
    for index in range(size):
        created_at = NOW - STEP * (size - index)
        is_settled = created_at + 2 * DAY < NOW
        yield replace(
            model,
            tracking_number=f"{NUMBER}{index * 7919 % 1_000_003:07}",
            order_id=f"order-{index}",
            created_at=created_at,
            ordered_at=created_at - DAY,
            seen_status="delivered" if is_settled else "transit",
            due_at=None if is_settled else NOW + 30 * DAY,
            first_poll=created_at + 60,
            last_poll=created_at + 2 * DAY,
        )


class Account:
    """A sandbox with an account of some size."""

    def __init__(self, path: Path, size: int) -> None:
        self.size = size
        self.store = SqliteStore(path)
        self.app = create_app(self.store, SettableClock(START))
        self._new = count()
        rest = trackings(size)
        self.some = [each for _, each in zip(range(LIMIT), rest, strict=False)]
        block = self.some
        while block:
            with self.store.transaction(write=True, account=ACCOUNT):
                self.store.insert(*block)
            block = [each for _, each in zip(range(BLOCK), rest, strict=False)]

    def close(self) -> None:
        """Close the database."""
        self.store.close()

    def send(
        self, method: str, path: str, query: Mapping[str, object] = NO_QUERY, body: bytes = b""
    ) -> Any:
        """Send a request to the app, and return the data of the response."""
        sent: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Message) -> None:
            sent.append(message)

        scope = {
            "type": "http",
            "method": method,
            "path": f"/v2/{path}",
            "query_string": urlencode(query).encode(),
            "headers": HEADERS,
        }
        asyncio.run(self.app(scope, receive, send))
        response = json.loads(b"".join(message.get("body", b"") for message in sent))
        assert response["meta"]["code"] == 200, response
        return response["data"]

    def list(self, **query: object) -> Any:
        """List trackings."""
        return self.send("GET", "trackings/get", {"limit": LIMIT, **query})

    def create(self) -> None:
        """Create a tracking."""
        body = {"carrier_code": CARRIER, "tracking_number": f"{NUMBER}N{next(self._new):06}"}
        self.send("POST", "trackings/post", body=json.dumps(body).encode())

    def advance(self, changes: int) -> Callable[[], float]:
        """Return a function that advances a clock by an hour, and returns the milliseconds."""
        engine = self.app.state.admin.time_engine

        def run() -> float:
            with self.store.transaction(write=True, account=ACCOUNT):
                now = int(engine.now(self.store.find_account(ACCOUNT)).timestamp())
                model = TrackingRecord(ACCOUNT, CARRIER, "", now)
                numbers = [f"HK{next(self._new):09}CN" for _ in range(changes)]
                engine.add([replace(model, tracking_number=each) for each in numbers], now)
            pending = self._pending()
            hour = engine.advance(ACCOUNT, timedelta(hours=1))
            milliseconds = timed(asyncio.run, hour, clock=process_time)()
            assert self._pending() == pending - changes
            return milliseconds

        return run

    def _pending(self) -> Any:
        return self.send("GET", "trackings/getstatusnumber")["pending"]

    def flat(self) -> Actions:
        """Return the requests whose costs do not depend on the size."""
        one = self.some[0]
        middle = self.size // LIMIT // 2 + 1
        numbers = ",".join(each.tracking_number for each in self.some)
        orders = ",".join(str(each.order_id) for each in self.some)
        return {
            "get": partial(self.send, "GET", f"trackings/{CARRIER}/{one.tracking_number}"),
            "create": self.create,
            "first page": self.list,
            "page in the middle": partial(self.list, page=middle),
            "40 numbers": partial(self.list, numbers=numbers),
            "40 orders": partial(self.list, orders=orders),
            "counts by status": partial(self.send, "GET", "trackings/getstatusnumber"),
        }

    def store_only(self) -> Actions:
        """Return the lists of numbers and orders, without the rest of their requests."""
        numbers = tuple(each.tracking_number for each in self.some)
        orders = tuple(str(each.order_id) for each in self.some)
        return {
            "40 numbers, store": partial(self._search, TrackingFilter(numbers=numbers)),
            "40 orders, store": partial(self._search, TrackingFilter(orders=orders)),
        }

    def _search(self, filters: TrackingFilter) -> None:
        found = self.store.search(ACCOUNT, filters, limit=LIMIT)
        assert len(found) == self.store.count(ACCOUNT, filters) == LIMIT

    def windows(self, matches: int) -> Actions:
        """Return the lists of trackings in windows that a number of them matches."""
        length = STEP * matches
        return {
            "created": partial(self._window, matches, "created_at", NOW - length, NOW - 1),
            "ordered": partial(
                self._window, matches, "order_created_time", NOW - DAY - length, NOW - DAY - 1
            ),
            "updated": partial(
                self._window, matches, "update_time", NOW - DAY - length, NOW - DAY - 1
            ),
        }

    def _window(self, matches: int, name: str, since: int, until: int) -> None:
        found = self.list(**{f"{name}_min": since, f"{name}_max": until})
        assert found["total"] == str(matches), found["total"]


def repeated(action: Callable[[], object], repeats: int) -> Callable[[], float]:
    """Return a function that repeats an action, and returns the milliseconds for each."""

    def run() -> float:
        start = process_time()
        for _ in range(repeats):
            action()
        return (process_time() - start) * 1e3 / repeats

    return run


def measure(accounts: Mapping[int, Account]) -> Times:
    """Measure everything, in turns."""
    small, large = accounts[SIZES[0]], accounts[SIZES[-1]]
    actions = {
        f"{name} of {size:,}": repeated(action, REPEATS)
        for size, account in accounts.items()
        for name, action in (account.flat() | account.store_only()).items()
    }
    for matches in MATCHES:
        for account in [large] if matches != MATCHES[0] else [accounts[100_000], large]:
            for name, action in account.windows(matches).items():
                actions[f"{name}: {matches:,} of {account.size:,}"] = repeated(action, 1)
    times = interleave(ROUNDS, actions, warm_up=1)
    hours = {
        f"an hour: {changes:,} changes of {account.size:,}": account.advance(changes)
        for changes in CHANGES
        for account in (small, large)
    }
    return times | interleave(3, hours)


def run(report: Report) -> None:
    """Measure and print."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        accounts = {
            size: stack.enter_context(closing(Account(folder / f"{size}.sqlite3", size)))
            for size in SIZES
        }
        times = measure(accounts)
    print(f"CPU time, median of {ROUNDS}")
    for name, values in times.items():
        report.add(name, values, "ms")
    cost = {name: median(values) for name, values in times.items()}
    first, last = f"{SIZES[0]:,}", f"{SIZES[-1]:,}"
    for name in accounts[SIZES[0]].flat():
        report.add(
            f"{name}, growth", cost[f"{name} of {last}"] / cost[f"{name} of {first}"], most=BAR
        )
    for name in accounts[SIZES[0]].store_only():
        report.add(f"{name} of {last}", cost[f"{name} of {last}"], "ms", most=BAR_STORE)
    middle, page = f"page in the middle of {last}", f"first page of {last}"
    report.add("page in the middle to first", cost[middle] / cost[page], most=BAR_PAGE)
    few, some, many = (f"{matches:,} of {last}" for matches in MATCHES)
    for name in accounts[SIZES[0]].windows(MATCHES[0]):
        smaller = cost[f"{name}: {MATCHES[0]:,} of 100,000"]
        report.add(f"{name}, growth of 1,000", cost[f"{name}: {few}"] / smaller, most=BAR)
        slopes = [
            (cost[f"{name}: {after}"] - cost[f"{name}: {before}"]) / (size - less) * 1e3
            for before, after, less, size in (
                (few, some, *MATCHES[:2]),
                (some, many, *MATCHES[1:]),
            )
        ]
        report.add(f"{name}, for each match", slopes[1], "us")
        report.add(f"{name}, growth of the slope", slopes[1] / slopes[0], most=BAR)
    hour = "an hour: {:,} changes of {}"
    for changes in CHANGES:
        each = [cost[hour.format(changes, size)] / changes * 1e3 for size in (first, last)]
        report.add(f"an hour, for each of {changes:,}", each[1], "us")
        report.add(f"an hour, growth of {changes:,}", each[1] / each[0], most=BAR)
