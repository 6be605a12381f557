"""
Number of examples and seed of a run, and a count of its cases.

The quick run is deterministic. A long run sets environment variables, which also reach the workers
of pytest-xdist.
"""

import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NamedTuple

import hypothesis
from hypothesis import Phase
from hypothesis.database import DirectoryBasedExampleDatabase

EXAMPLES: Final = "TRACKINGMORE_FUZZ_EXAMPLES"
SEED: Final = "TRACKINGMORE_FUZZ_SEED"
RECORD: Final = "TRACKINGMORE_FUZZ_RECORD"


class Profile(NamedTuple):
    """Settings of one run."""

    examples: int = 0
    """The minimum number of examples for each operation and side."""

    seed: int | None = None
    """None runs the same examples each time."""

    record: Path | None = None
    """The folder for counts of cases and, with a seed, for failing examples."""

    is_fail_fast: bool = False
    """Whether a test stops at its first failure, without shrinking it."""


PROFILE = Profile(
    int(os.environ.get(EXAMPLES) or 0),
    int(os.environ[SEED]) if os.environ.get(SEED) else None,
    Path(os.environ[RECORD]) if os.environ.get(RECORD) else None,
)
CASES: Final = Counter[tuple[str, str]]()
"""Cases of this process, by operation and side (`server` or `client`)."""


def settings(quick: int, **more: Any) -> hypothesis.settings:
    """Return the settings of a test that runs `quick` examples in a quick run."""
    if PROFILE.record and PROFILE.seed is not None:  # a failure is run first in the next run
        more["database"] = DirectoryBasedExampleDatabase(PROFILE.record / "failures")
    if PROFILE.is_fail_fast:
        more |= {"phases": (Phase.explicit, Phase.generate), "report_multiple_bugs": False}
    return hypothesis.settings(
        max_examples=max(quick, PROFILE.examples),
        derandomize=PROFILE.seed is None,
        deadline=None,
        print_blob=PROFILE.record is not None,
        suppress_health_check=list(hypothesis.HealthCheck),
        **{"database": None, **more},
    )


def fuzzed(quick: int, **more: Any) -> Callable[[Any], Any]:
    """Decorate a property with its settings and the seed of the run."""

    def decorate(test: Any) -> Any:
        seeded = test if PROFILE.seed is None else hypothesis.seed(PROFILE.seed)(test)
        return settings(quick, **more)(seeded)

    return decorate
