"""Command that prints the changes of the contract, and whether the version fits them."""

import argparse
import sys
from pathlib import Path

from release.changes import Change
from release.contract_diff.comparison import compare
from release.contract_diff.document import load
from release.history import ROOT, read_at, version_at
from release.report import add_version, compare_since

CONTRACT = "openapi.yaml"


def main() -> int:
    """Compare, and return the exit status."""
    options = _parse()

    def find(old: str) -> tuple[list[Change], str | None]:
        changes = compare(load(_read(old)), load(_read(options.new)))
        return changes, None if Path(old).is_file() else version_at(old)

    return compare_since(options.old, options.version, CONTRACT, find)


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m release.contract_diff", description=__doc__)
    files = "a file or a git revision"
    parser.add_argument("old", nargs="?", help=f"{files}; the last release by default")
    parser.add_argument("new", nargs="?", default=str(ROOT / CONTRACT), help=files)
    add_version(parser)
    return parser.parse_args()


def _read(source: str) -> bytes:
    return Path(source).read_bytes() if Path(source).is_file() else read_at(source, CONTRACT)


if __name__ == "__main__":
    sys.exit(main())
