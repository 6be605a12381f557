"""
Time, memory and disk space of imports with a journal, compared with `create_many`.

    python -m tests.bench.import_journal 1000000

imports so many rows into a server that is a function; the ratio is measured with fewer, in turns,
on a sandbox in another process. Neither has a rate limit.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from functools import partial
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Final

import msgspec
import psycopg

from tests.bench.many import KEY, URL, client_of, orders, response_to
from tests.bench.measure import Report, interleave, ratio
from tests.processes import SANDBOX, server
from tests.sandbox.databases import new_schema, postgres_server
from trackingmore_v2 import TrackingMore
from trackingmore_v2.importer import Journal, Progress, RowState, SqliteJournal, run_import
from trackingmore_v2.importer.postgres import PostgresJournal
from trackingmore_v2.types import CreateTrackingItemDict

BAR_RATIO: Final = 1.1
BAR_BYTES: Final = 200.0
BAR_GROWTH: Final = 32.0
"""MiB of memory, from row `SETTLED` to the last one."""

ROWS: Final = 100_000
TIMED: Final = 20_000
ROUNDS: Final = 5
SETTLED: Final = 10_000
_SIZE: Final = """
    SELECT sum(pg_total_relation_size(oid)) FROM pg_class
    WHERE relnamespace = %s::regnamespace AND relkind = 'r'
"""


def run(report: Report, rows: int = ROWS) -> None:
    """Measure and print."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        url = stack.enter_context(postgres_server())
        _, base_url = stack.enter_context(server(*SANDBOX, "--quiet"))
        client = stack.enter_context(TrackingMore(KEY, base_url=base_url))
        numbers = count()

        def file() -> Journal:
            return SqliteJournal(folder / f"{next(numbers)}.sqlite3")

        def database() -> PostgresJournal:
            return PostgresJournal(url, schema=stack.enter_context(new_schema(url)))

        _report_times(report, client, {"SQLite": file, "PostgreSQL": database})
        journal = file()
        growth = _growth(journal, rows)
        report.add(f"SQLite, {rows} rows: MiB of growth", growth, below=BAR_GROWTH)
        size = sum(each.stat().st_size for each in folder.glob(f"{Path(journal.name).name}*"))
        report.add("SQLite: bytes a row", size / rows, below=BAR_BYTES)
        stored = database()
        growth = _growth(stored, rows)
        report.add(f"PostgreSQL, {rows} rows: MiB of growth", growth, below=BAR_GROWTH)
        with closing(psycopg.connect(url)) as connection:
            found = connection.execute(_SIZE, (stored.name,)).fetchone()
        size = int(found[0]) if found else 0
        report.add("PostgreSQL: bytes a row", size / rows, below=BAR_BYTES)


def _report_times(
    report: Report, client: TrackingMore, journals: dict[str, Callable[[], Journal]]
) -> None:
    actions: dict[str, Callable[[], float]] = {"create_many": partial(_time, client, None)}
    actions |= {name: partial(_time, client, new) for name, new in journals.items()}
    print(f"{TIMED} trackings created by a sandbox, us per row, median of {ROUNDS}")
    times = interleave(ROUNDS, actions, warm_up=1)
    for name, values in times.items():
        report.add(name, values, "us")
    for name in journals:
        slower = ratio(times, name, "create_many")
        report.add(f"{name}: ratio to create_many", slower, most=BAR_RATIO)


_unused = count()


def _new_orders(rows: int) -> Iterator[CreateTrackingItemDict]:
    """Yield items that the account does not have."""
    run = next(_unused)
    for order in orders(rows):
        yield {**order, "tracking_number": f"{order['tracking_number']}-{run}"}


def _time(client: TrackingMore, journal: Callable[[], Journal] | None) -> float:
    """Return the microseconds per row to create trackings, with a journal or without one."""
    start = perf_counter()
    if journal is None:
        created = len(client.trackings.create_many(_new_orders(TIMED)).created)
    else:
        created = run_import(client, _new_orders(TIMED), journal=journal()).counts[RowState.CREATED]
    seconds = perf_counter() - start
    if created != TIMED:
        raise RuntimeError("not all were created")
    return seconds / TIMED * 1e6


def _growth(journal: Journal, rows: int) -> float:
    """Return by how many MiB the memory grows after the first rows of an import."""
    sizes: list[float] = []

    def note(progress: Progress) -> None:
        if progress.done >= SETTLED:
            sizes.append(_memory())

    http = client_of(lambda request: response_to(msgspec.json.decode(request.content)))
    with http, TrackingMore(KEY, base_url=URL, http_client=http) as client:
        run_import(client, orders(rows), journal=journal, on_progress=note)
    return max(sizes) - sizes[0]


def _memory() -> float:
    """Return the resident memory of this process in MiB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 2**20


if __name__ == "__main__":
    outcome = Report()
    run(outcome, int(sys.argv[1]))
    sys.exit(outcome.missed)
