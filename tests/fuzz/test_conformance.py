"""The conformance report is complete, reports no failure, and matches the contract."""

from itertools import groupby
from pathlib import Path

from tests.contract.mutations import MUTATIONS
from tests.fuzz.planted_faults import read_faults
from trackingmore_v2_api import OPERATIONS

PAGE = Path(__file__).parents[2] / "docs" / "conformance.md"


def tables() -> list[list[list[str]]]:
    """Return the cells of each table, without its header."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    blocks = groupby(lines, key=lambda line: line.startswith("|"))
    return [
        [[cell.strip(" `") for cell in line.strip("|").split("|")] for line in block][2:]
        for is_table, block in blocks
        if is_table
    ]


def number(cell: str) -> int:
    """Return a number with thousands separators."""
    return int(cell.replace(",", ""))


def test_each_operation_has_enough_cases() -> None:
    """Each operation has 200 cases on both sides with three seeds."""
    cases, *_ = tables()

    assert [name for name, *_ in cases] == sorted(OPERATIONS)
    for _, *counts in cases:
        assert len(counts) == 6
        assert min(map(number, counts)) >= 200


def test_no_check_failed() -> None:
    """The report has three runs, all planted faults and a million hostile inputs."""
    _, checks, *_ = tables()
    totals = {name: number(total) for name, total, _ in checks}

    assert {failed for *_, failed in checks} == {"0"}
    assert sum(name.startswith("fuzz tests, seed") for name in totals) == 3
    assert totals["faults planted in the contract"] == len(MUTATIONS)
    assert totals["faults planted in the sandbox"] == len(read_faults())
    assert sum(totals[name] for name in totals if name.startswith("hostile")) >= 1_000_000
