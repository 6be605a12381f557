"""Command that prints the changes of the Python API, and whether the version fits them."""

import argparse
import json
import sys

from release.api_diff.comparison import compare
from release.api_diff.consumers import CONSUMER, check_consumer
from release.api_diff.description import FILE, describe_api, dump
from release.changes import Change
from release.history import ROOT, read_at, version_at
from release.report import FITS, add_version, compare_since


def main() -> int:
    """Write the description, or compare; return the exit status."""
    options = _parse()
    if options.write:
        (ROOT / FILE).write_text(dump(describe_api()), encoding="utf-8")
        return FITS
    return compare_since(options.old, options.version, "Python API and command line", _find)


def _find(old: str) -> tuple[list[Change], str]:
    before, consumer = json.loads(read_at(old, FILE)), read_at(old, CONSUMER)
    previous = version_at(old)
    return [*compare(before, describe_api()), *check_consumer(consumer)], previous


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m release.api_diff", description=__doc__)
    parser.add_argument("old", nargs="?", help="a git revision; the last release by default")
    add_version(parser)
    parser.add_argument("--write", action="store_true", help=f"write {FILE}, and compare nothing")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
