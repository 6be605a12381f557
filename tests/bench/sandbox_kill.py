"""Trackings that are lost when a sandbox is killed fifty times while it creates them."""

import tempfile
from pathlib import Path
from random import Random

from tests.bench.measure import Report
from tests.sandbox.server.crash import CONNECTIONS, kill_under_load

ROUNDS = 50
MAX_CREATIONS = 300
"""In one round."""


def run(report: Report) -> None:
    """Measure and print."""
    random = Random()  # noqa: S311 - not for secrets
    creations = [random.randrange(1, MAX_CREATIONS) for _ in range(ROUNDS)]
    with tempfile.TemporaryDirectory() as folder:
        outcome = kill_under_load(Path(folder) / "sandbox.sqlite3", creations)
    print(f"killed {ROUNDS} times, under {CONNECTIONS} connections that create trackings")
    report.add("acknowledged", outcome.acknowledged)
    report.add("lost", outcome.lost, most=0)
    report.add("unacknowledged, but created", outcome.unacknowledged)
