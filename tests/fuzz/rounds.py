"""One run of all fuzz tests with a seed of its own, and what it tried."""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

from tests.fuzz.plan import EXAMPLES, RECORD, SEED
from tests.fuzz.report import SIDES, Cases, Round

FOLDER: Final = "tests/fuzz"
_FAILED: Final = ("failure", "error")


def run_round(seed: int, examples: int, record: Path) -> Round:
    """
    Run all fuzz tests.

    Args:
        seed: Where chance begins.
        examples: Examples for each operation and side.
        record: The folder for what was tried and what failed; failures that lie there from an
            earlier run are tried first.
    """
    record.mkdir(parents=True, exist_ok=True)
    for old in (*record.glob("tried-*.jsonl"), *record.glob("failed-*.txt")):
        old.unlink()
    report = record / "tests.xml"
    report.unlink(missing_ok=True)
    said = {EXAMPLES: str(examples), SEED: str(seed), RECORD: str(record.resolve())}
    command = [
        *(sys.executable, "-m", "pytest", FOLDER, "--numprocesses=2", "--dist=loadfile", "-q"),
        *(f"--junitxml={report}", "--override-ini=junit_family=xunit1"),
    ]
    run = subprocess.run(command, check=False, env={**os.environ, **said})  # noqa: S603 - our own
    tests, failed = read_report(report)
    for test, text in failed.items():
        write_failure(record, said, test, text)
    problems = list(failed)
    if run.returncode and not failed:
        problems.append(f"pytest ended with {run.returncode}")
    return Round(seed=seed, tests=tests, failed=problems, cases=read_tried(record))


def read_report(report: Path) -> tuple[int, dict[str, str]]:
    """Read pytest's own report: the number of tests, and what each that failed said."""
    if not report.exists():
        return 0, {}
    cases = list(ET.parse(report).iter("testcase"))  # noqa: S314 - pytest wrote it for us
    failed: dict[str, str] = {}
    for case in cases:
        texts = [each.text or "" for name in _FAILED for each in case.iter(name)]
        if texts:
            failed[_id(case)] = "\n".join(texts)
    return len(cases), failed


def _id(case: ET.Element) -> str:
    file, name = case.get("file") or case.get("classname") or "", case.get("name") or ""
    module = file.removesuffix(".py").replace("/", ".")
    if name == module:  # it could not even be read
        return file
    inside = (case.get("classname") or "").removeprefix(module).strip(".")
    return "::".join(filter(None, (file, inside, name)))


def write_failure(record: Path, said: dict[str, str], test: str, text: str) -> Path:
    """Write down what failed, and the command that does it again."""
    settings = " ".join(f"{name}={value}" for name, value in said.items())
    command = f"{settings} python -m pytest '{test}'"
    path = record / f"failed-{re.sub('[^0-9A-Za-z_]+', '-', test)[-120:]}.txt"
    path.write_text(f"{command}\n\n{text}\n", encoding="utf-8")
    return path


def read_tried(record: Path) -> list[Cases]:
    """Add up what the processes of a run wrote down."""
    counts: Counter[tuple[str, str]] = Counter()
    for path in record.glob("tried-*.jsonl"):
        for line in path.read_text(encoding="utf-8").splitlines():
            operation, side, _kind, cases = json.loads(line)
            counts[operation, side] += cases
    return [Cases(*key, cases) for key, cases in sorted(counts.items())]


def coverage(rounds: Iterable[Round], operations: Iterable[str]) -> str:
    """Return how many cases were tried, by operation and side."""
    runs = list(rounds)
    lines = [f"{'operation':26}" + "".join(f"{side:>12}" for side in SIDES)]
    for operation in operations:
        sums = (sum(each.of(operation, side) for each in runs) for side in SIDES)
        lines.append(f"{operation:26}" + "".join(f"{cases:12,}" for cases in sums))
    return "\n".join(lines)
