"""Processor time of the command's start, as a multiple of that of Python itself."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

from tests.bench.measure import Report, interleave, ratio

BAR = 2.5
ROUNDS = 41
PYTHON = "python -c pass"
PROGRAM = Path(sys.executable).with_name("trackingmore-v2")
"""The script that pip installs."""


def seconds() -> float:
    """Return the processor time of all processes that have ended."""
    usage = getrusage(RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def command(*arguments: str) -> Callable[[], float]:
    """Return a function that runs a command, and returns its processor time in milliseconds."""
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}

    def run() -> float:
        start = seconds()
        subprocess.run(  # noqa: S603 - our own code
            arguments, check=True, env=environment, stdout=subprocess.DEVNULL
        )
        return (seconds() - start) * 1e3

    return run


def run(report: Report) -> None:
    """Measure and print."""
    program = str(PROGRAM)
    times = interleave(
        ROUNDS,
        {
            PYTHON: command(sys.executable, "-c", "pass"),
            "--version": command(program, "--version"),
            "--help": command(program, "--help"),
            "list --help": command(program, "list", "--help"),
        },
        warm_up=2,
    )
    print(f"processor time of trackingmore-v2, {ROUNDS} interleaved runs")
    for name, values in times.items():
        report.add(name, values, "ms")
    report.add("--version / python", ratio(times, "--version", PYTHON), most=BAR)
    report.add("--help / python", ratio(times, "--help", PYTHON))
    report.add("list --help / python", ratio(times, "list --help", PYTHON))
