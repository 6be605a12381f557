"""
Memory and time of `trackingmore-v2 import --dry-run`, for each format.

    python -m tests.bench cli_import

A dry run does what an import does before the first request. Each runs in a process of its own, and
reports its resident memory whenever it has checked a thousand rows.
"""

import csv
import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import redirect_stdout
from os import devnull
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Final
from unittest.mock import patch

import openpyxl
import pyarrow as pa  # type: ignore[import-untyped]  # has no types
from pyarrow import parquet

from tests.bench.measure import Report
from trackingmore_v2_cli._app import run as run_command
from trackingmore_v2_cli._output.progress import Progress

BAR_GROWTH: Final = 32.0
"""MiB of memory, from row `SETTLED` to the last one."""

SETTLED: Final = 10_000
_STEP: Final = 1000
_HEADER: Final = ("tracking_number", "carrier_code", "title", "order_id", "customer_name", "stock")


def run(report: Report) -> None:
    """Measure and print."""
    writers: Mapping[str, tuple[int, Callable[[Path, int], None]]] = {
        "csv": (1_000_000, _write_csv),
        "jsonl": (1_000_000, _write_json_lines),
        "parquet": (1_000_000, _write_parquet),
        "xlsx": (100_000, _write_xlsx),
    }
    for suffix, (rows, write) in writers.items():
        with TemporaryDirectory() as folder:
            path = Path(folder, f"orders.{suffix}")
            write(path, rows)
            command = [sys.executable, "-m", "tests.bench.cli_import", str(path)]
            output = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout  # noqa: S603 - our own code
        growth, seconds = map(float, output.split())
        report.add(f"{suffix}, {rows:,} rows: MiB of growth", growth, below=BAR_GROWTH)
        report.add(f"{suffix}: us per row", seconds / rows * 1e6, "us")


def _rows(count: int) -> Iterator[tuple[str, ...]]:
    for number in range(count):
        order = (f"LK{number:09}CN", "china-ems", "Teapot", f"#{number}", f"Ann {number}", "Berlin")
        yield order


def _write_csv(path: Path, count: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([_HEADER, *_rows(count)])


def _write_json_lines(path: Path, count: int) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(
            f"{json.dumps(dict(zip(_HEADER, row, strict=True)))}\n" for row in _rows(count)
        )


def _write_parquet(path: Path, count: int) -> None:
    columns = zip(*_rows(count), strict=True)
    parquet.write_table(pa.table(dict(zip(_HEADER, map(list, columns), strict=True))), path)


def _write_xlsx(path: Path, count: int) -> None:
    workbook = openpyxl.Workbook(write_only=True)
    sheet = workbook.create_sheet()
    sheet.append(_HEADER)
    for row in _rows(count):
        sheet.append(row)
    workbook.save(path)


class _Meter:
    """The memory of this process, as rows are checked."""

    def __init__(self) -> None:
        self.sizes: Final[list[float]] = []
        self._rows = 0

    def advance(self, count: int = 1) -> None:
        """Stand for the method of the progress."""
        self._rows += count
        if self._rows >= SETTLED and self._rows % _STEP == 0:
            pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
            self.sizes.append(pages * 4096 / 2**20)


def _measure(path: str) -> None:
    """Check a file, and print the growth of the memory and the processor time."""
    meter, start = _Meter(), process_time()
    with (
        patch.object(Progress, "advance", meter.advance),
        Path(devnull).open("w", encoding="utf-8") as nowhere,
        redirect_stdout(nowhere),
    ):
        if run_command(["import", path, "--dry-run", "--quiet"]):
            raise RuntimeError("the check has failed")
    seconds = process_time() - start
    print(max(meter.sizes) - meter.sizes[0], seconds)


if __name__ == "__main__":
    _measure(sys.argv[1])
