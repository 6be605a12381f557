"""
Imports that are killed, or stopped and continued.

A process imports into the sandbox, which makes every fourth request fail, and is killed at random
moments; another one continues. A request is extra if neither a batch nor a failure needs it: a
failed read needs another one, a batch whose response is lost needs a read, and one that was not
carried out needs a second request, too.

Then a process is stopped for longer than its lease, another one takes the journal over, and the
first one continues: it may only send what it was about to send when it was stopped.
"""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from msgspec import json
from msgspec.structs import replace

from tests.reliability.import_process import LOST, Job
from tests.reliability.rows import Row, Settings
from tests.sandbox.databases import new_schema, postgres_server
from trackingmore_v2 import InvalidInput, JournalInUse, JournalUnavailable
from trackingmore_v2.importer import RowState, read_report
from trackingmore_v2.importer._owner import this_process
from trackingmore_v2_api import OPERATIONS
from trackingmore_v2_sandbox import Sandbox
from trackingmore_v2_sandbox.admin import views

ROWS: Final = 5_000
KILLS: Final = 200
STOPS: Final = 20
BATCH: Final = 40
CARRIED_OUT: Final = ("lose-response", "truncated")
"""Faults after which a batch has been carried out."""

FAULTS: Final = (*CARRIED_OUT, "status=503", "reset-before")
PROBABILITY: Final = 0.25
_LEASE: Final = 0.5
"""Seconds for which a process is stopped at least."""

_PATIENCE: Final = 3.0
"""Seconds within which another process must take over."""

CREATE: Final = OPERATIONS["createTrackingBatch"].id


class Outcome(NamedTuple):
    """What became of an import."""

    lost: int
    """Rows that the server does not have, or that have no final state."""

    doubled: int
    """Rows that were created more than once."""

    kills: int
    extra: int
    """Requests that neither a batch nor a failure needs."""

    after: int = 0
    """Maximum number of requests of a process that had lost the journal."""

    def plus(self, other: "Outcome") -> "Outcome":
        """Return the outcome of this import and of another one together."""
        return Outcome(
            self.lost + other.lost,
            self.doubled + other.doubled,
            self.kills + other.kills,
            self.extra + other.extra,
            max(self.after, other.after),
        )


def measure(settings: Settings) -> Iterator[Row]:
    """Measure on both stores."""
    kills, stops = settings.pick(KILLS, 10), settings.pick(STOPS, 2)
    for store in ("SQLite", "PostgreSQL"):
        killed = measure_kills(store, kills, settings.seed)
        name = f"{store}, killed at {killed.kills} random moments"
        yield from _whole(name, killed)
        each = killed.extra / killed.kills
        yield Row(f"{name}: extra requests for each", "≤ 1", f"{each:.2f}", each <= 1)
        stopped = measure_stops(store, stops, settings.seed)
        name = f"{store}, stopped {stopped.kills} times and continued"
        yield from _whole(name, stopped)
        after = stopped.after
        yield Row(f"{name}: most requests afterwards", "≤ 1", f"{after}", after <= 1)
        each = stopped.extra / (2 * stopped.kills)
        yield Row(f"{name}: extra requests for each process", "≤ 1", f"{each:.2f}", each <= 1)


def _whole(name: str, outcome: Outcome) -> Iterator[Row]:
    lost, doubled = outcome.lost, outcome.doubled
    yield Row(f"{name}: rows lost", "0", f"{lost}", lost == 0)
    yield Row(f"{name}: rows created twice", "0", f"{doubled}", doubled == 0)


def measure_kills(store: str, kills: int, seed: int, rows: int = ROWS) -> Outcome:
    """Kill an import so many times; if it ends before, others follow on new journals."""
    random, total = Random(seed), Outcome(0, 0, 0, 0)  # noqa: S311 - moments
    while total.kills < kills:
        with _rig(store, rows) as rig:
            rig.inject_faults(seed + total.kills)
            done = 0
            while total.kills + done < kills and rig.kill_one(random.random()):
                done += 1
            outcome = rig.finish()._replace(kills=done)
        total = total.plus(outcome)
    return total


def measure_stops(store: str, stops: int, seed: int, rows: int = ROWS) -> Outcome:
    """Stop a process for longer than its lease so many times, and continue it."""
    random, total = Random(seed), Outcome(0, 0, 0, 0)  # noqa: S311 - moments
    while total.kills < stops:
        with _rig(store, rows) as rig:
            rig.inject_faults(seed + total.kills)
            done = after = 0
            while total.kills + done < stops and not rig.is_complete:
                sent = rig.stop_one(f"process {done}", random)
                done, after = done + (sent is not None), max(after, sent or 0)
            outcome = rig.finish()._replace(kills=done, after=after)
        total = total.plus(outcome)
    return total


class _Rig:
    """A sandbox, a journal, and the processes that import."""

    def __init__(self, sandbox: Sandbox, job: Job) -> None:
        self._sandbox: Final = sandbox
        self._job: Final = job
        self._log: Final[list[views.ExchangeView]] = []
        self._seconds = 0.5

    def inject_faults(self, seed: int) -> None:
        """Inject a fault into one of four requests."""
        self._sandbox.faults.random({"*": list(FAULTS)}, probability=PROBABILITY, seed=seed)

    def kill_one(self, moment: float) -> bool:
        """
        Start a process, kill it, and return whether it was not done.

        Args:
            moment: When, from 0 to 1 of a time in which it sends about two requests.
        """
        process, before = _start(self._job), len(self._log)
        time.sleep(moment * self._seconds)
        process.kill()
        _, errors = process.communicate()
        if errors:
            raise RuntimeError(errors)
        self._read_log()
        if self._log:  # otherwise it has been loading the input
            self._seconds *= 0.8 if len(self._log) > before + 2 else 1.1
        return process.returncode == -signal.SIGKILL

    def stop_one(self, name: str, random: Random) -> int | None:
        """
        Stop a process, let another one take over, continue the first, and kill the other.

        Returns:
            Number of requests that the first one sent after it was continued. None if it was not
            taken over: it was done, or was stopped while it wrote to the file.
        """
        first = _start(replace(self._job, lease=_LEASE, name=name))
        time.sleep(random.uniform(0, 0.1))
        first.send_signal(signal.SIGSTOP)
        time.sleep(_LEASE * 1.2)
        second = _start(self._job)
        end = time.monotonic() + _PATIENCE
        while (is_first := self._owner() != second.pid) and time.monotonic() < end:
            time.sleep(0.01)
        time.sleep(random.uniform(0, 0.1))
        self._read_log()
        seen = len(self._log)
        if is_first:
            first.kill()
        first.send_signal(signal.SIGCONT)
        _, errors = first.communicate()
        second.kill()
        second.communicate()
        self._read_log()
        if first.returncode not in (0, -signal.SIGKILL, LOST):
            raise RuntimeError(errors)
        sent = [each for each in self._log[seen:] if each.headers["user-agent"] == name]
        return len(sent) if first.returncode == LOST else None

    def _owner(self) -> int:
        """Return the ID of the process that owns the journal; 0 if that cannot be told."""
        journal = self._job.journal()
        with suppress(JournalUnavailable), closing(journal.open(create=False)) as session:
            try:
                session.acquire(this_process())
            except JournalInUse as error:
                return error.pid
            session.release()
        return 0

    @property
    def is_complete(self) -> bool:
        """Whether the import is."""
        with suppress(JournalUnavailable, InvalidInput):
            return read_report(self._job.journal()).is_complete
        return False

    def finish(self) -> Outcome:
        """Finish the import, and return what became of it."""
        process = _start(self._job)
        _, errors = process.communicate()
        if process.returncode:
            raise RuntimeError(errors)
        self._read_log()
        self._sandbox.faults.clear()
        report, rows = read_report(self._job.journal()), self._job.rows
        ended = (RowState.CREATED, RowState.ADOPTED)
        pairs = [row["tracking_number"] for row in report.rows(*ended)]
        expected = {row["tracking_number"] for row in self._job.items()}
        account = self._sandbox.account.get()
        lost = len(expected - set(pairs)) + max(0, rows - account.trackings)
        needed = -(-rows // BATCH) + sum(map(_needed_after, self._log))
        doubled = len(pairs) - len(set(pairs)) + max(0, account.used - rows)
        return Outcome(lost, doubled, 0, len(self._log) - needed)

    def _read_log(self) -> None:
        after = self._log[-1].sequence if self._log else 0
        while found := self._sandbox.log(after=after, limit=1000):
            self._log.extend(found)
            after = found[-1].sequence


def _needed_after(exchange: views.ExchangeView) -> int:
    """Return how many further requests a failure needs."""
    if exchange.fault is None:
        return 0
    is_settled = exchange.operation != CREATE or exchange.fault in CARRIED_OUT
    return 1 if is_settled else 2


def _start(job: Job) -> subprocess.Popen[str]:
    """Start a process, and return it when it is ready."""
    command = [sys.executable, "-m", "tests.reliability.import_process", json.encode(job).decode()]
    process = subprocess.Popen(  # noqa: S603 - our own code
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout
    process.stdout.readline()
    return process


@contextmanager
def _rig(store: str, rows: int) -> Iterator[_Rig]:
    with ExitStack() as stack:
        sandbox = stack.enter_context(Sandbox())
        if store == "SQLite":
            folder = Path(stack.enter_context(TemporaryDirectory()))
            job = Job(sandbox.base_url, sandbox.api_key, rows, str(folder / "import.sqlite3"))
        else:
            url = stack.enter_context(postgres_server())
            schema = stack.enter_context(new_schema(url))
            job = Job(sandbox.base_url, sandbox.api_key, rows, schema, url)
        yield _Rig(sandbox, job)
