"""
Many mutated inputs for the targets, in several processes.

Inputs are made and run in batches. They depend only on the seed, the target and the number of the
batch, so a seed gives the same inputs on every machine.
"""

import shutil
import traceback
import warnings
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Final, NamedTuple

from .corpus import TARGETS, Target
from .mutator import Mutator

BATCH_SIZE: Final = 5_000

WHOLE: Final = "app"
"""The target that is no single parser: each of its inputs is a sequence of requests."""

_CURRENT: Final = "current"
"""Folder of the inputs that are being run, one file for each batch."""


class Result(NamedTuple):
    """The result of one batch, or of all batches of a target."""

    target: str
    inputs: int
    seconds: float
    """Time of one core."""

    slowest: float
    """Seconds that the slowest input took."""

    files: Sequence[Path]
    """Inputs that failed, one for each kind and place of failure."""


def shares(inputs: int) -> dict[str, int]:
    """Return the number of inputs of each parser."""
    counts = {it.name: inputs * it.share // 100 for it in TARGETS.values() if it.share}
    counts["responses"] += inputs - sum(counts.values())
    return counts


def run(
    seed: int, inputs: Mapping[str, int], folder: Path, processes: int | None = None
) -> list[Result]:
    """
    Run a number of inputs of each target.

    A process that crashes ends the run; the inputs that were being run then count as failures.

    Args:
        seed: Source of all choices.
        inputs: Number of inputs, by target.
        folder: Folder for the inputs that fail.
        processes: Number of processes. Default: one for each core.
    """
    shutil.rmtree(folder / _CURRENT, ignore_errors=True)
    # Spawned processes behave alike on all systems.
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        futures = [
            pool.submit(run_batch, TARGETS[name], seed, start, min(start + BATCH_SIZE, end), folder)
            for name, end in inputs.items()
            for start in range(0, end, BATCH_SIZE)
        ]
    completed = (it for it in futures if not isinstance(it.exception(), BrokenProcessPool))
    results = [future.result() for future in completed]
    for current in sorted((folder / _CURRENT).glob("*/*")):
        target = current.parent.name
        path = folder / target / f"ProcessCrash-{current.name}"
        results.append(Result(target, 0, 0, 0, [_save(current, path)]))
    return [_sum(name, [it for it in results if it.target == name]) for name in inputs]


def run_batch(target: Target, seed: int, start: int, end: int, folder: Path) -> Result:
    """Run the inputs of a batch; each is on disk while it runs."""
    random = Random(f"{seed}/{target.name}/{start}")  # noqa: S311 - not a secret
    mutator = Mutator(random, target.inputs(), target.tokens)
    current = folder / _CURRENT / target.name / str(start)
    current.parent.mkdir(parents=True, exist_ok=True)
    times = [perf_counter()]
    files: set[Path] = set()
    with current.open("wb", buffering=0) as file, warnings.catch_warnings():
        warnings.simplefilter("error")
        for _ in range(start, end):
            data = mutator.make()
            file.seek(0)
            file.truncate()
            file.write(data)
            try:
                target.run(data)
            except Exception as error:  # noqa: BLE001 - every exception is a failure
                place = traceback.extract_tb(error.__traceback__)[-1]
                kind = f"{type(error).__name__}-{Path(place.filename).stem}-{place.lineno}"
                if (path := folder / target.name / kind) not in files:
                    traceback.print_exception(error)
                    files.add(_save(current, path))
            times.append(perf_counter())
    current.unlink()
    slowest = max(after - before for before, after in pairwise(times))
    return Result(target.name, end - start, times[-1] - times[0], slowest, [*files])


def _save(current: Path, path: Path) -> Path:
    """Copy an input that failed; several processes may write the same file."""
    path.parent.mkdir(exist_ok=True)
    copy = shutil.copy(current, current.with_suffix(".copy"))
    return Path(copy).replace(path)


def _sum(name: str, results: Sequence[Result]) -> Result:
    return Result(
        name,
        sum(each.inputs for each in results),
        sum(each.seconds for each in results),
        max((each.slowest for each in results), default=0),
        sorted({path for each in results for path in each.files}),
    )


def table(results: Sequence[Result]) -> str:
    """Return the results as text, one line for each target."""
    lines = [f"{'target':12}{'inputs':>12}{'a second':>12}{'slowest':>12}{'failed':>8}"]
    for target, inputs, seconds, slowest, files in results:
        rate = inputs / (seconds or 1)
        lines.append(f"{target:12}{inputs:12,}{rate:12,.0f}{slowest * 1000:9,.0f} ms{len(files):8}")
    lines.append(f"{'parsers':12}{sum(it.inputs for it in results if it.target != WHOLE):12,}")
    return "\n".join(lines)
