"""Command that prints the changes of the contract, and whether the version fits them."""

import argparse
import sys
from pathlib import Path

from packaging.version import Version

from release.contract_diff.comparison import compare
from release.contract_diff.document import load
from release.history import (
    ROOT,
    GitError,
    current_version,
    last_tag,
    read_at,
    version_at,
)
from release.report import FITS, NO_RELEASE, USAGE, report

CONTRACT = "openapi.yaml"


def main() -> int:
    """Compare, and return the exit status."""
    options = _parse()
    try:
        old = options.old or last_tag()
        if old is None:
            print(NO_RELEASE)
            return FITS
        changes = compare(load(_read(old)), load(_read(options.new)))
        previous = None if Path(old).is_file() else version_at(old)
    except GitError as error:
        print(error, file=sys.stderr)
        return USAGE
    print(f"{CONTRACT} since {old}")
    return report(changes, str(options.version), previous)


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m release.contract_diff", description=__doc__)
    files = "a file or a git revision"
    parser.add_argument("old", nargs="?", help=f"{files}; the last release by default")
    parser.add_argument("new", nargs="?", default=str(ROOT / CONTRACT), help=files)
    judged = "the version to judge; that of the package by default"
    parser.add_argument("--version", type=Version, default=current_version(), help=judged)
    return parser.parse_args()


def _read(source: str) -> bytes:
    return Path(source).read_bytes() if Path(source).is_file() else read_at(source, CONTRACT)


if __name__ == "__main__":
    sys.exit(main())
