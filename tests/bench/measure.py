"""Interleaved timing, and a table of figures with their bars."""

from collections.abc import Callable, Mapping, Sequence
from statistics import median
from time import perf_counter
from typing import TypeAlias

Times: TypeAlias = dict[str, list[float]]


class Report:
    """Figures on standard output, and whether one misses its bar."""

    def __init__(self) -> None:
        self.missed = False

    def add(
        self,
        name: str,
        values: float | Sequence[float],
        unit: str = "",
        *,
        most: float | None = None,
        below: float | None = None,
    ) -> None:
        """Print a figure, or the median and the range of several, and compare it with its bar."""
        many = [values] if isinstance(values, int | float) else values
        value = median(many)
        shown = f"{value:,}" if isinstance(value, int) else f"{value:,.2f}"
        spread = f"{min(many):,.2f} to {max(many):,.2f}" if len(many) > 1 else ""
        bar = f"(bar: at most {most:g})" if most is not None else ""
        bar = f"(bar: below {below:g})" if below is not None else bar
        print(f"{name:36}{shown:>12} {unit:3} {bar:20} {spread}".rstrip())
        self.missed |= (most is not None and value > most) or (below is not None and value >= below)


def interleave(
    rounds: int, actions: Mapping[str, Callable[[], float]], *, warm_up: int = 0
) -> Times:
    """Measure actions in turns; the rounds of the warm-up do not count."""
    times: Times = {name: [] for name in actions}
    for turn in range(warm_up + rounds):
        for name, action in actions.items():
            value = action()
            if turn >= warm_up:
                times[name].append(value)
    return times


def timed(
    action: Callable[..., object], *arguments: object, clock: Callable[[], float] = perf_counter
) -> Callable[[], float]:
    """Return a function that calls another with arguments, and returns the milliseconds."""

    def run() -> float:
        start = clock()
        action(*arguments)
        return (clock() - start) * 1e3

    return run


def ratio(times: Times, one: str, other: str) -> float:
    """Return the ratio of two medians."""
    return median(times[one]) / median(times[other])
