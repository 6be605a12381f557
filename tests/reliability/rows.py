"""Rows of the page about reliability, and the settings of a run."""

from collections.abc import Callable, Iterable
from typing import NamedTuple, TypeAlias, TypeVar

T = TypeVar("T")


class Row(NamedTuple):
    """A claim, its bar, and what was measured."""

    claim: str
    bar: str
    value: str
    holds: bool


class Settings(NamedTuple):
    """What a measurement is given."""

    seed: int
    is_quick: bool = False
    """Whether to measure a part only, to try the measurement itself."""

    def pick(self, full: T, quick: T) -> T:
        """Return the value for this run."""
        return quick if self.is_quick else full


Measure: TypeAlias = Callable[[Settings], Iterable[Row]]
"""The function `measure` of each module of this package that measures."""
