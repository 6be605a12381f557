"""
Runs inputs again that are kept in files; the folder of each names its target.

    python -m tests.fuzz.hostile.replay tests/fuzz/corpus/answers/*
"""

import argparse
import sys
from pathlib import Path

from .corpus import target_of
from .storm import run_input


def main() -> int:
    """Run each file, tell what came of it, and give 1 if any failed."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.fuzz.hostile.replay", description=__doc__
    )
    parser.add_argument("files", nargs="+", type=Path)
    failed = False
    for path in parser.parse_args().files:
        target = target_of(path)
        fault = run_input(target, path.read_bytes())
        print(f"{target.name} {path.name}: {fault.text if fault else 'well'}")
        failed = failed or fault is not None
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
