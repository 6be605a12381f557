"""Progress on standard error: a bar on a terminal, and elsewhere a line from time to time."""

import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar

if TYPE_CHECKING:
    from trackingmore_v2_cli._output.output import Output

ItemT = TypeVar("ItemT")

_BAR_INTERVAL: Final = 0.1
_LINE_INTERVAL: Final = 10.0


def describe(count: int, total: int | None, seconds: float) -> str:
    """Return how far something is, such as `500 of 2,000, 50/s, 0:00:30 left`."""
    parts = [f"{count:,}" if total is None else f"{count:,} of {total:,}"]
    rate = count / seconds if seconds > 0 else 0.0
    if rate:
        parts.append(f"{rate:,.0f}/s" if rate >= 10 else f"{rate:,.1f}/s")  # noqa: PLR2004 - one digit
    if rate and total is not None:
        parts.append(f"{timedelta(seconds=max(0, round((total - count) / rate)))} left")
    return ", ".join(parts)


class Progress:
    """
    The progress of many items. Nothing is printed with `--quiet`.

    Args:
        out: The output of the command.
        action: What is done, such as `Exporting trackings`.
        total: How many items there will be. Default: None, unknown.
        clock: A clock that never goes back, in seconds. Default: the computer's.

    Attributes:
        count: How many items are done.
    """

    def __init__(
        self,
        out: "Output",
        action: str,
        total: int | None = None,
        *,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._out = out
        self._action = action
        self._total = total
        self._clock = clock
        self.count = 0
        self._has_bar = sys.stderr.isatty() and not out.quiet
        self._interval = _BAR_INTERVAL if self._has_bar else _LINE_INTERVAL
        self._bar: Any = None
        self._start = clock()
        self._due = self._start + self._interval

    def __enter__(self) -> Self:
        if self._has_bar:
            self._bar = _bar(self._out)
            self._bar.add_task(self._action, total=self._total, state="")
            self._bar.start()
        return self

    def __exit__(self, *_error: object) -> None:
        if self._bar:
            self._bar.stop()

    def advance(self, count: int = 1) -> None:
        """Count items that are done."""
        self.count += count
        now = self._clock()
        if now < self._due:
            return
        self._due = now + self._interval
        state = describe(self.count, self._total, now - self._start)
        if self._bar:
            self._bar.update(0, completed=self.count, state=state)
        else:
            self._out.note(f"{self._action}: {state}")

    def follow(self, items: Iterable[ItemT]) -> Iterator[ItemT]:
        """Yield items, and count each when the next one is requested."""
        for item in items:
            yield item
            self.advance()


def _bar(out: "Output") -> Any:  # noqa: ANN401 - rich is slow to import
    from rich import progress  # noqa: PLC0415 - slow to import

    return progress.Progress(
        progress.TextColumn("{task.description}", markup=False),
        progress.BarColumn(20),
        progress.TextColumn("{task.fields[state]}", markup=False),
        console=out.messages,
        transient=True,
        # Results go to standard error only where both are the terminal.
        redirect_stdout=sys.stdout.isatty(),
    )
