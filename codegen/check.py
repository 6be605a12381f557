"""Check that the generated package matches the contract, byte for byte."""

import argparse
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from compare import differences, files
from generate import OUTPUT
from rendering import CODEGEN

HASH_SEEDS = ("1", "2")


def main() -> None:
    """Generate twice with different hash seeds, and compare both results with the package."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--package",
        type=Path,
        default=OUTPUT,
        help="the package to check (default: generated/trackingmore_v2_api)",
    )
    package: Path = parser.parse_args().package
    with TemporaryDirectory() as folder:
        runs = {seed: Path(folder, seed, OUTPUT.name) for seed in HASH_SEEDS}
        processes = [_start(seed, output) for seed, output in runs.items()]
        codes = {process.wait() for process in processes}
        if codes != {0}:
            raise SystemExit("generation failed")
        first, second = map(files, runs.values())
    if unstable := differences(first, second):
        raise SystemExit("\n".join(["the output depends on the hash seed", *unstable]))
    if stale := differences(first, files(package)):
        print("\n".join(stale))  # noqa: T201 - a command's output
        raise SystemExit(f"{OUTPUT.name} is out of date; run `nox -s generate`")
    print(f"{OUTPUT.name} is up to date")  # noqa: T201 - a command's output


def _start(seed: str, output: Path) -> subprocess.Popen[bytes]:
    run = [sys.executable, str(CODEGEN / "generate.py"), "--output", str(output)]
    return subprocess.Popen(run, env={**os.environ, "PYTHONHASHSEED": seed})  # noqa: S603 - fixed arguments


if __name__ == "__main__":
    main()
