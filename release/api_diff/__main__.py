"""Command that prints the changes of the Python API, and whether the version fits them."""

import argparse
import json
import sys

from packaging.version import Version

from release.api_diff.comparison import compare
from release.api_diff.consumers import CONSUMER, check_consumer
from release.api_diff.description import FILE, describe_api, dump
from release.history import (
    ROOT,
    GitError,
    current_version,
    last_tag,
    read_at,
    version_at,
)
from release.report import FITS, NO_RELEASE, USAGE, report


def main() -> int:
    """Write the description, or compare; return the exit status."""
    options = _parse()
    if options.write:
        (ROOT / FILE).write_text(dump(describe_api()), encoding="utf-8")
        return FITS
    try:
        old = options.old or last_tag()
        if old is None:
            print(NO_RELEASE)
            return FITS
        before, consumer = json.loads(read_at(old, FILE)), read_at(old, CONSUMER)
        previous = version_at(old)
    except GitError as error:
        print(error, file=sys.stderr)
        return USAGE
    print(f"Python API and command line since {old}")
    changes = [*compare(before, describe_api()), *check_consumer(consumer)]
    return report(changes, str(options.version), previous)


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m release.api_diff", description=__doc__)
    parser.add_argument("old", nargs="?", help="a git revision; the last release by default")
    judged = "the version to judge; that of the package by default"
    parser.add_argument("--version", type=Version, default=current_version(), help=judged)
    parser.add_argument("--write", action="store_true", help=f"write {FILE}, and compare nothing")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
