"""What a comparison with the last release prints, and its exit status."""

import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Callable, Iterable
from typing import TypeAlias

from packaging.version import Version

from release.changes import Change, Impact, in_order, worst
from release.history import GitError, current_version, last_tag
from release.versions import fits, judge

FITS, DOES_NOT_FIT, USAGE = 0, 1, 2
"""Exit statuses."""

Compare: TypeAlias = Callable[[str], tuple[list[Change], str | None]]
"""Returns the changes since a revision, and its version; None for a file, which has none."""

NO_RELEASE = "no release to compare with: HEAD has no tag of the form v1.2.3"


def describe(changes: Iterable[Change]) -> list[str]:
    """Return a line for each change, the most harmful ones first, and their numbers."""
    ordered = in_order(changes)
    counts = Counter(change.impact for change in ordered)
    numbers = ", ".join(f"{counts[impact]} {impact.name.lower()}" for impact in reversed(Impact))
    return [*map(str, ordered), f"changes: {numbers}" if ordered else "no changes"]


def add_version(parser: ArgumentParser) -> None:
    """Add the option that names the version to judge."""
    judged = "the version to judge; that of the package by default"
    parser.add_argument("--version", type=Version, default=current_version(), help=judged)


def compare_since(old: str | None, version: Version, subject: str, compare: Compare) -> int:
    """
    Compare, print the changes, and return the exit status.

    Args:
        old: A revision. Default: the last release.
        version: The version to judge.
        subject: What is compared.
        compare: The comparison.
    """
    try:
        since = old or last_tag()
        if since is None:
            print(NO_RELEASE)
            return FITS
        changes, previous = compare(since)
    except GitError as error:
        print(error, file=sys.stderr)
        return USAGE
    print(f"{subject} since {since}")
    return report(changes, str(version), previous)


def report(changes: list[Change], version: str, previous: str | None) -> int:
    """Print changes, and whether a version fits them; return the exit status."""
    print(*describe(changes), sep="\n")
    if previous is None:
        return FITS
    impact = worst(changes)
    print(judge(version, previous, impact))
    return FITS if fits(version, previous, impact) else DOES_NOT_FIT
