"""
Chooses of many inputs the few that are worth keeping: those that reach what no other one does.

    python -m tests.fuzz.hostile.choose TARGET FOLDER...

They are copied to what is kept of the target.
"""

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path
from types import FrameType
from typing import Any, Final, TypeAlias

from . import corpus, storm
from .target import Target
from .targets import TARGETS

MOST: Final = 40
"""So many are kept of a target."""

LARGEST: Final = 5_000
"""Bytes of the largest one that is kept."""

Step: TypeAlias = tuple[str, int, int]
"""From a line to the next one, in a file of ours."""

_OURS: Final = ("/trackingmore_v2", "/trackingmore_v2_api", "/trackingmore_v2_sandbox")


def reached(target: Target, data: bytes) -> frozenset[Step]:
    """Return the steps that our code takes with an input."""
    steps: set[Step] = set()

    def enter(frame: FrameType, _event: str, _given: Any) -> Any:
        name = frame.f_code.co_filename
        if not any(f"{package}/" in name for package in _OURS):
            return None
        last = 0

        def go_on(frame: FrameType, event: str, _given: Any) -> Any:
            nonlocal last
            if event == "line":
                steps.add((name, last, frame.f_lineno))
                last = frame.f_lineno
            return go_on

        return go_on

    before = sys.gettrace()
    sys.settrace(enter)
    try:
        storm.run_input(target, data)
    finally:
        sys.settrace(before)
    return frozenset(steps)


def choose(
    target: Target, known: Iterable[bytes], offered: Iterable[bytes], most: int
) -> list[bytes]:
    """
    Choose inputs, at each turn the one that reaches most of what is not reached yet.

    Args:
        target: Whose they are.
        known: Inputs that are kept anyway.
        offered: What to choose from.
        most: How many to choose at most.
    """
    seen = frozenset[Step]().union(*(reached(target, data) for data in known))
    left = {data: reached(target, data) for data in offered if len(data) <= LARGEST}
    chosen: list[bytes] = []
    while left and len(chosen) < most:
        best = max(left, key=lambda data: (len(left[data] - seen), -len(data), data))
        if not left[best] - seen:
            break
        seen |= left.pop(best)
        chosen.append(best)
    return chosen


def main() -> None:
    """Add what is worth keeping to the files of a target."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.hostile.choose")
    parser.add_argument("target", choices=TARGETS)
    parser.add_argument("folders", nargs="+", type=Path)
    given = parser.parse_args()
    target = TARGETS[given.target]
    offered = [
        path.read_bytes()
        for folder in given.folders
        for path in sorted(folder.glob("*"))
        if path.is_file()
    ]
    most = MOST - len(corpus.kept(target))
    chosen = choose(target, corpus.beginnings(target), offered, most)
    corpus.write_all(corpus.CORPUS / target.name, chosen)
    print(f"{target.name}: {len(chosen)} of {len(offered)} kept")


if __name__ == "__main__":
    main()
