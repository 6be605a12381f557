"""The contract is valid OpenAPI and keeps the project's rules; each rule can tell a fault."""

import copy

import pytest
from openapi_spec_validator import validate
from openapi_spec_validator.validation.exceptions import OpenAPIValidationError

from tests.contract.document import contract
from tests.contract.faults import FAULTS, Fault
from tests.contract.rules import RULES


def test_the_contract_is_valid_openapi() -> None:
    """The contract is an OpenAPI 3.1 document."""
    validate(contract())


def test_the_validator_finds_a_fault() -> None:
    """A document that is not OpenAPI is refused."""
    document = copy.deepcopy(contract())
    del document["info"]["title"]

    with pytest.raises(OpenAPIValidationError):
        validate(document)


@pytest.mark.parametrize("name", RULES)
def test_the_contract_keeps_the_rule(name: str) -> None:
    """No rule finds anything in the contract."""
    findings = list(RULES[name](contract()))

    assert findings == [], "\n".join(findings)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.rule.__name__}-{fault.name}")
def test_the_rule_finds_the_planted_fault(fault: Fault) -> None:
    """A planted fault causes its finding, which the contract as it is does not cause."""
    document = copy.deepcopy(contract())
    fault.change(document)
    found = set(fault.rule(document)) - set(fault.rule(contract()))

    assert [fault.finding] == [fault.finding for finding in found if fault.finding in finding][
        :1
    ], found


def test_every_rule_has_a_planted_fault() -> None:
    """No rule is trusted that was never seen to find something."""
    assert set(RULES.values()) == {fault.rule for fault in FAULTS}


def test_every_rule_says_what_it_holds() -> None:
    """Every rule states its truth in a docstring."""
    assert [name for name, rule in RULES.items() if not rule.__doc__] == []
