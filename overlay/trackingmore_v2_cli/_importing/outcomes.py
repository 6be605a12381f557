"""What becomes of each row of a table."""

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from trackingmore_v2_cli._errors import CommandError
from trackingmore_v2_cli._importing.columns import Columns
from trackingmore_v2_cli._statuses import ExitStatus
from trackingmore_v2_cli._tables.reading import Table
from trackingmore_v2_cli._tables.rows import Row

if TYPE_CHECKING:
    from trackingmore_v2.importer import ImportRowDict

REJECTED: Final = "rejected"
"""The result of rows that failed, by whatever rejected them."""

UNKNOWN: Final = "unknown"
"""The result of rows that were sent, and that no response named."""

FAILED: Final = frozenset({REJECTED, UNKNOWN})
"""The results of rows to correct or to import again."""

_RESULTS: Final = {"adopted": "created", "invalid": REJECTED}
_ADVICE: Final = {4015: " For the codes, run: trackingmore-v2 carriers."}
"""What to do about a rejected row, by meta code."""

EXAMPLES: Final = 5
"""Number of rejected rows that are shown."""

_UNKNOWN_REASON: Final = "no response says what became of it; import it again"


class Outcome(NamedTuple):
    """A row and what becomes of it."""

    row: Row
    result: str
    """`pending`, `created`, `already_existed`, `duplicate`, `rejected` or `unknown`."""

    reason: str = ""
    """Why it was rejected."""

    code: int | None = None
    """The API's meta code."""

    @property
    def is_wrong(self) -> bool:
        """Whether it is rejected without being sent."""
        return self.result == REJECTED and self.code is None


class Summary(NamedTuple):
    """What becomes of all rows."""

    counts: Counter[str]
    """Number of rows by result."""

    wrong: list[Outcome]
    """The first rows that are rejected without being sent."""

    rejected: list[Outcome]
    """The first rows that the API rejected."""

    @property
    def failed(self) -> int:
        """Number of rows to correct or to import again."""
        return sum(self.counts[each] for each in FAILED)

    @property
    def total(self) -> int:
        """Number of rows."""
        return self.counts.total()


def outcomes(
    table: Table, columns: Columns, results: "Iterator[ImportRowDict]"
) -> Iterator[Outcome]:
    """
    Yield the rows of a table with what becomes of them.

    Args:
        table: The table.
        columns: How its columns are understood.
        results: The results of the rows that `columns.items()` yields.
    """
    for row in table:
        if problem := columns.problem_of(row):
            yield Outcome(row, REJECTED, problem)
        elif result := next(results, None):
            yield _outcome(row, result)
        else:
            raise CommandError("the file has changed while it was read", ExitStatus.USAGE)


def _outcome(row: Row, result: "ImportRowDict") -> Outcome:
    name = _RESULTS.get(result["result"], result["result"])
    message = result["message"] or (_UNKNOWN_REASON if name == UNKNOWN else "")
    code = result["code"]
    return Outcome(row, name, message + _ADVICE.get(code or 0, ""), code)


def summarize(found: Iterator[Outcome]) -> Summary:
    """Count rows by result, and keep the first that are rejected."""
    summary = Summary(Counter(), [], [])
    for each in found:
        summary.counts[each.result] += 1
        examples = summary.wrong if each.is_wrong else summary.rejected
        if each.result == REJECTED and len(examples) < EXAMPLES:
            examples.append(each)
    return summary
