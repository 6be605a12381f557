"""
Measures what docs/conformance.md says, and writes it.

    python -m tests.fuzz.conformance

All that is run is run here and now, and nothing else goes into the page.
"""

import argparse
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from platform import python_version
from typing import Any, Final, TypeVar

import msgspec

from tests.fuzz.finds import read_finds
from tests.fuzz.hostile import runner
from tests.fuzz.long import all_shares
from tests.fuzz.report import (
    EXAMPLES,
    INPUTS,
    PAGE,
    SEEDS,
    Hostile,
    Measured,
    Mutation,
    Planted,
    judge,
    render,
)
from tests.fuzz.rounds import run_round
from trackingmore_v2_api import OPERATIONS

T = TypeVar("T")

_USED: Final = ("trackingmore-v2", "msgspec", "httpx2", "starlette", "hypothesis", "schemathesis")


def measure(given: argparse.Namespace) -> Measured:
    """Run everything."""
    record: Path = given.record
    record.mkdir(parents=True, exist_ok=True)
    mutation = run_module("tests.contract.mutations", record / "mutations.json", Mutation)
    planted = run_module("tests.fuzz.planted", record / "planted.json", list[Planted])
    results = runner.run(given.seeds[0], all_shares(given.inputs), record / "hostile")
    print(runner.table(results), flush=True)
    rounds = [run_round(seed, given.examples, record / f"seed-{seed}") for seed in given.seeds]
    return Measured(
        date=f"{datetime.now(UTC):%Y-%m-%d}",
        versions={"Python": python_version(), **{name: version(name) for name in _USED}},
        examples=given.examples,
        rounds=rounds,
        mutation=mutation,
        planted=planted,
        hostile=[Hostile(each.target, each.inputs, len(each.files)) for each in results],
        finds=read_finds(),
    )


def run_module(module: str, path: Path, kind: type[T]) -> T:
    """Run a module that writes what it measured as JSON, whatever it ends with, and read that."""
    path.unlink(missing_ok=True)
    subprocess.run([sys.executable, "-m", module, str(path)], check=False)  # noqa: S603 - our own
    decoded: Any = msgspec.json.decode(path.read_bytes(), type=kind)
    read: T = decoded
    return read


def main() -> int:
    """Measure, write the page, and give 1 if it tells of anything that is not well."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.conformance")
    parser.add_argument("--seeds", type=int, nargs="+", default=[*range(1, SEEDS + 1)])
    parser.add_argument("--examples", type=int, default=EXAMPLES, help="for an operation and side")
    parser.add_argument("--inputs", type=int, default=INPUTS, help="hostile ones, for the parsers")
    parser.add_argument("--record", type=Path, default=Path("build/conformance"))
    parser.add_argument("--page", type=Path, default=PAGE)
    given = parser.parse_args()
    measured = measure(given)
    operations = sorted(OPERATIONS)
    page = render(measured, operations)
    given.page.write_text(page, encoding="utf-8")
    complaints = [
        *judge(page, operations, measured.finds),
        *(f"seed {each.seed}: {test}" for each in measured.rounds for test in each.failed),
    ]
    for complaint in complaints:
        print("not well:", complaint)
    return int(bool(complaints))


if __name__ == "__main__":
    sys.exit(main())
