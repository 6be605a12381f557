"""The report on conformance: it says what was measured, and a bad one does not pass."""

from collections.abc import Callable
from typing import Any, Final

import pytest
from msgspec.structs import replace

from tests.fuzz.finds import Find, exists, read_finds
from tests.fuzz.report import (
    Cases,
    Hostile,
    Measured,
    Mutant,
    Mutation,
    Planted,
    Round,
    judge,
    render,
)
from trackingmore_v2_api import OPERATIONS

IDS: Final = sorted(OPERATIONS)
FIND: Final = Find("A pipe | was read.", "sandbox", "hostile bytes", "tests/fuzz/test_report.py")


def cases(number: int = 200) -> list[Cases]:
    """Return as many cases of each operation and side."""
    return [Cases(each, side, number) for each in IDS for side in ("server", "client")]


GOOD: Final = Measured(
    date="2026-03-01",
    versions={"Python": "3.11.7"},
    examples=200,
    rounds=[Round(seed=seed, tests=1234, failed=[], cases=cases()) for seed in (1, 2, 3)],
    mutation=Mutation(30, [Mutant(f"fault {number}", ["rules"]) for number in range(30)]),
    planted=[Planted("a crash", "the suite"), Planted("a leak", ["one", "two"])],
    hostile=[Hostile("answers", 600_000, 0), Hostile("app", 5, 0), Hostile("faults", 400_000, 0)],
    finds=[FIND],
)


def complaints(measured: Measured) -> list[str]:
    """Judge the page of what was measured."""
    return judge(render(measured, IDS), IDS, [FIND])


def test_the_page_tells_what_was_measured() -> None:
    """Figures, versions and names stand where they are looked for."""
    page = render(GOOD, IDS)

    assert judge(page, IDS, [FIND]) == []
    assert "on 2026-03-01, with Python 3.11.7." in page
    assert "| `getTracking` | 200 | 200 | 200 | 200 | 200 | 200 |" in page
    assert "| 2 | 1,234 | 7,600 | 0 |" in page
    assert "Mutation score: 30 of 30." in page
    assert "| a leak | one, two |" in page
    assert "| all parsers | 1,000,000 | 0 |" in page
    assert r"| A pipe \| was read. | sandbox |" in page


def without_a_side(measured: Measured) -> Measured:
    """Leave the client out of one run."""
    last = replace(measured.rounds[2], cases=[it for it in cases() if it.side == "server"])
    return replace(measured, rounds=[*measured.rounds[:2], last])


def with_a_failure(measured: Measured) -> Measured:
    """Return a report in which a test fails in one run."""
    return replace(measured, rounds=[replace(measured.rounds[0], failed=["x"]), *measured.rounds])


SPOILT: Final[dict[str, tuple[Callable[[Measured], Measured], str]]] = {
    "a side is missing": (without_a_side, "tested with fewer than 200 cases"),
    "a test failed": (with_a_failure, "seed 1: 1 failed"),
    "two seeds": (lambda it: replace(it, rounds=it.rounds[:2]), "fewer than 3 runs"),
    "the same seed": (lambda it: replace(it, rounds=[it.rounds[0]] * 3), "fewer than 3 runs"),
    "a mutant survived": (
        lambda it: replace(it, mutation=Mutation(29, [*it.mutation.mutants[1:], Mutant("m", [])])),
        "undetected faults: Mutation score: 29 of 30",
    ),
    "too few mutants": (
        lambda it: replace(it, mutation=Mutation(29, it.mutation.mutants[1:])),
        "Mutation score: missing, or fewer than 30 faults",
    ),
    "a planted fault survived": (
        lambda it: replace(it, planted=[*it.planted, Planted("no delete", None)]),
        "undetected faults: Found: 2 of 3",
    ),
    "nothing was planted": (
        lambda it: replace(it, planted=[]),
        "Found: missing, or fewer than 1 faults",
    ),
    "too few inputs": (
        lambda it: replace(it, hostile=[*it.hostile[:2], Hostile("faults", 399_999, 0)]),
        "with fewer than 1,000,000 inputs",
    ),
    "an input failed": (
        lambda it: replace(it, hostile=[*it.hostile, Hostile("webhooks", 9, 1)]),
        "webhooks: 1 failed",
    ),
    "another list of finds": (lambda it: replace(it, finds=[]), "differ from finds.yaml"),
}


@pytest.mark.parametrize("spoilt", SPOILT)
def test_a_bad_report_is_told_from_a_good_one(spoilt: str) -> None:
    """Whatever is missing or failed, the judge says so."""
    spoil, expected = SPOILT[spoilt]

    assert any(expected in complaint for complaint in complaints(spoil(GOOD)))


def test_an_operation_too_few_or_too_many_is_seen() -> None:
    """A page that is older than the contract does not pass."""
    page = render(GOOD, IDS)

    assert judge(page, IDS[1:], [FIND])
    assert judge(page, [*IDS, "newOne"], [FIND])
    assert len(judge("", IDS, [FIND])) >= 6


@pytest.mark.parametrize("find", read_finds(), ids=lambda find: find.held_by)
def test_what_was_found_is_held(find: Find) -> None:
    """Each find names a test or an input that exists."""
    assert exists(find.held_by)
    assert find.where in {"client", "sandbox", "contract", "guide"}


@pytest.mark.parametrize(
    "held_by",
    ["tests/fuzz/nothing.py", "tests/fuzz/test_report.py::test_nothing", "tests/fuzz::test_x"],
)
def test_a_find_that_nothing_holds_is_seen(held_by: Any) -> None:
    """Neither a file nor a test that does not exist holds anything."""
    assert not exists(held_by)
