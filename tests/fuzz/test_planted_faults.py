"""The tests of this folder find each planted fault, and nothing without one."""

import pytest

from tests.fuzz.planted_faults import Fault, fails, read_faults

CASES = [(fault, test) for fault in read_faults() for test in fault.found_by]
TESTS = sorted({test for _, test in CASES if "[" in test})
"""Those with parameters; the others are slow, and run in the same way in their own modules."""


@pytest.mark.parametrize(
    ("fault", "test"), CASES, ids=[f"{fault.name}, by {test}" for fault, test in CASES]
)
def test_a_planted_fault_is_found(fault: Fault, test: str) -> None:
    """Each test of a fault fails."""
    assert fails(test, fault)


@pytest.mark.parametrize("test", TESTS)
def test_nothing_is_found_without_a_fault(test: str) -> None:
    """The same tests pass in the same process without a fault."""
    assert not fails(test)
