"""What a comparison prints, and its exit status."""

from collections import Counter
from collections.abc import Iterable

from release.changes import Change, Impact, in_order, worst
from release.versions import fits, judge

FITS, DOES_NOT_FIT, USAGE = 0, 1, 2
"""Exit statuses."""

NO_RELEASE = "no release to compare with: HEAD has no tag of the form v1.2.3"


def describe(changes: Iterable[Change]) -> list[str]:
    """Return a line for each change, the most harmful ones first, and their numbers."""
    ordered = in_order(changes)
    counts = Counter(change.impact for change in ordered)
    numbers = ", ".join(f"{counts[impact]} {impact.name.lower()}" for impact in reversed(Impact))
    return [*map(str, ordered), f"changes: {numbers}" if ordered else "no changes"]


def report(changes: list[Change], version: str, previous: str | None) -> int:
    """Print changes, and whether a version fits them; return the exit status."""
    print(*describe(changes), sep="\n")
    if previous is None:
        return FITS
    impact = worst(changes)
    print(judge(version, previous, impact))
    return FITS if fits(version, previous, impact) else DOES_NOT_FIT
