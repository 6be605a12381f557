"""Run a benchmark by name, and fail if it misses a bar: `python -m tests.bench one_call`."""

import sys
from importlib import import_module

from tests.bench.measure import Report

if __name__ == "__main__":
    report = Report()
    import_module(f"tests.bench.{sys.argv[1]}").run(report)
    sys.exit(report.missed)
