"""
Coverage-guided fuzzing: Atheris makes the inputs, and keeps those that reach new code.

    python -m tests.fuzz.hostile.coverage_guided MINUTES [TARGET...]

Inputs that fail are written to `build/atheris/failed`, and those that reach new code to
`build/atheris/corpus`, where the next run continues.
"""

import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any, Final

atheris: Final[Any] = import_module("atheris")  # not available for every Python and system

with atheris.instrument_imports(
    include=["trackingmore_v2", "trackingmore_v2_api", "trackingmore_v2_sandbox"]
):
    from .corpus import DICTIONARIES, TARGETS
    from .mutator import MAX_SIZE


RECORD: Final = Path("build/atheris")


def fuzz(name: str, seconds: int) -> None:
    """Fuzz a target; Atheris ends the process."""
    dictionary, failed = RECORD / "dictionary", RECORD / "failed" / name
    new, seeds = RECORD / "corpus" / name, RECORD / "seeds" / name
    for folder in (failed, new, seeds):
        folder.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(TARGETS[name].inputs()):
        (seeds / str(number)).write_bytes(data)
    texts = [(DICTIONARIES / f"{each}.dict").read_bytes() for each in (name, "json")]
    dictionary.write_bytes(b"".join(texts))
    options = [
        *(f"-max_total_time={seconds}", f"-max_len={MAX_SIZE}", "-timeout=20"),
        *(f"-dict={dictionary}", f"-artifact_prefix={failed}/", "-print_final_stats=1"),
    ]
    atheris.Setup([name, *options, str(new), str(seeds)], TARGETS[name].run)
    atheris.Fuzz()


def main(minutes: str = "1", *names: str) -> int:
    """Fuzz each target in a process of its own, and return the number of those that failed."""
    failed = 0
    for name in names or TARGETS:
        # Not with multiprocessing: libFuzzer writes an input that fails when Python exits.
        if not (process := os.fork()):
            fuzz(name, int(float(minutes) * 60))
        failed += os.waitpid(process, 0)[1] != 0
    return failed


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
