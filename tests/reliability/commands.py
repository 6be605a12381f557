"""
The command import, killed.

`trackingmore-v2 import` creates the trackings of a CSV file in the sandbox. Its process is killed
by SIGKILL at random moments, some of them before the first request, and the same command continues.
One of ninety rows is wrong, and one of ninety is a duplicate.
"""

import csv
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple

from msgspec import json

from tests.reliability.rows import Row, Settings
from trackingmore_v2 import TrackingMore
from trackingmore_v2_sandbox import Sandbox

ROWS: Final = 10_000
KILLS: Final = 20
_EVERY: Final = 90
_EARLY: Final = 0.2
"""Share of kills that do not wait for trackings, and come within the first second."""

_HEADER: Final = ["Tracking No", "Courier", "Order ID"]


class Outcome(NamedTuple):
    """What became of an import."""

    kills: int
    lost: int
    """Rows that the account does not have."""

    doubled: int
    """Trackings that were created twice, or that no row names."""

    wrong_rejects: int
    """Rows that are missing in the file of rejected rows, or too many there."""

    record: dict[str, Any]
    """The report of the last run."""


def measure(settings: Settings) -> Iterator[Row]:
    """Measure with one file."""
    rows, kills = settings.pick(ROWS, 1000), settings.pick(KILLS, 4)
    outcome = measure_kills(rows, kills, settings.seed)
    name = f"{rows:,} rows, killed at {outcome.kills} random moments"
    yield Row(f"{name}: rows lost", "0", f"{outcome.lost}", outcome.lost == 0)
    yield Row(f"{name}: created twice", "0", f"{outcome.doubled}", outcome.doubled == 0)
    wrong = outcome.wrong_rejects
    yield Row(f"{name}: rejected rows missing or too many", "0", f"{wrong}", wrong == 0)


def measure_kills(rows: int, kills: int, seed: int) -> Outcome:
    """Import a file, with a process that is killed so many times."""
    random = Random(seed)  # noqa: S311 - moments
    early = round(kills * _EARLY)
    shares = sorted([0.0] * early + [random.random() for _ in range(kills - early)])
    with TemporaryDirectory() as folder, Sandbox() as sandbox:
        rig = _Rig(Path(folder), sandbox, rows)
        killed = [
            rig.kill_one(round(share * 0.97 * rows), random.uniform(0, 0.05 if share else 1))
            for share in shares
        ]
        return rig.finish(sum(killed))


class _Rig:
    """A file, and the processes that import it."""

    def __init__(self, folder: Path, sandbox: Sandbox, rows: int) -> None:
        self._folder: Final = folder
        self._sandbox: Final = sandbox
        self._rows: Final = [_HEADER, *(_row(number) for number in range(rows))]
        with (folder / "orders.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(self._rows)

    def kill_one(self, created: int, delay: float) -> bool:
        """Start a process, kill it after so many trackings and a delay; return if it still ran."""
        with self._start() as process:
            while self._sandbox.account.get().trackings < created and process.poll() is None:
                time.sleep(0.005)
            with suppress(subprocess.TimeoutExpired):
                process.wait(delay)
            process.kill()
        return process.returncode == -signal.SIGKILL

    def finish(self, kills: int) -> Outcome:
        """Import the rest, and compare the outcome with the file."""
        with self._start() as process:
            output, errors = process.communicate()
        if errors:
            raise RuntimeError(errors)
        wanted = {row[0] for row in self._rows[1:] if not _is_wrong(row)}
        with TrackingMore(self._sandbox.api_key, base_url=self._sandbox.base_url) as client:
            found = [each.tracking_number for each in client.trackings.list()]
        used = self._sandbox.account.get().used
        return Outcome(
            kills,
            len(wanted - set(found)),
            max(used, len(found)) - len(wanted & set(found)),
            self._count_wrong_rejects(),
            json.decode(output),
        )

    def _count_wrong_rejects(self) -> int:
        path = self._folder / "orders.rejects.csv"
        with path.open(encoding="utf-8-sig", newline="") as file:
            found = [each[2:] for each in list(csv.reader(file))[1:]]
        lines = enumerate(self._rows, 1)
        wanted = [[str(line), *row] for line, row in lines if line > 1 and _is_wrong(row)]
        return len([each for each in found if each not in wanted]) + abs(len(found) - len(wanted))

    def _start(self) -> subprocess.Popen[str]:
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
            "TRACKINGMORE_API_KEY": self._sandbox.api_key,
            "TRACKINGMORE_BASE_URL": self._sandbox.base_url,
            "TRACKINGMORE_STATE_DIR": str(self._folder / "state"),
        }
        return subprocess.Popen(  # noqa: S603 - our own code
            [
                *(sys.executable, "-m", "trackingmore_v2_cli", "import", "orders.csv"),
                *("--yes", "--quiet", "--json"),
            ],
            cwd=self._folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )


def _row(number: int) -> list[str]:
    """Return a row of the file: a wrong one, one that repeats the one before, or a usual one."""
    if number % _EVERY == 7:
        return ["1.23457E+11" if number % 2 else "12", "china-ems", f"#{number}"]
    if number % _EVERY == 50:
        return _row(number - 1)
    return [f"LK{number:09}CN", "china-ems", f"#{number}"]


def _is_wrong(row: list[str]) -> bool:
    return not row[0].startswith("LK")
