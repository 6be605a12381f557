"""
Time and memory of exports of 100,000 trackings, which are read back in pandas or sqlite3.

The sandbox and each export run in processes of their own. Memory is the growth from row `SETTLED`
to the highest value of the process, which includes what a format does at the end. Needs Linux.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, Final
from unittest.mock import patch

from msgspec import json

from tests.bench.measure import Report
from tests.bench.sandbox_seed import TOKEN, Sandbox
from tests.cli.hostile import TEXTS, held, trackings
from tests.cli.tables import FILES, read_rows, texts_of
from tests.processes import SANDBOX, server
from trackingmore_v2 import TrackingMore, to_row
from trackingmore_v2_cli import main
from trackingmore_v2_cli._output.progress import Progress

BAR_GROWTH: Final = 32.0
"""MiB of memory."""

ROWS: Final = 100_000
SETTLED: Final = 10_000
PIECE: Final = 10_000
KEY: Final = "00000000-0000-4000-9000-000000000000"
SHORT: Final = tuple(text for text in TEXTS if len(text) < 100)


def run(report: Report) -> None:
    """Measure and print."""
    with (
        TemporaryDirectory() as folder,
        server(*SANDBOX, "--admin-token", TOKEN, "--quiet") as (_, url),
    ):
        _seed(url)
        for file in FILES:
            path = Path(folder, file)
            start = perf_counter()
            growth = _export(path, url)
            report.add(f"{path.suffix}, {ROWS:,} rows", perf_counter() - start, "s")
            report.add(f"{path.suffix}: MiB of growth", growth, below=BAR_GROWTH)
            report.add(f"{path.suffix}: rows that differ", _different(path, url), most=0)
        _measure_state(Path(folder), url, report)


def _measure_state(folder: Path, url: str, report: Report) -> None:
    """Measure the first run with a state, which exports all that was ever refreshed."""
    path = folder / "changes.csv"
    start = perf_counter()
    growth = _export(path, url, "--state", str(folder / "state"))
    report.add(f"--state, {ROWS:,} rows", perf_counter() - start, "s")
    report.add("--state: MiB of growth", growth, below=BAR_GROWTH)
    report.add("--state: rows that differ", _different(path, url), most=0)


def _seed(url: str) -> None:
    all_trackings = trackings(ROWS, SHORT)
    with closing(Sandbox(url, KEY)) as sandbox:
        for start in range(0, ROWS, PIECE):
            content = {"trackings": all_trackings[start : start + PIECE]}
            sandbox.send("POST", "/_sandbox/seed", json.encode(content))


def _export(path: Path, url: str, *options: str) -> float:
    """Export in another process, and return the growth of its memory in MiB."""
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        "TRACKINGMORE_API_KEY": KEY,
        "TRACKINGMORE_BASE_URL": url,
    }
    command = [sys.executable, "-m", "tests.bench.cli_export", "export", str(path), "--quiet"]
    command += options
    finished = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE)  # noqa: S603 - our own code
    return float(finished.stdout)


def _different(path: Path, url: str) -> int:
    """Return how many rows of a file are not those of the account, or the other way round."""
    # Their hashes, since all of both would need some hundred megabytes.
    found = {(key, hash(values)) for key, values in read_rows(path)}
    expected = {(key, hash(values)) for key, values in texts_of(_rows(url, path.suffix))}
    if len(expected) != ROWS:
        raise RuntimeError(f"the account has {len(expected)} trackings")
    return len(found ^ expected)


def _rows(url: str, suffix: str) -> Iterator[dict[str, Any]]:
    with TrackingMore(KEY, base_url=url) as client:
        for tracking in client.trackings.list():
            yield {
                name: held(value, suffix) if isinstance(value, str) else value
                for name, value in to_row(tracking).items()
            }


def _measure() -> None:
    """Run the command of the command line, and print the growth of the memory."""
    settled: list[float] = []
    advance = Progress.advance

    def measured(progress: Progress, count: int = 1) -> None:
        advance(progress, count)
        if progress.count == SETTLED:
            settled.append(_memory("VmRSS"))

    with patch.object(Progress, "advance", measured):
        try:
            main()
        except SystemExit as end:
            if end.code:
                raise
    print(_memory("VmHWM") - settled[0])


def _memory(name: str) -> float:
    """Return a figure of this process in MiB: VmRSS, what it has, or VmHWM, the highest."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.findall(rf"{name}:\s+(\d+) kB", status)[0]) / 1024


if __name__ == "__main__":
    _measure()
