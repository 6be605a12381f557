"""
What `import trackingmore_v2` costs on top of `import httpx2`, in fresh interpreters.

Compiled bytecode is used, as after an installation, whatever the environment says about it.
"""

import os
import subprocess
import sys
from statistics import median

BAR = 40.0
RUNS = 21
PROBE = """
import time
import httpx2
start = time.perf_counter()
import trackingmore_v2
print(time.perf_counter() - start)
"""


def milliseconds() -> float:
    """Measure once."""
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}
    run = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", PROBE], capture_output=True, check=True, env=environment, text=True
    )
    return float(run.stdout) * 1e3


def main() -> None:
    """Measure and print; fail when the bar is missed."""
    milliseconds()  # the first run writes the bytecode
    runs = sorted(milliseconds() for _ in range(RUNS))
    print(f"import trackingmore_v2 after httpx2, {RUNS} interpreters")
    print(
        f"median {median(runs):.1f} ms, {runs[0]:.1f} to {runs[-1]:.1f}  (bar: at most {BAR:.0f})"
    )
    sys.exit(median(runs) > BAR)


if __name__ == "__main__":
    main()
