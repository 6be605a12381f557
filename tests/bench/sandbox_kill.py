"""Kill a sandbox fifty times while it writes: no parcel whose creation was answered is lost."""

import sys
import tempfile
from pathlib import Path
from random import Random

from tests.sandbox.server.crash import CONNECTIONS, kill_under_load

ROUNDS = 50
MOST = 300
"""Creations in one round."""


def main() -> None:
    """Measure and print; fail when anything was lost."""
    odd = Random()  # noqa: S311 - when to kill need not be secret
    creations = [odd.randrange(1, MOST) for _ in range(ROUNDS)]
    with tempfile.TemporaryDirectory() as folder:
        outcome = kill_under_load(Path(folder) / "sandbox.sqlite3", creations)
    print(f"killed {ROUNDS} times, under {CONNECTIONS} connections that create parcels")
    print(f"acknowledged    {outcome.acknowledged:6}")
    print(f"lost            {outcome.lost:6}    (bar: 0)")
    print(f"unacknowledged  {outcome.unacknowledged:6}    (there, though the answer never came)")
    sys.exit(outcome.lost > 0)


if __name__ == "__main__":
    main()
