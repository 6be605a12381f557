"""Time of `import trackingmore_v2` after `import httpx2`, with compiled bytecode."""

import os
import subprocess
import sys

from tests.bench.measure import Report

BAR = 40.0
ROUNDS = 21
PROBE = """
import time
import httpx2
start = time.perf_counter()
import trackingmore_v2
print(time.perf_counter() - start)
"""


def milliseconds() -> float:
    """Return the time in a new interpreter."""
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}
    run = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", PROBE], capture_output=True, check=True, env=environment, text=True
    )
    return float(run.stdout) * 1e3


def run(report: Report) -> None:
    """Measure and print."""
    milliseconds()  # the first run writes the bytecode
    print(f"import trackingmore_v2 after httpx2, {ROUNDS} interpreters")
    report.add("import", [milliseconds() for _ in range(ROUNDS)], "ms", most=BAR)
