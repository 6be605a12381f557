"""Tell whether the generated package is what the contract gives, byte for byte."""

import argparse
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from compare import differences, files
from generate import OUTPUT
from rendering import RECIPE

HASH_SEEDS = ("1", "2")


def main() -> None:
    """Generate twice with different hash seeds, and compare both with what is there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--package", type=Path, default=OUTPUT, help="what is there")
    package: Path = parser.parse_args().package
    with TemporaryDirectory() as folder:
        runs = {seed: Path(folder, seed, OUTPUT.name) for seed in HASH_SEEDS}
        processes = [_start(seed, output) for seed, output in runs.items()]
        codes = {process.wait() for process in processes}
        if codes != {0}:
            raise SystemExit("generation failed")
        first, second = map(files, runs.values())
    if unsteady := differences(first, second):
        raise SystemExit("\n".join(["the hash seed changes the product", *unsteady]))
    if stale := differences(first, files(package)):
        print("\n".join(stale))  # noqa: T201 - a command's answer
        raise SystemExit(f"{OUTPUT.name} is stale: run `nox -s generate`")
    print(f"{OUTPUT.name} is fresh")  # noqa: T201 - a command's answer


def _start(seed: str, output: Path) -> subprocess.Popen[bytes]:
    run = [sys.executable, str(RECIPE / "generate.py"), "--output", str(output)]
    return subprocess.Popen(run, env={**os.environ, "PYTHONHASHSEED": seed})  # noqa: S603 - our own words


if __name__ == "__main__":
    main()
