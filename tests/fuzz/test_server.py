"""Every operation of the sandbox, with data made from the contract, valid and not."""

import hypothesis
import pytest

from tests.contract.document import contract, operations
from tests.fuzz.contract import Tally, schema_of, try_operation
from tests.fuzz.plan import settings
from tests.fuzz.world import World, avoid_failures
from trackingmore_v2_api import OPERATIONS

QUICK = 10
WITHOUT_EXAMPLES = {"getAccount", "listCarriers"}
"""Operations of whose requests the contract gives no example, as they take next to nothing."""

TAKES_NOTHING = {"getAccount"}
"""Operations that nothing can be wrong with."""


@pytest.mark.behaviour("response.contract")
@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_answer_keeps_the_contract(operation: str) -> None:
    """Valid data is understood, invalid data is refused, and every answer fits its schema."""
    tally = fuzz(operation, settings(QUICK))

    # A fuzz that never succeeds, or never fails, proves nothing.
    assert tally.kinds() >= {("coverage", True), ("coverage", False)}
    assert tally.kinds() & {("fuzzing", True), ("fuzzing", False)}  # few may be all of one kind
    assert ("examples", True) in tally.kinds() or operation in WITHOUT_EXAMPLES
    assert tally.operations(400, 404, 409) or operation in TAKES_NOTHING
    assert tally.success() > 1 / 2


def fuzz(operation: str, effort: hypothesis.settings) -> Tally:
    """Try an operation of a sandbox in this process."""
    tally, world = Tally("in process"), World()
    try_operation(schema_of(tally, world), operation, effort, world.begin)
    return tally


def test_no_number_makes_a_call_fail() -> None:
    """Numbers that do are well, but a fuzz that waits for a hundred seconds is not."""
    several, one = {"track_number": ["0002000100", "172-1234567", 5]}, {"track_number": "000"}
    for item in (several, one):
        avoid_failures(item)

    assert several == {"track_number": ["0012000100", "172-1234567", 5]}
    assert one == {"track_number": "000"}


def test_these_are_all_operations() -> None:
    """The registry that the tests go through names the operations of the contract."""
    assert {operation.name for operation in operations(contract())} == set(OPERATIONS)
