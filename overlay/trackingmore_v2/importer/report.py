"""The progress of an import, and its report."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from itertools import count
from typing import Final, TypedDict

from msgspec import Struct

from trackingmore_v2._scrubbing import scrub_methods
from trackingmore_v2.importer._journal import Journal
from trackingmore_v2.importer._rows import FAILURES, Row, RowState, State

__all__ = ["ImportReport", "ImportRowDict", "Progress"]


class Progress(Struct, frozen=True, kw_only=True):
    """How far an import is."""

    done: int
    """Number of rows that have a final state, also from earlier runs."""

    total: int
    """Number of rows."""

    created: int
    """Number of trackings that were created."""

    rejected: int
    """Number of rows that failed: rejected, invalid or unknown."""

    rate: float
    """Rows per second in this run; 0 if no time has passed."""

    seconds_left: float | None
    """Seconds until the end at this rate; None if the rate is 0."""


class ImportRowDict(TypedDict):
    """A row of an import as a row of a table."""

    index: int
    """The row's position in the input, from 0."""

    carrier_code: str
    """The carrier's code; empty if it is invalid."""

    tracking_number: str
    """The tracking number; empty if it is invalid."""

    result: str
    """The row's state, such as `created`; see `RowState`."""

    code: int | None
    """The API's meta code if it rejected the row or the tracking existed, such as 4016."""

    message: str
    """The API's message, or what is invalid."""

    in_doubt: bool
    """
    Whether the row existed or was not found after a request without a response, which may have
    changed the outcome.
    """

    duplicate_of: int | None
    """Index of the earlier row with the same carrier and number."""


@scrub_methods
class ImportReport:
    """
    The outcome of an import, as its journal has it.

    Args:
        journal: The journal.
        state: The state of the import.

    Attributes:
        counts: Number of rows by their final state; 0 for a state that does not occur.
        total: Number of rows.
    """

    def __init__(self, journal: Journal, state: State) -> None:
        self.counts: Final[Mapping[RowState, int]] = {
            each: state.counts.get(each, 0) for each in RowState if each is not RowState.PENDING
        }
        self.total: Final = state.rows
        self._is_loaded = state.is_loaded
        self._journal: Final = journal

    @property
    def done(self) -> int:
        """Number of rows that have a final state."""
        return sum(self.counts.values())

    @property
    def is_complete(self) -> bool:
        """Whether the whole input was loaded, and each row has a final state."""
        return self._is_loaded and self.done == self.total

    def rows(self, *states: RowState) -> Iterator[ImportRowDict]:
        """
        Yield the rows in the order of the input. They are read from the journal bit by bit.

        Args:
            *states: The states of the rows to yield. Default: all.

        Yields:
            The rows, as dicts with the same keys: for `csv.DictWriter`, or for a data frame.

        Raises:
            JournalUnavailable: The journal cannot be read.
        """
        with closing(self._journal.open(create=False)) as session:
            first = 0
            while chunks := session.chunks(first):
                for chunk in chunks:
                    for index, row in zip(count(chunk.first), chunk.rows, strict=False):
                        if not states or row.state in states:
                            yield as_dict(index, row)
                    first = chunk.first + len(chunk.rows)

    def failed(self) -> Iterator[ImportRowDict]:
        """
        Yield the rows that did not succeed: rejected, invalid or unknown.

        Yields:
            The rows, as `rows()` does.

        Raises:
            JournalUnavailable: The journal cannot be read.
        """
        return self.rows(*FAILURES)

    def __repr__(self) -> str:
        return f"<ImportReport of {self}>"

    def __str__(self) -> str:
        counts = {**self.counts, RowState.PENDING: self.total - self.done}
        shown = [f"{number} {each.replace('_', ' ')}" for each, number in counts.items() if number]
        if not shown:
            return "no rows" if self._is_loaded else "no rows yet"
        return f"{self.total} row{'s' if self.total > 1 else ''}: {', '.join(shown)}"


def progress_of(state: State, done: int, seconds: float) -> Progress:
    """Return the progress of an import, of which a run has done some rows in some time."""
    rate = done / seconds if seconds > 0 else 0.0
    return Progress(
        done=state.done,
        total=state.rows,
        created=state.counts.get(RowState.CREATED, 0),
        rejected=sum(state.counts.get(each, 0) for each in FAILURES),
        rate=rate,
        seconds_left=(state.rows - state.done) / rate if rate else None,
    )


def as_dict(index: int, row: Row) -> ImportRowDict:
    """Return a row as the report has it."""
    return {
        "index": index,
        "carrier_code": row.carrier,
        "tracking_number": row.number,
        "result": row.state.value,
        "code": row.code,
        "message": row.message,
        "in_doubt": row.in_doubt,
        "duplicate_of": row.duplicate_of,
    }
