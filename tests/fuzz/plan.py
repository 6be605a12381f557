"""
How much is fuzzed, from which seed, and where it is written what was tried.

The quick run decides that for itself, and is the same each time. Longer ones say it by the
environment, which also reaches the workers of pytest-xdist.
"""

import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NamedTuple

import hypothesis
from hypothesis.database import DirectoryBasedExampleDatabase, ExampleDatabase

EXAMPLES: Final = "TRACKINGMORE_FUZZ_EXAMPLES"
SEED: Final = "TRACKINGMORE_FUZZ_SEED"
RECORD: Final = "TRACKINGMORE_FUZZ_RECORD"


class Plan(NamedTuple):
    """What one run is told."""

    examples: int | None = None
    """At least so many for each operation and side; `None` leaves it to each test."""
    seed: int | None = None
    """Where chance begins; `None` for the same examples each time."""
    record: Path | None = None
    """The folder for what was tried and what failed; `None` for nowhere."""


def read(environment: dict[str, str]) -> Plan:
    """Read what the environment says."""
    examples, seed, record = (environment.get(name) for name in (EXAMPLES, SEED, RECORD))
    return Plan(
        examples=int(examples) if examples else None,
        seed=int(seed) if seed else None,
        record=Path(record) if record else None,
    )


PLAN: Final = read(dict(os.environ))


def settings(quick: int, **more: Any) -> hypothesis.settings:
    """
    Return the settings of a test that tries `quick` examples in a quick run.

    Args:
        quick: The number of examples, if the run does not ask for more.
        more: Other settings of hypothesis.
    """
    database: ExampleDatabase | None = None
    if PLAN.record:  # a failure is tried first when the run is repeated
        database = DirectoryBasedExampleDatabase(PLAN.record / "failures")
    return hypothesis.settings(
        max_examples=max(quick, PLAN.examples or 0),
        derandomize=PLAN.seed is None,
        database=database,
        deadline=None,
        print_blob=PLAN.record is not None,
        suppress_health_check=list(hypothesis.HealthCheck),
        **more,
    )


def fuzzed(quick: int, **more: Any) -> Callable[[Any], Any]:
    """Decorate a property with its settings, and with the seed of the run."""

    def decorate(test: Any) -> Any:
        seeded = test if PLAN.seed is None else hypothesis.seed(PLAN.seed)(test)
        return settings(quick, **more)(seeded)

    return decorate


class Tried:
    """
    Counts the cases that were tried, by operation, side and kind.

    With a plan to record, each process adds its counts to a file of its own when it ends.
    """

    def __init__(self) -> None:
        self.counts: Counter[tuple[str, str, str]] = Counter()

    def note(self, operation: str, side: str, kind: str, cases: int = 1) -> None:
        """
        Count cases.

        Args:
            operation: The `operationId`.
            side: `server`, or `client`.
            kind: What was tried, such as `valid answers`.
            cases: How many.
        """
        self.counts[operation, side, kind] += cases


TRIED: Final = Tried()
"""The counts of this process."""
