"""
A process that imports until it is killed: `python -m tests.reliability.import_process JSON`.

It imports only what it needs, since it is started hundreds of times.
"""

import sys
from collections.abc import Iterator

from msgspec import Struct, json

from trackingmore_v2 import (
    InvalidInput,
    JournalInUse,
    JournalLost,
    JournalUnavailable,
    TrackingMore,
)
from trackingmore_v2._transport import http
from trackingmore_v2.importer import Journal, RowState, SqliteJournal, resume, run_import

LOST = 3
"""Exit status of a process whose journal another one has."""


class Job(Struct, frozen=True):
    """What a process imports."""

    base_url: str
    key: str
    rows: int
    path: str
    """Path of the SQLite file, or schema of the database."""

    url: str = ""
    """URL of the database; empty for a file."""

    lease: float = 60.0
    name: str = "one"
    """Value of `User-Agent`."""

    def journal(self) -> Journal:
        """Return the journal."""
        if not self.url:
            return SqliteJournal(self.path, lease=self.lease)
        from trackingmore_v2.importer.postgres import PostgresJournal  # noqa: PLC0415 - for its extra

        return PostgresJournal(self.url, schema=self.path, lease=self.lease)

    def items(self) -> Iterator[dict[str, str]]:
        """Yield the rows."""
        for number in range(self.rows):
            pair = {"carrier_code": "china-ems", "tracking_number": f"LK{number:09}CN"}
            yield {**pair, "title": "Teapot", "order_id": f"#{number}"}

    def run(self) -> dict[RowState, int]:
        """Print that it begins, import, and return the number of rows by their states."""
        http._USER_AGENT = self.name  # type: ignore[misc]  # noqa: SLF001 - tells processes apart
        client = TrackingMore(self.key, base_url=self.base_url)
        print("ready", flush=True)
        try:
            report = resume(client, journal=self.journal())
        except (InvalidInput, JournalUnavailable):  # there is none yet, or only a part
            report = run_import(client, self.items(), journal=self.journal())
        return {state: count for state, count in report.counts.items() if count}


def main() -> None:
    """Run the job in the argument, and print what became of it."""
    job = json.decode(sys.argv[1], type=Job)
    try:
        print(json.encode(job.run()).decode(), flush=True)
    except (JournalInUse, JournalLost):
        sys.exit(LOST)


if __name__ == "__main__":
    main()
