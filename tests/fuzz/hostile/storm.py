"""
Very many inputs through the targets, on all cores.

They come in lots. What a lot holds follows from the seed, the target and its number alone, so that
the same seed gives the same inputs on every machine, however many cores it has.
"""

import os
import shutil
import traceback
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Final, NamedTuple

from . import corpus
from .mutator import Mutator
from .target import Target
from .targets import TARGETS

LOT: Final = 5_000
"""Inputs in a lot."""

WHOLE: Final = "app"
"""The target that is no parser: each of its inputs is a story for the whole sandbox."""

_RUNNING: Final = "running"
"""The folder of the inputs that are run just now."""


class Lot(NamedTuple):
    """Inputs that are made and run together."""

    target: str
    seed: int
    number: int
    inputs: int


class Fault(NamedTuple):
    """An input that raised something."""

    kind: str
    """Name of the error's class."""

    place: str
    """Where it was raised."""

    text: str
    """The whole traceback."""

    data: bytes


class Done(NamedTuple):
    """What came of a lot."""

    target: str
    inputs: int
    seconds: float
    slowest: float
    """Seconds of the input that took longest."""

    faults: tuple[Fault, ...] = ()
    """One for each kind and place."""


class Result(NamedTuple):
    """What came of all inputs of a target."""

    target: str
    inputs: int
    seconds: float
    """Of one core."""

    slowest: float
    files: tuple[Path, ...]
    """Inputs that failed, to be run again."""


def shares(inputs: int) -> dict[str, int]:
    """Report how many inputs each parser gets."""
    parsers = [target for target in TARGETS.values() if target.name != WHOLE]
    whole = sum(target.share for target in parsers)
    given = {target.name: inputs * target.share // whole for target in parsers}
    given[parsers[0].name] += inputs - sum(given.values())
    return given


def lots(seed: int, wanted: dict[str, int]) -> Iterator[Lot]:
    """Cut what is wanted of each target into lots."""
    for target, inputs in wanted.items():
        for number, start in enumerate(range(0, inputs, LOT)):
            yield Lot(target, seed, number, min(LOT, inputs - start))


def run_lot(lot: Lot, folder: Path | None = None) -> Done:
    """Build the inputs of a lot, and run each; the one that runs lies in the folder meanwhile."""
    target = TARGETS[lot.target]
    chance = Random(f"{lot.seed}/{lot.target}/{lot.number}")  # noqa: S311 - no secret
    mutator = Mutator(chance, corpus.beginnings(target), target.tokens)
    faults: dict[tuple[str, str], Fault] = {}
    slowest = 0.0
    began = before = perf_counter()
    with warnings.catch_warnings(), _written_down(folder, lot) as write_down:
        warnings.simplefilter("error")
        for _ in range(lot.inputs):
            data = mutator.make()
            write_down(data)
            fault = run_input(target, data)
            if fault:
                faults.setdefault((fault.kind, fault.place), fault)
            now = perf_counter()
            slowest, before = max(slowest, now - before), now
    return Done(target.name, lot.inputs, before - began, slowest, tuple(faults.values()))


def run_input(target: Target, data: bytes) -> Fault | None:
    """Run one input; None if all is well."""
    try:
        target.run(data)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is the find
        place = traceback.extract_tb(error.__traceback__)[-1]
        return Fault(
            type(error).__name__,
            f"{Path(place.filename).name}:{place.lineno}",
            "".join(traceback.format_exception(error)),
            data,
        )
    return None


@contextmanager
def _written_down(folder: Path | None, lot: Lot) -> Iterator[Callable[[bytes], object]]:
    """Yield what writes an input down before it is run: who dies of it can tell nothing after."""
    if folder is None:
        yield lambda data: data
        return
    path = folder / _RUNNING / lot.target / str(lot.number)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb", buffering=0) as file:

        def write_down(data: bytes) -> None:
            file.seek(0)
            file.truncate()
            file.write(data)

        yield write_down
    path.unlink()


def storm(
    seed: int,
    wanted: dict[str, int],
    folder: Path,
    processes: int | None = None,
    run: Callable[[Lot, Path], Done] = run_lot,
) -> list[Result]:
    """
    Run as many inputs as are wanted of each target, or fewer when one ends its process.

    Args:
        seed: Where chance begins.
        wanted: Inputs, by target.
        folder: Where inputs that failed are written.
        processes: How many work at a time. Default: one for each core.
        run: Runs a lot.
    """
    workers = processes or os.cpu_count() or 1
    shutil.rmtree(folder / _RUNNING, ignore_errors=True)
    # A worker that begins anew is the same on all systems.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        running = [pool.submit(run, lot, folder) for lot in lots(seed, wanted)]
        wait(running)
    ended = [each for each in running if not isinstance(each.exception(), BrokenProcessPool)]
    done = [each.result() for each in ended]
    if len(ended) < len(running):
        done.extend(_left_running(folder))
    return [gather(name, [each for each in done if each.target == name], folder) for name in wanted]


def _left_running(folder: Path) -> Iterator[Done]:
    """Yield the inputs that were run when a process died, which ends all of them."""
    for path in sorted((folder / _RUNNING).glob("*/*")):
        target = path.parent.name
        text = "This input or one like it ended its process; run each of them again, alone."
        yield Done(target, 0, 0, 0, (Fault("ProcessDied", path.name, text, path.read_bytes()),))


def gather(name: str, done: Sequence[Done], folder: Path) -> Result:
    """Merge the results of a target's lots, and write each fault into a folder."""
    faults = {(fault.kind, fault.place): fault for each in done for fault in each.faults}
    files = [_write(folder, name, fault) for _, fault in sorted(faults.items())]
    return Result(
        name,
        sum(each.inputs for each in done),
        sum(each.seconds for each in done),
        max((each.slowest for each in done), default=0.0),
        tuple(files),
    )


def _write(folder: Path, name: str, fault: Fault) -> Path:
    path = corpus.keep(folder, name, fault.kind, fault.data)
    # Beside the folder of the inputs, so that all that lies there can be run again.
    (folder / f"{name}-{path.name}.txt").write_text(fault.text, encoding="utf-8")
    return path


def table(results: Sequence[Result]) -> str:
    """Return what was run, by target."""
    lines = [f"{'target':12}{'inputs':>12}{'a second':>12}{'slowest':>12}{'failed':>8}"]
    for each in results:
        rate = each.inputs / each.seconds if each.seconds else 0
        slowest = f"{each.slowest * 1000:.0f} ms"
        lines.append(
            f"{each.target:12}{each.inputs:12,}{rate:12,.0f}{slowest:>12}{len(each.files):8}"
        )
    total = Counter(parsers=sum(each.inputs for each in results if each.target != WHOLE))
    lines.append(f"{'parsers':12}{total['parsers']:12,}")
    return "\n".join(lines)
