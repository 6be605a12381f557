"""The contract is valid OpenAPI and keeps the project's rules."""

import pytest
from openapi_spec_validator import validate

from tests.contract.document import contract, linked_contract, walk
from tests.contract.rules import RULES


def test_the_contract_is_valid_openapi() -> None:
    """The contract is an OpenAPI 3.1 document, without links and with them."""
    validate(contract())
    validate(linked_contract())


def test_the_contract_has_no_links() -> None:
    """Links are in a file of their own: generators reject those whose body is not text."""
    assert [where for where, _ in walk(contract()) if where.endswith("/links")] == []


@pytest.mark.parametrize("name", RULES)
def test_the_contract_keeps_the_rule(name: str) -> None:
    """No rule is violated."""
    violations = list(RULES[name](linked_contract()))

    assert violations == [], "\n".join(violations)
