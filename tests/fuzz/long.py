"""
Fuzzes for as long as one likes.

    python -m tests.fuzz.long --minutes 30 --seed 7

A million hostile inputs come first, then rounds of all fuzz tests, each with the next seed, until
the time is over. What fails is written into the record, to be run again.
"""

import argparse
import sys
from itertools import count
from pathlib import Path
from time import monotonic
from typing import Final

from tests.fuzz.hostile import runner
from tests.fuzz.report import EXAMPLES, INPUTS, Round
from tests.fuzz.rounds import coverage, run_round
from trackingmore_v2_api import OPERATIONS

STORIES: Final = 200
"""The whole sandbox is told one story for so many inputs of the parsers."""


def all_shares(inputs: int) -> dict[str, int]:
    """Report how many inputs each target gets, the whole sandbox included."""
    return {**runner.shares(inputs), runner.WHOLE: inputs // STORIES}


def main() -> int:
    """Fuzz, tell what was covered, and give 1 if anything failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.long")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--examples", type=int, default=EXAMPLES, help="for an operation and side")
    parser.add_argument("--inputs", type=int, default=INPUTS, help="hostile ones, for the parsers")
    parser.add_argument("--record", type=Path, default=Path("build/fuzz"))
    given = parser.parse_args()
    end = monotonic() + given.minutes * 60

    results = runner.run(given.seed, all_shares(given.inputs), given.record / "hostile")
    print(runner.table(results), flush=True)
    rounds: list[Round] = []
    for seed in count(given.seed):
        rounds.append(run_round(seed, given.examples, given.record / f"seed-{seed}"))
        if monotonic() >= end:
            break

    print(runner.table(results))
    print(coverage(rounds, sorted(OPERATIONS)))
    for each in rounds:
        print(f"seed {each.seed}: {each.tests} tests, {each.total:,} cases")
    failed = [
        *(str(path) for result in results for path in result.files),
        *(f"seed {each.seed}: {test}" for each in rounds for test in each.failed),
    ]
    for failure in failed:
        print("failed:", failure)
    if failed:
        print(f"how to see it again stands in {given.record}")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
