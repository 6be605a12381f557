"""
docs/conformance.md: how it is written from what a run measured, and what it must say. Pure.

A page is judged as it lies there, so that none that is partial, out of date or changed by hand
passes for a report.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from msgspec import Struct

from tests.fuzz.finds import PROJECT, Find
from tests.fuzz.hostile.storm import WHOLE

PAGE: Final = PROJECT / "docs" / "conformance.md"
SIDES: Final = ("server", "client")
MUTANTS: Final = 30
INPUTS: Final = 1_000_000
SEEDS: Final = 3
EXAMPLES: Final = 200
ALL_PARSERS: Final = "all parsers"
_ESCAPED: Final = r"\|"


class Cases(Struct, frozen=True):
    """How many cases were tried of one operation on one side."""

    operation: str
    side: str
    cases: int


class Round(Struct, frozen=True, kw_only=True):
    """What came of one run."""

    seed: int
    tests: int
    failed: list[str]
    """The ids of the tests that failed, or what else went wrong."""

    cases: list[Cases]

    def of(self, operation: str, side: str) -> int:
        """Return the number of cases of an operation on a side."""
        return sum(
            each.cases for each in self.cases if (each.operation, each.side) == (operation, side)
        )

    @property
    def total(self) -> int:
        """The number of all cases."""
        return sum(each.cases for each in self.cases)


class Mutant(Struct, frozen=True):
    """A fault that was planted in the contract."""

    name: str
    caught_by: list[str]


class Mutation(Struct, frozen=True):
    """What became of the faults that were planted in the contract."""

    score: float
    mutants: list[Mutant]


class Planted(Struct, frozen=True):
    """A fault that was planted in the sandbox."""

    fault: str
    found_by: str | list[str] | None


class Hostile(Struct, frozen=True):
    """Hostile inputs of a target."""

    target: str
    inputs: int
    failed: int


class Measured(Struct, frozen=True, kw_only=True):
    """All that a run measured."""

    date: str
    versions: dict[str, str]
    examples: int
    rounds: list[Round]
    mutation: Mutation
    planted: list[Planted]
    hostile: list[Hostile]
    finds: list[Find]


def render(measured: Measured, operations: Sequence[str]) -> str:
    """Write the page."""
    return "\n".join(
        [
            *_introduction(measured),
            *_cases(measured, operations),
            *_runs(measured),
            *_mutation(measured.mutation),
            *_planted(measured.planted),
            *_hostile(measured.hostile),
            *_finds(measured.finds),
        ]
    )


def _introduction(measured: Measured) -> Iterator[str]:
    versions = ", ".join(f"{name} {version}" for name, version in measured.versions.items())
    yield "# Conformance\n"
    yield f"Made by `python3 -m nox -s conformance` on {measured.date}, with {versions}."
    yield "It holds what that run measured and nothing else; do not edit it here.\n"


def _cases(measured: Measured, operations: Sequence[str]) -> Iterator[str]:
    yield "## Cases by operation\n"
    yield (
        f"Cases that were tried on each side, where {measured.examples} examples were asked of each"
        " property: requests to the sandbox, and calls of the client and answers to it.\n"
    )
    heads = [f"{side}, seed {each.seed}" for side in SIDES for each in measured.rounds]
    yield from _table(
        ("operation", *heads),
        (
            (
                f"`{operation}`",
                *(f"{each.of(operation, side):,}" for side in SIDES for each in measured.rounds),
            )
            for operation in operations
        ),
    )


def _runs(measured: Measured) -> Iterator[str]:
    yield "## Runs\n"
    yield from _table(
        ("seed", "tests", "cases", "failed"),
        (
            (str(each.seed), f"{each.tests:,}", f"{each.total:,}", str(len(each.failed)))
            for each in measured.rounds
        ),
    )


def _mutation(mutation: Mutation) -> Iterator[str]:
    caught = sum(1 for mutant in mutation.mutants if mutant.caught_by)
    yield "## Faults planted in the contract\n"
    yield f"Mutation score: {caught} of {len(mutation.mutants)}.\n"
    yield from _table(
        ("fault", "caught by"),
        ((mutant.name, ", ".join(mutant.caught_by) or "nobody") for mutant in mutation.mutants),
    )


def _planted(planted: Sequence[Planted]) -> Iterator[str]:
    found = sum(1 for each in planted if each.found_by)
    yield "## Faults planted in the sandbox\n"
    yield f"Found: {found} of {len(planted)}.\n"
    yield from _table(
        ("fault", "found by"), ((each.fault, _finders(each.found_by)) for each in planted)
    )


def _finders(found_by: str | list[str] | None) -> str:
    return ", ".join([found_by] if isinstance(found_by, str) else found_by or []) or "nobody"


def _hostile(hostile: Sequence[Hostile]) -> Iterator[str]:
    parsers = [each for each in hostile if each.target != WHOLE]
    inputs, failed = sum(each.inputs for each in parsers), sum(each.failed for each in parsers)
    yield "## Hostile inputs\n"
    yield "Bytes that raised nothing but the errors that each reader names are well.\n"
    yield from _table(
        ("target", "inputs", "failed"),
        (
            (each.target, f"{each.inputs:,}", str(each.failed))
            for each in (*hostile, Hostile(ALL_PARSERS, inputs, failed))
        ),
    )


def _finds(finds: Sequence[Find]) -> Iterator[str]:
    yield "## Found and fixed\n"
    yield from _table(
        ("what was wrong", "where", "found by", "held by"),
        ((each.found, each.where, each.found_by, f"`{each.held_by}`") for each in finds),
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield _row(head)
    yield f"|{'---|' * len(head)}"
    yield from map(_row, rows)
    yield ""


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', _ESCAPED) for cell in cells)} |"


def judge(page: str, operations: Sequence[str], finds: Sequence[Find]) -> list[str]:
    """Return what a page should not say, and what it does not say; nothing, if all is well."""
    sections = _sections(page)
    return [
        *_judge_cases(sections.get("Cases by operation", ""), operations),
        *_judge_runs(sections.get("Runs", "")),
        *_judge_score(
            sections.get("Faults planted in the contract", ""), "Mutation score", MUTANTS
        ),
        *_judge_score(sections.get("Faults planted in the sandbox", ""), "Found", 1),
        *_judge_hostile(sections.get("Hostile inputs", "")),
        *_judge_finds(sections.get("Found and fixed", ""), finds),
    ]


def _judge_cases(section: str, operations: Sequence[str]) -> Iterator[str]:
    rows = _rows(section)
    names = [name.strip("`") for name, *_ in rows]
    if names != list(operations):
        yield f"the operations are {names}"
    for name, *cases in rows:
        if len(cases) < SEEDS * len(SIDES):
            yield f"{name} was not tried on both sides with {SEEDS} seeds"
        if any(_number(each) < EXAMPLES for each in cases):
            yield f"{name} was tried less than {EXAMPLES} times: {cases}"


def _judge_runs(section: str) -> Iterator[str]:
    rows = _rows(section)
    if len({seed for seed, *_ in rows}) < SEEDS:
        yield f"there are no {SEEDS} runs"
    yield from (f"seed {seed}: {failed} failed" for seed, *_, failed in rows if failed != "0")


def _judge_score(section: str, words: str, least: int) -> Iterator[str]:
    found = re.search(rf"^{words}: ([0-9]+) of ([0-9]+)\.$", section, re.MULTILINE)
    rows = _rows(section)
    if found is None or int(found[2]) < least or int(found[2]) != len(rows):
        yield f"there is no score of {least} or more: {words}"
    elif found[1] != found[2] or any(finder == "nobody" for *_, finder in rows):
        yield f"faults survived: {found[0]}"


def _judge_hostile(section: str) -> Iterator[str]:
    rows = {target: (_number(inputs), failed) for target, inputs, failed in _rows(section)}
    if rows.get(ALL_PARSERS, (0, "0"))[0] < INPUTS:
        yield f"fewer than {INPUTS:,} inputs went through the parsers"
    for target, (_, failed) in rows.items():
        if failed != "0":
            yield f"{target}: {failed} failed"


def _judge_finds(section: str, finds: Sequence[Find]) -> Iterator[str]:
    rows = "\n".join(_finds(finds)).partition("\n")[2].strip()
    if section.strip() != rows:
        yield "what was found is not what the list says"


def _sections(page: str) -> dict[str, str]:
    parts = re.split(r"^## (.+)$", page, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def _rows(section: str) -> list[list[str]]:
    """Return the cells of a table, without its head."""
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[2:]]


def _number(cell: str) -> int:
    return int(cell.replace(",", ""))
