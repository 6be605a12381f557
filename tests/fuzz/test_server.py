"""Every operation of the sandbox, with valid and invalid data generated from the contract."""

import pytest

from tests.fuzz.contract import ResponseCounts, run_cases, schema_of
from tests.fuzz.profile import settings
from tests.fuzz.seeded_app import SeededApp, avoid_failing_numbers
from trackingmore_v2_api import OPERATIONS
from website.contract import contract, operations

QUICK = 10
WITHOUT_EXAMPLES = {"getAccount", "listCarriers"}
"""Operations without an example of a request in the contract, as they take next to nothing."""

NEVER_INVALID = {"getAccount"}


@pytest.mark.behaviour("response.contract")
@pytest.mark.parametrize("operation", OPERATIONS)
def test_responses_match_the_contract(operation: str) -> None:
    """Valid data is accepted, and every response matches its schema."""
    counts, app = ResponseCounts(), SeededApp()
    run_cases(schema_of(counts, app), operation, settings(QUICK), app.reset)

    # Cases that never succeed, or never fail, would prove nothing.
    assert counts.phases() >= {("coverage", True), ("coverage", False)}
    assert counts.phases() & {("fuzzing", True), ("fuzzing", False)}  # a few may be of one kind
    assert ("examples", True) in counts.phases() or operation in WITHOUT_EXAMPLES
    assert counts.operations(400, 404, 409) or operation in NEVER_INVALID
    assert counts.success_rate() > 1 / 2


@pytest.mark.behaviour("response.strict")
@pytest.mark.parametrize("operation", sorted(set(OPERATIONS) - NEVER_INVALID))
def test_a_strict_sandbox_rejects_invalid_data(operation: str) -> None:
    """Whatever violates the contract is rejected."""
    counts, app = ResponseCounts(), SeededApp(strict=True)
    run_cases(schema_of(counts, app, strict=True), operation, settings(QUICK), app.reset)

    assert counts.phases() >= {("coverage", False)}
    assert counts.operations(400, 404, 409)


def test_failing_numbers_are_avoided() -> None:
    """Numbers that make a call fail are replaced; others and invalid ones stay."""
    several, one = {"track_number": ["0002000100", "172-1234567", 5]}, {"track_number": "000"}
    for item in (several, one):
        avoid_failing_numbers(item)

    assert several == {"track_number": ["0012000100", "172-1234567", 5]}
    assert one == {"track_number": "000"}


def test_these_are_all_operations() -> None:
    """The operations that the tests run are those of the contract."""
    assert {operation.name for operation in operations(contract())} == set(OPERATIONS)
