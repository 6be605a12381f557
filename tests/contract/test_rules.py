"""The contract is valid OpenAPI and keeps the project's rules."""

import pytest
from openapi_spec_validator import validate

from tests.contract.document import contract
from tests.contract.rules import RULES


def test_the_contract_is_valid_openapi() -> None:
    """The contract is an OpenAPI 3.1 document."""
    validate(contract())


@pytest.mark.parametrize("name", RULES)
def test_the_contract_keeps_the_rule(name: str) -> None:
    """No rule is violated."""
    violations = list(RULES[name](contract()))

    assert violations == [], "\n".join(violations)
