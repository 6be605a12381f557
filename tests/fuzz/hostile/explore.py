"""
Explores targets with Atheris, one after the other, each from what is kept of it and its seeds.

    python -m tests.fuzz.hostile.explore MINUTES [TARGET...]

What it finds is written as files that `replay.py` runs again, and what reaches new lines is left
for `choose.py` to choose from.
"""

import argparse
import re
import subprocess
import sys
from pathlib import Path
from typing import Final, NamedTuple

from . import corpus
from .mutator import LONGEST
from .targets import TARGETS

RECORD: Final = Path("build/atheris")
_EXECUTED: Final = re.compile(r"stat::number_of_executed_units:\s*([0-9]+)")
_LINES: Final = 40
"""So much of the output is shown when something was found."""


class Explored(NamedTuple):
    """What came of a target."""

    executed: int
    """Inputs that were run."""

    found: bool
    output: str


def explore(name: str, seconds: int, record: Path, seed: int) -> Explored:
    """Explore a target; what is found lies in its folder of the record."""
    beginnings, grown, found = (record / part / name for part in ("beginnings", "grown", "found"))
    for folder in (grown, found):
        folder.mkdir(parents=True, exist_ok=True)
    corpus.write_all(beginnings, corpus.beginnings(TARGETS[name]))
    command = [
        *(sys.executable, "-m", "tests.fuzz.hostile.harness", name, str(grown), str(beginnings)),
        *(f"-max_total_time={seconds}", f"-seed={seed}", f"-max_len={LONGEST}", "-timeout=20"),
        *(f"-artifact_prefix={found}/", "-print_final_stats=1"),
    ]
    run = subprocess.run(  # noqa: S603 - our own code
        command, capture_output=True, check=False, encoding="utf-8", errors="replace"
    )
    output = run.stdout + run.stderr
    executed = _EXECUTED.search(output)
    return Explored(int(executed[1]) if executed else 0, run.returncode != 0, output)


def main() -> int:
    """Explore each target, tell what came of it, and give 1 if anything was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.hostile.explore")
    parser.add_argument("minutes", nargs="?", type=float, default=1, help="for each target")
    parser.add_argument("targets", nargs="*", help=f"default: all of {', '.join(TARGETS)}")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--record", type=Path, default=RECORD)
    given = parser.parse_args()
    failed = False
    for name in given.targets or TARGETS:
        result = explore(name, int(given.minutes * 60), given.record, given.seed)
        files = sorted(map(str, (given.record / "found" / name).glob("*")))
        told = f"{result.executed:,} inputs"
        if result.found:
            failed = True
            told = "\n".join([*result.output.splitlines()[-_LINES:], f"kept in {files}"])
        print(f"{name}: {told}", flush=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
