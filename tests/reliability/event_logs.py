"""
Webhooks that several processes receive.

Four processes receive the same webhooks, each in an order of its own, and share one event log. What
is in hand elsewhere is received again later, as a sender retries it. First each webhook is about
another tracking; then ten are about each tracking, and the newest one must be handled last.
"""

import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from multiprocessing import get_context
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple, TypeAlias

from tests.overlay.limiters.redis_server import redis_server
from tests.overlay.webhooks.logs.events import event_of
from tests.reliability.rows import Row, Settings
from tests.sandbox.databases import new_schema, postgres_server
from trackingmore_v2.webhooks import EventLog, Outcome, SqliteEventLog, WebhookEvent
from trackingmore_v2.webhooks.logs.postgres import PostgresEventLog
from trackingmore_v2.webhooks.logs.redis import RedisEventLog

PROCESSES: Final = 4
EVENTS: Final = 1_000
HISTORY: Final = 10
"""Events of a tracking in the second run."""


class Build(NamedTuple):
    """A log that each process opens for itself."""

    kind: Callable[..., EventLog]
    where: str
    settings: dict[str, Any]

    def __call__(self) -> EventLog:
        """Open the log."""
        return self.kind(self.where, timeout=30.0, **self.settings)


Name: TypeAlias = tuple[int, int]
"""Number of a tracking, and of its event, the oldest one first."""


class Handled(NamedTuple):
    """An event that a process has handled."""

    at: float
    """Seconds by the monotonic clock, which all processes of a host share."""

    name: Name


def measure(settings: Settings) -> Iterator[Row]:
    """Receive the webhooks, over each store."""
    events = settings.pick(EVENTS, EVENTS // 10)
    singles = [(events + number, 0) for number in range(events)]
    histories = [(number // HISTORY, number % HISTORY) for number in range(events)]
    with _logs() as builds:
        for store, build in builds.items():
            counts = Counter(each.name for each in _received(build, singles, settings.seed))
            once = sum(count == 1 for count in counts.values())
            value, holds = f"{once:,}", once == events == len(counts)
            yield Row(f"{store}: events handled exactly once", f"{events:,}", value, holds)
            yield from _history_rows(store, _received(build, histories, settings.seed), events)


def _history_rows(store: str, handled: Sequence[Handled], events: int) -> Iterator[Row]:
    counts = Counter(each.name for each in handled)
    repeated = sum(count > 1 for count in counts.values())
    name = f"{store}: events of histories handled more than once"
    yield Row(name, "0", f"{repeated} of {len(counts):,}", repeated == 0)
    last = dict(each.name for each in handled)  # sorted by time
    newest = sum(position == HISTORY - 1 for position in last.values())
    bar, name = events // HISTORY, f"{store}: trackings whose newest event was handled last"
    yield Row(name, f"{bar}", f"{newest}", newest == bar)


@contextmanager
def _logs() -> Iterator[dict[str, Build]]:
    """Start a server of each kind, and yield how to open a log on it, by name."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        postgres_url = stack.enter_context(postgres_server())
        schema = stack.enter_context(new_schema(postgres_url))
        yield {
            "Redis": Build(RedisEventLog, stack.enter_context(redis_server()).url, {}),
            "PostgreSQL": Build(PostgresEventLog, postgres_url, {"schema": schema}),
            "SQLite": Build(SqliteEventLog, str(folder / "log.sqlite3"), {}),
        }


def _received(build: Build, names: Sequence[Name], seed: int) -> list[Handled]:
    """Start the processes, and return what they handled, in order."""
    context: Any = get_context("spawn")
    results, ready, go = context.SimpleQueue(), context.Semaphore(0), context.Event()
    workers = [
        context.Process(target=_work, args=(build, names, seed + number, ready, go, results))
        for number in range(PROCESSES)
    ]
    for worker in workers:
        worker.start()
    for _ in workers:
        if not ready.acquire(timeout=60):
            raise TimeoutError("a process did not start")
    go.set()
    handled = [each for _ in workers for each in results.get()]
    for worker in workers:
        worker.join()
    return sorted(handled)


def _work(  # noqa: PLR0913, PLR0917 - what a process is given
    build: Build, names: Sequence[Name], seed: int, ready: Any, go: Any, results: Any
) -> None:
    """Receive all webhooks, in an order of its own."""
    log, handled = build(), list[Handled]()
    queue = deque((name, _event(name)) for name in names)
    Random(seed).shuffle(queue)  # noqa: S311 - an order
    list(log.pending())  # connects
    ready.release()
    go.wait()
    while queue:
        name, event = queue.popleft()
        claim = log.claim(event)
        if claim.outcome is Outcome.IN_HAND:
            queue.append((name, event))
        elif claim.outcome is Outcome.CLAIMED:
            handled.append(Handled(time.monotonic(), name))
            log.done(claim)
    results.put(handled)


def _event(name: Name) -> WebhookEvent:
    tracking, position = name
    return event_of(number=f"LK{tracking:09}CN", updated=position + 1)
